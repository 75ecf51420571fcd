"""Devices that were broken, or taken over: what they send costs nobody else anything."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import msgspec
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from paihao_hall import commands as c
from paihao_hall import contract
from paihao_hall.contract import (
    DeviceAck,
    DeviceStatus,
    KioskReply,
    KioskRequest,
    Topic,
    WindowKey,
)
from paihao_runtime.bus import Faults, Handler, Message, Qos
from paihao_runtime.memory_bus import MemoryBroker, MemoryBus
from paihao_runtime.rights import Rights
from paihao_server.bus_figures import BusFigures
from paihao_server.dispatcher import Dispatcher
from paihao_server.gateway import OPEN_MAX, Gateway
from paihao_server.log.memory import MemoryLog
from tests.hall.builders import NINE, Day, a_plan
from tests.server.in_memory import Device, Server, in_the_hall
from tests.server.web_hall import HandClock

Plug = Callable[[Device], None]
LONG = "x" * 200_000


def ack(**changes: object) -> DeviceAck:
    right = DeviceAck(id="a", what="shown", ticket="t", seq=1, at=NINE)
    return msgspec.structs.replace(right, **changes)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (contract.KIOSK_REQUEST, KioskRequest(id=LONG, service="sA")),
        (contract.KIOSK_REQUEST, KioskRequest(id="", service="sA")),
        (contract.KIOSK_REQUEST, KioskRequest(id="1", service=LONG)),
        (contract.KIOSK_REQUEST, KioskRequest(id="1", service="sA", class_=LONG)),
        (contract.WINDOW_KEY, WindowKey(id=LONG, action="call-next")),
        (contract.DEVICE_ACK, ack(id=LONG)),
        (contract.DEVICE_ACK, ack(ticket=LONG)),
        (contract.DEVICE_ACK, ack(seq=-1)),
        (contract.DEVICE_ACK, ack(seq=2**63)),
        (contract.DEVICE_STATUS, DeviceStatus(online=True, kind="kiosk", facts={"a": LONG})),
        (
            contract.DEVICE_STATUS,
            DeviceStatus(online=True, kind="kiosk", facts={f"f{n}": "" for n in range(40)}),
        ),
    ],
)
def test_payload_too_long_for_memory_and_log_is_broken(
    topic: Topic[msgspec.Struct], payload: msgspec.Struct
) -> None:
    with pytest.raises(contract.PayloadError):
        topic.load(topic.dump(payload))


@pytest.mark.parametrize(
    "at",
    [
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        NINE.replace(tzinfo=None),
    ],
)
def test_impossible_times_of_a_device_are_nobodys_trouble(at: datetime) -> None:
    async def story(server: Server, plug: Plug) -> None:
        kiosk = server.device("kiosk", "K1").listen(contract.KIOSK_REPLY, kiosk="K1")
        plug(kiosk)
        kiosk.say(contract.KIOSK_REQUEST, KioskRequest(id="1", service="sA"), kiosk="K1")
        await asyncio.sleep(1)
        ticket = kiosk.got(contract.KIOSK_REPLY)[0].ticket
        assert ticket is not None
        report = ack(ticket=ticket.id, what="printed", seq=ticket.seq, at=at)
        kiosk.say(contract.DEVICE_ACK, report, device="K1")
        status = DeviceStatus(online=True, kind="kiosk", at=at)
        kiosk.say(contract.DEVICE_STATUS, status, device="K1")
        await asyncio.sleep(3)
        assert server.dispatcher.hall.tickets[ticket.id].acks == (("printed", "K1", ticket.seq),)
        assert server.gateway.devices["K1"].online

    in_the_hall(story)


def test_reports_that_never_end_fill_neither_log_nor_memory() -> None:
    day = Day()
    ticket = day.take()
    for number in range(2000):
        day.do(
            c.RecordAck, ticket=ticket.id, what="shown", device="board", seq=number % day.hall.seq
        )
    for device in range(2000):
        day.do(c.RecordAck, ticket=ticket.id, what="shown", device=f"b{device}", seq=ticket.seq)
    assert len(ticket.acks) == 500
    assert len(day.records) < 510


async def test_kiosk_gone_wild_does_not_hold_up_the_others() -> None:
    dispatcher = Dispatcher(MemoryLog(), HandClock())
    await dispatcher.start(a_plan())
    bus = AtOnceBus()
    gateway = Gateway(dispatcher, bus, "hall", Faults())
    for number in range(5000):
        bus.say("K1", f"r{number}")
    bus.say("K2", "r1")
    running = asyncio.create_task(dispatcher.run())
    await asyncio.wait_for(bus.answered("K2"), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    (reply,) = bus.replies["K2"]
    assert reply.ticket is not None
    assert reply.ticket.number == f"A{OPEN_MAX + 1:03}"
    assert len(bus.replies["K1"]) == OPEN_MAX
    assert gateway.passed_over == {"K1": 5000 - OPEN_MAX}


def test_figures_tell_of_broken_payloads_refusals_and_devices() -> None:
    async def story(server: Server, plug: Plug) -> None:
        kiosk = server.device("kiosk", "K1")
        plug(kiosk)
        path = contract.KIOSK_REQUEST.path(hall="hall", kiosk="K1")
        kiosk.bus.publish(path, b"[" * 9000, qos=1, retain=False)
        kiosk.say(contract.KIOSK_REQUEST, KioskRequest(id="1", service="none"), kiosk="K1")
        kiosk.say(contract.DEVICE_STATUS, DeviceStatus(online=True, kind="kiosk"), device="K1")
        await asyncio.sleep(2)
        registry = CollectorRegistry()
        registry.register(BusFigures(server.bus, server.gateway, server.faults))
        page = generate_latest(registry).decode()
        assert "paihao_bus_connected 1.0" in page
        topic = contract.KIOSK_REQUEST.template
        assert f'paihao_broken_payloads_total{{topic="{topic}"}} 1.0' in page
        assert 'paihao_device_refusals_total{code="unknown-service"} 1.0' in page
        assert 'paihao_devices{kind="kiosk",online="true"} 1.0' in page

    in_the_hall(story)


class AtOnceBus(MemoryBus):
    """A bus on which everything arrives in the moment in which it is said."""

    def __init__(self) -> None:
        super().__init__(MemoryBroker(Random(1)), "server", Rights.of("hall", "server", "server"))
        self.replies: dict[str, list[KioskReply]] = defaultdict(list)
        self._handlers: dict[str, Handler] = {}
        self._answered: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def subscribe(self, topic_filter: str, handler: Handler, qos: Qos = 1) -> None:
        self._handlers[topic_filter] = handler

    def publish(self, path: str, body: bytes, *, qos: Qos, retain: bool) -> None:
        ids = contract.KIOSK_REPLY.match(path)
        assert ids is not None
        self.replies[ids["kiosk"]].append(contract.KIOSK_REPLY.load(body))
        self._answered[ids["kiosk"]].set()

    def say(self, kiosk: str, request: str) -> None:
        path = contract.KIOSK_REQUEST.path(hall="hall", kiosk=kiosk)
        body = contract.KIOSK_REQUEST.dump(KioskRequest(id=request, service="sA"))
        self._handlers[contract.KIOSK_REQUEST.filter(hall="hall")](Message(path, body))

    async def answered(self, kiosk: str) -> None:
        await self._answered[kiosk].wait()
