"""The machines in the bottle: each runs one process of the product, and can be killed any moment.

What survives a kill is what would survive it in a hall: the log, a kiosk's folder, the paper, the
clock of the machine. What is only fast-forwarded is what costs time and decides nothing: pictures
are not painted, speech is silence of the right length.
"""

import asyncio
from array import array
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, Final

from paihao_display.announcer import Spoken
from paihao_display.board import BoardView
from paihao_display.board_app import BoardApp
from paihao_display.calls import CallTurn
from paihao_display.engines import EngineChain
from paihao_display.sound import Sound
from paihao_display.speaker_app import SpeakerApp
from paihao_display.voice import Voice
from paihao_display.words import LANGS, Phrase
from paihao_hall.contract import WINDOW_KEY, WINDOW_STATE, KeyAction, WindowKey, WindowState
from paihao_hall.plan import DeviceKind
from paihao_look.window import Event
from paihao_runtime.bus import Faults, Will, listen, send
from paihao_runtime.clock import LoopClock
from paihao_runtime.device import last_will
from paihao_runtime.memory_bus import MemoryBroker, MemoryBus
from paihao_runtime.rights import Rights
from tests.bottle.plans import HALL, SPEAKERS
from tests.bottle.world import World, promise

VOICE_RATE_HZ: Final = 50
WORD_S: Final = 0.25
REST_S: Final = 4.0
"""How long a board rests without news; calls that leave their place by age are gone by then."""


class WatchedBus(MemoryBus):
    """A bus that counts what the network does to it, and notes each loss as a trouble."""

    def __init__(
        self,
        world: World,
        broker: MemoryBroker,
        name: str,
        kind: DeviceKind | None = None,
        will: Will | None = None,
    ) -> None:
        super().__init__(broker, name, Rights.of(HALL, kind or "server", name), will=will)
        self._world = world
        self._highest = -1
        self.on_connect(lambda: world.trouble(name))
        self.on_disconnect(lambda: world.trouble(name))

    def _chance(self, probability: float) -> bool:
        hit = super()._chance(probability)
        if hit:
            faults = self._broker.faults
            self._world.happened["doubled" if probability == faults.duplicate else "dropped"] += 1
        return hit

    def _take_in(self, number: int, message: Any) -> None:
        if number < self._highest:
            self._world.happened["overtaken"] += 1
        self._highest = max(number, self._highest)
        super()._take_in(number, message)


class Machine:
    """A machine with one process on the bus; the process dies and is started again."""

    kind: DeviceKind

    def __init__(
        self, world: World, group: asyncio.TaskGroup, broker: MemoryBroker, name: str, at: datetime
    ) -> None:
        self.world = world
        self.name = name
        self.clock = LoopClock(at)
        self.bus: WatchedBus | None = None
        self.lives = 0
        self._group = group
        self._broker = broker
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self.bus is not None

    def start(self) -> None:
        """Start the process, if it does not run."""
        if self.alive:
            return
        self.lives += 1
        self.world.trouble(self.name)
        self.world.note(f"{self.name} starts, life {self.lives}")
        self.bus = WatchedBus(self.world, self._broker, self.name, self.kind, self._will())
        self._run(self.bus.run(), "bus")
        self._run(self._process(self.bus), "process")

    def kill(self) -> None:
        """Kill the process: nothing it had in memory survives."""
        if self.bus is None:
            return
        self.world.trouble(self.name)
        self.bus.kill()
        self.bus = None
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    def fresh_id(self) -> str:
        """Return an id that no life of this machine gave before."""
        self._ids = getattr(self, "_ids", 0) + 1
        return f"{self.name}-{self._ids}"

    def _run(self, work: Coroutine[Any, Any, None], what: str) -> None:
        self._tasks.append(self._group.create_task(work, name=f"{self.name} {what}"))

    def _will(self) -> Will | None:
        return last_will(HALL, self.name, self.kind)

    async def _process(self, bus: WatchedBus) -> None:
        raise NotImplementedError


# Board ------------------------------------------------------------------------------------------


class ViewKeeper:
    """Stands for a board's window; keeps what would be painted."""

    def __init__(self) -> None:
        self.shown: BoardView | None = None

    def show(self, view: Any) -> None:
        """Keep the view; `same_view` stands for the painting in the bottle."""
        self.shown = view

    def events(self) -> list[Event]:
        """Nobody touches it."""
        return []

    @property
    def closed(self) -> bool:
        """Nobody closes it."""
        return False

    def close(self) -> None:
        """Do nothing."""


