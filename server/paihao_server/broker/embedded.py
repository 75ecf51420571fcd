"""The broker inside the server process, and the server's own way into it.

The server does not talk to its own broker through a socket: `EmbeddedBroker.bus` is a `Bus` that
hands messages over in memory. Another broker can take the place of this one when it offers
`start`, `stop`, `port` and `bus`.
"""

import asyncio
import errno
import logging
import ssl
from collections import deque
from pathlib import Path
from typing import Final, Protocol

from paihao_runtime.bus import Bus, Callback, Handler, Message, Qos
from paihao_runtime.rights import Rights
from paihao_runtime.subscriptions import Subscriptions
from paihao_server.broker.amqtt_mended import MendedBroker
from paihao_server.credentials import CredentialError, CredentialFile, fits

log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
MAX_CONNECTIONS: Final = 2_000
"""Four times the devices of the largest sample hall."""


class BrokerError(Exception):
    """The broker cannot be started; the message says why in one line."""


class PortInUseError(BrokerError):
    """Something else listens on the port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"MQTT port {host}:{port} is in use")


class Broker(Protocol):
    """A broker that the server runs itself."""

    @property
    def bus(self) -> Bus:
        """The server's own connection; run it beside the broker."""
        ...

    @property
    def port(self) -> int:
        """The port it listens on, also when any was asked for."""
        ...

    async def start(self) -> None:
        """Listen; raises `BrokerError`."""
        ...

    async def stop(self) -> None:
        """End all connections and listen no longer."""
        ...


class HallGate:
    """Lets in who has a credential of the hall."""

    def __init__(self, hall: str, credentials: CredentialFile) -> None:
        self._hall = hall
        self._credentials = credentials

    def rights_of(self, name: str, secret: str) -> Rights | None:
        """Return what this client may do, or None to refuse it."""
        try:
            credential = self._credentials.find(name)
            if credential is None or not fits(secret, credential.verifier):
                return None
        except CredentialError as error:
            log.error("nobody can log in: %s", error)  # noqa: TRY400 - the line says it all
            return None
        return Rights.of(self._hall, credential.kind, name)

    def still_known(self, name: str) -> bool:
        """Return whether the client's credential was not revoked; a damaged file revokes nobody."""
        try:
            return self._credentials.find(name) is not None
        except CredentialError:
            return True  # Whoever logs in next has it logged.


class EmbeddedBroker:
    """amqtt in this process; implements `Broker`."""

    def __init__(
        self,
        hall: str,
        credentials: CredentialFile,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        certificate: tuple[Path, Path] | None = None,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        """Store what is given; make it inside the running loop.

        Args:
            hall: whose topics are served.
            credentials: who may log in.
            host: address to listen on.
            port: to listen on; 0 takes a free one.
            certificate: files of certificate chain and key, for TLS.
            max_connections: further ones are closed at once.
        """
        self._host = host
        self._wanted_port = port
        self._certificate = certificate
        self._max_connections = max_connections
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._bus = InsideBus()
        self._amqtt = MendedBroker(HallGate(hall, credentials), self._bus.arrived)

    @property
    def bus(self) -> "InsideBus":
        """The server's own connection; run it beside the broker."""
        return self._bus

    @property
    def port(self) -> int:
        """The port it listens on, also when any was asked for."""
        if self._server is None:
            raise RuntimeError("the broker is not started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Listen.

        Raises:
            PortInUseError: something else listens on the port.
            BrokerError: the address is none of this machine's, or a certificate cannot be used.
        """
        await self._amqtt.start()
        try:
            tls = None
            if self._certificate is not None:
                tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                tls.load_cert_chain(*self._certificate)
            self._server = await asyncio.start_server(
                self._connected, self._host, self._wanted_port, ssl=tls
            )
        except OSError as error:
            await self._amqtt.shutdown()
            if error.errno == errno.EADDRINUSE:
                raise PortInUseError(self._host, self._wanted_port) from error
            raise BrokerError(f"MQTT on {self._host}:{self._wanted_port}: {error}") from error
        self._bus.attach(self._amqtt)
        log.info("MQTT on %s:%d", self._host, self.port)

    async def stop(self) -> None:
        """End all connections and listen no longer."""
        if self._server is None:
            return
        self._server.close()
        self._bus.detach()
        await self._amqtt.shutdown()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= self._max_connections:
            log.warning("more than %d connections; one is closed", self._max_connections)
            writer.close()
            return
        self._connections.add(task)
        try:
            await self._amqtt.serve(reader, writer)
        finally:
            self._connections.discard(task)


class InsideBus:
    """The server's connection to its own broker; implements `Bus`.

    What arrives is handled by `run`, so that a burst becomes one batch for the dispatcher and a
    handler that raises ends the server and not a device's connection.
    """

    def __init__(self) -> None:
        self._broker: MendedBroker | None = None
        self._subscriptions = Subscriptions()
        self._on_connect: list[Callback] = []
        self._on_disconnect: list[Callback] = []
        self._inbox: deque[Message] = deque()
        self._news = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether the broker runs."""
        return self._broker is not None

    def publish(self, path: str, body: bytes, *, qos: Qos, retain: bool) -> None:
        """Hand over a message; see `Bus.publish`. Nobody hears it while the broker is stopped."""
        if self._broker is not None:
            self._broker.publish(path, body, qos, retain=retain)

    def subscribe(self, topic_filter: str, handler: Handler, qos: Qos = 1) -> None:
        """Have ``handler`` called for each message that fits; see `Bus.subscribe`."""
        known = Subscriptions()
        known.add(topic_filter, handler, qos)
        self._subscriptions.add(topic_filter, handler, qos)
        if self._broker is not None:
            for path, kept in self._broker.retained_messages.items():
                if known.wants(path):
                    self._inbox.append(Message(path, bytes(kept.data), retained=True))
            self._news.set()

    def on_connect(self, callback: Callback) -> None:
        """Have ``callback`` called when the broker has started."""
        self._on_connect.append(callback)

    def on_disconnect(self, callback: Callback) -> None:
        """Have ``callback`` called when the broker is stopped."""
        self._on_disconnect.append(callback)

    async def run(self) -> None:
        """Handle what arrives until cancelled; see `Bus.run`."""
        for callback in self._on_connect:
            callback()
        while True:
            self._news.clear()
            while self._inbox:
                self._subscriptions.handle(self._inbox.popleft())
            await self._news.wait()

    async def drain(self, timeout_s: float) -> bool:
        """Return at once: what was published is with the broker."""
        return timeout_s >= 0

    def arrived(self, path: str, body: bytes) -> None:
        """Take a message from a client of the broker."""
        if self._subscriptions.wants(path):
            self._inbox.append(Message(path, body))
            self._news.set()

    def attach(self, broker: MendedBroker) -> None:
        """The broker has started."""
        self._broker = broker

    def detach(self) -> None:
        """The broker stops."""
        self._broker = None
        for callback in self._on_disconnect:
            callback()
