"""A real server process on free ports of loopback, which a test may kill."""

import asyncio
import re
import resource
import secrets
import signal
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from paihao_config.loader import load
from paihao_hall.plan import DeviceKind
from paihao_runtime.mqtt import BrokerUrl
from paihao_server.accounts import token_hash
from paihao_server.accounts_db import AccountsDb, Role
from paihao_server.broker.mosquitto import Listener, write_files
from paihao_server.credentials import CredentialFile
from paihao_server.folder import DataFolder
from tests.fakes.brokers import BrokerKind, free_port, start_mosquitto

START_S: Final = 30.0
STOP_S: Final = 15.0
_OPEN: Final = re.compile(r"hall open: (http://\S+)  mqtt: (mqtt://\S+)  log at (\d+)")


class HallProcess:
    """`paihao serve` on one data folder; the ports stay the same over restarts.

    Attributes:
        http: base URL once started.
        seq: log number at the last start.
        errors: what the process said on stderr, of all its lives.
    """

    def __init__(self, hall_file: Path, folder: Path, broker: BrokerKind = "embedded") -> None:
        self.hall_file = hall_file
        self.data = folder
        self.broker = broker
        self.mqtt_port = free_port()
        self.http_port = free_port()
        self.http = f"http://127.0.0.1:{self.http_port}"
        scheme = "embedded:" if broker == "embedded" else "mqtt://127.0.0.1:"
        self.mqtt = f"{scheme}{self.mqtt_port}"
        self.seq = 0
        self.errors: list[str] = []
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._mosquitto: asyncio.subprocess.Process | None = None

    def token(self, role: Role, name: str) -> str:
        """Make a bearer token, as ``paihao token create`` does."""
        secret = secrets.token_urlsafe(32)
        self.data.mkdir(parents=True, exist_ok=True)
        db = AccountsDb(DataFolder(self.data).accounts)
        db.add_token(name, role, token_hash(secret), datetime.now(UTC))
        db.close()
        return secret

    def device(self, name: str, kind: DeviceKind) -> BrokerUrl:
        """Give a device a credential and return the address with it."""
        secret = CredentialFile(self.data).create(name, kind)
        return BrokerUrl("127.0.0.1", self.mqtt_port, name=name, secret=secret)

    async def start(self, largest_file: int | None = None) -> "HallProcess":
        """Start and wait until the hall is open.

        Args:
            largest_file: bytes that any file may hold; writing more fails, as on a full disk.
        """
        if self.broker == "mosquitto" and self._mosquitto is None:
            await self._start_mosquitto()
        words = ["-m", "paihao_runtime", "serve", "--hall", str(self.hall_file), "--data",
                 str(self.data), "--http", f"127.0.0.1:{self.http_port}", "--mqtt", self.mqtt,
                 "--log-level", "warning"]  # fmt: skip
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *words,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=None if largest_file is None else partial(_limit_files, largest_file),
        )
        assert self._process.stdout is not None
        self._reader = asyncio.create_task(self._read_errors(), name="stderr")
        line = (await asyncio.wait_for(self._process.stdout.readline(), START_S)).decode()
        found = _OPEN.match(line)
        if found is None:
            await self._process.wait()
            await self._reader
            raise AssertionError(f"the server did not start: {line} {self.errors}")
        self.seq = int(found[3])
        return self

    async def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        assert self._reader is not None
        self._process.kill()
        await self._process.wait()
        await self._reader

    async def stop(self) -> int:
        """End it cleanly and return its exit code."""
        assert self._process is not None
        assert self._reader is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self._process.wait(), STOP_S)
        await self._reader
        if self._mosquitto is not None:
            self._mosquitto.terminate()
            await self._mosquitto.wait()
        return code

    async def ended(self) -> int:
        """Wait until it ends by itself and return its exit code."""
        assert self._process is not None
        assert self._reader is not None
        code = await asyncio.wait_for(self._process.wait(), STOP_S)
        await self._reader
        return code

    async def _start_mosquitto(self) -> None:
        """Start a Mosquitto with the files that ``paihao mosquitto`` writes for our logins."""
        credentials = CredentialFile(self.data)
        credentials.server_secret()
        store = self.data / "mosquitto-store"
        store.mkdir()
        hall = load(self.hall_file).id
        listener = Listener("127.0.0.1", self.mqtt_port)
        files = write_files(self.data / "mosquitto", hall, credentials.all(), listener, store=store)
        self._mosquitto = await start_mosquitto(files[0], self.mqtt_port)

    async def _read_errors(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.errors.append(line.decode(errors="replace").rstrip())


def _limit_files(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
