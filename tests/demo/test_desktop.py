"""Windows on a desk: each gets its own events, and closing one ends the demo."""

from collections.abc import Iterator

import pygame
import pytest

from paihao_demo.desktop import Desktop, DesktopWindow
from paihao_demo.glass import Glass
from paihao_look.picture import Box, Rect, Screen
from paihao_look.tokens import HALL, NIGHT
from paihao_look.window import Touch

KIOSK = (1080, 1920)
BOARD = (1920, 1080)


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    return []


@pytest.fixture
def desktop(closed: list[bool]) -> Iterator[Desktop]:
    desk = Desktop(lambda: closed.append(True))
    yield desk
    desk.close()


def test_a_touch_reaches_the_window_that_was_touched_in_its_own_measure(desktop: Desktop) -> None:
    glass = Glass(KIOSK, eager=False)
    kiosk = DesktopWindow(desktop, glass, "kiosk", part=0.4)
    board = DesktopWindow(desktop, Glass(BOARD, eager=True), "board", part=0.6)
    shown = Screen("x", KIOSK, NIGHT, (Box(Rect(0, 0, 500, 500), HALL),))
    kiosk.show(shown)
    assert glass.screen is shown
    pygame.event.post(
        pygame.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(10, 20), window=kiosk.window)
    )
    assert board.events() == []
    (touch,) = kiosk.events()
    assert isinstance(touch, Touch)
    assert touch.y == pytest.approx(2 * touch.x)
    assert touch.x > 10


def test_closing_a_window_ends_the_demo(desktop: Desktop, closed: list[bool]) -> None:
    board = DesktopWindow(desktop, Glass(BOARD, eager=True), "board", part=0.6)
    pygame.event.post(pygame.Event(pygame.WINDOWCLOSE, window=board.window))
    board.events()
    assert closed == [True]
