"""The face: what the kiosk shows is on the window, and touches reach the kiosk."""

import asyncio
from dataclasses import dataclass, field

from paihao_kiosk.face import Face
from paihao_kiosk.screens import screen
from paihao_kiosk.screens.sheet import SIZE
from paihao_look.picture import Screen
from paihao_look.window import Event, KeyText, MemoryWindow, Touch
from tests.kiosk.fixtures import kiosk, moment


class Handled(MemoryWindow):
    """A window whose touches are prepared; somebody closes it after three pictures."""

    def __init__(self, *events: Event) -> None:
        super().__init__(SIZE)
        self.pictures = 0
        self._events = list(events)

    def show(self, screen: Screen) -> None:
        self.pictures += 1

    def events(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    @property
    def closed(self) -> bool:
        return self.pictures > 2


@dataclass
class App:
    """Stands for a kiosk; notes what reaches it."""

    heard: list[object] = field(default_factory=list)

    def on_change(self, callback: object) -> None:
        self.callback = callback

    def press(self, x: float, y: float) -> None:
        self.heard.append(("press", x, y))

    def release(self, x: float, y: float) -> None:
        self.heard.append(("release", x, y))

    def type_text(self, text: str) -> None:
        self.heard.append(text)

    def screen(self) -> Screen:
        return screen(kiosk(), moment())


def test_the_face_shows_the_kiosk_until_the_window_closes_and_hands_touches_on() -> None:
    window = Handled(Touch("down", 3, 4), Touch("up", 5, 6), KeyText("不"))
    app = App()
    asyncio.run(Face(app, window, touchable=True).run())  # type: ignore[arg-type]
    assert window.pictures == 3
    assert app.heard == [("press", 3, 4), ("release", 5, 6), "不"]
