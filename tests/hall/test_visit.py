"""A visit from the number to the outcome, with everything that can come between."""

from datetime import timedelta
from typing import Any

import pytest

from paihao_hall import commands as c
from paihao_hall import events as e
from paihao_hall.plan import MissedPolicy
from paihao_hall.refusals import RefusedError
from tests.hall.builders import Day, a_plan


def refusal(day: Day, kind: type[c.Command], **facts: Any) -> str:
    with pytest.raises(RefusedError) as refused:
        day.do(kind, **facts)
    return refused.value.code


def test_numbers_count_per_queue_from_one() -> None:
    day = Day()
    assert [day.take(q).number for q in "ABAG"] == ["A001", "B001", "A002", "G001"]


def test_ticket_is_refused_for_what_the_hall_does_not_have() -> None:
    day = Day(a_plan(open_queues="AB"))
    facts = {"class_": "regular", "ticket": "x", "token": "y"}
    assert refusal(day, c.IssueTicket, service="none", **facts) == "unknown-service"
    assert refusal(day, c.IssueTicket, service="sG", **facts) == "queue-closed"
    facts["class_"] = "vip"
    assert refusal(day, c.IssueTicket, service="sA", **facts) == "unknown-class"


def test_visit_goes_from_waiting_over_called_and_serving_to_finished() -> None:
    day = Day().open("w1")
    ticket = day.take()
    states = [ticket.state]
    day.call()
    states.append(ticket.state)
    day.do(c.Start, window="w1")
    states.append(ticket.state)
    day.after(minutes=5).do(c.Complete, window="w1", outcome="finished", case="HSZ-1")
    states.append(ticket.state)
    assert states == ["waiting", "called", "serving", "finished"]
    assert (ticket.outcome, ticket.case) == ("finished", "HSZ-1")
    assert day.hall.windows["w1"].state == "idle"


def test_complete_needs_a_started_service() -> None:
    day = Day().open("w1")
    assert refusal(day, c.Complete, window="w1") == "nothing-called"
    day.take()
    day.call()
    assert refusal(day, c.Complete, window="w1") == "not-serving"
    day.do(c.Start, window="w1")
    assert refusal(day, c.Start, window="w1") == "not-called"


def test_recall_waits_for_its_interval_and_stops_at_the_policys_count() -> None:
    day = Day(a_plan(missed=MissedPolicy(calls=2, interval_s=30))).open("w1")
    ticket = day.take()
    day.call()
    day.after(seconds=29)
    with pytest.raises(RefusedError) as refused:
        day.do(c.Recall, window="w1")
    assert (refused.value.code, refused.value.facts["wait_s"]) == ("recall-too-soon", 1)
    day.after(seconds=1).do(c.Recall, window="w1")
    assert ticket.calls == 2
    day.after(minutes=1)
    assert refusal(day, c.Recall, window="w1") == "calls-used-up"


def test_missed_only_after_all_calls_and_never_silently_dropped() -> None:
    day = Day().open("w1")
    ticket = day.take()
    day.call()
    assert refusal(day, c.Miss, window="w1") == "calls-left"
    day.miss("w1")
    assert ticket.state == "missed"
    assert day.hall.windows["w1"].state == "idle"
    assert ticket.id in day.hall.tickets


def test_missed_ticket_rejoins_three_places_behind_the_head() -> None:
    day = Day().open("w1")
    ticket = day.take()
    others = [day.take().number for _ in range(5)]
    day.call()
    day.miss("w1")
    day.after(minutes=10).do(c.BringBack, window="w1", ticket=ticket.id)
    assert day.line() == [*others[:3], ticket.number, *others[3:]]


def test_missed_ticket_stays_missed_after_its_grace() -> None:
    day = Day().open("w1")
    ticket = day.take()
    day.call()
    day.miss("w1")
    day.after(minutes=30, seconds=1)
    assert refusal(day, c.BringBack, window="w1", ticket=ticket.id) == "grace-over"
    assert ticket.state == "missed"


def test_ticket_may_come_back_only_as_often_as_the_policy_says() -> None:
    day = Day(a_plan(missed=MissedPolicy(calls=1, interval_s=0, rejoins=1))).open("w1")
    ticket = day.take()
    day.call()
    day.do(c.Miss, window="w1")
    day.do(c.BringBack, window="w1", ticket=ticket.id)
    day.call()
    day.do(c.Miss, window="w1")
    assert refusal(day, c.BringBack, window="w1", ticket=ticket.id) == "rejoins-used-up"


def test_held_ticket_comes_back_to_its_window_and_no_other() -> None:
    day = Day().open("w1", "w2")
    ticket = day.take()
    day.call("w1")
    day.do(c.Start, window="w1")
    day.do(c.Hold, window="w1")
    assert (ticket.state, day.hall.windows["w1"].state) == ("held", "idle")
    assert refusal(day, c.BringBack, window="w2", ticket=ticket.id) == "ticket-not-returnable"
    day.do(c.BringBack, window="w1", ticket=ticket.id)
    assert day.hall.windows["w1"].ticket is ticket
    assert ticket.reason is not None
    assert ticket.reason.rule == "held"


def test_held_tickets_go_back_to_their_line_when_the_window_closes() -> None:
    day = Day().open("w1")
    ticket = day.take()
    later = day.after(minutes=1).take()
    day.call("w1")
    day.do(c.Start, window="w1")
    day.do(c.Hold, window="w1")
    day.do(c.CloseWindow, window="w1")
    assert day.line() == [ticket.number, later.number]


