"""Repeated commands, the end of a hall day, clocks that jump, and plans that change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from paihao_hall import commands as c
from paihao_hall import events as e
from paihao_hall.evolve import evolve
from paihao_hall.model import Hall, state_bytes
from paihao_hall.refusals import RefusedError
from tests.hall.builders import NINE, Day, a_plan
from tests.hall.invariants import check_log, check_replay, check_state


def test_same_id_returns_the_first_answer_and_changes_nothing() -> None:
    day = Day()
    facts = {"service": "sA", "class_": "regular", "token": "k"}
    first = day.do(c.IssueTicket, id_="press-1", ticket="t-a", **facts)
    before = state_bytes(day.hall)
    again = day.do(c.IssueTicket, id_="press-1", ticket="t-b", **facts)
    assert again == first
    assert state_bytes(day.hall) == before


def test_id_of_another_actor_is_refused() -> None:
    day = Day()
    day.do(c.OpenWindow, id_="x", actor="clerk:a", window="w1", clerk="a")
    with pytest.raises(RefusedError, match="id-reused"):
        day.do(c.OpenWindow, id_="x", actor="clerk:b", window="w1", clerk="b")


def test_new_hall_day_starts_numbers_again_and_expires_what_is_open() -> None:
    day = Day().open("w1", "w2")
    at_desk, waiting = day.take(), day.take()
    day.call("w1")
    day.after(minutes=60 * 20)
    assert day.take().number == "A001"
    assert (at_desk.state, waiting.state) == ("expired", "expired")
    assert all(w.state == "closed" for w in day.hall.windows.values())
    assert day.hall.day == date(2026, 3, 19)
    check_state(day.hall)
    check_replay(day.hall, day.records)


def test_day_boundary_is_the_halls_not_midnight() -> None:
    day = Day(at=datetime(2026, 3, 18, 15, 59, 59, tzinfo=UTC))  # 23:59:59 in the hall
    assert day.take().number == "A001"
    day.after(seconds=2)
    assert day.take().number == "A002"
    day.now = datetime(2026, 3, 18, 20, 0, tzinfo=UTC)  # 04:00 in the hall
    assert day.take().number == "A001"


def test_hall_day_follows_its_own_time_zone_over_a_clock_change() -> None:
    import msgspec

    plan = msgspec.structs.replace(a_plan(), timezone="Europe/Berlin")
    day = Day(plan, at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC))  # 03:30 on the short night
    assert day.hall.day == date(2026, 3, 28)
    day.after(minutes=30)  # 04:00
    day.take()
    assert day.hall.day == date(2026, 3, 29)


def test_clock_that_jumps_back_neither_reuses_numbers_nor_reorders_events() -> None:
    day = Day().open("w1")
    day.take()
    day.now -= timedelta(days=3)
    assert day.take().number == "A002"
    assert day.hall.day == date(2026, 3, 18)
    check_log(day.records)


def test_yesterdays_command_id_is_still_known_today() -> None:
    day = Day()
    facts = {"service": "sA", "class_": "regular", "ticket": "t", "token": "k"}
    day.do(c.IssueTicket, id_="press", **facts)
    day.after(minutes=60 * 20).take()
    (event,) = day.do(c.IssueTicket, id_="press", **facts)
    assert isinstance(event, e.TicketIssued)
    assert event.at == NINE
    assert "t" not in day.hall.tickets


def test_new_plan_keeps_every_ticket_in_its_place() -> None:
    day = Day().open("w1")
    tickets = [day.take(q) for q in "AAB"]
    day.call("w1")
    day.do(c.ChangePlan, plan=a_plan(revision="r2", green_in_row=1))
    assert day.hall.windows["w1"].ticket is tickets[0]
    assert day.line("A") == ["A002"]
    assert day.take("A").number == "A003"
    check_state(day.hall)
    check_replay(day.hall, day.records)


def test_same_plan_again_is_no_change() -> None:
    assert Day().do(c.ChangePlan, plan=a_plan()) == []


def test_plan_that_drops_a_queue_in_use_or_an_open_window_is_refused_whole() -> None:
    import msgspec

    day = Day().open("w3")
    day.take("A")
    smaller = a_plan(revision="r2")
    no_a = msgspec.structs.replace(
        smaller,
        queues=smaller.queues[1:],
        windows=(smaller.windows[4],),
        services=smaller.services[1:],
    )
    with pytest.raises(RefusedError, match="plan-drops-queue"):
        day.do(c.ChangePlan, plan=no_a)
    no_window = msgspec.structs.replace(smaller, windows=smaller.windows[:2])
    with pytest.raises(RefusedError, match="plan-drops-window"):
        day.do(c.ChangePlan, plan=no_window)


def test_queue_that_left_and_returned_on_one_day_does_not_repeat_a_number() -> None:
    import msgspec

    day = Day()
    first = day.take("G")
    plan = a_plan(revision="r2")
    renamed = msgspec.structs.replace(
        plan,
        queues=(*plan.queues, msgspec.structs.replace(plan.queues[2], id="G2")),
        services=(*plan.services[:2], msgspec.structs.replace(plan.services[2], queue="G2")),
    )
    day.do(c.ChangePlan, plan=renamed)
    assert day.take("G").number != first.number


def test_replay_from_the_second_last_day_gives_the_same_hall() -> None:
    day = Day()
    for _ in range(3):
        day.open("w1")
        day.take()
        day.call("w1")
        day.serve("w1")
        day.take()
        day.after(minutes=60 * 24)
    day.take()
    starts = [r.seq for r in day.records if isinstance(r.event, e.DayStarted)]
    after = starts[-2] - 1
    plans = [r for r in day.records[:after] if isinstance(r.event, e.PlanChanged)]
    again = Hall()
    evolve(again, plans[-1])
    again.answers.clear()
    again.seq = after
    for record in day.records[after:]:
        evolve(again, record)
    assert state_bytes(again) == state_bytes(day.hall)
