"""What the embedded broker does beside the standard: limits, refusals, and who may stay."""

import asyncio
import logging
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from paihao_runtime.bus import Message
from paihao_runtime.mqtt import BrokerUrl, MqttBus
from paihao_server.broker import amqtt_mended
from paihao_server.broker.amqtt_mended import WrongVersionError
from paihao_server.broker.embedded import BrokerError, EmbeddedBroker, PortInUseError
from paihao_server.credentials import CredentialFile
from tests.fakes.brokers import HALL, RunningBroker, free_port, running_broker
from tests.fakes.mqtt_client import RawClient

A, B = "tester-1", "tester-2"
TOPIC = "paihao/hall/zone/z1/board"


@pytest.fixture
async def inside(tmp_path: Path) -> AsyncIterator[RunningBroker]:
    async with running_broker("embedded", tmp_path / "broker") as running:
        yield running


async def test_a_connection_that_never_logs_in_is_closed(
    inside: RunningBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amqtt_mended, "CONNECT_S", 0.1)
    silent, slow = await inside.dial(), await inside.dial()
    slow.send(b"\x10\x30\x00")
    assert await silent.closed()
    assert await slow.closed()


def test_another_amqtt_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    amqtt_mended.check_version()
    monkeypatch.setattr(amqtt_mended, "version", lambda _: "0.13.0")
    with pytest.raises(WrongVersionError, match=r"amqtt 0\.13\.0 is installed; .* needs 0\.12\.1"):
        amqtt_mended.check_version()


async def test_a_revoked_device_is_out_within_a_second(inside: RunningBroker) -> None:
    kiosk, other = await inside.client("kiosk-1"), await inside.client("kiosk-2")
    inside.credentials.revoke("kiosk-1")
    assert await kiosk.closed(within_s=2)
    await other.ping()
    back = await inside.dial()
    assert (await back.connect("kiosk-1", inside.login("kiosk-1")))[1] == 5


