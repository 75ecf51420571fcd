"""amqtt 0.12.1 with its faults closed; only this and `sockets` import amqtt.

What amqtt still does: the CONNECT, SUBSCRIBE and UNSUBSCRIBE packets, the life of sessions, wills
and subscriptions. What is replaced here, because in that version

1. the keep-alive is not enforced: a display without power stays "online" for ever;
2. a second client with the same id does not end the first one's clean session;
3. who connects is sent retained messages that others subscribed to;
4. a connection that never sends CONNECT is held for ever;
5. the password is checked after the old session of that client id was thrown out;
6. a message of QoS 1 in flight is forgotten when the connection breaks or after 5 s;
7. a will may be published on any topic;
8. a client that leaves in the same breath in which it came is held for ever;
9. each packet costs several tasks and timers: PUBLISH and PUBACK have a way of their own.

Rights are asked of a `Gate`, and a client's id is its login name, as with Mosquitto's
``use_username_as_clientid``, so that no device can end another's session.
"""

import asyncio
import logging
import struct
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final, Protocol

from amqtt.adapters import BufferReader
from amqtt.broker import Broker, RetainedApplicationMessage
from amqtt.contexts import Action
from amqtt.errors import AMQTTError, MQTTError, NoDataError
from amqtt.mqtt import packet_class
from amqtt.mqtt.connack import NOT_AUTHORIZED, ConnackPacket
from amqtt.mqtt.disconnect import DisconnectPacket
from amqtt.mqtt.packet import MQTTFixedHeader
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.mqtt.suback import SubackPacket
from amqtt.mqtt.unsuback import UnsubackPacket
from amqtt.session import Session

from paihao_hall.access import covers
from paihao_runtime.rights import Rights
from paihao_server.broker import wire
from paihao_server.broker.delivery import Delivery
from paihao_server.broker.sockets import SocketPipe, SocketSource, whole

log = logging.getLogger(__name__)

MENDED_VERSION: Final = "0.12.1"
CONNECT_S: Final = 10.0
GRACE: Final = 1.5
"""How many keep-alive times of silence end a connection; the standard's number."""

MONITOR_S: Final = 0.5
AWAY_S: Final = 24 * 3600.0
"""How long the session of a client that is away is kept."""

REFUSED: Final = 0x80
_RIGHTS: Final = "paihao.rights"
_DELIVERY: Final = "paihao.delivery"

PARSE_ERRORS: Final = (AMQTTError, MQTTError, NoDataError, ValueError, struct.error, IndexError)
"""What amqtt's parsers raise on bytes that are no MQTT."""

Arrived = Callable[[str, bytes], None]


class WrongVersionError(RuntimeError):
    """Another amqtt is installed than the one these mends were made for."""

    def __init__(self, found: str) -> None:
        super().__init__(f"amqtt {found} is installed; the embedded broker needs {MENDED_VERSION}")


class Gate(Protocol):
    """Decides who may log in."""

    def rights_of(self, name: str, secret: str) -> Rights | None:
        """Return what this client may do, or None to refuse it."""
        ...

    def still_known(self, name: str) -> bool:
        """Return whether a client that was let in may stay."""
        ...


def check_version() -> None:
    """Raise `WrongVersionError` unless the installed amqtt is the one that is mended here."""
    found = version("amqtt")
    if found != MENDED_VERSION:
        raise WrongVersionError(found)


