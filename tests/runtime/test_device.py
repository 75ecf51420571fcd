"""What a device says about itself reaches the server once, and its will when it is gone."""

import asyncio
from datetime import UTC, datetime
from random import Random

import pytest

from paihao_hall.contract import DEVICE_ACK, DEVICE_STATUS, DeviceAck, DeviceStatus
from paihao_runtime import virtual_time
from paihao_runtime.bus import Faults, listen
from paihao_runtime.clock import LoopClock
from paihao_runtime.device import SILENT_S, YOUNG_S, DeviceReports, last_will
from paihao_runtime.memory_bus import MemoryBroker, MemoryBus
from paihao_runtime.rights import Rights

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SERVER = Rights.of("h", "server", "server")


def test_health_is_told_on_connecting_and_when_it_changes_and_the_will_at_the_end() -> None:
    async def story(clock: LoopClock) -> tuple[list[DeviceStatus], list[DeviceAck]]:
        broker = MemoryBroker(Random(1))
        server = MemoryBus(broker, "server", SERVER)
        bus = MemoryBus(
            broker, "k1", Rights.of("h", "kiosk", "k1"), will=last_will("h", "k1", "kiosk")
        )
        facts = {"printer": "ready"}
        statuses: list[DeviceStatus] = []
        acks: list[DeviceAck] = []
        faults = Faults()
        reports = DeviceReports(
            bus, clock.now, hall="h", device="k1", kind="kiosk", facts=lambda: facts
        )
        listen(server, DEVICE_STATUS, lambda status, _: statuses.append(status), faults, hall="h")
        listen(server, DEVICE_ACK, lambda ack, _: acks.append(ack), faults, hall="h")
        reports.tell_health()  # Not connected: nothing is said, and nothing is lost by that.
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(one.run(), name="bus") for one in (server, bus)]
            await asyncio.sleep(1)
            reports.tell_health()
            facts["printer"] = "paper-out"
            reports.tell_health()
            reports.did("printed", ticket="t1", seq=7)
            reports.did("unsure", ticket="t1", seq=7)
            await asyncio.sleep(1)
            running[1].cancel()
            await asyncio.sleep(1)
            running[0].cancel()
        return statuses, acks

    statuses, acks = virtual_time.run(story, NOON)
    assert [(s.online, dict(s.facts)) for s in statuses] == [
        (True, {"printer": "ready"}),
        (True, {"printer": "paper-out"}),
        (False, {}),
    ]
    assert [(ack.what, ack.ticket, ack.seq) for ack in acks] == [
        ("printed", "t1", 7),
        ("unsure", "t1", 7),
    ]
    assert len({ack.id for ack in acks}) == 2


def test_an_id_that_no_topic_may_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="not a topic id"):
        last_will("h", "no/slash", "board")


def test_reports_are_repeated_when_the_server_was_silent_for_a_while() -> None:
    async def story(clock: LoopClock) -> list[str]:
        broker = MemoryBroker(Random(1))
        server = MemoryBus(broker, "server", SERVER)
        bus = MemoryBus(broker, "b1", Rights.of("h", "board", "b1"))
        heard: list[str] = []
        reports = DeviceReports(bus, clock.now, hall="h", device="b1", kind="board", facts=dict)
        listen(server, DEVICE_ACK, lambda ack, _: heard.append(ack.ticket), Faults(), hall="h")
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(one.run(), name="bus") for one in (server, bus)]
            await asyncio.sleep(1)
            reports.did("shown", ticket="old", seq=1)
            await asyncio.sleep(YOUNG_S)
            reports.beat()
            reports.did("shown", ticket="new", seq=2)
            await asyncio.sleep(1)
            reports.beat()
            await asyncio.sleep(SILENT_S + 1)
            reports.beat()
            await asyncio.sleep(1)
            for one in running:
                one.cancel()
        return heard

    assert virtual_time.run(story, NOON) == ["old", "new", "new"]
