"""Keeps a window equal to what a kiosk shows, and hands touches from it to the kiosk."""

import asyncio
from typing import Final

from paihao_kiosk.app import KioskApp
from paihao_look.window import KeyText, Touch, Window

FRAME_S: Final = 1 / 60
"""How often a window is asked what happened."""

LOOK_S: Final = 0.25
"""How often the screen is looked at although nothing happened: clock and countdown go on."""


class Face:
    """The face of one kiosk."""

    def __init__(self, app: KioskApp, window: Window, *, touchable: bool) -> None:
        """Join a kiosk and a window.

        Args:
            app: the kiosk.
            window: shows it.
            touchable: whether the window has events; one that has not is not asked for them.
        """
        self._app = app
        self._window = window
        self._touchable = touchable
        self._changed = asyncio.Event()
        app.on_change(self._changed.set)

    async def run(self) -> None:
        """Show the kiosk until the window is closed."""
        loop = asyncio.get_running_loop()
        looked_s = -LOOK_S
        while not self._window.closed:
            for event in self._window.events():
                match event:
                    case Touch("down", x, y):
                        self._app.press(x, y)
                    case Touch(_, x, y):
                        self._app.release(x, y)
                    case KeyText(text):
                        self._app.type_text(text)
            if self._changed.is_set() or loop.time() - looked_s >= LOOK_S:
                self._changed.clear()
                looked_s = loop.time()
                # Give what was just started a turn first: a ticket goes before its picture.
                await asyncio.sleep(0)
                self._window.show(self._app.screen())
            await self._rest()

    async def _rest(self) -> None:
        if self._touchable:
            await asyncio.sleep(FRAME_S)
            return
        try:
            async with asyncio.timeout(LOOK_S):
                await self._changed.wait()
        except TimeoutError:
            return
