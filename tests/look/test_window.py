"""Windows: pictures go up and into PNGs, touches and keys come back in the picture's measure."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pygame
import pytest

from paihao_look.picture import Box, Label, Rect, Run, Screen, Shape
from paihao_look.tokens import CALL, NIGHT
from paihao_look.window import KeyText, MemoryWindow, NoScreenError, ScreenWindow, Touch, Window

SIZE = (1080, 1920)


def picture(*texts: str, name: str = "home", lamp: bool = False) -> Screen:
    """A dark screen with lines of text and, if wanted, a lamp in its middle."""
    shapes: list[Shape] = [
        Label(80, 200 + 100 * line, (Run(text, 48, CALL),)) for line, text in enumerate(texts)
    ]
    if lamp:
        shapes.append(Box(Rect(440, 860, 200, 200), CALL))
    return Screen(name, SIZE, NIGHT, tuple(shapes))


def lit_pixels() -> int:
    """Pixels of the display in the lamp's colour."""
    surface = pygame.display.get_surface()
    assert surface is not None
    return pygame.mask.from_threshold(surface, CALL, (8, 8, 8, 255)).count()


def post(kind: int, **facts: object) -> None:
    pygame.event.post(pygame.event.Event(kind, facts))


@pytest.fixture
def window() -> Iterator[ScreenWindow]:
    """A window on the desk of SDL's dummy screen."""
    opened = ScreenWindow(SIZE, "test", full_screen=False, escape_closes=True)
    pygame.event.clear()
    yield opened
    opened.close()


@pytest.mark.parametrize("full_screen", [True, False])
def test_a_picture_and_its_changes_go_up(*, full_screen: bool) -> None:
    window = ScreenWindow(SIZE, "test", full_screen=full_screen, escape_closes=False)
    window.show(picture())
    assert lit_pixels() == 0
    window.show(picture(lamp=True))
    assert lit_pixels() > 2000
    window.close()


def test_a_window_that_grew_shows_the_whole_picture_again(window: ScreenWindow) -> None:
    window.show(picture(lamp=True))
    before = lit_pixels()
    pygame.display.set_mode((1600, 1200), pygame.RESIZABLE)
    post(pygame.WINDOWSIZECHANGED, x=1600, y=1200)
    window.events()
    window.show(picture(lamp=True))
    assert pygame.display.get_window_size() == (1600, 1200)
    assert lit_pixels() > before


def test_the_mouse_is_mapped_to_the_picture(window: ScreenWindow) -> None:
    window.show(picture())
    wide, high = pygame.display.get_window_size()
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        post(kind, pos=(wide // 2, high // 2), button=1, touch=False)
    down, up = [event for event in window.events() if isinstance(event, Touch)]
    assert (down.what, up.what) == ("down", "up")
    assert down.x == pytest.approx(540, abs=3)
    assert down.y == pytest.approx(960, abs=3)


def test_a_finger_is_mapped_too_and_its_mouse_shadow_is_ignored(window: ScreenWindow) -> None:
    wide, high = pygame.display.get_window_size()
    post(pygame.FINGERDOWN, x=0.5, y=0.5, finger_id=1, touch_id=1, dx=0.0, dy=0.0)
    post(pygame.MOUSEBUTTONDOWN, pos=(wide // 2, high // 2), button=1, touch=True)
    (touch,) = [event for event in window.events() if isinstance(event, Touch)]
    assert touch.x == pytest.approx(540, abs=3)
    assert touch.y == pytest.approx(960, abs=3)


def test_a_keyboard_types(window: ScreenWindow) -> None:
    post(pygame.TEXTINPUT, text="不")
    post(pygame.KEYDOWN, key=pygame.K_BACKSPACE)
    assert [e for e in window.events() if isinstance(e, KeyText)] == [KeyText("不"), KeyText("\b")]


def test_escape_closes_a_window_that_was_asked_to(window: ScreenWindow) -> None:
    post(pygame.KEYDOWN, key=pygame.K_ESCAPE)
    assert window.events() == []
    assert window.closed


def test_citizens_cannot_close_a_full_screen() -> None:
    window = ScreenWindow(SIZE, "test", full_screen=True, escape_closes=False)
    pygame.event.clear()
    post(pygame.KEYDOWN, key=pygame.K_ESCAPE)
    window.events()
    assert not window.closed
    window.close()


def test_no_screen_is_one_line_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    pygame.display.quit()
    monkeypatch.setenv("SDL_VIDEODRIVER", "nosuchdriver")
    with pytest.raises(NoScreenError, match="--headless works without one"):
        ScreenWindow(SIZE, "test", full_screen=True, escape_closes=False)


def test_a_screen_that_nobody_would_see_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    pygame.display.quit()
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "offscreen")
    with pytest.raises(NoScreenError, match="is DISPLAY set"):
        ScreenWindow(SIZE, "test", full_screen=True, escape_closes=False)


def test_headless_writes_a_picture_for_each_screen_that_says_something_new(tmp_path: Path) -> None:
    window: Window = MemoryWindow(SIZE, tmp_path)
    window.show(picture("one"))
    window.show(picture("one"))
    window.show(picture("one", lamp=True))
    window.show(picture("two", name="services", lamp=True))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["frame-0001-home.png", "frame-0002-services.png"]
    image = pygame.image.load(str(tmp_path / names[1]))
    assert image.get_size() == SIZE
    assert image.get_at((540, 960))[:3] == CALL[:3]
    assert window.events() == []
    assert not window.closed


def test_what_counts_as_new_can_be_said(tmp_path: Path) -> None:
    window = MemoryWindow(SIZE, tmp_path, news=lambda screen: screen.name)
    window.show(picture("one"))
    window.show(picture("two"))
    window.show(replace(picture("two"), name="other"))
    assert len(list(tmp_path.iterdir())) == 2
