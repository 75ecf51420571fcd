"""What other queue systems get wrong, one test a row; the row is named in each docstring.

Rows that a test elsewhere pins already are not repeated: numbers under load and kills
(`tests/real`), slips (`tests/kiosk`, `tests/drivers`), voice and boards (`tests/display`).
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from paihao_hall import commands as c
from paihao_hall import contract, views
from paihao_hall.contract import KioskRequest, WaitRange
from paihao_hall.events import TicketIssued
from paihao_hall.model import Hall, state_bytes
from paihao_hall.plan import HallPlan
from paihao_hall.refusals import RefusedError
from paihao_server.dispatcher import Dispatcher, StoppedError
from paihao_server.folder import DataFolder, FolderInUseError
from paihao_server.log.interface import LogFailedError
from paihao_server.log.memory import MemoryLog
from paihao_server.log.replay import replay
from paihao_server.web.table import ROUTES
from tests.hall.builders import NINE, Day, a_plan, a_window
from tests.hall.invariants import check_state
from tests.server.in_memory import Device, Server, in_the_hall
from tests.server.web_hall import HandClock, WebHall, web_hall

Plug = Callable[[Device], None]


def plan_with(revision: str = "r2", **changes: object) -> HallPlan:
    return msgspec.structs.replace(a_plan(), revision=revision, **changes)


def wait_of(hall: Hall) -> WaitRange | None:
    """Return the wait that the board tells for queue A."""
    return views.queue_line(hall, hall.queues["A"]).wait


async def call_together(hall: WebHall, *windows: str) -> list[str | None]:
    """Press call-next at all windows in the same moment; return the numbers they got."""
    answers = await asyncio.gather(*(hall.act(window, "call-next") for window in windows))
    return [answer["ticket"] and answer["ticket"]["number"] for answer in answers]


async def test_two_clerks_press_at_once_on_one_ticket(tmp_path: Path) -> None:
    """Double call: read-then-write in two steps gives one person to two clerks."""
    async with web_hall(tmp_path) as hall:
        for window in ("w1", "w2"):
            await hall.act(window, "open")
        await hall.take()
        assert sorted(await call_together(hall, "w1", "w2"), key=str) == ["A001", None]
        await hall.take()
        loser = "w2" if hall.dispatcher.hall.windows["w1"].ticket else "w1"
        assert await call_together(hall, loser) == ["A002"]


async def test_call_that_is_not_on_the_disk_yet_is_nobody_elses(tmp_path: Path) -> None:
    """Lock released before the write: the second clerk gets the next one, not the same."""
    async with web_hall(tmp_path) as hall:
        for window in ("w1", "w2"):
            await hall.act(window, "open")
        for _ in range(2):
            await hall.take()
        first = asyncio.create_task(hall.act("w1", "call-next"))
        await asyncio.sleep(0)
        second = await hall.act("w2", "call-next")
        assert (await first)["ticket"]["number"] != second["ticket"]["number"]


def test_second_server_on_the_same_data_is_refused(tmp_path: Path) -> None:
    """Lock that only covers one process: a second one would give every number again."""
    with (
        DataFolder(tmp_path).locked(),
        pytest.raises(FolderInUseError, match="another server"),
        DataFolder(tmp_path).locked(),
    ):
        pass


def test_window_is_never_taken_by_waiting_only_by_saying_so() -> None:
    """Lock stolen or leaked; two devices, one number: one clerk has a window until taken over."""
    day = Day().open("w1")
    day.after(minutes=300)
    with pytest.raises(RefusedError, match="window-taken"):
        day.do(c.OpenWindow, window="w1", clerk="another")
    day.do(c.OpenWindow, window="w1", clerk="another", takeover=True)
    with pytest.raises(RefusedError, match="clerk-elsewhere"):
        day.do(c.OpenWindow, window="w2", clerk="another")
    assert day.hall.clerks == {"another": "w1"}


@pytest.mark.parametrize("action", ["call-next", "recall", "start", "complete"])
async def test_double_click_is_one_press(tmp_path: Path, action: str) -> None:
    """Sequential double click: the same key gives the same answer and happens once."""
    async with web_hall(tmp_path) as hall:
        for _ in range(2):
            await hall.take()
        steps = ["open", "call-next", "start", "complete"]
        before = steps[: steps.index("start" if action == "recall" else action)]
        for step in before:
            await hall.act("w1", step)
        hall.clock.forward(minutes=1)
        path = f"/api/v1/windows/w1/{action}"
        presses = [hall.post(path, **{"Idempotency-Key": "press-1"}) for _ in range(5)]
        answers = await asyncio.gather(*presses)
        bodies = {await answer.text() for answer in answers}
        assert len(bodies) == 1
        assert {answer.status for answer in answers} == {200}
        again = await hall.post(path, {"clerk": "x"}, **{"Idempotency-Key": "press-1"})
        assert (await again.json())["code"] == "key-reused"


def test_cancelled_ticket_does_not_give_its_number_away() -> None:
    """Duplicate numbers: count + 1 repeats a number after a void."""
    day = Day()
    day.take()
    day.do(c.CancelTicket, ticket=day.take().id)
    assert day.take().number == "A003"


async def test_numbers_of_finished_people_are_not_given_again_after_a_restart() -> None:
    """Duplicate numbers after restart: counters rebuilt from those who still wait."""
    day = Day().open("w1")
    for _ in range(3):
        day.take()
        day.call()
        day.serve()
    log = MemoryLog()
    await log.append(0, day.records)
    recovered = await replay(log)
    assert recovered.serials == {"A": 3}
    assert recovered.queues["A"].waiting() == 0


def test_new_day_begins_at_one_and_yesterday_stays_in_the_log() -> None:
    """Reset deletes history: numbers begin anew with a day, never by deleting."""
    day = Day()
    day.take()
    day.after(minutes=24 * 60)
    assert day.take().number == "A001"
    issued = [r.event for r in day.records if isinstance(r.event, TicketIssued)]
    assert [event.number for event in issued] == ["A001", "A001"]
    assert issued[0].ticket != issued[1].ticket


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Asia/Shanghai", datetime(2026, 3, 18, 19, 59, 59, tzinfo=UTC), "2026-03-19"),
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 59, 59, tzinfo=UTC), "2026-03-29"),
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 59, 59, tzinfo=UTC), "2026-10-25"),
        ("America/New_York", datetime(2026, 3, 18, 7, 59, 59, tzinfo=UTC), "2026-03-18"),
    ],
)
def test_hall_day_ends_at_its_own_four_oclock_wherever_the_server_runs(
    zone: str, before: datetime, after: str
) -> None:
    """Day rollover, time zone: also when summer time begins or ends in that night."""
    day = Day(plan_with(timezone=zone), at=before)
    assert day.take().number == "A001"
    assert str(day.hall.day) < after
    day.after(seconds=1)
    assert day.take().number == "A001"
    assert str(day.hall.day) == after


async def test_day_that_ended_while_the_server_was_off_is_ended_at_its_start() -> None:
    """Rollover job missed: it catches up, whatever the moment; overnight people expire by name."""
    day = Day().open("w1")
    called, waiting = day.take(), day.take()
    day.call()
    log = MemoryLog()
    await log.append(0, day.records)
    clock = HandClock(NINE + timedelta(days=3))
    dispatcher = Dispatcher(log, clock)
    await dispatcher.start(a_plan())
    kinds = [(type(r.event).__name__, getattr(r.event, "ticket", "")) for r in await log.read(0)]
    assert ("TicketExpired", called.id) in kinds
    assert ("TicketExpired", waiting.id) in kinds
    assert str(dispatcher.hall.day) == "2026-03-21"
    assert dispatcher.hall.windows["w1"].state == "closed"


async def test_hall_cut_off_after_any_event_comes_back_as_it_was() -> None:
    """Lost queue after a crash: every beginning of the log is a hall that can go on."""
    day = Day().open("w1", "w3")
    for _ in range(3):
        day.take("A", "green")
        day.take("B")
    day.call("w1")
    day.miss("w1")
    day.call("w3")
    day.do(c.Transfer, window="w3", queue="A")
    recovered = Hall()
    for end in range(1, len(day.records) + 1):
        log = MemoryLog()
        await log.append(0, day.records[:end])
        recovered = await replay(log)
        if recovered.day is not None:
            check_state(recovered)
    assert state_bytes(recovered) == state_bytes(day.hall)


def test_ticket_that_was_missed_held_transferred_and_returned_is_still_served() -> None:
    """Ticket lost in a status: every live ticket is in exactly one place, all day long."""
    day = Day().open("w1", "w3")
    ticket = day.take()
    day.call("w1")
    day.miss("w1")
    check_state(day.hall)
    day.do(c.BringBack, window="w1", ticket=ticket.id)
    day.call("w1")
    day.do(c.Start, window="w1")
    day.do(c.Hold, window="w1")
    check_state(day.hall)
    day.do(c.BringBack, window="w1", ticket=ticket.id)
    day.do(c.Transfer, window="w1", queue="B")
    check_state(day.hall)
    day.call("w3")
    day.do(c.Return, window="w3")
    check_state(day.hall)
    day.call("w3")
    day.serve("w3")
    assert ticket.state == "finished"


def test_new_allocation_counts_from_the_next_press() -> None:
    """Config change ignored until restart: the revision reaches the running dispatcher."""
    day = Day().open("w1")
    day.take("B")
    assert day.call("w1") is None
    windows = (a_window("1", "B"), *a_plan().windows[1:])
    day.do(c.ChangePlan, plan=plan_with(windows=windows))
    ticket = day.call("w1")
    assert ticket is not None
    assert ticket.number == "B001"


def test_window_calls_only_from_queues_of_its_allocation() -> None:
    """Wrong pairs callable: the same zone and the same kind give no right to a queue."""
    day = Day().open("w2")
    day.take("B")
    day.take("G")
    assert day.call("w2") is None


def test_same_second_same_urgency_is_first_come_first_served() -> None:
    """Unfair or unstable order: the order is total, and the same in every replay."""
    day = Day().open("w1")
    numbers = [day.take().number for _ in range(20)]
    called = []
    for _ in numbers:
        ticket = day.call()
        assert ticket is not None
        called.append(ticket.number)
        day.serve(minutes=0)
    assert called == numbers


def test_regular_ticket_is_called_although_privileged_ones_never_end() -> None:
    """Starvation: strict priority; here at most three go before the one who waits."""
    day = Day().open("w1")
    day.take("A")
    order = []
    for _ in range(8):
        day.take("A", "green")
        ticket = day.call()
        assert ticket is not None
        order.append(ticket.class_)
        day.serve(minutes=0)
    assert order.index("regular") <= 3


async def test_number_that_is_not_on_the_disk_is_not_told_to_any_kiosk() -> None:
    """Printed but not queued: no answer, no slip, and the same request is one ticket later."""

    class FullDisk(MemoryLog):
        full = False

        async def append(self, expected_seq: int, records: object) -> int:
            if self.full:
                raise LogFailedError("the disk is full")
            return await super().append(expected_seq, records)  # type: ignore[arg-type]

    log = FullDisk()
    dispatcher = Dispatcher(log, HandClock())
    await dispatcher.start(a_plan())
    running = asyncio.create_task(dispatcher.run())
    log.full = True
    issue = c.IssueTicket(
        id="k:1", actor="kiosk:K1", service="sA", class_="regular", ticket="t", token="k"
    )
    with pytest.raises(StoppedError):
        await dispatcher.submit(issue)
    with pytest.raises(LogFailedError):
        await running
    log.full = False
    fresh = Dispatcher(log, HandClock())
    await fresh.start(a_plan())
    running = asyncio.create_task(fresh.run())
    first, again = await asyncio.gather(fresh.submit(issue), fresh.submit(issue))
    assert first.records == again.records
    assert fresh.hall.serials == {"A": 1}
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_recall_is_an_event_of_its_own_for_every_speaker() -> None:
    """Call missed between polls: two calls and a recall in a moment are three messages."""

    async def story(server: Server, plug: Plug) -> None:
        speaker = server.device("speaker", "S1").listen(contract.ZONE_CALL, zone="Z")
        kiosk = server.device("kiosk", "K1")
        plug(speaker)
        plug(kiosk)
        submit = server.dispatcher.submit
        for number in "12":
            window = f"w{number}"
            await submit(c.OpenWindow(id=f"o{number}", actor="x", window=window, clerk=window))
            request = KioskRequest(id=number, service="sA")
            kiosk.say(contract.KIOSK_REQUEST, request, kiosk="K1")
        await asyncio.sleep(1)
        calls = [c.CallNext(id=f"n{n}", actor="x", window=f"w{n}") for n in "12"]
        await asyncio.gather(*(submit(call) for call in calls))
        await asyncio.sleep(31)
        await submit(c.Recall(id="r", actor="x", window="w1"))
        await asyncio.sleep(1)
        heard = [(call.number, call.times) for call in speaker.got(contract.ZONE_CALL)]
        assert sorted(heard) == [("A001", 1), ("A001", 2), ("A002", 1)]
        assert len({call.id for call in speaker.got(contract.ZONE_CALL)}) == 3

    in_the_hall(story)


def test_wait_is_unknown_while_no_window_is_open_and_never_negative() -> None:
    """Nobody serves it; wait figure wrong: no window, no number; finished people are not ahead."""
    day = Day()
    day.take()
    assert wait_of(day.hall) is None
    day.open("w1")
    for _ in range(4):
        day.take()
    ahead = [views.issued_ticket(day.hall, t).ahead for t in day.hall.tickets.values()]
    assert ahead == [0, 1, 2, 3, 4]
    day.call()
    day.serve(minutes=65)
    last = list(day.hall.tickets.values())[-1]
    assert views.issued_ticket(day.hall, last).ahead == 3
    wait = wait_of(day.hall)
    assert wait is not None
    assert 0 <= wait.low_s < wait.high_s


async def test_nothing_of_the_hall_is_open_without_login_but_wall_phone_and_health(
    tmp_path: Path,
) -> None:
    """Personal data exposure: REST open without login."""
    async with web_hall(tmp_path) as hall:
        open_ones = set()
        for route in ROUTES:
            path = route.path.replace("{name:.+}", "console.css").replace("{version}", "x")
            path = path.format(window="w1", ticket="t", zone="Z", token="k")
            answer = await hall.client.request(
                route.method, path, headers=hall.same_site, allow_redirects=False
            )
            answer.close()
            led_to_login = answer.headers.get("Location", "").startswith("/login")
            if answer.status not in (401, 403) and not led_to_login:
                open_ones.add(route.name)
        assert open_ones <= {
            "health", "loginPage", "phonePage", "phoneStream", "phoneCancel", "wall",
            "wallStream", "static",
        }  # fmt: skip


async def test_link_of_yesterdays_ticket_and_of_a_guess_are_both_over(tmp_path: Path) -> None:
    """Personal data exposure: a link is good for its day, and a guess looks like an old link."""
    async with web_hall(tmp_path) as hall:
        ticket = await hall.take()
        path = "/t/" + ticket["url"].rpartition("/")[2]
        assert (await hall.client.get(path)).status == 200
        hall.clock.forward(minutes=24 * 60)
        await hall.take()
        old, guess = await hall.client.get(path), await hall.client.get(path[:-1] + "x")
        assert (old.status, guess.status) == (404, 404)
        assert await old.text() == await guess.text()


async def test_event_stream_tells_no_phone_key_and_no_staff_note(tmp_path: Path) -> None:
    """Personal data exposure: keys and notes stay out of streams and timelines."""
    async with web_hall(tmp_path) as hall:
        ticket = await hall.take()
        for action in ("open", "call-next"):
            await hall.act("w1", action)
        await hall.act("w1", "note", text="身份证忘带")
        timeline = await (await hall.get(f"/api/v1/tickets/{ticket['id']}/timeline")).text()
        stream = await hall.get("/api/v1/events")
        seen = b""
        while b"NoteAdded" not in seen:
            seen += await stream.content.readany()
        stream.close()
        key = ticket["url"].rpartition("/")[2]
        assert key not in timeline
        assert key.encode() not in seen
        assert "身份证".encode() not in seen
