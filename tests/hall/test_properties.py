"""Random days: whatever people press, in whatever order, the hall stays whole."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paihao_hall import commands as c
from paihao_hall import events as e
from paihao_hall.model import state_bytes
from paihao_hall.plan import MissedPolicy
from paihao_hall.refusals import RefusedError
from tests.hall.builders import Day, a_plan
from tests.hall.invariants import check_log, check_replay, check_state

WINDOWS = ("w1", "w2", "w3", "w9", "wR", "nowhere")
AT_WINDOW = (
    c.CallNext, c.CallNext, c.CallNext, c.Recall, c.Start, c.Start, c.Complete, c.Complete,
    c.Miss, c.Hold, c.Return, c.CloseWindow, c.ResumeWindow,
)  # fmt: skip
PLAN = a_plan(missed=MissedPolicy(calls=2, interval_s=5, grace_s=1800))


def press(day: Day, chance: random.Random) -> None:
    """Do one thing that somebody in the hall might do, sensible or not."""
    day.after(seconds=chance.choice((0, 0, 1, 5, 20, 90)))
    window = chance.choice(WINDOWS)
    tickets = list(day.hall.tickets) or ["none"]
    match chance.randrange(12):
        case 0 | 1 | 2 | 3:
            day.take(chance.choice("ABG"), chance.choice(("regular", "regular", "green")))
        case 4:
            clerk = chance.choice(("ann", "bob", "cai", "dan"))
            day.do(c.OpenWindow, window=window, clerk=clerk, takeover=chance.random() < 0.3)
        case 5:
            day.do(c.PauseWindow, window=window, reason="lunch")
        case 6:
            day.do(c.Transfer, window=window, queue=chance.choice("ABGX"),
                   place=chance.choice((None, "head", "middle", "tail")))  # fmt: skip
        case 7:
            away = [t.id for t in day.hall.tickets.values() if t.state in ("missed", "held")]
            day.do(c.BringBack, window=window, ticket=chance.choice(away or tickets))
        case 8 if chance.random() < 0.3:
            day.do(c.CancelTicket, ticket=chance.choice(tickets))
        case 9 if chance.random() < 0.02:
            day.after(minutes=60 * 15)
        case _:
            day.do(chance.choice(AT_WINDOW), window=window)


def live_through(seed: int, presses: int, check_every: int) -> Day:
    chance = random.Random(seed)
    day = Day(PLAN)
    day.open("w1", "w3")
    for number in range(presses):
        before = state_bytes(day.hall) if number % check_every == 0 else b""
        try:
            press(day, chance)
        except RefusedError:
            # A refusal changes nothing but an ended day.
            if before and not day.records[-1].command.startswith("day:"):
                assert state_bytes(day.hall) == before
        if number % check_every == 0:
            check_state(day.hall)
    return day


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_invariants_hold_over_random_days(seed: int) -> None:
    day = live_through(seed, presses=120, check_every=1)
    check_log(day.records)
    check_replay(day.hall, day.records)


@pytest.mark.parametrize("seed", [7, 2026])
def test_invariants_hold_over_ten_thousand_random_commands(seed: int) -> None:
    day = live_through(seed, presses=10_000, check_every=97)
    check_state(day.hall)
    check_log(day.records)
    check_replay(day.hall, day.records)
    kinds = {type(record.event) for record in day.records}
    never = {e.NoteAdded, e.AckRecorded}
    assert kinds >= set(e.AnyEvent.__args__) - never, "the random day does not reach every event"


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(("regular", "green")), st.integers(0, 900)), max_size=40))
def test_privileged_ticket_overtakes_only_within_its_head_start(
    arrivals: list[tuple[str, int]],
) -> None:
    day = Day(PLAN).open("w1")
    for class_, gap_s in arrivals:
        day.after(seconds=gap_s).take("A", class_)
    waiting = dict(day.hall.tickets)
    while (ticket := day.call("w1")) is not None:
        del waiting[ticket.id]
        if ticket.class_ == "green":
            overtaken = [t for t in waiting.values() if t.class_ == "regular"]
            for other in overtaken:
                assert ticket.arrived_at - other.arrived_at <= timedelta(seconds=600)
        day.serve("w1", minutes=0)
    assert not waiting


@settings(max_examples=40)
@given(st.lists(st.sampled_from(("regular", "green")), min_size=1, max_size=60))
def test_no_more_privileged_calls_in_a_row_than_declared_while_a_regular_waits(
    classes: list[str],
) -> None:
    day = Day(a_plan(green_in_row=3)).open("w1")
    for class_ in classes:
        day.take("A", class_)
    in_row = 0
    while True:
        regular_waits = bool(day.line("A", "regular"))
        ticket = day.call("w1")
        if ticket is None:
            break
        in_row = in_row + 1 if ticket.class_ == "green" and regular_waits else 0
        assert in_row <= 3
        day.serve("w1", minutes=0)


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_nobody_waits_for_ever_while_a_window_that_serves_them_is_open(seed: int) -> None:
    chance = random.Random(seed)
    day = Day(PLAN).open("w3")
    patient = day.take("A")  # only helped by window 3, whose own queue never empties
    for _ in range(400):
        day.take("B")
        day.call("w3")
        day.serve("w3", minutes=chance.uniform(1, 10))
        if patient.state == "finished":
            return
    pytest.fail("the ticket in the helped queue was never called")
