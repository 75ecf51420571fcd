"""The bus on a real broker: what it promises when cables are pulled and passwords are wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from paihao_hall.contract import KIOSK_REPLY, KIOSK_REQUEST, KioskReply, KioskRequest
from paihao_runtime import mqtt
from paihao_runtime.bus import Bus, Faults, Message, Will, listen, send
from paihao_runtime.mqtt import BrokerUrl, BrokerUrlError, MqttBus
from tests.fakes.brokers import HALL, RunningBroker
from tests.fakes.cable import Cable, cable_to

TOPIC = "paihao/hall/zone/z1/board"
PATIENCE_S = 10.0


@asynccontextmanager
async def running(*buses: Bus) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(bus.run(), name="bus") for bus in buses]
    try:
        await until(lambda: all(bus.connected for bus in buses))
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(autouse=True)
def quick_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "ANSWER_S", 0.5)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.01)


def client(broker: RunningBroker, name: str, port: int | None = None, **options: Any) -> MqttBus:
    url = replace(broker.url(name), port=port or broker.port)
    return MqttBus(url, name, random=Random(1), **options)


def bodies(messages: list[Message]) -> list[str]:
    return [message.body.decode() for message in messages]


async def test_a_kiosk_asks_and_the_server_answers(broker: RunningBroker) -> None:
    kiosk, faults = client(broker, "kiosk-1"), Faults()

    def answer(request: KioskRequest, ids: dict[str, str]) -> None:
        reply = KioskReply(id=request.id, ok=False, seq=1, error="hall-closed")
        send(broker.bus, KIOSK_REPLY, reply, hall=HALL, kiosk=ids["kiosk"])

    got: list[KioskReply] = []
    listen(broker.bus, KIOSK_REQUEST, answer, faults, hall=HALL)
    listen(
        kiosk, KIOSK_REPLY, lambda reply, _: got.append(reply), faults, hall=HALL, kiosk="kiosk-1"
    )
    async with running(broker.bus, kiosk):
        for number in range(50):
            request = KioskRequest(id=f"r{number}", service="s")
            send(kiosk, KIOSK_REQUEST, request, hall=HALL, kiosk="kiosk-1")
        assert await kiosk.drain(PATIENCE_S)
        await until(lambda: len(got) == 50)
    assert [reply.id for reply in got] == [f"r{number}" for number in range(50)]
    assert faults.total == 0


async def test_a_board_that_comes_late_gets_the_retained_state(broker: RunningBroker) -> None:
    board = client(broker, "board-1")
    got: list[Message] = []
    board.subscribe(TOPIC, got.append)
    async with running(broker.bus):
        broker.bus.publish(TOPIC, b"state", qos=1, retain=True)
        await broker.bus.drain(PATIENCE_S)
        async with running(board):
            await until(lambda: bool(got))
    assert got == [Message(TOPIC, b"state", retained=True)]


async def test_a_subscription_made_while_connected_works_too(broker: RunningBroker) -> None:
    board = client(broker, "board-1")
    got: list[Message] = []
    async with running(broker.bus, board):
        board.subscribe(TOPIC, got.append)
        broker.bus.publish(TOPIC, b"state", qos=1, retain=True)
        await until(lambda: bool(got))


async def test_the_server_hears_what_devices_kept_for_it(broker: RunningBroker) -> None:
    path = "paihao/hall/device/kiosk-1/status"
    got: list[Message] = []
    kiosk = client(broker, "kiosk-1")
    async with running(broker.bus, kiosk):
        kiosk.publish(path, b"online", qos=1, retain=True)
        await kiosk.drain(PATIENCE_S)
        broker.bus.subscribe("paihao/hall/device/+/status", got.append)
        await until(lambda: bool(got))
    assert got == [Message(path, b"online", retained=True)]


async def test_nothing_is_lost_when_the_cable_is_pulled_again_and_again(
    broker: RunningBroker,
) -> None:
    got: list[Message] = []
    path = "paihao/hall/device/kiosk-1/ack"
    broker.bus.subscribe(path, got.append)
    async with cable_to(broker.port) as cable:
        kiosk = client(broker, "kiosk-1", cable.port)
        async with running(broker.bus, kiosk):
            for number in range(300):
                kiosk.publish(path, str(number).encode(), qos=1, retain=False)
                if number % 100 == 50:
                    await asyncio.sleep(0.003)
                    cable.pull()
                    await until(lambda: not kiosk.connected)
                    cable.plug_in()
            assert await kiosk.drain(PATIENCE_S)
            await until(lambda: len(set(bodies(got))) == 300)
    assert list(dict.fromkeys(bodies(got))) == [str(number) for number in range(300)]


async def test_a_speaker_gets_the_calls_it_missed_and_a_board_only_the_newest_state(
    broker: RunningBroker,
) -> None:
    call = "paihao/hall/zone/z1/call"
    calls: list[Message] = []
    boards: list[Message] = []
    async with cable_to(broker.port) as cable:
        speaker = client(broker, "speaker-1", cable.port)
        speaker.subscribe(call, calls.append)
        board = client(broker, "board-1", cable.port, persistent=False)
        board.subscribe(TOPIC, boards.append)
        async with running(broker.bus, speaker, board):
            cable.pull()
            await until(lambda: not speaker.connected and not board.connected)
            await asyncio.sleep(0.2)
            for number in range(5):
                broker.bus.publish(call, str(number).encode(), qos=1, retain=False)
                broker.bus.publish(TOPIC, str(number).encode(), qos=1, retain=True)
            await broker.bus.drain(PATIENCE_S)
            cable.plug_in()
            await until(lambda: len(calls) >= 5 and bool(boards))
    assert bodies(calls) == ["0", "1", "2", "3", "4"]
    assert bodies(boards) == ["4"]


async def test_state_is_published_again_at_each_connection(broker: RunningBroker) -> None:
    async with cable_to(broker.port) as cable:
        server = client(broker, "tester-1", cable.port)
        turns: list[str] = []
        server.on_connect(lambda: turns.append("connected"))
        server.on_disconnect(lambda: turns.append("lost"))
        async with running(server):
            cable.pull()
            await until(lambda: not server.connected)
            cable.plug_in()
            await until(lambda: server.connected)
    assert turns == ["connected", "lost", "connected", "lost"]


async def test_what_is_about_now_is_not_sent_later(broker: RunningBroker) -> None:
    got: list[Message] = []
    board = client(broker, "board-1")
    board.subscribe("paihao/hall/beat", got.append, 0)
    server = client(broker, "tester-1")
    for number in range(100):
        server.publish("paihao/hall/beat", f"old {number}".encode(), qos=0, retain=False)
    async with running(board), running(server):
        server.publish("paihao/hall/beat", b"new", qos=0, retain=False)
        await until(lambda: bool(got))
    assert bodies(got) == ["new"]


async def test_a_device_is_offline_after_a_crash_and_after_a_goodbye(
    broker: RunningBroker,
) -> None:
    path = "paihao/hall/device/kiosk-1/status"
    got: list[Message] = []
    broker.bus.subscribe(path, got.append)
    async with running(broker.bus), cable_to(broker.port) as cable:
        kiosk = client(broker, "kiosk-1", cable.port, will=Will(path, b"off", 1, retain=True))
        kiosk.on_connect(lambda: kiosk.publish(path, b"on", qos=1, retain=True))
        async with running(kiosk):
            await until(lambda: bodies(got) == ["on"])
            cable.pull()
            await until(lambda: bodies(got) == ["on", "off"])
            cable.plug_in()
            await until(lambda: bodies(got) == ["on", "off", "on"])
        await until(lambda: bodies(got) == ["on", "off", "on", "off"])


async def test_a_wrong_secret_is_said_and_tried_again(
    broker: RunningBroker, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk = MqttBus(replace(broker.url("kiosk-1"), secret="s3cret"), "kiosk-1", random=Random(1))
    task = asyncio.create_task(kiosk.run(), name="kiosk")
    await until(lambda: caplog.text.count("as kiosk-1: ") >= 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not kiosk.connected
    assert "login 'kiosk-1' is refused: the secret, the id or the hall is wrong" in caplog.text
    assert "s3cret" not in caplog.text


async def test_a_handler_that_raises_ends_the_run(broker: RunningBroker) -> None:
    board = client(broker, "board-1")
    board.subscribe(TOPIC, lambda _: [].pop())
    async with running(broker.bus):
        task = asyncio.create_task(board.run(), name="board")
        await until(lambda: board.connected)
        broker.bus.publish(TOPIC, b"state", qos=1, retain=False)
        with pytest.raises(ExceptionGroup) as caught:
            await task
    assert caught.group_contains(IndexError)


async def test_a_broker_that_does_not_answer_is_left_and_tried_again() -> None:
    calls: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: calls.append(writer), "127.0.0.1", 0)
    bus = MqttBus(BrokerUrl("127.0.0.1", server.sockets[0].getsockname()[1]), "k", random=Random(1))
    task = asyncio.create_task(bus.run(), name="bus")
    await until(lambda: len(calls) == 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    server.close()
    for writer in calls:
        writer.close()
        await writer.wait_closed()


async def test_a_bus_that_is_stopped_while_it_connects_leaves_nothing_behind(
    broker: RunningBroker,
) -> None:
    for turns in range(6):
        task = asyncio.create_task(client(broker, "kiosk-1").run(), name="kiosk")
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not any(name.startswith("bus-") for name in names)
    rival = await broker.client("kiosk-1")
    assert not await rival.closed(within_s=0.3)


async def test_no_broker_at_all_is_no_reason_to_end(
    caplog: pytest.LogCaptureFixture, unplugged: Cable
) -> None:
    bus = MqttBus(BrokerUrl("127.0.0.1", unplugged.port), "kiosk-1", random=Random(1))
    bus.publish("h/1", b"x", qos=1, retain=False)
    task = asyncio.create_task(bus.run(), name="bus")
    await until(lambda: caplog.text.count("as kiosk-1") >= 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not await bus.drain(0.01)


@pytest.fixture
async def unplugged() -> AsyncIterator[Cable]:
    async with cable_to(1) as cable:
        cable.pull()
        yield cable


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://k1:a%2Fb@host:1884", BrokerUrl("host", 1884, False, "k1", "a/b")),
        ("mqtts://k1@host", BrokerUrl("host", 8883, True, "k1", None)),
        ("mqtt://host", BrokerUrl("host", 1883)),
        ("mqtt://[::1]:1", BrokerUrl("::1", 1)),
    ],
)
def test_a_broker_address_is_read(url: str, expected: BrokerUrl) -> None:
    assert BrokerUrl.parse(url) == expected


@pytest.mark.parametrize("url", ["http://host", "host:1883", "mqtt://", "mqtt://h:x", "mqtt://h/p"])
def test_what_is_no_broker_address_is_said(url: str) -> None:
    with pytest.raises(BrokerUrlError, match=url.split(":")[0]):
        BrokerUrl.parse(url)


def test_the_secret_may_stand_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cret\n")
    url = BrokerUrl.parse("mqtt://kiosk-1@host", file)
    assert url.secret == "s3cret"
    assert str(url) == "mqtt://host:1883"
    with pytest.raises(BrokerUrlError, match="missing"):
        BrokerUrl.parse("mqtt://kiosk-1@host", tmp_path / "missing")