async def test_a_damaged_file_of_logins_lets_nobody_new_in_and_throws_nobody_out(
    inside: RunningBroker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk = await inside.client("kiosk-1")
    (tmp_path / "broker" / "data" / "credentials.json").write_text("{")
    stranger = await inside.dial()
    assert (await stranger.connect("kiosk-2", inside.login("kiosk-2")))[1] == 5
    await asyncio.sleep(2 * amqtt_mended.MONITOR_S)
    await kiosk.ping()
    assert "nobody can log in" in caplog.text


async def test_many_logins_of_one_device_at_once_leave_one_that_works(
    inside: RunningBroker,
) -> None:
    await inside.client("kiosk-1")
    rivals = [await inside.dial() for _ in range(6)]
    login = inside.login("kiosk-1")
    await asyncio.gather(
        *(each.connect("kiosk-1", login) for each in rivals), return_exceptions=True
    )
    alive = [each for each in rivals if not await each.closed(within_s=0.3)]
    assert len(alive) == 1
    server = await inside.client(A)
    await alive[0].subscribe("paihao/hall/kiosk/kiosk-1/reply")
    await server.publish_and_wait("paihao/hall/kiosk/kiosk-1/reply", b"reply")
    await alive[0].expect(1)


async def test_a_device_made_while_the_broker_runs_can_log_in(inside: RunningBroker) -> None:
    inside.secrets["kiosk-9"] = inside.credentials.create("kiosk-9", "kiosk")
    await (await inside.client("kiosk-9")).ping()


async def test_a_port_in_use_is_one_clear_line(inside: RunningBroker) -> None:
    second = EmbeddedBroker(HALL, inside.credentials, port=inside.port)
    with pytest.raises(PortInUseError, match=rf"^MQTT port 127\.0\.0\.1:{inside.port} is in use$"):
        await second.start()


async def test_an_address_of_another_machine_is_said(tmp_path: Path) -> None:
    broker = EmbeddedBroker(HALL, CredentialFile(tmp_path), host="192.0.2.1")
    with pytest.raises(BrokerError, match=r"192\.0\.2\.1"):
        await broker.start()


async def test_it_can_be_started_again_on_its_port(tmp_path: Path) -> None:
    credentials, port = CredentialFile(tmp_path), free_port()
    secret = credentials.create("kiosk-1", "kiosk")
    for _ in range(2):
        broker = EmbeddedBroker(HALL, credentials, port=port)
        await broker.start()
        client = await RawClient.open(port)
        assert (await client.connect("kiosk-1", ("kiosk-1", secret)))[1] == 0
        stopping = asyncio.create_task(broker.stop(), name="stop")
        assert await client.closed()
        await stopping
        await client.close()


async def test_more_connections_than_allowed_are_closed(tmp_path: Path) -> None:
    broker = EmbeddedBroker(HALL, CredentialFile(tmp_path), max_connections=3)
    await broker.start()
    clients = [await RawClient.open(broker.port) for _ in range(5)]
    closed = [await client.closed(within_s=0.2) for client in clients]
    assert closed.count(True) == 2
    for client in clients:
        await client.close()
    await broker.stop()


async def test_a_client_that_lets_too_much_wait_starts_anew(
    inside: RunningBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paihao_server.broker.delivery.ROOM", 50)
    away, writer = await inside.client(A, clean=False), await inside.client(B)
    await away.subscribe(TOPIC)
    await away.leave()
    for _ in range(60):
        await writer.publish_and_wait(TOPIC, b"state")
    await asyncio.sleep(0.7)
    back = await inside.dial()
    assert await back.connect(A, inside.login(A), clean=False) == (False, 0)


async def test_what_the_server_publishes_does_not_come_back_to_it(inside: RunningBroker) -> None:
    got: list[Message] = []
    inside.bus.subscribe("paihao/hall/#", got.append)
    task = asyncio.create_task(inside.bus.run(), name="bus")
    reader = await inside.client(A)
    await reader.subscribe(TOPIC)
    inside.bus.publish(TOPIC, b"state", qos=1, retain=True)
    await reader.expect(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert got == []


async def test_a_burst_is_handled_in_one_go(inside: RunningBroker) -> None:
    turns: list[int] = []
    loop = asyncio.get_running_loop()

    def handler(_: Message) -> None:
        if not turns or turns[-1] == 0:
            loop.call_soon(turns.append, 0)
        turns.append(1)

    inside.bus.subscribe("paihao/hall/kiosk/+/request", handler)
    task = asyncio.create_task(inside.bus.run(), name="bus")
    kiosk = await inside.client("kiosk-1")
    for _ in range(50):
        kiosk.publish("paihao/hall/kiosk/kiosk-1/request", b"{}")
    await kiosk.ping()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert turns.count(1) == 50
    assert turns.count(0) < 10


async def test_a_handler_that_raises_ends_the_server_and_no_connection(
    inside: RunningBroker,
) -> None:
    inside.bus.subscribe("paihao/hall/kiosk/+/request", lambda _: [].pop())
    task = asyncio.create_task(inside.bus.run(), name="bus")
    kiosk = await inside.client("kiosk-1")
    await kiosk.publish_and_wait("paihao/hall/kiosk/kiosk-1/request", b"{}")
    with pytest.raises(IndexError):
        await task
    await kiosk.ping()


async def test_refused_logins_leave_one_line_without_the_secret(
    inside: RunningBroker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    stranger = await inside.dial()
    await stranger.connect("kiosk-1", ("kiosk-1", "guessed-secret"))
    assert await stranger.closed()
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1
    assert "'kiosk-1' is refused" in lines[0]
    assert "guessed-secret" not in lines[0]


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", str(key), "-out", str(chain), "-days", "2", "-subj", "/CN=hall",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return chain, key


@pytest.mark.real
async def test_devices_can_come_over_tls(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    credentials = CredentialFile(tmp_path / "data")
    secret = credentials.create("board-1", "board")
    broker = EmbeddedBroker(HALL, credentials, certificate=certificate)
    await broker.start()
    broker.bus.publish(TOPIC, b"state", qos=1, retain=True)
    url = BrokerUrl.parse(f"mqtts://board-1:{secret}@127.0.0.1:{broker.port}")
    trusting = MqttBus(url, "board-1", ca_file=certificate[0])
    got: list[Message] = []
    trusting.subscribe(TOPIC, got.append)
    task = asyncio.create_task(trusting.run(), name="board")
    async with asyncio.timeout(10):
        while not got:  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await broker.stop()
