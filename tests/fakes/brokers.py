"""The embedded broker and a real Mosquitto, started for a test behind one face."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from paihao_runtime.bus import Bus
from paihao_runtime.mqtt import BrokerUrl, MqttBus
from paihao_runtime.rights import LoginKind
from paihao_server.broker.embedded import EmbeddedBroker
from paihao_server.broker.mosquitto import Listener, write_files
from paihao_server.credentials import SERVER, CredentialFile
from tests.fakes.mqtt_client import RawClient, RawWill

HALL = "hall"
START_S = 10.0

BrokerKind = Literal["embedded", "mosquitto"]
TESTERS = ("tester-1", "tester-2", "tester-3", "tester-4")
DEVICES: dict[str, LoginKind] = {
    "kiosk-1": "kiosk",
    "kiosk-2": "kiosk",
    "board-1": "board",
    "speaker-1": "speaker",
    "window-1": "window",
    **dict.fromkeys(TESTERS, "server"),
}


@dataclass(slots=True)
class RunningBroker:
    """A broker on a free port of loopback, and everybody's secrets.

    Attributes:
        kind: which broker it is.
        port: where it listens.
        bus: the server's own connection; the test runs it.
        secrets: by login name; ``tester-N`` may do whatever the server may.
        credentials: the file they came from.
    """

    kind: BrokerKind
    port: int
    bus: Bus
    secrets: dict[str, str]
    credentials: CredentialFile
    files: tuple[Path, ...] = ()
    clients: list[RawClient] = field(default_factory=list)

    def login(self, name: str) -> tuple[str, str]:
        """Return name and secret."""
        return name, self.secrets[name]

    async def dial(self) -> RawClient:
        """Return a connection on which nothing was said; it is closed with the broker."""
        client = await RawClient.open(self.port)
        self.clients.append(client)
        return client

    async def client(
        self, name: str, *, clean: bool = True, keep_alive_s: int = 60, will: RawWill | None = None
    ) -> RawClient:
        """Return a client that is logged in."""
        client = await self.dial()
        _, code = await client.connect(
            name, self.login(name), clean=clean, keep_alive_s=keep_alive_s, will=will
        )
        assert code == 0
        return client

    def url(self, name: str) -> BrokerUrl:
        """Return the address with a login in it."""
        return BrokerUrl("127.0.0.1", self.port, name=name, secret=self.secrets[name])


@asynccontextmanager
async def running_broker(
    kind: BrokerKind, folder: Path, devices: dict[str, LoginKind] | None = None
) -> AsyncIterator[RunningBroker]:
    """Start a broker that knows these devices, `DEVICES` when not given."""
    credentials = CredentialFile(folder / "data")
    secrets = {name: credentials.create(name, what) for name, what in (devices or DEVICES).items()}
    secrets[SERVER] = credentials.server_secret()
    start = _embedded if kind == "embedded" else _mosquitto
    async with start(folder, credentials, secrets) as broker:
        yield broker
        for client in broker.clients:
            await client.close()


@asynccontextmanager
async def _embedded(
    _: Path, credentials: CredentialFile, secrets: dict[str, str]
) -> AsyncIterator[RunningBroker]:
    broker = EmbeddedBroker(HALL, credentials)
    await broker.start()
    try:
        yield RunningBroker("embedded", broker.port, broker.bus, secrets, credentials)
    finally:
        await broker.stop()


@asynccontextmanager
async def _mosquitto(
    folder: Path, credentials: CredentialFile, secrets: dict[str, str]
) -> AsyncIterator[RunningBroker]:
    port = free_port()
    store = folder / "store"
    store.mkdir(parents=True)
    files = write_files(
        folder / "mosquitto", HALL, credentials.all(), Listener("127.0.0.1", port), store=store
    )
    process = await start_mosquitto(files[0], port)
    try:
        url = BrokerUrl("127.0.0.1", port, name=SERVER, secret=secrets[SERVER])
        yield RunningBroker("mosquitto", port, MqttBus(url, SERVER), secrets, credentials, files)
    finally:
        process.terminate()
        await process.wait()


async def start_mosquitto(configuration: Path, port: int) -> asyncio.subprocess.Process:
    """Start Mosquitto and wait until it listens."""
    if os.geteuid() == 0:
        # It gives up root's rights, and then may not read a test's folder.
        with configuration.open("a") as file:
            file.write("user root\n")
    program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin") or "mosquitto"
    process = await asyncio.create_subprocess_exec(
        program, "-c", str(configuration), stderr=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(START_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                assert process.returncode is None, "Mosquitto does not start"
                await asyncio.sleep(0.02)
            else:
                writer.close()
                await writer.wait_closed()
                return process


def free_port() -> int:
    """Return a port of loopback on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
