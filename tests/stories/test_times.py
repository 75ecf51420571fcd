"""Times that nobody should send, and clocks that go wrong: the hall goes on and says why not."""

from datetime import timedelta
from pathlib import Path

import pytest

from paihao_server.dispatcher import Dispatcher
from paihao_server.log.memory import MemoryLog
from tests.hall.builders import NINE, a_plan
from tests.server.web_hall import HandClock, web_hall

FAR = ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-03-20T09:00:00Z")


@pytest.mark.parametrize("until", FAR)
async def test_pause_until_a_far_moment_is_refused_and_every_board_still_shows(
    tmp_path: Path, until: str
) -> None:
    async with web_hall(tmp_path) as hall:
        for window in ("w1", "w2", "w3", "w9"):
            await hall.act(window, "open")
            answer = await hall.post(
                f"/api/v1/windows/{window}/pause", {"reason": "lunch", "until": until}
            )
            assert (answer.status, (await answer.json())["facts"]["field"]) == (422, "until")
        assert (await hall.client.get("/wall/Z")).status == 200
        assert (await hall.act("w1", "pause", reason="lunch"))["window"]["until"] is None


@pytest.mark.parametrize("noted_at", [*FAR, "2026-03-18T09:00:00"])
async def test_action_noted_at_no_possible_moment_is_refused_and_the_visit_goes_on(
    tmp_path: Path, noted_at: str
) -> None:
    async with web_hall(tmp_path) as hall:
        await hall.take()
        for action in ("open", "call-next", "start"):
            await hall.act("w1", action)
        answer = await hall.post("/api/v1/windows/w1/complete", {"noted_at": noted_at})
        assert (answer.status, (await answer.json())["facts"]["field"]) == (422, "noted_at")
        done = await hall.act("w1", "complete", noted_at="2026-03-18T01:00:00Z")
        assert done["ticket"]["state"] == "finished"


async def test_clock_set_back_an_hour_stops_no_recall_no_miss_and_no_wait(tmp_path: Path) -> None:
    async with web_hall(tmp_path) as hall:
        await hall.take()
        await hall.act("w1", "open")
        await hall.act("w1", "call-next")
        hall.clock.set_back(minutes=60)
        for _ in range(2):
            hall.clock.forward(seconds=30)
            await hall.act("w1", "recall")
        hall.clock.forward(seconds=30)
        missed = await hall.act("w1", "missed")
        assert missed["ticket"]["called_at"] == "2026-03-18T01:01:00Z"
        assert hall.dispatcher.clock.now() == NINE + timedelta(seconds=90)


async def test_clock_set_back_counts_again_once_it_is_past_the_last_event(tmp_path: Path) -> None:
    async with web_hall(tmp_path) as hall:
        await hall.take()
        hall.clock.set_back(minutes=60)
        hall.clock.forward(minutes=61)
        assert hall.dispatcher.clock.now() == NINE + timedelta(minutes=1)
        assert (await hall.take())["issued_at"] == "2026-03-18T01:01:00Z"


async def test_server_started_with_a_clock_before_its_last_event_says_so_and_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = MemoryLog()
    await Dispatcher(log, HandClock()).start(a_plan())
    late = HandClock(NINE - timedelta(days=9000))
    dispatcher = Dispatcher(log, late)
    await dispatcher.start(a_plan(revision="r2"))
    assert "9000 days" in caplog.text
    late.forward(seconds=40)
    assert dispatcher.clock.now() == NINE + timedelta(seconds=40)
