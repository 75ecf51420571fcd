"""Windows on the screen of this machine: one kiosk that can be touched, and one board.

Both belong to one process, so their events come from one place and are handed out by window.
What a window shows also goes to the machine's glass, which the page in the browser looks at.
"""

import os
from collections.abc import Callable
from typing import Final

import pygame

from paihao_demo.glass import Glass
from paihao_look.paint import Painter
from paihao_look.picture import Screen
from paihao_look.window import Event, KeyText, NoScreenError, Touch

_PART_OF_DESK: Final = 0.8


def has_screen() -> bool:
    """Return whether this machine says that it has a screen."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Desktop:
    """The screen; hands events to the window that they happened in."""

    def __init__(self, on_close: Callable[[], None]) -> None:
        """Open the screen.

        Args:
            on_close: called when somebody closes one of the windows.

        Raises:
            NoScreenError: there is none.
        """
        try:
            pygame.display.init()
            self.size = pygame.display.get_desktop_sizes()[0]
        except pygame.error as error:
            raise NoScreenError(f"no screen: {error}; --headless works without one") from error
        self._on_close = on_close
        self._windows: dict[int, DesktopWindow] = {}

    def add(self, window: "DesktopWindow") -> None:
        """Hand events of a window to it from now on."""
        self._windows[window.id] = window

    def pump(self) -> None:
        """Take what happened and hand it out."""
        for event in pygame.event.get():
            window = self._windows.get(getattr(getattr(event, "window", None), "id", -1))
            escape = event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE
            if event.type in (pygame.QUIT, pygame.WINDOWCLOSE) or escape:
                self._on_close()
            elif window is not None:
                window.take(event)

    def close(self) -> None:
        """Close all windows."""
        pygame.display.quit()


class DesktopWindow:
    """A window that shows a machine's screens scaled down to the desk."""

    def __init__(
        self, desktop: Desktop, glass: Glass, title: str, part: float, *, left: float = 0.0
    ) -> None:
        """Open a window.

        Args:
            desktop: of this machine.
            glass: gets what the window gets.
            title: of the window.
            part: of the desk's width that it may take.
            left: where on the desk's width that part begins.
        """
        wide, high = glass.size
        room = desktop.size[0] * part, desktop.size[1] * _PART_OF_DESK
        self._scale = min(1.0, room[0] / wide, room[1] / high)
        self._shown = round(wide * self._scale), round(high * self._scale)
        x = round(desktop.size[0] * left + (room[0] - self._shown[0]) / 2)
        y = round((desktop.size[1] - self._shown[1]) / 2)
        self.window = pygame.Window(title, self._shown, (x, y))
        self._desktop = desktop
        self._glass = glass
        self._painter = Painter(glass.size)
        self._inbox: list[Event] = []
        desktop.add(self)

    @property
    def id(self) -> int:
        """Number of the window on the desk."""
        return int(self.window.id)

    def show(self, screen: Screen) -> None:
        """Paint a screen and put it up."""
        self._glass.show(screen)
        if not self._painter.paint(screen):
            return
        picture = pygame.transform.smoothscale(self._painter.surface, self._shown)
        self.window.get_surface().blit(picture, (0, 0))
        self.window.flip()

    def take(self, event: pygame.Event) -> None:
        """Take an event that happened in this window."""
        match event.type:
            case pygame.MOUSEBUTTONDOWN | pygame.MOUSEBUTTONUP:
                if event.button == pygame.BUTTON_LEFT:
                    x, y = (place / self._scale for place in event.pos)
                    down = event.type == pygame.MOUSEBUTTONDOWN
                    self._inbox.append(Touch("down" if down else "up", x, y))
            case pygame.TEXTINPUT:
                self._inbox.append(KeyText(event.text))
            case pygame.KEYDOWN if event.key == pygame.K_BACKSPACE:
                self._inbox.append(KeyText("\b"))
            case _:
                pass

    def events(self) -> list[Event]:
        """Return what happened in this window since the last call."""
        self._desktop.pump()
        found, self._inbox = self._inbox, []
        return found

    @property
    def closed(self) -> bool:
        """False: closing a window ends the demo as a whole."""
        return False

    def close(self) -> None:
        """Do nothing: the desk closes all windows together."""
