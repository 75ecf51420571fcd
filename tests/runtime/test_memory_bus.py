"""The in-memory broker: what a real one promises, and the faults it can be told to have."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from paihao_hall.contract import (
    BEAT,
    DEVICE_STATUS,
    KIOSK_REQUEST,
    Beat,
    DeviceStatus,
    KioskRequest,
)
from paihao_runtime import virtual_time
from paihao_runtime.bus import Faults, Message, Will, listen, send
from paihao_runtime.clock import LoopClock
from paihao_runtime.memory_bus import BusFaults, MemoryBroker, MemoryBus
from paihao_runtime.rights import Rights

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ALL = Rights(("#",), ("#",))
BAD_NETWORK = BusFaults(delay_s=(0.001, 0.5), duplicate=0.2, drop=0.0, will_delay_s=2)

Story = Callable[["Net"], Coroutine[Any, Any, None]]


class Net:
    """A broker and its running clients."""

    def __init__(self, seed: int, faults: BusFaults | None, group: asyncio.TaskGroup) -> None:
        self.broker = MemoryBroker(Random(seed), faults)
        self._group = group
        self._tasks: dict[MemoryBus, asyncio.Task[None]] = {}

    def client(self, name: str, rights: Rights = ALL, **options: Any) -> MemoryBus:
        bus = MemoryBus(self.broker, name, rights, **options)
        self._tasks[bus] = self._group.create_task(bus.run(), name=name)
        return bus

    def stop(self, bus: MemoryBus) -> None:
        self._tasks[bus].cancel()

    def kill(self, bus: MemoryBus) -> None:
        bus.kill()
        self.stop(bus)

    def stop_all(self) -> None:
        for task in self._tasks.values():
            task.cancel()


def tell(story: Story, *, seed: int = 1, faults: BusFaults | None = None) -> None:
    async def main(_: LoopClock) -> None:
        async with net(seed, faults) as there:
            await story(there)

    virtual_time.run(main, START)


@asynccontextmanager
async def net(seed: int, faults: BusFaults | None) -> AsyncIterator[Net]:
    async with asyncio.TaskGroup() as group:
        there = Net(seed, faults, group)
        yield there
        there.stop_all()


def reader(bus: MemoryBus, topic_filter: str = "h/#", qos: Any = 1) -> list[Message]:
    got: list[Message] = []
    bus.subscribe(topic_filter, got.append, qos)
    return got


def say(bus: MemoryBus, path: str, text: str, *, qos: Any = 1, retain: bool = False) -> None:
    bus.publish(path, text.encode(), qos=qos, retain=retain)


def texts(messages: list[Message]) -> list[str]:
    return [message.body.decode() for message in messages]


def test_a_board_that_starts_late_gets_the_state_and_knows_it_is_retained() -> None:
    async def story(net: Net) -> None:
        server = net.client("server")
        say(server, "h/state", "1", retain=True)
        say(server, "h/state", "2", retain=True)
        await server.drain(1)
        board = net.client("board")
        got = reader(board)
        await asyncio.sleep(1)
        say(server, "h/state", "3", retain=True)
        await asyncio.sleep(1)
        assert [(m.body, m.retained) for m in got] == [(b"2", True), (b"3", False)]

    tell(story)


def test_an_empty_body_clears_a_retained_message() -> None:
    async def story(net: Net) -> None:
        server = net.client("server")
        say(server, "h/state", "1", retain=True)
        await server.drain(1)
        assert net.broker.retained == {"h/state": b"1"}
        say(server, "h/state", "", retain=True)
        await server.drain(1)
        assert net.broker.retained == {}

    tell(story)


@pytest.mark.parametrize("seed", range(20))
def test_on_a_bad_network_nothing_is_lost_and_a_topic_keeps_its_order(seed: int) -> None:
    async def story(net: Net) -> None:
        chance = net.broker.random
        got = reader(board := net.client("board"))
        server = net.client("server")
        await asyncio.sleep(2)
        for number in range(60):
            say(server, f"h/{number % 2}", str(number))
            await asyncio.sleep(chance.uniform(0, 0.3))
            if chance.random() < 0.1:
                chance.choice([server, board]).lose_connection()
        await asyncio.sleep(120)
        for parity in range(2):
            numbers = [int(m.body) for m in got if m.path == f"h/{parity}"]
            first_seen = list(dict.fromkeys(numbers))
            assert first_seen == [n for n in range(60) if n % 2 == parity]

    tell(story, seed=seed, faults=BAD_NETWORK)


def test_messages_of_different_topics_may_overtake_each_other() -> None:
    async def story(net: Net) -> None:
        got = reader(net.client("board"))
        server = net.client("server")
        await asyncio.sleep(2)
        for number in range(20):
            say(server, f"h/{number}", str(number))
        await asyncio.sleep(10)
        assert sorted(texts(got), key=int) != texts(got)

    tell(story, faults=BusFaults(delay_s=(0.001, 0.5)))


def test_the_same_seed_gives_the_same_run() -> None:
    def run() -> list[tuple[float, str]]:
        seen: list[tuple[float, str]] = []

        async def story(net: Net) -> None:
            board, server = net.client("board"), net.client("server")
            loop = asyncio.get_running_loop()
            board.subscribe("h/#", lambda m: seen.append((loop.time(), m.body.decode())))
            for number in range(30):
                say(server, f"h/{number % 3}", str(number))
                await asyncio.sleep(0.05)
                if number == 15:
                    net.broker.stop(forget=False)
                    await asyncio.sleep(1)
                    net.broker.start()
            await asyncio.sleep(60)

        tell(story, seed=9, faults=BAD_NETWORK)
        return seen

    first = run()
    assert len(first) >= 30
    assert first == run()


def test_messages_of_qos_0_can_be_lost() -> None:
    async def story(net: Net) -> None:
        got = reader(net.client("board"), qos=0)
        server = net.client("server")
        await asyncio.sleep(1)
        for number in range(100):
            say(server, "h/beat", str(number), qos=0)
        await asyncio.sleep(5)
        assert 50 < len(got) < 95

    tell(story, faults=BusFaults(drop=0.1))


def test_a_beat_of_yesterday_is_not_sent_today() -> None:
    async def story(net: Net) -> None:
        got = reader(net.client("board"), qos=0)
        server = net.client("server")
        await asyncio.sleep(1)
        net.broker.stop(forget=False)
        for number in range(100):
            say(server, "h/beat", f"old {number}", qos=0)
        net.broker.start()
        await asyncio.sleep(30)
        say(server, "h/beat", "new", qos=0)
        await asyncio.sleep(1)
        assert texts(got) == ["new"]

    tell(story)


def test_the_will_of_a_device_that_dies_is_said_and_that_of_one_that_leaves_too() -> None:
    async def story(net: Net) -> None:
        got = reader(net.client("server"))
        will = Will("h/status", b"offline", 1, retain=True)
        dying, leaving = net.client("a", will=will), net.client("b", will=will)
        await asyncio.sleep(1)
        net.stop(leaving)
        await asyncio.sleep(1)
        assert texts(got) == ["offline"]
        net.kill(dying)
        await asyncio.sleep(1)
        assert texts(got) == ["offline"]
        await asyncio.sleep(2)
        assert texts(got) == ["offline", "offline"]

    tell(story, faults=BAD_NETWORK)


def test_a_device_that_comes_back_is_online_after_its_will() -> None:
    async def story(net: Net) -> None:
        got = reader(net.client("server"))
        device = net.client("a", will=Will("h/status", b"offline", 1, retain=True))
        device.on_connect(lambda: say(device, "h/status", "online", retain=True))
        await asyncio.sleep(1)
        device.lose_connection()
        await asyncio.sleep(30)
        assert texts(got) == ["online", "offline", "online"]
        assert net.broker.retained == {"h/status": b"online"}

    tell(story)


def test_a_second_client_with_the_same_id_takes_over() -> None:
    async def story(net: Net) -> None:
        first = net.client("kiosk-1")
        await asyncio.sleep(1)
        net.client("kiosk-1")
        lost: list[bool] = []
        first.on_disconnect(lambda: lost.append(True))
        await asyncio.sleep(0.01)
        assert lost == [True]

    tell(story)


def test_a_broker_that_forgets_is_told_the_state_again() -> None:
    async def story(net: Net) -> None:
        server = net.client("server")
        server.on_connect(lambda: say(server, "h/state", "snapshot", retain=True))
        await asyncio.sleep(1)
        net.broker.stop(forget=True)
        assert net.broker.retained == {}
        assert not server.connected
        await asyncio.sleep(5)
        net.broker.start()
        await asyncio.sleep(20)
        assert net.broker.retained == {"h/state": b"snapshot"}

    tell(story)


def test_a_device_can_use_its_own_topics_only() -> None:
    async def story(net: Net) -> None:
        server = net.client("server", Rights.of("hall", "server", "server"))
        seen: list[tuple[str, str]] = []

        def request(payload: KioskRequest, ids: dict[str, str]) -> None:
            seen.append((payload.id, ids["kiosk"]))

        listen(server, KIOSK_REQUEST, request, Faults(), hall="hall")
        kiosk = net.client("k1", Rights.of("hall", "kiosk", "k1"))
        beats: list[Beat] = []
        listen(kiosk, BEAT, lambda beat, _: beats.append(beat), Faults(), hall="hall")
        spied = reader(kiosk, "paihao/hall/kiosk/k2/reply")
        await asyncio.sleep(1)
        send(kiosk, KIOSK_REQUEST, KioskRequest(id="r1", service="s"), hall="hall", kiosk="k1")
        send(kiosk, KIOSK_REQUEST, KioskRequest(id="r2", service="s"), hall="hall", kiosk="k2")
        send(server, BEAT, Beat(seq=1, at=START, revision="a"), hall="hall")
        say(server, "paihao/hall/kiosk/k2/reply", "secret")
        await asyncio.sleep(1)
        assert seen == [("r1", "k1")]
        assert [beat.seq for beat in beats] == [1]
        assert spied == []
        assert net.broker.refused == {"k1": 2}

    tell(story)


def test_a_broken_payload_is_counted_and_logged_and_harms_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(net: Net) -> None:
        faults = Faults()
        statuses: list[DeviceStatus] = []
        server = net.client("server")
        listen(server, DEVICE_STATUS, lambda p, _: statuses.append(p), faults, hall="hall")
        device = net.client("device")
        await asyncio.sleep(1)
        path = "paihao/hall/device/d1/status"
        for text in ("", "{", "[]", '{"online": 3, "kind": "kiosk"}', "\udcff"):
            device.publish(path, text.encode(errors="surrogateescape"), qos=1, retain=False)
        say(device, "paihao/hall/device/no_such_id/status", "{}")
        send(
            device, DEVICE_STATUS, DeviceStatus(online=True, kind="kiosk"), hall="hall", device="d1"
        )
        await asyncio.sleep(1)
        assert [status.online for status in statuses] == [True]
        assert faults.counts == {DEVICE_STATUS.template: 5}

    tell(story)
    assert "broken payload on paihao/hall/device/d1/status" in caplog.text


def test_a_handler_that_raises_ends_the_run() -> None:
    async def story(net: Net) -> None:
        bus = net.client("server")
        bus.subscribe("h/#", lambda _: [].pop())
        say(net.client("device"), "h/1", "x")
        await asyncio.sleep(10)

    with pytest.raises(ExceptionGroup) as caught:
        tell(story)
    assert caught.group_contains(IndexError)
