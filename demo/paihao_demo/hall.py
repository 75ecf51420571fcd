"""A whole hall on one event loop: the product's server and machines, people, clerks and faults."""

import asyncio
import logging
import random
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from paihao_config.loader import HallFile
from paihao_demo.citizens import Citizens
from paihao_demo.clerks import Clerk, Hall
from paihao_demo.desk import Desk
from paihao_demo.desktop import Desktop, DesktopWindow
from paihao_demo.faults import Faults, Planned
from paihao_demo.files import Files
from paihao_demo.glass import Album
from paihao_demo.holders import Holders
from paihao_demo.logins import Logins
from paihao_demo.machines import BoardMachine, KioskMachine, SpeakerMachine, WaitingFigures
from paihao_demo.page import DemoPage
from paihao_demo.server_life import ServerLife
from paihao_demo.tally import Tally
from paihao_demo.timing import Lag, Start, end_all, until
from paihao_display.announcer import Spoken
from paihao_display.voice import Voice
from paihao_hall.plan import HallPlan
from paihao_look.picture import Screen
from paihao_runtime.clock import ScaledClock
from paihao_runtime.mqtt import BrokerUrl
from paihao_server.process import Endpoint, Settings

log = logging.getLogger(__name__)

FIGURES_LOGIN: Final = "demo-figures"
ALBUM_EVERY_S: Final = 20.0
"""Wall seconds between two pictures of one board in the album."""

SETTLE_LIMIT_S: Final = 60.0
SETTLE_SPEED: Final = 60.0
QUIET_S: Final = 1.0
"""The log must stand still for so long before a run counts as settled."""

