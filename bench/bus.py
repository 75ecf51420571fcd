"""The bus alone: requests and replies, one call to 400 displays, 400 logins, on both brokers.

Run ``python -m bench.bus``. The devices are a process of their own and speak through a bare
client; the server side is the project's. Mosquitto with the same devices is the measure for the
embedded broker: the ratio behind each figure is embedded to Mosquitto.
"""

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from paihao_runtime.bus import Message
from paihao_runtime.rights import LoginKind
from tests.fakes.brokers import BrokerKind, RunningBroker, running_broker
from tests.fakes.mqtt_client import RawClient

KIOSKS = 8
REQUESTS = 16_000
DISPLAYS = 400
CALLS = 50
BODY = b"%120d"
CALL_TOPIC = "paihao/hall/zone/z1/board"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on one broker."""

    requests_per_s: float
    request_p50_ms: float
    request_p99_ms: float
    call_p50_ms: float
    call_p99_ms: float
    logins_per_s: float
    loop_lag_max_ms: float


Link = tuple[int, dict[str, str]]


async def one_kiosk(link: Link, name: str, window: int, waits_s: list[float]) -> None:
    """Keep ``window`` requests on their way until the kiosk's share is answered."""
    port, secrets = link
    client = await RawClient.open(port)
    await client.connect(name, (name, secrets[name]))
    await client.subscribe(f"paihao/hall/kiosk/{name}/reply")
    path, share, sent = f"paihao/hall/kiosk/{name}/request", REQUESTS // KIOSKS, 0
    began_s: dict[int, float] = {}
    while (answered := len(client.got)) < share:
        while sent < share and sent - answered < window:
            began_s[sent] = time.perf_counter()
            client.publish(path, BODY % sent)
            sent += 1
        await client.take_one()
        now_s = time.perf_counter()
        waits_s.extend(now_s - began_s.pop(int(reply.body)) for reply in client.got[answered:])
    await client.leave()


async def kiosks(link: Link, tell: Connection, window: int) -> None:
    """Let eight kiosks ask at once; tell requests per second, p50 and p99 in ms."""
    waits_s: list[float] = []
    began_s = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(KIOSKS):
            group.create_task(one_kiosk(link, f"kiosk-{number}", window, waits_s))
    rate = REQUESTS / (time.perf_counter() - began_s)
    tell.send((rate, *percentiles_ms(waits_s)))


async def displays(link: Link, tell: Connection) -> None:
    """Log 400 displays in, tell logins per second; then p50 and p99 of a call to all, in ms."""
    port, secrets = link
    names = [f"board-{number}" for number in range(DISPLAYS)]
    began_s = time.perf_counter()
    clients = [await RawClient.open(port) for _ in names]
    for client, name in zip(clients, names, strict=True):
        await client.connect(name, (name, secrets[name]))
        await client.subscribe(CALL_TOPIC)
    tell.send(DISPLAYS / (time.perf_counter() - began_s))
    waits_s: list[float] = []

    async def watch(client: RawClient) -> None:
        for count in range(1, CALLS + 1):
            (*_, call) = await client.expect(count, within_s=30)
            waits_s.append(time.monotonic() - float(call.body))

    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(watch(client))
    tell.send(percentiles_ms(waits_s))
    for client in clients:
        await client.close()


def percentiles_ms(waits_s: list[float]) -> tuple[float, float]:
    """Return p50 and p99 in milliseconds."""
    waits_s.sort()
    return waits_s[len(waits_s) // 2] * 1e3, waits_s[int(len(waits_s) * 0.99)] * 1e3


def devices(story: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
    """Run a story of devices; the whole of their process."""
    asyncio.run(story(*args))


@contextmanager
def process_of(story: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> Iterator[Connection]:
    """Start a story in a process of its own and give the end of the pipe where it tells."""
    here, there = multiprocessing.Pipe()
    link, *rest = args
    process = multiprocessing.get_context("spawn").Process(
        target=devices, args=(story, link, there, *rest)
    )
    process.start()
    yield here
    process.join()


async def told(connection: Connection) -> Any:
    """Return the next thing that the devices tell."""
    while not connection.poll():  # noqa: ASYNC110 - a pipe of another process
        await asyncio.sleep(0.005)
    return connection.recv()


async def loop_lag_ms() -> float:
    """Measure, until cancelled, the longest that the server's loop was busy in one go."""
    worst_s = 0.0
    try:
        while True:
            began_s = time.perf_counter()
            await asyncio.sleep(0.001)
            worst_s = max(worst_s, time.perf_counter() - began_s - 0.001)
    except asyncio.CancelledError:
        return worst_s * 1e3


async def measure(broker: RunningBroker, window: int) -> Figures:
    """Measure one broker with the project's bus on the server's side."""
    bus, link = broker.bus, (broker.port, broker.secrets)

    def answer(request: Message) -> None:
        reply_path = request.path.removesuffix("request") + "reply"
        bus.publish(reply_path, request.body, qos=1, retain=False)

    bus.subscribe("paihao/hall/kiosk/+/request", answer)
    running = asyncio.create_task(bus.run(), name="bus")
    with process_of(kiosks, link, window) as pipe:
        rate, request_p50_ms, request_p99_ms = await told(pipe)
    with process_of(displays, link) as pipe:
        logins_per_s = await told(pipe)
        lag = asyncio.create_task(loop_lag_ms(), name="lag")
        for _ in range(CALLS):
            bus.publish(CALL_TOPIC, str(time.monotonic()).encode(), qos=1, retain=False)
            await asyncio.sleep(0.1)
        call_p50_ms, call_p99_ms = await told(pipe)
        lag.cancel()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return Figures(
        rate, request_p50_ms, request_p99_ms, call_p50_ms, call_p99_ms, logins_per_s, await lag
    )


async def main(window: int) -> None:
    """Measure both brokers and print their figures and ratios."""
    known: dict[str, LoginKind] = {f"kiosk-{number}": "kiosk" for number in range(KIOSKS)}
    known |= {f"board-{number}": "board" for number in range(DISPLAYS)}
    found: dict[BrokerKind, Figures] = {}
    kinds: tuple[BrokerKind, ...] = ("mosquitto", "embedded")
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            async with running_broker(kind, Path(folder), known) as broker:
                found[kind] = await measure(broker, window)
    print(f"{KIOSKS} kiosks, {window} requests each on their way; {DISPLAYS} displays")
    print(f"{'':18} {'embedded':>10} {'mosquitto':>10} {'ratio':>7}")
    for name in Figures.__slots__:
        inside, beside = getattr(found["embedded"], name), getattr(found["mosquitto"], name)
        print(f"{name:18} {inside:10.1f} {beside:10.1f} {inside / beside:7.2f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