class MendedHandler(BrokerProtocolHandler):  # type: ignore[misc] # amqtt has no types
    """One connection of a client."""

    broker: "MendedBroker"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heard_s = self._loop.time()
        self.finished = asyncio.Event()
        self._reader_task: asyncio.Task[None] | None = None
        # Made here: amqtt makes it after the reader has started, and misses an early end.
        self._ended: asyncio.Future[DisconnectPacket | None] = self._loop.create_future()

    async def start(self) -> None:
        """Send what the client missed and begin to read what it says."""
        delivery_of(self.session).begin(self.writer)
        self._reader_task = asyncio.create_task(
            self._reader_loop(), name=f"broker-{self.session.client_id}"
        )

    async def stop(self) -> None:
        """End this connection; the session may live on."""
        self.end(None)
        if self.session is not None:
            delivery_of(self.session).end()
        await super().stop()

    def end(self, packet: DisconnectPacket | None) -> None:
        """Have the connection closed; without a packet the will is published."""
        if not self._ended.done():
            self._ended.set_result(packet)

    async def wait_disconnect(self) -> DisconnectPacket | None:
        """Wait for the end of the connection."""
        return await asyncio.shield(self._ended)

    async def handle_disconnect(self, disconnect: DisconnectPacket | None) -> None:
        """Note that the client leaves, or has left without a word."""
        self.end(disconnect)

    async def _reader_loop(self) -> None:
        try:
            while packets := await self.reader.packets():
                self.heard_s = self._loop.time()
                for first, rest in packets:
                    await self._take(first, rest)
        except ConnectionError as error:
            log.info("%s: %s", self.session.client_id, error)
        except (wire.MalformedError, *PARSE_ERRORS) as error:
            log.warning("%s sent no MQTT and is closed: %s", self.session.client_id, error)
        finally:
            self._reader_stopped.set()
            self.end(None)

    async def _take(self, first: int, rest: bytes) -> None:
        kind = first >> 4
        if kind == wire.PUBLISH:
            publication = wire.read_publish(first & 15, rest)
            self.broker.take(self.session, publication)
            if publication.qos:
                self.writer.write(wire.puback_packet(publication.packet_id))
        elif kind == wire.PUBACK:
            delivery_of(self.session).acknowledged(int.from_bytes(rest[:2]))
        elif kind == wire.PINGREQ:
            self.writer.write(wire.PING_ANSWER)
        elif kind in (wire.SUBSCRIBE, wire.UNSUBSCRIBE, wire.DISCONNECT):
            packet = await parse(first, rest)
            if kind == wire.SUBSCRIBE:
                await self.broker.subscribe(self, packet)
            elif kind == wire.UNSUBSCRIBE:
                await self.broker.unsubscribe(self, packet)
            else:
                self.end(packet)
        else:
            raise wire.MalformedError(f"packet kind {kind} is not for us")


