"""A whole server on the in-memory bus and log, in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, TypeVar

import msgspec

from paihao_hall.contract import Topic
from paihao_hall.plan import DeviceKind, HallPlan
from paihao_runtime.bus import Faults, Message, send
from paihao_runtime.clock import LoopClock
from paihao_runtime.memory_bus import BusFaults, MemoryBroker, MemoryBus
from paihao_runtime.rights import Rights
from paihao_runtime.virtual_time import run
from paihao_server.dispatcher import Dispatcher
from paihao_server.gateway import Gateway
from paihao_server.log.memory import MemoryLog
from paihao_server.publisher import Publisher
from tests.hall.builders import NINE, a_plan

P = TypeVar("P", bound=msgspec.Struct)


class Device:
    """A device on the bus that keeps all it hears."""

    def __init__(self, broker: MemoryBroker, kind: DeviceKind, name: str) -> None:
        self.name = name
        self.bus = MemoryBus(broker, name, Rights.of("hall", kind, name))
        self.heard: list[Message] = []

    def listen(self, topic: Topic[Any], **ids: str) -> "Device":
        self.bus.subscribe(topic.filter(hall="hall", **ids), self.heard.append)
        return self

    def say(self, topic: Topic[P], payload: P, **ids: str) -> None:
        send(self.bus, topic, payload, hall="hall", **ids)

    def got(self, topic: Topic[P]) -> list[P]:
        """Return the payloads heard on a topic, in order."""
        return [topic.load(m.body) for m in self.heard if topic.match(m.path) is not None]


class Server:
    """Dispatcher, publisher and gateway, and the broker beside them."""

    def __init__(self, clock: LoopClock, plan: HallPlan, faults: BusFaults | None) -> None:
        self.clock = clock
        self.plan = plan
        self.log = MemoryLog()
        self.broker = MemoryBroker(Random(1), faults)
        self.bus = MemoryBus(self.broker, "server", Rights.of("hall", "server", "server"))
        self.faults = Faults()
        self.dispatcher = Dispatcher(self.log, clock)
        self.publisher = Publisher(self.dispatcher, self.bus, clock)
        self.gateway = Gateway(self.dispatcher, self.bus, plan.id, self.faults)

    def device(self, kind: DeviceKind, name: str) -> Device:
        return Device(self.broker, kind, name)


def in_the_hall(
    story: Callable[[Server, Callable[[Device], None]], Awaitable[None]],
    plan: HallPlan | None = None,
    faults: BusFaults | None = None,
) -> None:
    """Run a story with a server; ``plug`` starts a device."""

    async def main(clock: LoopClock) -> None:
        server = Server(clock, plan or a_plan(), faults)
        await server.dispatcher.start(server.plan)
        tasks: list[asyncio.Task[None]] = []

        def plug(device: Device) -> None:
            tasks.append(asyncio.create_task(device.bus.run(), name=device.name))

        tasks += [
            asyncio.create_task(server.dispatcher.run(), name="dispatcher"),
            asyncio.create_task(server.bus.run(), name="bus"),
            asyncio.create_task(server.publisher.run(), name="publisher"),
        ]
        try:
            await story(server, plug)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    run(main, NINE)
