"""Boards, window states and estimates, as the hall's state says them."""

from paihao_hall import commands as c
from paihao_hall import estimate, views
from paihao_hall.contract import TOPICS, Board
from paihao_hall.plan import MissedPolicy
from tests.hall.builders import Day, a_plan


def board(day: Day) -> Board:
    return views.board(day.hall, "Z", day.now)


def test_board_shows_newest_call_first_and_a_recall_moves_up_without_a_second_row() -> None:
    day = Day(a_plan(missed=MissedPolicy(interval_s=0))).open("w1", "w2")
    day.take()
    day.take()
    day.call("w1")
    day.after(seconds=5).call("w2")
    assert [call.number for call in board(day).calls] == ["A002", "A001"]
    day.after(seconds=5).do(c.Recall, window="w1")
    calls = board(day).calls
    assert [(call.number, call.times) for call in calls] == [("A001", 2), ("A002", 1)]


def test_call_moves_to_recent_when_the_citizen_is_at_the_window() -> None:
    day = Day().open("w1")
    day.take()
    day.call()
    day.do(c.Start, window="w1")
    shown = board(day)
    assert shown.calls == ()
    assert [(call.number, call.window_number) for call in shown.recent] == [("A001", "1")]


def test_ticket_called_again_leaves_the_recent_calls() -> None:
    day = Day().open("w1")
    ticket = day.take()
    day.call()
    day.miss("w1")
    assert [call.number for call in board(day).recent] == ["A001"]
    day.do(c.BringBack, window="w1", ticket=ticket.id)
    assert board(day).recent == ()


def test_queue_whose_windows_are_all_paused_says_until_when() -> None:
    day = Day().open("w9")
    until = day.now.replace(hour=2, minute=40)  # 10:40 in the hall
    day.do(c.PauseWindow, window="w9", reason="toilet", until=until)
    line = next(line for line in board(day).queues if line.queue == "G")
    assert (line.state, line.until, line.wait) == ("paused", "10:40", None)


def test_wait_is_unknown_while_no_window_serves_the_queue() -> None:
    day = Day()
    day.take()
    assert views.issued_ticket(day.hall, day.take()).wait is None


def test_wait_grows_with_the_line_and_shrinks_with_windows() -> None:
    day = Day().open("w1")
    for _ in range(10):
        day.take()
    alone = views.issued_ticket(day.hall, day.take())
    day.open("w2")
    together = views.issued_ticket(day.hall, day.take())
    assert alone.wait is not None
    assert together.wait is not None
    assert alone.ahead == 10
    assert together.wait.high_s < alone.wait.high_s
    assert alone.wait.low_s <= 10 * 300 <= alone.wait.high_s


def test_people_ahead_counts_who_will_be_called_before() -> None:
    day = Day()
    regular = day.take()
    day.after(minutes=5)
    green = day.take("A", "green")
    assert estimate.ahead(day.hall, green) == 0
    assert estimate.ahead(day.hall, regular) == 1


def test_window_state_carries_the_number_and_who_waits() -> None:
    day = Day().open("w1")
    day.take()
    day.take()
    day.call("w1")
    state = views.window_state(day.hall, day.hall.windows["w1"])
    assert (state.state, state.ticket, state.times, state.waiting) == ("called", "A001", 1, 1)


def test_every_view_fits_its_topic() -> None:
    day = Day().open("w1")
    ticket = day.take()
    day.call("w1")
    payloads = {
        "catalogue": views.catalogue(day.hall),
        "board": board(day),
        "call": views.zone_call(day.hall, ticket),
        "state": views.window_state(day.hall, day.hall.windows["w1"]),
    }
    for topic in TOPICS:
        name = topic.template.rsplit("/", 1)[-1]
        if name in payloads:
            assert topic.load(topic.dump(payloads[name])) == payloads[name]