def test_returned_ticket_stands_where_its_arrival_puts_it() -> None:
    day = Day().open("w1", "w2")
    first, second, third = (day.after(seconds=1).take() for _ in range(3))
    day.call("w1")
    day.call("w2")
    day.do(c.Return, window="w2")
    assert day.line() == [second.number, third.number]
    day.do(c.Return, window="w1")
    assert day.line() == [first.number, second.number, third.number]


def test_transfer_keeps_arrival_time_and_joins_by_arrival() -> None:
    day = Day().open("w1")
    moved = day.take("A")
    arrived = moved.arrived_at
    day.after(minutes=1)
    early, late = day.take("B"), day.after(minutes=1).take("B")
    day.call("w1")
    day.after(minutes=3).do(c.Transfer, window="w1", queue="B", note="先到 B 盖章")
    assert day.line("B") == [moved.number, early.number, late.number]
    assert moved.arrived_at == arrived
    assert moved.notes[-1].text == "先到 B 盖章"
    assert day.hall.windows["w1"].ticket is None


@pytest.mark.parametrize(("place", "index"), [("head", 0), ("middle", 1), ("tail", 3)])
def test_transfer_goes_to_the_place_the_clerk_chose(place: str, index: int) -> None:
    day = Day().open("w1")
    for _ in range(3):
        day.take("B")
    moved = day.after(minutes=1).take("A")
    day.call("w1")
    day.do(c.Transfer, window="w1", service="sB", place=place)
    assert day.line("B").index(moved.number) == index
    assert moved.service == "sB"


def test_transfer_into_its_own_queue_is_refused() -> None:
    day = Day().open("w1")
    day.take()
    day.call()
    assert refusal(day, c.Transfer, window="w1", queue="A") == "same-queue"
    assert refusal(day, c.Transfer, window="w1", queue="Q") == "unknown-queue"


def test_cancelled_ticket_leaves_the_line_and_is_not_a_no_show() -> None:
    day = Day()
    first, middle, last = day.take(), day.take(), day.take()
    day.do(c.CancelTicket, ticket=middle.id)
    assert day.line() == [first.number, last.number]
    assert middle.state == "cancelled"
    assert day.do(c.CancelTicket, ticket=middle.id) == []


def test_pause_with_a_citizen_at_the_desk_is_refused() -> None:
    day = Day().open("w1")
    day.take()
    day.call()
    assert refusal(day, c.PauseWindow, window="w1", reason="lunch") == "window-busy"
    assert refusal(day, c.CloseWindow, window="w1") == "window-busy"


def test_one_clerk_per_window_and_one_window_per_clerk() -> None:
    day = Day().open("w1")
    assert refusal(day, c.OpenWindow, window="w1", clerk="other") == "window-taken"
    assert refusal(day, c.OpenWindow, window="w2", clerk="clerk-w1") == "clerk-elsewhere"
    day.do(c.OpenWindow, window="w2", clerk="clerk-w1", takeover=True)
    assert day.hall.clerks == {"clerk-w1": "w2"}
    assert day.hall.windows["w1"].state == "closed"


def test_takeover_hands_over_the_window_with_its_open_ticket() -> None:
    day = Day().open("w1")
    ticket = day.take()
    day.call()
    (event,) = day.do(c.OpenWindow, window="w1", clerk="b-post", takeover=True)
    assert isinstance(event, e.WindowOpened)
    assert event.instead_of == "clerk-w1"
    assert day.hall.windows["w1"].ticket is ticket


def test_a_press_that_crosses_a_takeover_is_refused() -> None:
    day = Day().open("w1")
    ticket = day.take()
    day.do(c.CallNext, window="w1", expected_clerk="clerk-w1")
    day.do(c.OpenWindow, window="w1", clerk="b-post", takeover=True)
    assert refusal(day, c.Start, window="w1", expected_clerk="clerk-w1") == "window-taken"
    assert ticket.state == "called"
    day.do(c.Start, window="w1", expected_clerk="b-post")
    day.do(c.Complete, window="w1")
    day.do(c.CloseWindow, window="w1", expected_clerk="b-post")
    assert refusal(day, c.CallNext, window="w1", expected_clerk="b-post") == "window-closed"
    assert refusal(day, c.CallNext, window="no", expected_clerk="x") == "unknown-window"


def test_window_without_queues_cannot_open() -> None:
    assert refusal(Day(), c.OpenWindow, window="wR", clerk="x") == "window-without-queues"


def test_devices_confirm_a_call_once_each() -> None:
    day = Day().open("w1")
    ticket = day.take()
    day.call()
    ack: dict[str, Any] = {
        "ticket": ticket.id,
        "what": "shown",
        "device": "board-1",
        "seq": ticket.call_seq,
    }
    assert len(day.do(c.RecordAck, **ack)) == 1
    assert day.do(c.RecordAck, **ack) == []


def test_clerks_day_counts_calls_and_service_time() -> None:
    day = Day().open("w1")
    for _ in range(2):
        day.take()
        day.call()
        day.serve("w1", minutes=4)
    mine = day.hall.clerk_days["clerk-w1"]
    assert (mine.called, mine.completed, mine.missed) == (2, 2, 0)
    assert timedelta(seconds=mine.served_s) == timedelta(minutes=8)
