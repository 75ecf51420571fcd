"""From a clerk's key to the pixels of the wall board, in a hall of 336 busy windows.

A window box sends its key over MQTT; the server decides, commits, publishes; a board paints its
1920x1080 picture in memory. Meanwhile another process keeps the other windows calling and the
kiosks issuing. The baseline of the same run: a bare MQTT round trip through the same broker, one
SQLite commit, and one frame of a 60 Hz screen.
"""

import asyncio
import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.figures import Timing, ratio, say
from bench.http_client import BareHttp
from bench.server_load import bare_commits
from paihao_config.loader import load
from paihao_display.board_app import BoardApp
from paihao_display.board_screen import SIZE
from paihao_hall.contract import BOARD, WINDOW_KEY, Board, KeyAction, WindowKey
from paihao_hall.plan import HallPlan
from paihao_look.picture import Label, Screen
from paihao_look.window import MemoryWindow
from paihao_runtime.bus import Faults, listen, send
from paihao_runtime.clock import RealClock
from paihao_runtime.device import last_will
from paihao_runtime.mqtt import BrokerUrl, MqttBus
from paihao_runtime.places import shipped
from paihao_server.credentials import CredentialFile
from tests.fakes.brokers import BrokerKind
from tests.fakes.hall_process import HallProcess
from tests.fakes.mqtt_client import RawClient

PRESSES: Final = 150
BUSY_CALLS_PER_S: Final = 20
FRAME_MS: Final = 1000 / 60
PATIENCE_S: Final = 5.0
SETTLE_S: Final = 3.0
ECHO: Final = "bench-echo"
HALL_FILE: Final = shipped("halls") / "dezhou.toml"


class WatchedWindow(MemoryWindow):
    """A window in memory that remembers when a text was first painted."""

    def __init__(self) -> None:
        super().__init__(SIZE)
        self.painted_at: dict[str, float] = {}
        self.painted = asyncio.Event()

    def show(self, screen: Screen) -> None:
        """Paint, then note the texts that are up now."""
        super().show(screen)
        now = time.perf_counter()
        for shape in screen.shapes:
            if isinstance(shape, Label):
                text = "".join(run.text for run in shape.runs)
                self.painted_at.setdefault(text, now)
        self.painted.set()


class Desk:
    """The window whose keys are timed, and what its zone's board was told of it.

    Attributes:
        numbers: those called to this window, in order.
    """

    def __init__(self, bus: MqttBus, hall: str, window: str, zone: str) -> None:
        self.bus = bus
        self.hall = hall
        self.window = window
        self.numbers: list[str] = []
        self._keys = 0
        listen(bus, BOARD, self._hear, Faults(), hall=hall, zone=zone)

    def press(self, action: KeyAction) -> None:
        """Press a key of the caller."""
        self._keys += 1
        key = WindowKey(id=f"k{self._keys}", action=action)
        send(self.bus, WINDOW_KEY, key, hall=self.hall, window=self.window)

    def _hear(self, board: Board, _: dict[str, str]) -> None:
        for call in board.calls:
            if call.window == self.window and call.number not in self.numbers:
                self.numbers.append(call.number)


async def busy(base: str, headers: dict[str, str], windows: list[str], services: list[str]) -> None:
    """Keep the other windows calling and the queues filled until killed."""
    http = await BareHttp.open(base)
    turn = 0
    while True:
        begun = time.perf_counter()
        window = windows[turn % len(windows)]
        service = services[turn % len(services)]
        await http.post("/api/v1/tickets", {"service": service, "class": "regular"}, headers)
        for action in ("call-next", "start", "complete"):
            await http.post(f"/api/v1/windows/{window}/{action}", {}, headers)
        turn += 1
        await asyncio.sleep(max(0.0, 1 / BUSY_CALLS_PER_S - (time.perf_counter() - begun)))


def run_busy(base: str, headers: dict[str, str], windows: list[str], services: list[str]) -> None:
    """Entry of the load process."""
    asyncio.run(busy(base, headers, windows, services))


async def presses(desk: Desk, board: WatchedWindow) -> Timing:
    """Press call-next again and again; time each until the number is painted."""
    each = []
    for number in range(PRESSES):
        started = time.perf_counter()
        desk.press("call-next")
        async with asyncio.timeout(PATIENCE_S):
            while len(desk.numbers) == number or desk.numbers[-1] not in board.painted_at:
                board.painted.clear()
                await board.painted.wait()
        each.append(board.painted_at[desk.numbers[-1]] - started)
        desk.press("start")
        desk.press("complete")
        await asyncio.sleep(0.02)
    return Timing(each, sum(each))