def same_view(view: BoardView) -> BoardView:
    """Stand for `paihao_display.board_screen.board_screen`, which lays out pixels."""
    return view


class RestingBoard(BoardApp):
    """A board that rests until there is news, because no eye sees it blink."""

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(REST_S):
                await self._news.wait()
        except TimeoutError:
            return


class BoardMachine(Machine):
    """A wall board."""

    kind: DeviceKind = "board"
    app_class: type[RestingBoard] = RestingBoard

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.app: RestingBoard | None = None
        self.window = ViewKeeper()

    def kill(self) -> None:
        """Kill the process: the wall goes dark."""
        super().kill()
        self.app = None

    async def _process(self, bus: WatchedBus) -> None:
        self.window = ViewKeeper()
        self.app = self.app_class(self.name, HALL, bus, self.clock, self.window)
        await self.app.run()


# Speaker ----------------------------------------------------------------------------------------


class SilentEngine:
    """Speaks any phrase as silence that is as long as the words."""

    name = "silent"
    languages = LANGS

    async def synth(self, phrase: Phrase) -> Sound:
        """Return the silence."""
        samples = array("h", [0]) * int(VOICE_RATE_HZ * WORD_S * len(phrase))
        return Sound(VOICE_RATE_HZ, samples)

    def health(self) -> str:
        """Nothing is ever wrong with silence."""
        return ""


class SilentOutput:
    """A loudspeaker that sounds for as long as it should; knows when two voices overlap."""

    rate_hz = VOICE_RATE_HZ

    def __init__(self, machine: "SpeakerMachine") -> None:
        self._machine = machine

    async def play(self, sound: Sound, start: datetime) -> bool:
        """Sound for the length of the sound."""
        machine = self._machine
        promise(not machine.sounding, f"two voices at once from {machine.name}")
        machine.sounding = True
        await asyncio.sleep(sound.seconds)
        machine.sounding = False
        return True

    def health(self) -> str:
        """Nothing is ever wrong with it."""
        return ""

    def close(self) -> None:
        """Do nothing."""


class SpeakerMachine(Machine):
    """The speaker of a zone; ``said`` are the calls of this life that need no more speaking."""

    kind: DeviceKind = "speaker"

    def __init__(self, times: int, *args: Any) -> None:
        super().__init__(*args)
        self.zone = SPEAKERS[self.name]
        self.app: SpeakerApp | None = None
        self.sounding = False
        self.said: set[tuple[str, int]] = set()
        self._times = times

    def kill(self) -> None:
        """Kill the process in the middle of a word."""
        super().kill()
        self.app = None
        self.sounding = False
        self.said = set()

    async def _process(self, bus: WatchedBus) -> None:
        voice = Voice(EngineChain([SilentEngine()]), None, VOICE_RATE_HZ)
        self.app = SpeakerApp(
            self.name, HALL, bus, self.clock, voice, SilentOutput(self),
            times=self._times, on_spoken=self._spoken,
        )  # fmt: skip
        await self.app.run()

    def _spoken(self, spoken: Spoken) -> None:
        turn = spoken.turn
        assert isinstance(turn, CallTurn)
        self.world.note(f"{self.name} says {[c.number for c in turn.calls]}")
        if len(turn.calls) > 1:
            self.world.happened["merged calls"] += 1
        for call in turn.covered:
            key = (call.ticket, call.seq)
            promise(
                self.world.knows_call(call.seq, call.ticket, call.window),
                f"{self.name} says {call.number} to {call.window}; the log knows no such call",
            )
            promise(
                key not in self.said, f"{self.name} says call {call.seq} of {call.number} twice"
            )
            self.said.add(key)


# Window box -------------------------------------------------------------------------------------


class WindowBox(Machine):
    """The keypad and strip of a window: sends keys, keeps the last state it heard."""

    kind: DeviceKind = "window"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.shown: WindowState | None = None

    def press(self, action: KeyAction) -> None:
        """Press a key of the caller."""
        if self.bus is not None:
            key = WindowKey(id=self.fresh_id(), action=action)
            send(self.bus, WINDOW_KEY, key, hall=HALL, window=self.name)

    async def _process(self, bus: WatchedBus) -> None:
        self.shown = None
        listen(bus, WINDOW_STATE, self._take, Faults(), hall=HALL, window=self.name)
        await asyncio.Event().wait()

    def _take(self, state: WindowState, _: dict[str, str]) -> None:
        self.shown = state
