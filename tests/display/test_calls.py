"""The line of a speaker: nothing is lost, nothing said twice, a long line is merged."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from paihao_display.calls import CallQueue, CallTurn, NoticeTurn
from paihao_hall.contract import ZoneCall
from paihao_hall.plan import Text

NINE = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)


def call(seq: int, ticket: str = "", window: str = "3", times: int = 1) -> ZoneCall:
    ticket = ticket or f"t{seq}"
    return ZoneCall(
        id=f"{ticket}-{seq}",
        seq=seq,
        zone="homes",
        ticket=ticket,
        number=f"B{seq:03}",
        window=f"1B{window}",
        window_number=window,
        times=times,
        at=NINE + timedelta(seconds=seq),
    )


def line(each_s: float = 3.0) -> CallQueue:
    """A line in which a sentence takes 1 s and ``each_s`` more for each call."""

    def seconds(calls: Sequence[ZoneCall], times: int) -> float:
        return times * (1 + each_s * len(calls))

    return CallQueue(seconds)


def taken(queue: CallQueue) -> list[CallTurn]:
    turns: list[CallTurn] = []
    while (turn := queue.take()) is not None:
        assert isinstance(turn, CallTurn)
        turns.append(turn)
    return turns


def test_calls_are_said_one_by_one_in_order_and_twice() -> None:
    queue = line()
    assert queue.add(call(1))
    assert queue.add(call(2))
    turns = taken(queue)
    assert [[one.seq for one in turn.calls] for turn in turns] == [[1], [2]]
    assert [turn.times for turn in turns] == [2, 2]


def test_a_message_that_comes_twice_is_said_once_even_after_it_was_said() -> None:
    queue = line()
    assert queue.add(call(1))
    assert not queue.add(call(1))
    assert len(taken(queue)) == 1
    assert not queue.add(call(1))
    assert queue.take() is None


def test_calls_that_come_in_the_wrong_order_are_said_in_the_order_of_the_log() -> None:
    queue = line()
    queue.add(call(2))
    queue.add(call(1))
    assert [turn.calls[0].seq for turn in taken(queue)] == [1, 2]


def test_more_than_twenty_seconds_of_waiting_speech_become_one_sentence() -> None:
    queue = line(each_s=3.0)
    for seq in (1, 2, 3):
        queue.add(call(seq))
    (turn,) = taken(queue)
    assert [one.seq for one in turn.calls] == [1, 2, 3]
    assert turn.times == 2


def test_twenty_seconds_are_still_said_one_by_one() -> None:
    queue = line(each_s=4.0)
    queue.add(call(1))
    queue.add(call(2))
    assert [len(turn.calls) for turn in taken(queue)] == [1, 1]


def test_a_merged_sentence_of_more_than_a_minute_is_said_once() -> None:
    queue = line(each_s=3.0)
    for seq in range(1, 12):
        queue.add(call(seq))
    (turn,) = taken(queue)
    assert len(turn.calls) == 11
    assert turn.times == 1


def test_a_recall_takes_the_place_of_the_call_that_still_waits() -> None:
    queue = line()
    queue.add(call(1, "t1", window="3"))
    queue.add(call(2, "t2"))
    queue.add(call(3, "t1", window="5", times=2))
    turns = taken(queue)
    assert [turn.calls[0].ticket for turn in turns] == ["t1", "t2"]
    assert turns[0].calls[0].window_number == "5"
    assert [one.seq for one in turns[0].covered] == [3, 1]


def test_a_recall_after_the_call_was_said_is_said_again() -> None:
    queue = line()
    queue.add(call(1, "t1"))
    taken(queue)
    assert queue.add(call(2, "t1", times=2))
    assert len(taken(queue)) == 1


def test_a_call_that_comes_after_its_recall_is_past() -> None:
    queue = line()
    queue.add(call(5, "t1", times=2))
    assert not queue.add(call(4, "t1"))
    assert queue.knows(4, "t1")
    assert not queue.knows(6, "t1")


def test_notices_wait_until_no_call_does() -> None:
    queue = line()
    queue.add_notice(Text("今天的号已经发完了"))
    queue.add_notice(Text("今天的号已经发完了"))
    queue.add(call(1))
    assert isinstance(queue.take(), CallTurn)
    assert queue.take() == NoticeTurn(Text("今天的号已经发完了"))
    assert queue.take() is None


STEPS = st.lists(
    st.one_of(
        st.tuples(st.integers(1, 60), st.sampled_from(["t1", "t2", "t3", "t4", "t5", "t6"])),
        st.none(),
    ),
    max_size=60,
)


@given(STEPS)
def test_every_call_is_said_once_or_replaced_by_a_later_one_of_its_ticket(
    steps: list[tuple[int, str] | None],
) -> None:
    queue = line()
    came: dict[str, ZoneCall] = {}
    turns: list[CallTurn] = []
    for step in steps:
        if step is not None:
            one = call(step[0], step[1])
            came[one.id] = one
            queue.add(one)
            queue.add(one)
        elif isinstance(turn := queue.take(), CallTurn):
            turns.append(turn)
    turns += taken(queue)
    said = [one for turn in turns for one in turn.calls]
    assert len({one.id for one in said}) == len(said)
    for one in came.values():
        assert any(other.ticket == one.ticket and other.seq >= one.seq for other in said)
    covered = [one.id for turn in turns for one in turn.covered]
    assert len(set(covered)) == len(covered)
    assert {one.id for one in said} <= set(covered)
