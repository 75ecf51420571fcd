"""What stands on the board, from snapshots alone: rows, blinks, pages, and when it is stale."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from paihao_display.board import BLINKS_S, BoardState, BoardView
from paihao_hall.plan import Text
from tests.display.halls import MOCK_UP_QUEUES, NOW, PLAN, beat, call, snapshot, waiting


def state(device: str = "board-homes", *, reduced_motion: bool = False) -> BoardState:
    """A board that has its plan and has just heard the server, at motion time 100."""
    board = BoardState(device, reduced_motion=reduced_motion)
    board.take_plan(PLAN)
    board.take_beat(beat(), 100.0)
    return board


def numbers(view: BoardView) -> list[str]:
    return [row.call.number for row in view.rows]


def test_the_newest_call_stands_on_top() -> None:
    board = state()
    board.take_board(snapshot(call("B121", "7", 5), call("B122", "12", 9)), NOW, 100.0)
    assert numbers(board.view(NOW, 100.0)) == ["B122", "B121"]


def test_a_recall_moves_its_row_up_and_blinks_and_there_is_never_a_second_row() -> None:
    board = state()
    first, second = call("B121", "7", 5, age_s=40), call("B122", "12", 9, age_s=30)
    board.take_board(snapshot(first, second), NOW, 100.0)
    board.take_beat(beat(), 110.0)
    board.take_board(snapshot(call("B121", "7", 12), second), NOW, 110.0)
    view = board.view(NOW, 110.0)
    assert numbers(view) == ["B121", "B122"]
    assert [row.lit for row in view.rows] == ["lit", "plain"]
    assert board.blinks(110.0)
    assert board.view(NOW, 110.6).rows[0].lit == "blink-off"


def test_a_new_call_blinks_three_times_in_three_seconds_then_stays_lit() -> None:
    board = state()
    board.take_board(snapshot(call("B122", "12", 9)), NOW, 100.0)
    phases = [board.view(NOW, 100.0 + 0.25 + 0.5 * half).rows[0].lit for half in range(8)]
    assert phases == ["lit", "blink-off"] * 3 + ["lit", "lit"]
    assert not board.blinks(100.0 + BLINKS_S)


def test_nothing_blinks_when_motion_is_reduced() -> None:
    board = state(reduced_motion=True)
    board.take_board(snapshot(call("B122", "12", 9)), NOW, 100.0)
    assert {board.view(NOW, 100.0 + step / 10).rows[0].lit for step in range(40)} == {"lit"}
    assert not board.blinks(100.0)


def test_a_call_that_came_to_its_window_stays_for_twenty_seconds() -> None:
    board = state()
    came = call("B122", "12", 9, age_s=5)
    board.take_board(snapshot(recent=(came,)), NOW, 100.0)
    assert numbers(board.view(NOW, 100.0)) == ["B122"]
    assert numbers(board.view(NOW + timedelta(seconds=14), 100.0)) == ["B122"]
    later = board.view(NOW + timedelta(seconds=15), 100.0)
    assert numbers(later) == []
    assert [one.number for one in later.recent] == ["B122"]


def test_calls_that_find_no_row_stand_first_among_the_recent_ones() -> None:
    board = state()
    calls = [call(f"B{seq:03}", str(seq), seq, age_s=30) for seq in range(1, 6)]
    board.take_board(snapshot(*calls, recent=(call("B000", "9", 0, age_s=90),)), NOW, 100.0)
    view = board.view(NOW, 100.0)
    assert numbers(view) == ["B005", "B004", "B003"]
    assert [one.number for one in view.recent] == ["B002", "B001", "B000"]


def test_the_board_is_stale_after_five_seconds_without_the_server_and_then_nothing_blinks() -> None:
    board = state()
    board.take_board(snapshot(call("B122", "12", 9)), NOW, 100.0)
    assert not board.view(NOW, 105.0).stale
    view = board.view(NOW, 105.1)
    assert view.stale
    assert view.stale_at == NOW
    assert [row.lit for row in view.rows] == ["plain"]


def test_a_snapshot_kept_by_the_broker_is_no_sign_of_life() -> None:
    board = state()
    board.take_board(snapshot(call("B122", "12", 9)), NOW, 106.0)
    assert board.is_stale(106.0)


def test_on_return_only_calls_under_twenty_seconds_old_blink() -> None:
    board = state()
    board.take_board(snapshot(call("B120", "3", 5)), NOW, 100.0)
    back = NOW + timedelta(seconds=60)
    board.take_beat(beat(back), 160.0)
    missed = snapshot(
        call("B121", "7", 8, age_s=-30), call("B122", "12", 9, age_s=-55), seq=9, at=back
    )
    board.take_board(missed, back, 160.0)
    view = board.view(back, 160.6)
    assert [(row.call.number, row.lit) for row in view.rows] == [
        ("B122", "blink-off"),
        ("B121", "plain"),
    ]


def test_a_snapshot_older_than_the_one_shown_is_ignored() -> None:
    board = state()
    board.take_board(snapshot(call("B122", "12", 9)), NOW, 100.0)
    board.take_board(snapshot(call("B121", "7", 5), at=NOW - timedelta(seconds=9)), NOW, 100.0)
    assert numbers(board.view(NOW, 100.0)) == ["B122"]


def test_a_server_with_a_new_log_is_believed_although_its_numbers_begin_again() -> None:
    board = state()
    board.take_board(snapshot(call("B122", "12", 900)), NOW, 100.0)
    board.take_board(snapshot(seq=2, at=NOW + timedelta(seconds=9)), NOW, 100.0)
    assert numbers(board.view(NOW, 100.0)) == []


def test_more_than_five_queues_turn_pages_every_ten_seconds() -> None:
    board = state("board-all")
    board.take_board(snapshot(), NOW, 100.0)
    more = (waiting("id", 4), waiting("visa", 5))
    board.take_board(snapshot(zone="police", queues=more), NOW, 100.0)
    first, second = board.view(NOW, 100.0), board.view(NOW, 110.0)
    assert [line.queue for line in first.queues] == [line.queue for line in MOCK_UP_QUEUES]
    assert [line.queue for line in second.queues] == ["id", "visa"]
    assert (first.page, second.page) == ((1, 2), (2, 2))
    assert board.view(NOW, 120.0).queues == first.queues


def test_a_board_shows_its_own_zones_only() -> None:
    board = state()
    board.take_board(snapshot(call("C001", "1", 3), zone="police"), NOW, 100.0)
    assert numbers(board.view(NOW, 100.0)) == []


def test_a_notice_of_two_zones_runs_once() -> None:
    board = state("board-all")
    closing = Text("十二点关门")
    board.take_board(snapshot(notices=(closing,)), NOW, 100.0)
    board.take_board(snapshot(zone="police", notices=(closing,)), NOW, 100.0)
    assert board.view(NOW, 100.0).notices == (closing,)


CALLS = st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=30)


@given(CALLS)
def test_whatever_happens_each_ticket_has_one_place_and_the_order_is_that_of_the_calls(
    steps: list[tuple[int, bool]],
) -> None:
    board = state()
    called: dict[int, int] = {}
    over: dict[int, int] = {}
    for seq, (ticket, comes) in enumerate(steps, start=1):
        if comes and ticket in called:
            over[ticket] = called.pop(ticket)
        else:
            called[ticket] = seq
            over.pop(ticket, None)
        board.take_board(
            snapshot(
                *(call(f"B{one:03}", "1", at) for one, at in called.items()),
                recent=tuple(call(f"B{one:03}", "1", at) for one, at in over.items()),
                seq=seq,
            ),
            NOW,
            100.0 + seq,
        )
        view = board.view(NOW, 100.0)
        shown = [row.call for row in view.rows] + list(view.recent)
        assert len({one.ticket for one in shown}) == len(shown) == len(called) + len(over)
        rows = [row.call.seq for row in view.rows]
        assert rows == sorted([*called.values(), *over.values()], reverse=True)[:3]
