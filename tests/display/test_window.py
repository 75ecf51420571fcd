"""Windows put the picture up, write it as PNG, and close when the user wants."""

from pathlib import Path

import pygame
import pytest

from paihao_display.board import BoardState
from paihao_display.board_screen import SIZE, board_screen
from paihao_display.window import MemoryWindow, NoScreenError, PygameWindow
from paihao_hall.plan import Text
from paihao_look.picture import Screen
from paihao_look.tokens import CALL
from tests.display.halls import NOW, PLAN, beat, call, snapshot


def board(*numbers: str, motion_s: float = 0.0) -> Screen:
    state = BoardState("board-homes")
    state.take_plan(PLAN)
    state.take_beat(beat(), 0.0)
    calls = [call(number, "12", seq) for seq, number in enumerate(numbers, start=1)]
    state.take_board(snapshot(*calls, notices=(Text("过号不用重新取号。" * 6),)), NOW, 0.0)
    return board_screen(state.view(NOW, motion_s))


def lit_pixels() -> int:
    """Pixels of the display in call colour."""
    surface = pygame.display.get_surface()
    assert surface is not None
    return pygame.mask.from_threshold(surface, CALL, (8, 8, 8, 255)).count()


@pytest.mark.parametrize("full_screen", [True, False])
def test_a_window_shows_the_picture_and_closes_on_escape(*, full_screen: bool) -> None:
    window = PygameWindow(SIZE, "board", full_screen=full_screen)
    assert not window.closed()
    window.show(board())
    assert lit_pixels() == 0
    window.show(board("B122"))
    assert lit_pixels() > 2000
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE))
    assert window.closed()
    assert window.closed()
    window.close()


def test_no_screen_is_one_line_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    pygame.display.quit()
    monkeypatch.setenv("SDL_VIDEODRIVER", "nosuchdriver")
    with pytest.raises(NoScreenError, match="--headless works without one"):
        PygameWindow(SIZE, "board", full_screen=True)


def test_a_headless_board_writes_a_png_for_each_new_picture(tmp_path: Path) -> None:
    window = MemoryWindow(SIZE, tmp_path)
    window.show(board("B121"))
    window.show(board("B121", motion_s=4.0))
    window.show(board("B121", "B122"))
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["frame-0001.png", "frame-0002.png"]
    picture = pygame.image.load(files[1])
    assert picture.get_size() == SIZE
    assert picture.get_at((42, 290))[:3] == CALL
    assert not window.closed()
