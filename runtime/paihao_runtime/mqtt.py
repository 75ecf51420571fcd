"""The bus on a real MQTT broker, through aiomqtt; the only module that imports it.

MQTT 3.1.1 with QoS 0 and 1, so that any broker will do. Each connection gets a new client
object, because one whose connection timed out cannot be used again; what must survive a
reconnect (subscriptions, unacknowledged messages) is kept here.
"""

import asyncio
import logging
import math
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final, cast
from urllib.parse import unquote, urlsplit

import aiomqtt
from aiomqtt.exceptions import MqttConnectError

from paihao_runtime.backoff import Backoff
from paihao_runtime.bus import Callback, Handler, Message, Outgoing, Qos, Will
from paihao_runtime.outbox import Outbox
from paihao_runtime.subscriptions import Subscriptions

log = logging.getLogger(__name__)

KEEP_ALIVE_S: Final = 10
"""A device that lost its power is known to be gone 15 s later."""

ANSWER_S: Final = 4.0
"""The longest that a broker may take to let us in or to grant a subscription.

The library notices a connection that is lost before it was granted only by this time.
"""

GOODBYE_S: Final = 1.0
STABLE_S: Final = 5.0
"""A connection that lasted this long was a good one: the next waits begin short again."""

WINDOW: Final = 20
"""Messages of QoS 1 on their way at once; what Mosquitto takes without queueing."""

_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}
_REFUSED: Final = 0x80
_NO_ENTRY: Final = frozenset({4, 5, 134, 135})
"""What a CONNACK says to one who is not let in, in MQTT 3.1.1 and as the library has it."""


class BrokerUrlError(ValueError):
    """A broker's address is not one."""