_LOOK_S: Final = 0.1
_DRAIN_S: Final = 5.0
_REQUEST_S: Final = 15.0
_CONNECTIONS: Final = 200


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a demo is to run.

    Attributes:
        mqtt: where the embedded broker listens (port 0 takes a free one), or a broker's URL.
        out: folder for what the run leaves; None keeps only what is said, in the data folder.
        busy: how many people come, see `paihao_demo.citizens.BUSY`.
    """

    hall_file: Path
    data: Path
    out: Path | None
    http: Endpoint
    mqtt: Endpoint | str
    seed: int
    busy: str


class DemoHall:
    """The hall; `run` it, then stop it with `settle`."""

    def __init__(
        self, hall_file: HallFile, wishes: Wishes, clock: ScaledClock, voice: Voice
    ) -> None:
        """Make everything; nothing runs yet, but the logins are in the data folder.

        Hall time stands still from now on until `running` has everything up.

        Args:
            hall_file: what hall it is.
            wishes: how it is to run.
            clock: hall time.
            voice: at `paihao_display.outputs.WAV_RATE_HZ`, for all speakers of the hall.
        """
        self.plan: HallPlan = hall_file.plan
        self.wishes = wishes
        self.base = f"http://{wishes.http.host}:{wishes.http.port}"
        self.clock = clock
        clock.pause()
        self.tally = Tally()
        self.lag = Lag()
        self.files = Files(wishes.out)
        self.album = Album(self.files)
        self.stopping = asyncio.Event()
        self.stop_calling = asyncio.Event()
        chance = random.Random(wishes.seed)
        profile = hall_file.simulation
        self.holders = Holders(clock, random.Random(chance.random()), profile.no_show)
        logins = Logins(wishes.data)
        self.password = logins.visitor()
        broker = _broker(wishes.mqtt)
        self._album_s: dict[str, float] = {}
        self.kiosks = {
            device.id: KioskMachine(
                device, self.plan.id, logins.device(broker, device.id, "kiosk"), clock,
                self.tally, self.files, self.holders.took, self._kiosk_shows,
            )
            for device in self.plan.devices if device.kind == "kiosk"
        }  # fmt: skip
        self.boards = {
            device.id: BoardMachine(
                device, self.plan.id, logins.device(broker, device.id, "board"), clock,
                self._board_shows,
            )
            for device in self.plan.devices if device.kind == "board"
        }  # fmt: skip
        said = (wishes.out or wishes.data) / "announcements"
        said.mkdir(parents=True, exist_ok=True)
        self.speakers = {
            device.id: SpeakerMachine(
                device, self.plan.id, logins.device(broker, device.id, "speaker"), clock,
                voice, said, self._spoken,
            )
            for device in self.plan.devices if device.kind == "speaker"
        }  # fmt: skip
        self.figures = WaitingFigures(
            FIGURES_LOGIN, self.plan, logins.device(broker, FIGURES_LOGIN, "window")
        )
        self.citizens = Citizens(
            self.plan, profile, [*self.kiosks.values()], clock,
            random.Random(chance.random()), wishes.busy,
        )  # fmt: skip
        self._clerk_logins = [
            (name, window, logins.clerk(name))
            for number, window in enumerate(self.plan.windows, 1)
            if window.allocation and not window.reserve
            for name in [f"E{number:04}"]
        ]
        logins.close()
        settings = Settings(
            hall_file=wishes.hall_file,
            data=wishes.data,
            http=wishes.http,
            mqtt=wishes.mqtt
            if isinstance(wishes.mqtt, str)
            else Endpoint(broker.host, broker.port),
            phone_url=self.base,
        )
        self.page = DemoPage(self)
        self.life = ServerLife(settings, clock, self.page.extend)
        self.faults = Faults(self.kiosks, self.boards, self.life.kill)
        self._hall = Hall(self.plan, profile, clock, self.holders, self.tally, self.stop_calling)
        self._chance = chance
        self._clerks_at_work = 0
        self._machines: tuple[
            KioskMachine | BoardMachine | SpeakerMachine | WaitingFigures, ...
        ] = (
            *self.kiosks.values(), *self.boards.values(), *self.speakers.values(), self.figures
        )  # fmt: skip

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run everything while the block runs; whatever breaks in between cancels the block.

        At the end people go first, then machines,
        which say goodbye, and the server last.
        """
        async with self._tasks(lag=self.lag.run(), files=self.files.run(), server=self.life.run()):
            await self.life.until_up()
            async with self._tasks(**{one.id: one.run() for one in self._machines}):
                await self._until_kiosks_know()
                timeout = aiohttp.ClientTimeout(total=_REQUEST_S)
                connector = aiohttp.TCPConnector(limit=_CONNECTIONS)
                async with (
                    aiohttp.ClientSession(timeout=timeout, connector=connector) as http,
                    self._tasks() as people,
                ):
                    self.clock.resume()
                    self._open_doors(people, http)
                    yield

    @asynccontextmanager
    async def _tasks(self, **work: Coroutine[Any, Any, None]) -> AsyncIterator[Start]:
        """Run tasks while the block runs; gives what starts another one beside them."""
        running: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:

            def start(coroutine: Coroutine[Any, Any, None], name: str) -> None:
                task = group.create_task(coroutine, name=name)
                running.add(task)
                task.add_done_callback(running.discard)

            for name, coroutine in work.items():
                start(coroutine, name)
            yield start
            await end_all(running)

    def open_windows(self, desktop: Desktop) -> None:
        """Show the first kiosk and the board of its zone on this machine's screen."""
        kiosk = next(iter(self.kiosks.values()), None)
        at = kiosk.device.at if kiosk is not None else ""
        boards = [b for b in self.boards.values() if not at or at in b.device.zones]
        if boards:
            name = boards[0].device.name.zh or boards[0].id
            boards[0].window = DesktopWindow(desktop, boards[0].glass, name, part=0.6)
        if kiosk is not None:
            name = kiosk.device.name.zh or kiosk.id
            kiosk.window = DesktopWindow(desktop, kiosk.glass, name, part=0.38, left=0.61)

    async def settle(self) -> bool:
        """Stop people and clerks and let what is under way come to its end.

        Returns:
            Whether it did within `SETTLE_LIMIT_S`.
        """
        self.stopping.set()
        self.clock.resume()
        self.clock.set_speed(max(self.clock.speed, SETTLE_SPEED))
        try:
            async with asyncio.timeout(SETTLE_LIMIT_S):
                await until(lambda: not any(k.line.locked() for k in self.kiosks.values()))
                self.stop_calling.set()
                await until(lambda: not self._clerks_at_work)
                await self._until_quiet()
        except TimeoutError:
            return False
        return True

    async def inject(self, planned: Planned) -> None:
        """Break something at its time and mend it."""
        await asyncio.sleep(planned.at_s)
        self.faults.begin(planned.kind, planned.device)
        await asyncio.sleep(planned.for_s)
        self.faults.end(planned.kind, planned.device)

    def _open_doors(self, start: Start, http: aiohttp.ClientSession) -> None:
        """Let clerks go to their windows and people come in."""
        self.holders.begin(start)
        for name, window, token in self._clerk_logins:
            clerk = Clerk(
                name,
                window,
                Desk(http, self.base, name, token),
                self._hall,
                self.figures.work(window.id),
                random.Random(self._chance.random()),
            )
            start(self._work(clerk), f"clerk-{name}")
        start(self.citizens.come(start, self.stopping), "citizens")

    async def _work(self, clerk: Clerk) -> None:
        self._clerks_at_work += 1
        try:
            await clerk.run()
        finally:
            self._clerks_at_work -= 1

    async def _until_kiosks_know(self) -> None:
        """Wait until every kiosk has heard the plan and the dispatcher."""
        states = [kiosk.app for kiosk in self.kiosks.values()]
        await until(lambda: all(app.state.plan and app.state.online for app in states))

    async def _until_quiet(self) -> None:
        """Wait until machines have nothing left to do and the log stands still."""
        quiet_s = 0.0
        last = -1
        while quiet_s < QUIET_S:
            for speaker in self.speakers.values():
                await speaker.until_silent()
            for machine in self._machines:
                await machine.drain(_DRAIN_S)
            seq = self.life.server.dispatcher.log.last_seq if self.life.up else -1
            busy = not all(kiosk.settled for kiosk in self.kiosks.values())
            quiet_s = 0.0 if busy or seq != last or seq < 0 else quiet_s + _LOOK_S
            last = seq
            await asyncio.sleep(_LOOK_S)

    def _kiosk_shows(self, kiosk: KioskMachine, screen: Screen) -> None:
        self.album.kiosk(kiosk.glass, screen)

    def _board_shows(self, board: BoardMachine, screen: Screen) -> None:
        self.holders.look_up(set(screen.texts()))
        now_s = asyncio.get_running_loop().time()
        since_s = self._album_s.setdefault(board.id, now_s - ALBUM_EVERY_S / 2)
        if now_s - since_s >= ALBUM_EVERY_S:
            self._album_s[board.id] = now_s
            self.album.board(board.glass, board.id)

    def _spoken(self, spoken: Spoken) -> None:
        self.tally.spoken(spoken)
        self.holders.hear(spoken)


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _broker(mqtt: Endpoint | str) -> BrokerUrl:
    """Return where the machines find the broker; the port stays the same over restarts."""
    if isinstance(mqtt, str):
        return BrokerUrl.parse(mqtt)
    return BrokerUrl(mqtt.host, mqtt.port or free_port(mqtt.host))
