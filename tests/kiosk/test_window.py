"""Windows: the headless one writes PNGs, the pygame one maps touches to the screen."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pygame
import pytest

from paihao_kiosk.pages import Services
from paihao_kiosk.screens import screen
from paihao_kiosk.screens.sheet import SIZE
from paihao_kiosk.window import KeyText, MemoryWindow, Touch, TouchWindow
from tests.kiosk.fixtures import kiosk, moment


@pytest.fixture
def window() -> Iterator[TouchWindow]:
    """A window on SDL's dummy screen."""
    opened = TouchWindow(SIZE, "test", full_screen=False)
    pygame.event.clear()
    yield opened
    opened.close()


def test_headless_writes_a_picture_for_each_new_screen(tmp_path: Path) -> None:
    window = MemoryWindow(SIZE, tmp_path)
    home = screen(kiosk(), moment())
    window.show(home)
    window.show(home)
    window.show(screen(replace(kiosk(), pressed="zone:B"), moment()))
    window.show(screen(replace(kiosk(), page=Services("B")), moment()))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["frame-0001-home.png", "frame-0002-services.png"]
    image = pygame.image.load(str(tmp_path / names[0]))
    assert image.get_size() == SIZE
    assert tuple(image.get_at((5, 5)))[:3] == (8, 62, 117)
    assert window.events() == []
    assert not window.closed


def test_the_mouse_is_mapped_to_the_screen(window: TouchWindow) -> None:
    window.show(screen(kiosk(), moment()))
    wide, high = pygame.display.get_window_size()
    middle = {"pos": (wide // 2, high // 2), "button": 1, "touch": False}
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, middle))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, middle))
    down, up = [event for event in window.events() if isinstance(event, Touch)]
    assert (down.what, up.what) == ("down", "up")
    assert down.x == pytest.approx(540, abs=3)
    assert down.y == pytest.approx(960, abs=3)


def test_a_finger_is_mapped_too_and_its_mouse_shadow_is_ignored(window: TouchWindow) -> None:
    wide, high = pygame.display.get_window_size()
    finger = {"x": 0.5, "y": 0.5, "finger_id": 1, "touch_id": 1, "dx": 0.0, "dy": 0.0}
    shadow = {"pos": (wide // 2, high // 2), "button": 1, "touch": True}
    pygame.event.post(pygame.event.Event(pygame.FINGERDOWN, finger))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, shadow))
    (touch,) = [event for event in window.events() if isinstance(event, Touch)]
    assert touch.x == pytest.approx(540, abs=3)
    assert touch.y == pytest.approx(960, abs=3)


def test_a_keyboard_types_and_escape_closes_a_window_on_a_desk(window: TouchWindow) -> None:
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, {"text": "不"}))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, {"key": pygame.K_BACKSPACE}))
    assert [e for e in window.events() if isinstance(e, KeyText)] == [KeyText("不"), KeyText("\b")]
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, {"key": pygame.K_ESCAPE}))
    window.events()
    assert window.closed


def test_citizens_cannot_close_a_full_screen() -> None:
    window = TouchWindow(SIZE, "test", full_screen=True)
    pygame.event.clear()
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, {"key": pygame.K_ESCAPE}))
    window.events()
    assert not window.closed
    window.close()


def test_the_face_shows_what_the_kiosk_shows_until_the_window_closes() -> None:
    from paihao_kiosk.face import Face

    class Closing(MemoryWindow):
        shown = 0

        def show(self, shown: object) -> None:
            self.shown += 1

        @property
        def closed(self) -> bool:
            return self.shown > 2

    class App:
        def on_change(self, callback: object) -> None:
            self.callback = callback

        def screen(self) -> object:
            return screen(kiosk(), moment())

    async def story() -> int:
        window = Closing(SIZE)
        await Face(App(), window, touchable=True).run()  # type: ignore[arg-type]
        return window.shown

    assert asyncio.run(story()) == 3
