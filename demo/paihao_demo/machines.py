"""The machines of a demo hall: each the product's own process, here as tasks of one event loop.

A kiosk is a `KioskApp` on an MQTT connection with its own login, a `Printer` on a network line to
an emulated printer, and a `Face`. A board is a `BoardApp`, a speaker a `SpeakerApp`. Boards reach
the broker through a cable that can be pulled.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from paihao_demo.cable import Cable
from paihao_demo.files import Files
from paihao_demo.glass import Glass
from paihao_demo.tally import Tally
from paihao_demo.tray import NotingPrinter, Tray, WatchedPrinter
from paihao_display import board_screen
from paihao_display.announcer import Spoken
from paihao_display.board_app import FRAME_S as BOARD_FRAME_S
from paihao_display.board_app import BoardApp
from paihao_display.outputs import WavOutput
from paihao_display.speaker_app import SpeakerApp
from paihao_display.voice import Voice
from paihao_drivers.emulator.outlets import TcpOutlet
from paihao_drivers.opening import open_link
from paihao_drivers.printer.profile import PAPER_80MM
from paihao_hall.contract import BOARD, Board
from paihao_hall.plan import Device, HallPlan
from paihao_kiosk.app import KioskApp
from paihao_kiosk.face import Face
from paihao_kiosk.printing import EscPosPrinter
from paihao_kiosk.screens.sheet import SIZE as KIOSK_SIZE
from paihao_look.picture import Screen
from paihao_look.window import Window
from paihao_runtime.bus import Faults, listen
from paihao_runtime.clock import Clock, ScaledClock
from paihao_runtime.device import last_will
from paihao_runtime.mqtt import BrokerUrl, MqttBus

FRAME_S: Final = 0.5
"""Seconds between pictures of a board while something on it moves."""


class KioskMachine:
    """A kiosk with its printer.

    Attributes:
        line: who holds it stands in front of the screen.
        glass: what it shows when it has no window.
    """

    def __init__(
        self,
        device: Device,
        hall: str,
        broker: BrokerUrl,
        clock: ScaledClock,
        tally: Tally,
        files: Files,
        on_ticket: Callable[[str, str], None],
        on_show: Callable[["KioskMachine", Screen], None],
    ) -> None:
        self.device = device
        self.id = device.id
        self.line = asyncio.Lock()
        self.tray = Tray(clock, tally, files)
        self.glass = Glass(KIOSK_SIZE, eager=False, on_show=partial(on_show, self))
        self.window: Window = self.glass
        self.outlet = TcpOutlet(self.tray.printer)
        self._bus = MqttBus(broker, device.id, will=last_will(hall, device.id, "kiosk"))
        name = f"{device.id}-printer"
        printer = NotingPrinter(name, PAPER_80MM, lambda: open_link(name, self.outlet.address))
        printer.tray = self.tray
        self.app = KioskApp(
            hall=hall,
            kiosk=device.id,
            bus=self._bus,
            clock=clock,
            printer=WatchedPrinter(EscPosPrinter(printer), self.tray, tally, on_ticket),
            new_id=lambda: f"{device.id}-{secrets.token_hex(8)}",
        )
        self._news = asyncio.Event()
        self.app.on_change(self._changed)

    async def change(self) -> None:
        """Wait until something about the kiosk changes."""
        await self._news.wait()

    async def run(self) -> None:
        """Serve citizens until cancelled."""
        await self.outlet.listen()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.outlet.run(), name=f"{self.id}-paper")
            tasks.create_task(self._bus.run(), name=f"{self.id}-bus")
            tasks.create_task(self.app.run(), name=f"{self.id}-app")
            tasks.create_task(self._show(), name=f"{self.id}-face")

    @property
    def settled(self) -> bool:
        """Whether no number is asked for and no slip is at the printer."""
        state = self.app.state
        return not (state.busy or state.late or state.overdue)

    async def drain(self, timeout_s: float) -> bool:
        """Wait until its reports have arrived."""
        return await self._bus.drain(timeout_s)

    def _changed(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _show(self) -> None:
        touchable = self.window is not self.glass
        await Face(self.app, self.window, touchable=touchable).run()


class BoardMachine:
    """A wall board behind its cable."""

    def __init__(
        self,
        device: Device,
        hall: str,
        broker: BrokerUrl,
        clock: Clock,
        on_show: Callable[["BoardMachine", Screen], None],
    ) -> None:
        self.device = device
        self.id = device.id
        self.cable = Cable(broker.host, broker.port)
        self.glass = Glass(board_screen.SIZE, eager=True, on_show=partial(on_show, self))
        self.window: Window = self.glass
        self._hall = hall
        self._broker = broker
        self._clock = clock
        self._bus: MqttBus | None = None
        self._app: BoardApp | None = None

    @property
    def seq(self) -> int:
        """The newest log number of what it shows."""
        return 0 if self._app is None else self._app.seq

    async def run(self) -> None:
        """Show until cancelled."""
        await self.cable.lay()
        here = replace(self._broker, host="127.0.0.1", port=self.cable.port)
        will = last_will(self._hall, self.id, "board")
        bus = self._bus = MqttBus(here, self.id, will=will)
        on_glass = self.window is self.glass
        app = self._app = BoardApp(
            self.id,
            self._hall,
            bus,
            self._clock,
            self.window,
            reduced_motion=on_glass,
            frame_s=FRAME_S if on_glass else BOARD_FRAME_S,
        )
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(bus.run(), name=f"{self.id}-bus")
                tasks.create_task(app.run(), name=f"{self.id}-app")
        finally:
            await self.cable.take_up()

    async def drain(self, timeout_s: float) -> bool:
        """Wait until its reports have arrived; there is nothing to wait for without a cable."""
        if self._bus is None or not self.cable.plugged:
            return True
        return await self._bus.drain(timeout_s)


class SpeakerMachine:
    """A speaker; what it says goes into a WAV file in hall time, with a record beside it."""

    def __init__(
        self,
        device: Device,
        hall: str,
        broker: BrokerUrl,
        clock: Clock,
        voice: Voice,
        folder: Path,
        on_spoken: Callable[[Spoken], None],
    ) -> None:
        self.id = device.id
        self._hall = hall
        self._clock = clock
        self._voice = voice
        self._folder = folder
        self._on_spoken = on_spoken
        self._bus = MqttBus(broker, device.id, will=last_will(hall, device.id, "speaker"))
        self._app: SpeakerApp | None = None

    async def run(self) -> None:
        """Speak until cancelled."""
        wav = self._folder / f"{self.id}.wav"
        output = WavOutput(wav, self._clock, self._clock.now())
        record = wav.with_suffix(".jsonl")
        record.touch()
        self._app = SpeakerApp(
            self.id,
            self._hall,
            self._bus,
            self._clock,
            self._voice,
            output,
            record=record,
            on_spoken=self._on_spoken,
        )
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._bus.run(), name=f"{self.id}-bus")
            tasks.create_task(self._app.run(), name=f"{self.id}-app")

    @property
    def backlog(self) -> int:
        """How many calls wait to be spoken."""
        return 0 if self._app is None else self._app.backlog

    async def until_silent(self) -> None:
        """Wait until what was heard of so far has been spoken."""
        if self._app is not None:
            await self._app.until_silent()

    async def drain(self, timeout_s: float) -> bool:
        """Wait until its reports have arrived."""
        return await self._bus.drain(timeout_s)


class WaitingFigures:
    """How many wait in each queue, as clerks see it beside their keys.

    It comes from the boards of the zones, over a login of its own.
    """

    def __init__(self, name: str, plan: HallPlan, broker: BrokerUrl) -> None:
        self.id = name
        self.waiting: dict[str, int] = {}
        self.faults = Faults()
        self._work = {window.id: asyncio.Event() for window in plan.windows}
        self._serves = {
            window.id: tuple(entry.queue for entry in window.allocation) for window in plan.windows
        }
        self._of_queue: dict[str, list[str]] = {}
        for window, queues in self._serves.items():
            for queue in queues:
                self._of_queue.setdefault(queue, []).append(window)
        self._bus = MqttBus(broker, name)
        listen(self._bus, BOARD, self._take, self.faults, hall=plan.id)

    async def run(self) -> None:
        """Listen until cancelled."""
        await self._bus.run()

    async def drain(self, timeout_s: float) -> bool:
        """Wait until its reports have arrived; it has none."""
        return await self._bus.drain(timeout_s)

    def work(self, window: str) -> asyncio.Event:
        """Return an event that is set while somebody waits whom this window may call."""
        return self._work[window]

    def _take(self, board: Board, _: dict[str, str]) -> None:
        touched: set[str] = set()
        for line in board.queues:
            if self.waiting.get(line.queue) != line.waiting:
                self.waiting[line.queue] = line.waiting
                touched.update(self._of_queue.get(line.queue, ()))
        for window in touched:
            event = self._work[window]
            if any(self.waiting.get(queue) for queue in self._serves[window]):
                event.set()
            else:
                event.clear()
