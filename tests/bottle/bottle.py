"""The hall in a bottle: a whole hall in one process, in virtual time, from a seed.

Real are the dispatcher with publisher and gateway, the kiosks with their printer drivers, boards
and announcers; emulated are printers, broker and disk; invented are the people. `run_seed` runs
one shortened day with everything that can go wrong, then lets the dust settle, and checks the
promises of the hall throughout.
"""

import asyncio
import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import count
from pathlib import Path
from typing import Final
from unittest.mock import patch

import msgspec

from paihao_hall.events import DayStarted
from paihao_hall.model import Hall
from paihao_runtime.bus import Faults
from paihao_runtime.clock import LoopClock
from paihao_runtime.memory_bus import MemoryBroker
from paihao_runtime.virtual_time import run
from tests.bottle.check import Checks
from tests.bottle.faults import FAIR, FOUL, ROUGH, Storm
from tests.bottle.kiosk_machine import KioskMachine, plain_slip
from tests.bottle.machines import BoardMachine, Machine, SpeakerMachine, WindowBox, same_view
from tests.bottle.people import Citizens, Clerk, guide
from tests.bottle.plans import BOARDS, KIOSKS, SPEAKERS, first_plan
from tests.bottle.server import Server
from tests.bottle.world import World, promise

DOORS_S: Final = 130.0
"""How long citizens come and things break."""

SETTLED_BY_S: Final = 900.0
"""How long it may take after that until nobody waits."""

STEP_S: Final = 2.0
LATE_EVENING: Final = datetime(2026, 3, 18, 15, 58, 30, tzinfo=UTC)
"""23:58:30 in the hall: the day of a few seeds ends in the middle."""

MORNING: Final = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Parts:
    """What a run is made of; a test of the net itself puts a broken part in."""

    server: type[Server] = Server
    kiosk: type[KioskMachine] = KioskMachine
    board: type[BoardMachine] = BoardMachine


@dataclass(frozen=True)
class Report:
    """What became of a run: two runs of one seed give equal reports."""

    seed: int
    tickets: int
    log: bytes
    trace_hash: str
    happened: Counter[str]
    days: int
    took_s: float


class Bottle:
    """One hall and all that is in it."""

    def __init__(self, world: World, tasks: asyncio.TaskGroup, folder: Path, parts: Parts) -> None:
        self.world = world
        chance = world.chance("bottle")
        self.broker = MemoryBroker(world.chance("network"), chance.choice((FAIR, ROUGH, FOUL)))
        plan = first_plan()
        at = MORNING
        if chance.random() < 0.15:
            plan = msgspec.structs.replace(plan, day_starts=time(0))
            at = LATE_EVENING
        self.faults = Faults()
        self.server = parts.server(world, self.broker, plan, at, self.faults)
        own = (world, tasks, self.broker)
        self.kiosks = [parts.kiosk(folder, *own, name, at) for name in KIOSKS]
        self.boards = [parts.board(*own, name, at) for name in BOARDS]
        times = chance.choice((1, 2))
        self.speakers = [SpeakerMachine(times, *own, name, at) for name in SPEAKERS]
        self.boxes = [WindowBox(*own, window.id, at) for window in plan.windows]
        self.machines: list[Machine] = [
            *self.kiosks, *self.boards, *self.speakers, *self.boxes
        ]  # fmt: skip
        self.citizens = Citizens(world, self.server, self.kiosks)
        self.clerks = [Clerk(world, self.server, box, self.citizens) for box in self.boxes]
        self.storm = Storm(world, self)
        self.checks = Checks(world, self)
        self.number = chance.randint(60, 90)

    @property
    def hall(self) -> Hall | None:
        """The hall in the memory of the server that runs, if one does."""
        return self.server.hall

    def kiosk(self, name: str) -> KioskMachine:
        """Return a kiosk by its id."""
        return next(kiosk for kiosk in self.kiosks if kiosk.name == name)

    def speaker_of(self, zone: str) -> SpeakerMachine:
        """Return the speaker of a zone."""
        return next(speaker for speaker in self.speakers if speaker.zone == zone)

    async def live(self, tasks: asyncio.TaskGroup) -> None:
        """Live through the day; raise when a promise is broken."""
        tasks.create_task(self.server.keep(), name="keeper")
        tasks.create_task(guide(self.world, self.server), name="guide")
        tasks.create_task(self._step_by_step(), name="checks")
        for clerk in self.clerks:
            tasks.create_task(clerk.work(), name="clerk")
        for machine in self.machines:
            machine.start()
        async with asyncio.TaskGroup() as day:
            day.create_task(self.citizens.come(self.number, DOORS_S), name="citizens")
            day.create_task(self.storm.rage(DOORS_S), name="storm")
        self.world.calm = True
        await self.storm.heal()
        await self._settle()
        self.world.note("the dust has settled")

    async def _settle(self) -> None:
        deadline_s = self.world.now_s + SETTLED_BY_S
        while doing := await self.server.look(self.checks.under_way):
            promise(self.world.now_s < deadline_s, f"the dust never settles: {doing}")
            await asyncio.sleep(STEP_S)
        await asyncio.sleep(20.0)
        await self.server.look(self.checks.end)

    async def _step_by_step(self) -> None:
        while True:
            await asyncio.sleep(STEP_S)
            self.checks.step()


