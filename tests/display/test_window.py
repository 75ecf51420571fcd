"""What is new on a board that has no screen: running text is not."""

from pathlib import Path

from paihao_display.board import BoardState
from paihao_display.board_screen import SIZE, board_screen, standing_texts
from paihao_hall.plan import Text
from paihao_look.picture import Screen
from paihao_look.window import MemoryWindow
from tests.display.halls import NOW, PLAN, beat, call, snapshot


def board(*numbers: str, motion_s: float = 0.0) -> Screen:
    state = BoardState("board-homes")
    state.take_plan(PLAN)
    state.take_beat(beat(), 0.0)
    calls = [call(number, "12", seq) for seq, number in enumerate(numbers, start=1)]
    state.take_board(snapshot(*calls, notices=(Text("过号不用重新取号。" * 6),)), NOW, 0.0)
    return board_screen(state.view(NOW, motion_s))


def test_a_headless_board_writes_a_picture_for_each_call_and_none_for_running_text(
    tmp_path: Path,
) -> None:
    window = MemoryWindow(SIZE, tmp_path, news=standing_texts)
    window.show(board("B121"))
    window.show(board("B121", motion_s=4.0))
    window.show(board("B121", "B122"))
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["frame-0001-board.png", "frame-0002-board.png"]