async def round_trips(port: int, secret: str, hall: str) -> Timing:
    """Time a message through the broker and back to its sender."""
    client = await RawClient.open(port)
    await client.connect(ECHO, (ECHO, secret))
    path = f"paihao/{hall}/{ECHO}"
    await client.subscribe(path)
    each = []
    for number in range(PRESSES):
        before = len(client.got)
        started = time.perf_counter()
        client.publish(path, b"%0200d" % number)
        while len(client.got) == before:
            await client.take_one()
        each.append(time.perf_counter() - started)
    await client.leave()
    return Timing(each, sum(each))


async def at_the_board(
    plan: HallPlan, desk_at: tuple[str, str], board_url: BrokerUrl, desk_url: BrokerUrl
) -> Timing:
    """Run board and window box beside the server and time the presses."""
    zone, window = desk_at
    device = f"board-{zone}"
    board = WatchedWindow()
    board_bus = MqttBus(board_url, device, will=last_will(plan.id, device, "board"))
    desk_bus = MqttBus(desk_url, window)
    desk = Desk(desk_bus, plan.id, window, zone)
    app = BoardApp(device, plan.id, board_bus, RealClock(), board, reduced_motion=True)
    tasks = [
        asyncio.create_task(job, name=name)
        for job, name in (
            (board_bus.run(), "board bus"),
            (desk_bus.run(), "desk bus"),
            (app.run(), "board"),
        )
    ]
    try:
        await asyncio.sleep(SETTLE_S)
        return await presses(desk, board)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def measure(broker: BrokerKind) -> None:
    """Time keys to pixels on one broker and print the ratio."""
    plan = load(HALL_FILE)
    zone, window, service = a_desk(plan)
    others = [w.id for w in plan.windows if w.allocation and w.id != window]
    elsewhere = [s.id for s in plan.services if s.zone != zone]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hall = HallProcess(HALL_FILE, folder / "data", broker)
        headers = {"Authorization": f"Bearer {hall.token('manager', 'bench')}"}
        board_url = hall.device(f"board-{zone}", "board")
        desk_url = hall.device(window, "window")
        echo_secret = CredentialFile(hall.data).create(ECHO, "server")
        await hall.start()
        http = await BareHttp.open(hall.http)
        for each in (window, *others):
            await http.post(f"/api/v1/windows/{each}/open", {}, headers)
        for _ in range(PRESSES + 50):
            await http.post("/api/v1/tickets", {"service": service, "class": "regular"}, headers)
        crowd = multiprocessing.get_context("spawn").Process(
            target=run_busy, args=(hall.http, headers, others, elsewhere)
        )
        crowd.start()
        try:
            timing = await at_the_board(plan, (zone, window), board_url, desk_url)
            bare = await round_trips(hall.mqtt_port, echo_secret, plan.id)
        finally:
            crowd.terminate()
            crowd.join()
        commit = bare_commits(folder)
        await http.close()
        await hall.stop()
    say(f"key to board pixels, {len(others) + 1} windows open, {broker} broker")
    say(f"  key to pixels    {timing}")
    say(f"  bare round trip  {bare}")
    for share, label in ((0.5, "p50"), (0.99, "p99")):
        floor = bare.percentile_ms(share) + commit.percentile_ms(share) + FRAME_MS
        ratio(label, timing.percentile_ms(share), floor, "ms", "round trip + commit + a frame")


def a_desk(plan: HallPlan) -> tuple[str, str, str]:
    """Return a zone, a window in it, and a service of that zone which the window serves."""
    for window in plan.windows:
        own = [a.queue for a in window.allocation if a.tier == 1]
        for service in plan.services:
            if service.queue in own and service.zone == window.zone:
                return window.zone, window.id, service.id
    raise RuntimeError("no window serves a service of its own zone")


def main() -> None:
    """Measure on both brokers."""
    brokers: tuple[BrokerKind, ...] = ("embedded", "mosquitto")
    for broker in brokers:
        asyncio.run(measure(broker))


if __name__ == "__main__":
    main()