@dataclass(frozen=True, slots=True)
class BrokerUrl:
    """Where the broker is and who we are: ``mqtt://NAME:SECRET@HOST:PORT``, or ``mqtts://…``."""

    host: str
    port: int
    tls: bool = False
    name: str | None = None
    secret: str | None = None

    @classmethod
    def parse(cls, url: str, secret_file: Path | None = None) -> "BrokerUrl":
        """Read an address.

        Args:
            url: of the broker; the port may be left out, and the secret when a file holds it.
            secret_file: holds the secret, and white space around it.

        Returns:
            The address.

        Raises:
            BrokerUrlError: the URL does not name a broker, or the file cannot be read.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError as error:
            raise BrokerUrlError(f"{url}: {error}") from error
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
            raise BrokerUrlError(f"{url}: expected mqtt://NAME:SECRET@HOST:PORT or mqtts://…")
        secret = unquote(parts.password) if parts.password else None
        if secret_file is not None:
            try:
                secret = secret_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise BrokerUrlError(f"{secret_file}: {error}") from error
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            tls=parts.scheme == "mqtts",
            name=unquote(parts.username) if parts.username else None,
            secret=secret,
        )

    def __str__(self) -> str:
        """Return the address without the secret."""
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"


class MqttBus:
    """A client of an MQTT broker; implements `Bus`."""

    def __init__(
        self,
        url: BrokerUrl,
        client_id: str,
        *,
        will: Will | None = None,
        persistent: bool = True,
        ca_file: Path | None = None,
        random: Random | None = None,
    ) -> None:
        """Store what is given; nothing is connected before `run`.

        Args:
            url: of the broker.
            client_id: fixed for a device, and its own.
            will: said by the broker when we vanish, and by ourselves when we leave.
            persistent: whether the broker keeps QoS 1 messages while we are away.
            ca_file: certificate that signed the broker's, when it is none of the system's.
            random: spreads reconnects in time.
        """
        self._url = url
        self._client_id = client_id
        self._will = will
        self._persistent = persistent
        self._ca_file = ca_file
        self._backoff = Backoff(random or Random())  # noqa: S311 - nothing secret about waiting
        self._subscriptions = Subscriptions()
        self._on_connect: list[Callback] = []
        self._on_disconnect: list[Callback] = []
        self._outbox = Outbox()
        self._outbox_news = asyncio.Event()
        self._outbox.when_filled(self._outbox_news.set)
        self._inbox: deque[Message] = deque()
        self._inbox_news = asyncio.Event()
        self._filter_news = asyncio.Event()
        self._connected = False

    @property
    def connected(self) -> bool:
        """Whether the broker has let us in and granted our subscriptions."""
        return self._connected

    def publish(self, path: str, body: bytes, *, qos: Qos, retain: bool) -> None:
        """Hand over a message; see `Bus.publish`."""
        if qos == 0 and not retain and not self._connected:
            return
        self._outbox.put(Outgoing(path, body, qos, retain))

    def subscribe(self, topic_filter: str, handler: Handler, qos: Qos = 1) -> None:
        """Have ``handler`` called for each message that fits; see `Bus.subscribe`."""
        self._subscriptions.add(topic_filter, handler, qos)
        self._filter_news.set()

    def on_connect(self, callback: Callback) -> None:
        """Have ``callback`` called after each connection."""
        self._on_connect.append(callback)

    def on_disconnect(self, callback: Callback) -> None:
        """Have ``callback`` called each time a connection is lost."""
        self._on_disconnect.append(callback)

    async def drain(self, timeout_s: float) -> bool:
        """Wait until all that was published has arrived at the broker; see `Bus.drain`."""
        return await self._outbox.emptied(timeout_s)

    async def run(self) -> None:
        """Connect, deliver and reconnect until cancelled; see `Bus.run`."""
        loop = asyncio.get_running_loop()
        while True:
            since_s = loop.time()
            try:
                async with self._connection() as client:
                    await self._serve(client)
            except* aiomqtt.MqttError as group:
                log.warning("%s as %s: %s", self._url, self._client_id, self._why(_first(group)))
            if loop.time() - since_s > STABLE_S:
                self._backoff.reset()
            await asyncio.sleep(self._backoff.next_s())

    def _why(self, error: BaseException) -> str:
        if isinstance(error, MqttConnectError) and _as_number(error.rc) in _NO_ENTRY:
            return f"login {self._url.name!r} is refused: the secret, the id or the hall is wrong"
        return str(error)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiomqtt.Client]:
        client = self._new_client()
        entering = asyncio.ensure_future(client.__aenter__())
        try:
            # It uses a thread, which must not find the loop closed: a cancel has to wait for it.
            await asyncio.shield(entering)
        except MqttConnectError:
            raise  # Refused; the library has closed the socket.
        except (aiomqtt.MqttError, asyncio.CancelledError):
            # Without this its socket stays open, and connects when we are back or gone.
            await asyncio.gather(entering, return_exceptions=True)
            await _give_up(client)
            raise
        try:
            yield client
        finally:
            await _give_up(client)

    def _new_client(self) -> aiomqtt.Client:
        def direct_queue(maxsize: int) -> "_DirectQueue":
            return _DirectQueue(self, maxsize)

        will = self._will
        client = aiomqtt.Client(
            self._url.host,
            self._url.port,
            username=self._url.name,
            password=self._url.secret,
            identifier=self._client_id,
            clean_session=not self._persistent,
            keepalive=KEEP_ALIVE_S,
            timeout=ANSWER_S,
            will=aiomqtt.Will(will.path, will.body, will.qos, will.retain) if will else None,
            max_inflight_messages=WINDOW,
            # A reply must not wait 40 ms for the acknowledgement of what was sent before.
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            queue_type=cast("Any", direct_queue),
            tls_context=ssl.create_default_context(cafile=self._ca_file) if self._url.tls else None,
        )
        client.pending_calls_threshold = 2 * WINDOW
        return client

    async def _serve(self, client: aiomqtt.Client) -> None:
        """Serve one connection until it is lost; then raises `aiomqtt.MqttError`."""
        granted: dict[str, Qos] = {}
        await self._ask_for_filters(client, granted)
        self._connected = True
        log.info("%s as %s: connected", self._url, self._client_id)
        try:
            for callback in self._on_connect:
                callback()
            async with asyncio.TaskGroup() as group:
                name = f"bus-{self._client_id}"
                group.create_task(_until_lost(client), name=f"{name}-watch")
                group.create_task(self._handle_inbox(), name=f"{name}-in")
                group.create_task(self._send_outbox(client), name=f"{name}-out")
                group.create_task(self._ask_again(client, granted), name=f"{name}-filters")
        except asyncio.CancelledError:
            await self._say_goodbye(client)
            raise
        finally:
            self._connected = False
            self._outbox.take_back()
            for callback in self._on_disconnect:
                callback()

    def take_in(self, message: aiomqtt.Message) -> None:
        """Take a message from the library; called by its queue."""
        body = message.payload
        self._inbox.append(Message(message.topic.value, body, message.retain))
        self._inbox_news.set()

    async def _handle_inbox(self) -> None:
        while True:
            self._inbox_news.clear()
            while self._inbox:
                self._subscriptions.handle(self._inbox.popleft())
            await self._inbox_news.wait()

    async def _send_outbox(self, client: aiomqtt.Client) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                self._outbox_news.clear()
                while self._outbox.in_flight < WINDOW and (taken := self._outbox.take()):
                    key, message = taken
                    # Tasks start in the order they are made, and publish before they wait.
                    group.create_task(self._send(client, key, message), name=f"send-{key}")
                await self._outbox_news.wait()

    async def _send(self, client: aiomqtt.Client, key: int, message: Outgoing) -> None:
        # No time limit: a broker that does not answer is noticed by the keep-alive.
        await client.publish(
            message.path, message.body, message.qos, message.retain, timeout=math.inf
        )
        self._outbox.done(key)
        self._outbox_news.set()

    async def _ask_again(self, client: aiomqtt.Client, granted: dict[str, Qos]) -> None:
        while True:
            await self._filter_news.wait()
            await self._ask_for_filters(client, granted)

    async def _ask_for_filters(self, client: aiomqtt.Client, granted: dict[str, Qos]) -> None:
        self._filter_news.clear()
        wanted = {f: q for f, q in self._subscriptions.filters.items() if granted.get(f) != q}
        if not wanted:
            return
        asked: list[tuple[str, int]] = [*wanted.items()]
        codes = await client.subscribe(asked)
        for topic_filter, code in zip(wanted, codes, strict=True):
            if _as_number(code) == _REFUSED:
                log.error("%s: %s may not read %s", self._url, self._client_id, topic_filter)
        granted.update(wanted)

    async def _say_goodbye(self, client: aiomqtt.Client) -> None:
        will = self._will
        if will is None:
            return
        try:
            await client.publish(will.path, will.body, will.qos, will.retain, timeout=GOODBYE_S)
        except aiomqtt.MqttError as error:
            log.info("%s as %s: no goodbye: %s", self._url, self._client_id, error)


class _DirectQueue(asyncio.Queue[aiomqtt.Message]):
    """Hands messages over at once; the library's own iterator makes a task for each."""

    def __init__(self, bus: MqttBus, maxsize: int) -> None:
        super().__init__(maxsize)
        self._bus = bus

    def put_nowait(self, item: aiomqtt.Message) -> None:
        self._bus.take_in(item)


async def _until_lost(client: aiomqtt.Client) -> None:
    """Wait until the connection is lost, and raise `aiomqtt.MqttError` then."""
    async for _ in client.messages:
        raise AssertionError("the queue keeps nothing")


async def _give_up(client: aiomqtt.Client) -> None:
    try:
        await client.__aexit__(None, None, None)
    except aiomqtt.MqttError as error:
        log.info("connection not closed cleanly: %s", error)


def _first(error: BaseException) -> BaseException:
    """Return the first single error of a group of groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _as_number(code: Any) -> int:
    """Return a SUBACK code, which the library gives as a number or an object."""
    return code if isinstance(code, int) else int(code.value)
