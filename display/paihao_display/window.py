"""What a board needs of a window: nobody touches it, so it shows, and may be closed."""

from typing import Protocol

from paihao_look import window
from paihao_look.picture import Screen


class Window(Protocol):
    """Shows screens."""

    def show(self, screen: Screen) -> None:
        """Put a screen up; its pixels are up when this returns."""
        ...

    def closed(self) -> bool:
        """Handle what the user did; return whether the window is to close."""
        ...

    def close(self) -> None:
        """Let go of screen or files."""
        ...


class Untouched:
    """A window whose touches and keys mean nothing, but for closing it; a `Window`."""

    def __init__(self, shown: window.Window) -> None:
        self._shown = shown

    def show(self, screen: Screen) -> None:
        """Put a screen up; its pixels are up when this returns."""
        self._shown.show(screen)

    def closed(self) -> bool:
        """Handle what the user did; return whether the window is to close."""
        self._shown.events()
        return self._shown.closed

    def close(self) -> None:
        """Let go of screen or files."""
        self._shown.close()
