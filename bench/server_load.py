"""Durable tickets and calls of a real server process, against bare SQLite commits.

    tickets   8 clients at once, over HTTP and over MQTT (embedded broker)
    calls     8 clerks on one queue, over HTTP; with 100 and with 50,000 tickets in the day

Clients and server are two processes that share the machine's cores. The baseline is one thread
that inserts one row and commits it, WAL and ``synchronous=FULL``, on the same disk in the same run.
"""

import asyncio
import itertools
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from bench.figures import Timing, median, ratio, say
from bench.http_client import BareHttp
from paihao_hall.contract import KIOSK_REPLY, KIOSK_REQUEST, KioskRequest
from tests.fakes.hall_process import HallProcess
from tests.fakes.mqtt_client import RawClient
from tests.fakes.one_queue_hall import one_queue_hall

CLIENTS: Final = 8
TICKETS_EACH: Final = 1000
WINDOWS: Final = 400
ROUNDS: Final = 5
RUNS: Final = 3
COMMITS: Final = 2000


def bare_commits(folder: Path) -> Timing:
    """Insert and commit one row after the other."""
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, body TEXT)")
    each = []
    begun = time.perf_counter()
    for number in range(COMMITS):
        started = time.perf_counter()
        db.execute("INSERT INTO t (body) VALUES (?)", (f"ticket {number:0200}",))
        each.append(time.perf_counter() - started)
    timing = Timing(each, time.perf_counter() - begun)
    db.close()
    return timing


async def together(clients: int, count: int, once: Callable[[int, int], Awaitable[None]]) -> Timing:
    """Have each client do ``once(client, number)`` again and again; time every one."""
    each: list[float] = []

    async def client(name: int) -> None:
        for number in range(count):
            started = time.perf_counter()
            await once(name, number)
            each.append(time.perf_counter() - started)

    begun = time.perf_counter()
    await asyncio.gather(*(client(name) for name in range(clients)))
    return Timing(each, time.perf_counter() - begun)


class Bench:
    """One server process with its clients."""

    def __init__(self, folder: Path) -> None:
        hall_file = one_queue_hall(folder, "bench", WINDOWS)
        self.hall = HallProcess(hall_file, folder / "data")
        self.headers = {"Authorization": f"Bearer {self.hall.token('manager', 'bench')}"}
        self.kiosks = {n: self.hall.device(f"K{n}", "kiosk") for n in range(CLIENTS)}
        self.keys = itertools.count()
        self.windows = [f"W{n:03}" for n in range(1, WINDOWS + 1)]

    async def connect(self) -> None:
        """Start the server and open a connection for each client."""
        await self.hall.start()
        self.http = [await BareHttp.open(self.hall.http) for _ in range(CLIENTS)]

    async def post(self, client: int, path: str, body: dict[str, Any], expected: int) -> Any:
        """Send one request with a key of its own."""
        headers = {**self.headers, "Idempotency-Key": f"b{next(self.keys)}"}
        status, answer = await self.http[client].post(path, body, headers)
        if status != expected:
            raise RuntimeError(f"{path}: {status} {answer}")
        return answer

    async def issue_over_http(self, count: int) -> Timing:
        """Take tickets over HTTP."""

        async def take(client: int, _: int) -> None:
            await self.post(client, "/api/v1/tickets", {"service": "s", "class": "regular"}, 201)

        return await together(CLIENTS, count, take)

    async def issue_over_mqtt(self, count: int) -> Timing:
        """Take tickets as eight kiosks; each waits for its reply."""
        clients = []
        for number, url in self.kiosks.items():
            client = await RawClient.open(self.hall.mqtt_port)
            await client.connect(f"K{number}", (f"K{number}", url.secret or ""))
            await client.subscribe(KIOSK_REPLY.path(hall="bench", kiosk=f"K{number}"))
            clients.append(client)
        run = next(self.keys)

        async def take(client: int, number: int) -> None:
            path = KIOSK_REQUEST.path(hall="bench", kiosk=f"K{client}")
            request = KioskRequest(id=f"{run}-{number}", service="s")
            before = len(clients[client].got)
            clients[client].publish(path, KIOSK_REQUEST.dump(request))
            while len(clients[client].got) == before:
                await clients[client].take_one()

        timing = await together(CLIENTS, count, take)
        for client in clients:
            await client.leave()
        return timing

    async def open_windows(self) -> None:
        """Open every window."""
        for number, window in enumerate(self.windows):
            await self.post(number % CLIENTS, f"/api/v1/windows/{window}/open", {}, 200)

    async def call(self) -> Timing:
        """Call at every window, `ROUNDS` times; starting and completing is not timed."""
        each: list[float] = []
        all_s = 0.0
        share = WINDOWS // CLIENTS
        for _ in range(ROUNDS):

            async def press(client: int, number: int) -> None:
                window = self.windows[client * share + number]
                answer = await self.post(client, f"/api/v1/windows/{window}/call-next", {}, 200)
                if answer["ticket"] is None:
                    raise RuntimeError("the queue is empty")

            timing = await together(CLIENTS, share, press)
            each += timing.each_s
            all_s += timing.all_s
            for action in ("start", "complete"):
                await together(CLIENTS, share, self.presser(action, share))
        return Timing(each, all_s)

    def presser(self, action: str, share: int) -> Callable[[int, int], Awaitable[None]]:
        """Return a press of one action at each of a client's windows."""

        async def press(client: int, number: int) -> None:
            window = self.windows[client * share + number]
            await self.post(client, f"/api/v1/windows/{window}/{action}", {}, 200)

        return press

    async def stop(self) -> None:
        """End it."""
        for http in self.http:
            await http.close()
        await self.hall.stop()


async def measure() -> None:
    """Run everything and print the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(folder)
        await bench.connect()
        await bench.issue_over_http(50)
        bare = median([bare_commits(folder) for _ in range(RUNS)])
        http = median([await bench.issue_over_http(TICKETS_EACH) for _ in range(RUNS)])
        mqtt = median([await bench.issue_over_mqtt(TICKETS_EACH) for _ in range(RUNS)])
        say(f"durable tickets, {CLIENTS} clients at once, median of {RUNS} runs")
        say(f"  bare SQLite commit, one thread  {bare}")
        say(f"  tickets over HTTP               {http}")
        say(f"  tickets over MQTT, embedded     {mqtt}")
        ratio("HTTP", http.rate, bare.rate, "/s", "bare commits")
        ratio("MQTT", mqtt.rate, bare.rate, "/s", "bare commits")
        await bench.open_windows()
        calls = median([await bench.call() for _ in range(RUNS)])
        say(f"call-next, {CLIENTS} clerks on one queue, {len(http.each_s) * 2 * RUNS:,} tickets")
        say(f"  call-next over HTTP             {calls}")
        ratio("call-next", calls.rate, bare.rate, "/s", "bare commits")
        await bench.stop()


def main() -> None:
    """Measure a server process under load."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