def run_seed(seed: int, parts: Parts | None = None) -> Report:
    """Run one day of the hall.

    Raises:
        ExceptionGroup: of what went wrong, with `BrokenPromiseError` for a broken promise.
    """
    world = World(seed)
    folder = Path(tempfile.mkdtemp(prefix="bottle-"))

    async def main(_: LoopClock) -> Report:
        log = b""
        try:
            async with asyncio.TaskGroup() as tasks:
                bottle = Bottle(world, tasks, folder, parts or Parts())
                await bottle.live(tasks)
                log = bottle.checks.bytes_of_log()
                raise _DayOverError
        except* _DayOverError:
            pass
        return Report(
            seed,
            tickets=len(world.issued),
            log=log,
            trace_hash=world.trace_hash,
            happened=world.happened,
            days=sum(1 for r in world.records if isinstance(r.event, DayStarted)),
            took_s=world.now_s,
        )

    with _seeded_ids(world), _in_a_hurry(), _quiet_logs():
        try:
            return run(main, MORNING)
        finally:
            shutil.rmtree(folder)


class _DayOverError(Exception):
    """Ends every task of a bottle whose day is over."""


@contextmanager
def _seeded_ids(world: World) -> Iterator[None]:
    """Have the server make its ids from the seed, so that the same seed is the same log."""
    chance = world.chance("ids")

    def ticket_id() -> str:
        return f"{chance.getrandbits(16):04X}-{chance.getrandbits(16):04X}"

    commands = count(1)
    with (
        patch("paihao_server.gateway.ticket_id", ticket_id),
        patch("paihao_server.gateway.page_token", lambda: f"{chance.getrandbits(128):032x}"),
        patch("paihao_server.dispatcher.command_id", lambda: f"server-{next(commands)}"),
    ):
        yield


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """Leave out what costs time and decides nothing.

    Boards keep what they would paint, slips say only what they must, and what is looked at many
    times a minute is looked at less often.
    """
    with (
        patch("paihao_display.board_app.board_screen", same_view),
        patch("paihao_kiosk.printing.ticket_slip", plain_slip),
        patch("paihao_server.publisher.BEAT_S", 2.0),
        patch("paihao_server.dispatcher.TICK_S", 3.0),
        patch("paihao_kiosk.app.TICK_S", 1.0),
        patch("paihao_drivers.printer.driver.WATCH_EVERY_S", 6.0),
    ):
        yield


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """Keep the log lines of a stormy day to itself; the trace tells what happened."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
