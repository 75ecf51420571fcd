"""Times that nobody should send, and clocks that go wrong: the hall goes on and says why not."""

from pathlib import Path

import pytest

from tests.server.web_hall import web_hall

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
