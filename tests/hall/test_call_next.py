"""Which ticket a window calls, and the reason it gives."""

import pytest

from paihao_hall import commands as c
from paihao_hall import events as e
from paihao_hall.plan import Window
from paihao_hall.refusals import RefusedError
from tests.hall.builders import Day, a_plan, a_window


def test_first_come_first_served_within_a_queue() -> None:
    day = Day().open("w1")
    first = day.take("A")
    day.after(seconds=1).take("A")
    assert day.call("w1") is first


def test_window_calls_the_most_urgent_head_of_its_queues_by_time_over_target() -> None:
    day = Day(a_plan()).open("w9")
    day.do(c.CloseWindow, window="w9")
    plan = a_plan(windows=(a_universal_window(),), revision="r2")
    day.do(c.ChangePlan, plan=plan)
    day.open("w5")
    slow = day.take("B")  # target 15 minutes
    day.after(minutes=3)
    quick = day.take("G")  # target 5 minutes
    day.after(minutes=4)  # B: 7 of 15 (47 %), G: 4 of 5 (80 %)
    (called,) = day.do(c.CallNext, window="w5")
    assert isinstance(called, e.TicketCalled)
    assert called.ticket == quick.id
    assert called.reason.rule == "most-urgent"
    first, second = called.reason.candidates
    assert (first.number, second.number) == ("G001", slow.number)
    assert first.urgency == pytest.approx(240 / 300)
    assert second.urgency == pytest.approx(420 / 900)
    assert (second.waited_s, second.target_s) == (420, 900)


def a_universal_window() -> Window:
    return a_window("5", "ABG")


def test_equal_urgency_is_broken_by_the_order_of_the_log() -> None:
    day = Day(a_plan(windows=(a_universal_window(),))).open("w5")
    earlier = day.take("A", "green")
    day.take("A", "green")
    assert day.call("w5") is earlier


def test_privileged_class_goes_first_by_its_head_start_only() -> None:
    day = Day().open("w1", "w2")
    regular = day.take("A")
    day.after(minutes=9)
    green = day.take("A", "green")  # ten minutes head start against nine waited
    assert day.call("w1") is green
    assert day.call("w2") is regular


def test_regular_ticket_that_waited_longer_than_the_head_start_is_not_overtaken() -> None:
    day = Day().open("w1")
    regular = day.take("A")
    day.after(minutes=11)
    day.take("A", "green")
    assert day.call("w1") is regular


def test_run_of_a_privileged_class_ends_for_a_waiting_regular_ticket() -> None:
    day = Day(a_plan(green_in_row=2)).open("w1")
    regular = day.take("A")
    for _ in range(4):
        day.take("A", "green")
    called = []
    for _ in range(4):
        ticket = day.call("w1")
        assert ticket is not None
        called.append(ticket.class_)
        day.serve("w1", minutes=0)
    assert called == ["green", "green", "regular", "green"]
    assert regular.reason is not None
    assert regular.reason.rule == "class-limit"


def test_helper_leaves_tier_two_alone_while_its_own_work_waits() -> None:
    day = Day().open("w3")
    day.take("A")
    day.after(minutes=5)
    own = day.take("B")
    assert day.call("w3") is own


def test_helper_takes_tier_two_when_its_own_queue_is_empty() -> None:
    day = Day().open("w3")
    other = day.take("A")
    assert day.call("w3") is other
    assert other.reason is not None
    assert other.reason.rule == "help"


def test_tier_two_spills_over_once_it_is_far_beyond_its_target() -> None:
    day = Day().open("w3")
    late = day.take("A")  # target 10 minutes, spills over at 150 %
    day.after(minutes=15)
    day.take("B")
    assert day.call("w3") is late
    assert late.reason is not None
    assert late.reason.rule == "spill-over"


def test_nobody_waiting_is_no_call_and_no_error() -> None:
    day = Day().open("w1")
    assert day.do(c.CallNext, window="w1") == []


@pytest.mark.parametrize(
    ("window", "code"), [("w1", "window-busy"), ("w2", "window-closed"), ("w77", "unknown-window")]
)
def test_call_next_is_refused_with_a_code(window: str, code: str) -> None:
    day = Day().open("w1")
    day.take()
    day.take()
    day.call("w1")
    with pytest.raises(RefusedError) as refused:
        day.do(c.CallNext, window=window)
    assert refused.value.code == code


def test_paused_window_does_not_call() -> None:
    day = Day().open("w1")
    day.take()
    day.do(c.PauseWindow, window="w1", reason="toilet")
    with pytest.raises(RefusedError, match="window-paused"):
        day.do(c.CallNext, window="w1")
    day.do(c.ResumeWindow, window="w1")
    assert day.call("w1") is not None


def test_fifty_windows_at_once_each_get_another_person() -> None:
    windows = tuple(a_window(str(n), "A") for n in range(50))
    day = Day(a_plan(windows=windows))
    day.open(*(w.id for w in windows))
    waiting = [day.take("A") for _ in range(30)]
    called = [day.call(w.id) for w in windows]
    assert called[:30] == waiting
    assert called[30:] == [None] * 20