class MendedBroker(Broker):  # type: ignore[misc] # amqtt has no types
    """The broker; opens no port of its own, see `serve`."""

    def __init__(self, gate: Gate, arrived: Arrived) -> None:
        """Store what is given; the loop must be running.

        Args:
            gate: asked for each login.
            arrived: called with topic and body of each message that a client publishes.
        """
        check_version()
        _quieten()
        super().__init__({"listeners": {"default": {"type": "external"}}, "plugins": {}})
        self._gate = gate
        self._arrived = arrived
        self._readers: dict[str, list[tuple[Session, int]]] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends."""
        pipe = SocketPipe(writer)
        try:
            await self.external_connected(SocketSource(reader), pipe, "default")
        except ConnectionError as error:
            log.info("connection lost: %s", error)
        finally:
            await pipe.close()

    def take(self, session: Session, publication: wire.Publication) -> None:
        """Take a message from a client; without the right it is dropped, as the standard has it."""
        path, body = publication.path, publication.body
        if not rights_of(session).allow_sending(path):
            log.warning("%s has no right to publish on %s", session.client_id, path)
            return
        self._arrived(path, body)
        self.publish(path, body, min(publication.qos, 1), retain=publication.retain)

    def publish(self, path: str, body: bytes, qos: int, *, retain: bool) -> None:
        """Keep a message if it is to be retained, and send it to whoever reads the topic."""
        if retain and body:
            kept = RetainedApplicationMessage(None, path, body, qos)
            self._retained_messages[path] = kept
        elif retain:
            self._retained_messages.pop(path, None)
        raw_path = path.encode()
        for session, granted in self._who_reads(path):
            delivery_of(session).send(raw_path, body, qos=min(qos, granted), retain=False)

    async def subscribe(self, handler: MendedHandler, packet: Any) -> None:
        """Grant subscriptions, and send the retained messages that they fit."""
        session = handler.session
        codes = [await self.add_subscription(wanted, session) for wanted in packet.payload.topics]
        answer = SubackPacket.build(packet.variable_header.packet_id, codes)
        handler.writer.write(bytes(answer.to_bytes()))
        for (topic_filter, _), granted in zip(packet.payload.topics, codes, strict=True):
            if granted != REFUSED:
                self._send_retained(session, topic_filter, granted)

    async def unsubscribe(self, handler: MendedHandler, packet: Any) -> None:
        """Take subscriptions back."""
        for topic_filter in packet.payload.topics:
            self._del_subscription(topic_filter, handler.session)
        answer = UnsubackPacket.build(packet.variable_header.packet_id)
        handler.writer.write(bytes(answer.to_bytes()))

    async def add_subscription(self, subscription: tuple[str, int], session: Session) -> int:
        """Add a subscription, or change its QoS; return the code of the answer."""
        topic_filter, qos = subscription
        self._del_subscription(topic_filter, session)
        self._readers.clear()
        code: int = await super().add_subscription((topic_filter, min(qos, 1)), session)
        return code

    async def _topic_filtering(self, session: Session, topic: str, action: Action) -> bool:
        if action != Action.SUBSCRIBE or rights_of(session).allow_reading(topic):
            return True
        log.warning("%s has no right to read %s", session.client_id, topic)
        return False

    def _del_subscription(self, a_filter: str, session: Session) -> int:
        self._readers.clear()
        deleted: int = super()._del_subscription(a_filter, session)
        return deleted

    def _send_retained(self, session: Session, topic_filter: str, granted: int) -> None:
        for path, kept in self._retained_messages.items():
            if covers(topic_filter, path):
                qos = min(granted, kept.qos)
                delivery_of(session).send(path.encode(), bytes(kept.data), qos=qos, retain=True)

    def _who_reads(self, path: str) -> list[tuple[Session, int]]:
        """Return the sessions that read a topic, each once, with the highest QoS granted."""
        readers = self._readers.get(path)
        if readers is None:
            granted: dict[str, tuple[Session, int]] = {}
            for topic_filter, subscribed in self._subscriptions.items():
                if covers(topic_filter, path):
                    for session, qos in subscribed:
                        known = granted.get(session.client_id, (session, 0))
                        granted[session.client_id] = (session, max(qos, known[1]))
            readers = self._readers[path] = list(granted.values())
        return readers

    async def _initialize_client_session(
        self, reader: SocketSource, writer: SocketPipe, remote_address: str, remote_port: int
    ) -> tuple[MendedHandler, Session]:
        """Read CONNECT and check the login before anything of an older session is touched."""
        handler, asked = await self._read_connect(reader, writer)
        rights = self._gate.rights_of(asked.username or "", asked.password or "")
        if rights is None or (asked.will_flag and not rights.allow_sending(asked.will_topic)):
            log.warning("%s:%s: %r is refused", remote_address, remote_port, asked.username)
            writer.write(bytes(ConnackPacket.build(0, NOT_AUTHORIZED).to_bytes()))
            await writer.close()
            raise MQTTError("refused")
        asked.client_id = asked.username
        handler.broker = self
        session = await self._session_for(asked)
        session.attributes[_RIGHTS] = rights
        session.attributes.setdefault(_DELIVERY, Delivery())
        return handler, session

    async def _read_connect(
        self, reader: SocketSource, writer: SocketPipe
    ) -> tuple[MendedHandler, Session]:
        try:
            async with asyncio.timeout(CONNECT_S):
                packets = await reader.packets()
        except (TimeoutError, wire.MalformedError) as error:
            raise MQTTError(f"no CONNECT: {error}") from error
        if not packets:
            raise NoDataError("closed before CONNECT")
        reader.put_back(packets[1:])
        try:
            connect: tuple[MendedHandler, Session] = await MendedHandler.init_from_connect(
                BufferReader(whole(*packets[0])), writer, self.plugins_manager
            )
        except PARSE_ERRORS as error:
            raise MQTTError(f"no CONNECT: {error}") from error
        return connect

    async def _session_for(self, asked: Session) -> Session:
        """End the client's older connection and return its session, or the new one."""
        client_id = asked.client_id
        old, handler = self._sessions.get(client_id, (None, None))
        # Again and again, because another connection of this client may wait here too.
        while handler is not None and old.transitions.is_connected():
            handler.end(None)
            await handler.finished.wait()
            old, handler = self._sessions.get(client_id, (None, None))
        if old is None or asked.clean_session or old.clean_session:
            await self._delete_session(client_id)
            return asked
        for name in (
            "will_flag", "will_message", "will_topic", "will_qos", "will_retain", "keep_alive"
        ):  # fmt: skip
            setattr(old, name, getattr(asked, name))
        old.parent = 1  # "session present" in the answer
        return old

    async def _handle_client_session(
        self,
        reader: SocketSource,
        writer: SocketPipe,
        client_session: Session,
        handler: MendedHandler,
        *rest: Any,
    ) -> None:
        try:
            await super()._handle_client_session(reader, writer, client_session, handler, *rest)
        finally:
            handler.finished.set()

    async def _authenticate(self, *_: Any) -> bool:
        return True  # Done before the session was looked up.

    async def _publish_retained_messages_for_subscription(self, *_: Any) -> None:
        """Do nothing: `subscribe` sends them to the subscriber, and only to it."""

    async def _broadcast_message(
        self, session: Any, topic: str, data: bytes, force_qos: int | None = None
    ) -> None:
        """Publish a will; its retained form is amqtt's."""
        self._arrived(topic, bytes(data))
        self.publish(topic, bytes(data), min(force_qos or 0, 1), retain=False)

    async def _session_monitor(self) -> None:
        while True:
            for client_id, (session, handler) in list(self._sessions.items()):
                try:
                    await self._look_after(client_id, session, handler)
                except Exception:
                    # This supervises all sessions; one that fails must not end it.
                    log.exception("session of %s", client_id)
            await asyncio.sleep(MONITOR_S)

    async def _look_after(self, client_id: str, session: Session, handler: MendedHandler) -> None:
        delivery = delivery_of(session)
        silent_s = self._loop.time() - handler.heard_s
        if not self._gate.still_known(client_id) or delivery.overflowed:
            log.warning("%s is shut out: revoked, or too much waits for it", client_id)
            handler.end(None)
            await handler.finished.wait()
            await self._cleanup_session(client_id)
        elif not session.transitions.is_connected():
            if session.clean_session or silent_s > AWAY_S:
                await self._cleanup_session(client_id)
        elif session.keep_alive and silent_s > GRACE * session.keep_alive:
            log.info("%s is silent for %.1f s", client_id, silent_s)
            handler.end(None)
        else:
            delivery.go_on()


def _quieten() -> None:
    """Keep amqtt from warning of refused and broken connections; that is said here, with names."""
    logger = logging.getLogger("amqtt")
    if logger.getEffectiveLevel() > logging.DEBUG:
        logger.setLevel(logging.ERROR)


def delivery_of(session: Session) -> Delivery:
    """Return the messages of a session."""
    delivery: Delivery = session.attributes[_DELIVERY]
    return delivery


def rights_of(session: Session) -> Rights:
    """Return the rights with which a session logged in."""
    rights: Rights = session.attributes[_RIGHTS]
    return rights


async def parse(first: int, rest: bytes) -> Any:
    """Return a packet as amqtt's object."""
    header = MQTTFixedHeader(first >> 4, first & 15, len(rest))
    return await packet_class(header).from_stream(BufferReader(rest), fixed_header=header)
