"""The MQTT contract: every topic with its payload, sender, readers, QoS and retain.

Nothing else in the project spells a topic. State topics are retained, complete in themselves
and carry ``seq``, the log's sequence number they show; requests and calls are not retained.
Payloads are UTF-8 JSON; readers ignore fields they do not know, so fields may be added.
QoS is 0 or 1 only and receivers are idempotent, so that any MQTT 3.1.1 broker will do.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

import msgspec

from paihao_hall.plan import DeviceKind, HallPlan, Kind, PauseReason, Text

P = TypeVar("P", bound=msgspec.Struct)

Party = Literal["server", "kiosk", "board", "speaker", "window", "device"]
"""Who sends or reads a topic; ``device`` is every device under its own id."""

_LEVEL: Final = re.compile(r"[A-Za-z0-9-]{1,32}")
_PLACE: Final = re.compile(r"\{(\w+)\}")
_ENCODER: Final = msgspec.json.Encoder()


class PayloadError(ValueError):
    """A message does not fit its topic.

    Attributes:
        topic: the path it came on or the template it was meant for.
    """

    def __init__(self, topic: str, problem: str) -> None:
        super().__init__(f"{topic}: {problem}")
        self.topic = topic


@dataclass(frozen=True)
class Topic(Generic[P]):
    """One topic of the contract; ``template`` has places such as ``{hall}``."""

    template: str
    payload: type[P]
    sender: Party
    readers: tuple[Party, ...]
    qos: Literal[0, 1]
    retain: bool = False

    def path(self, **ids: str) -> str:
        """Return the topic for these ids.

        Raises:
            ValueError: an id is missing or is not ``[A-Za-z0-9-]{1,32}``.
        """
        for name in _PLACE.findall(self.template):
            if name not in ids:
                raise ValueError(f"{self.template}: no value for {name}")
            if not _LEVEL.fullmatch(ids[name]):
                raise ValueError(f"{self.template}: {name} {ids[name]!r} is not a topic id")
        return self.template.format(**ids)

    def filter(self, **ids: str) -> str:
        """Return the subscription filter; places without a value become ``+``."""
        return _PLACE.sub(lambda place: ids.get(place[1], "+"), self.template)

    def match(self, path: str) -> dict[str, str] | None:
        """Return the ids in ``path``, or None when it is another topic."""
        found = self._pattern.fullmatch(path)
        return found.groupdict() if found else None

    def dump(self, payload: P) -> bytes:
        """Return the payload as UTF-8 JSON."""
        return _ENCODER.encode(payload)

    def load(self, body: bytes) -> P:
        """Return the payload.

        Raises:
            PayloadError: the bytes are not JSON or do not fit; the message names the field.
        """
        try:
            return self._decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise PayloadError(self.template, str(error)) from error

    @cached_property
    def _decoder(self) -> msgspec.json.Decoder[P]:
        return msgspec.json.Decoder(self.payload)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(_PLACE.sub(r"(?P<\1>[A-Za-z0-9-]{1,32})", self.template))


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all payloads."""


Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
"""An id that a device makes or repeats; it is kept in memory and log, so it is short."""

Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""A number of the log that a device repeats."""

Facts = Annotated[
    dict[Key, Annotated[str, msgspec.Meta(max_length=1000)]], msgspec.Meta(max_length=32)
]
"""What a device says of itself, in no more words than a console can show."""


class WaitRange(Payload, frozen=True):
    """An honest wait: seconds from now, low to high."""

    low_s: int
    high_s: int

    @property
    def minutes(self) -> tuple[int, int]:
        """The range as everything shows it: whole minutes from 1, the high end above the low."""
        low = max(1, self.low_s // 60)
        return low, max(low + 1, -(-self.high_s // 60))


class Beat(Payload, frozen=True):
    """The dispatcher lives: sent each second; views call themselves stale after 5 s without."""

    seq: int
    at: datetime
    revision: str


class Catalogue(Payload, frozen=True):
    """The hall's plan, so that kiosks and boards need no file of their own."""

    seq: int
    plan: HallPlan


QueueState = Literal["open", "paused", "full", "closed"]
"""Of a queue as citizens see it: served; every window paused; quota used up; not offered now."""


class QueueLine(Payload, frozen=True):
    """How busy one queue is. ``wait`` is None when nobody can say; ``until`` is ``HH:MM``."""

    queue: str
    waiting: int
    wait: WaitRange | None
    state: QueueState
    open_windows: int
    until: str | None = None


class BoardCall(Payload, frozen=True):
    """A ticket called to a window: ``times`` counts its calls, ``seq`` is that of the last."""

    ticket: str
    number: str
    window: str
    window_number: str
    kind: Kind
    times: int
    called_at: datetime
    seq: int


class Board(Payload, frozen=True):
    """All that the board of a zone shows, newest call first.

    ``calls`` are tickets called and not yet at the window; ``recent`` those that came or missed.
    """

    seq: int
    at: datetime
    zone: str
    calls: tuple[BoardCall, ...]
    recent: tuple[BoardCall, ...]
    queues: tuple[QueueLine, ...]
    waiting: int
    notices: tuple[Text, ...] = ()


class ZoneCall(Payload, frozen=True):
    """One call to be spoken in a zone; ``id`` is the same in every repetition of the message."""

    id: str
    seq: int
    zone: str
    ticket: str
    number: str
    window: str
    window_number: str
    times: int
    at: datetime


WindowMode = Literal["closed", "idle", "called", "serving", "paused"]


class WindowState(Payload, frozen=True):
    """What a window's strip and pad show, and the caller's waiting count."""

    seq: int
    window: str
    number: str
    kinds: tuple[Kind, ...]
    state: WindowMode
    ticket: str | None = None
    called_at: datetime | None = None
    times: int = 0
    reason: PauseReason | None = None
    until: datetime | None = None
    waiting: int = 0


KeyAction = Literal["call-next", "recall", "start", "complete", "missed", "pause", "resume"]


class WindowKey(Payload, frozen=True):
    """A clerk pressed a key of the caller; the same ``id`` is the same press."""

    id: Key
    action: KeyAction


class IssuedTicket(Payload, frozen=True, rename={"class_": "class"}):
    """A ticket as its holder may know it; ``url`` is the phone page, ``ahead`` people before it."""

    id: str
    number: str
    service: str
    queue: str
    zone: str
    class_: str
    ahead: int
    wait: WaitRange | None
    issued_at: datetime
    seq: int
    url: str


class KioskRequest(Payload, frozen=True, rename={"class_": "class"}):
    """A citizen asks for a number; the same ``id`` again is the same ticket."""

    id: Key
    service: Key
    class_: Key = "regular"


class KioskReply(Payload, frozen=True):
    """The answer to a request, after it is durable: a ticket, or the ``error`` code why not."""

    id: str
    ok: bool
    seq: int
    ticket: IssuedTicket | None = None
    error: str | None = None


class DeviceStatus(Payload, frozen=True):
    """A device's health; the last will says ``online: false``. ``facts`` such as printer: ready."""

    online: bool
    kind: DeviceKind
    at: datetime | None = None
    facts: Facts = {}


AckKind = Literal["shown", "spoken", "printed", "not_printed", "unsure"]


class DeviceAck(Payload, frozen=True):
    """A device did it: showed or spoke the call ``seq``, printed (or not) the ticket ``seq``."""

    id: Key
    what: AckKind
    ticket: Key
    seq: Seq
    at: datetime


BEAT: Final = Topic("paihao/{hall}/beat", Beat, "server", ("device",), qos=0)
CATALOGUE: Final = Topic(
    "paihao/{hall}/catalogue", Catalogue, "server", ("device",), qos=1, retain=True
)
BOARD: Final = Topic(
    "paihao/{hall}/zone/{zone}/board", Board, "server", ("device",), qos=1, retain=True
)
ZONE_CALL: Final = Topic("paihao/{hall}/zone/{zone}/call", ZoneCall, "server", ("speaker",), qos=1)
WINDOW_STATE: Final = Topic(
    "paihao/{hall}/window/{window}/state", WindowState, "server", ("window",), qos=1, retain=True
)
WINDOW_KEY: Final = Topic(
    "paihao/{hall}/window/{window}/key", WindowKey, "window", ("server",), qos=1
)
KIOSK_REQUEST: Final = Topic(
    "paihao/{hall}/kiosk/{kiosk}/request", KioskRequest, "kiosk", ("server",), qos=1
)
KIOSK_REPLY: Final = Topic(
    "paihao/{hall}/kiosk/{kiosk}/reply", KioskReply, "server", ("kiosk",), qos=1
)
DEVICE_STATUS: Final = Topic(
    "paihao/{hall}/device/{device}/status",
    DeviceStatus,
    "device",
    ("server",),
    qos=1,
    retain=True,
)
DEVICE_ACK: Final = Topic(
    "paihao/{hall}/device/{device}/ack", DeviceAck, "device", ("server",), qos=1
)

TOPICS: Final[tuple[Topic[Any], ...]] = (
    BEAT,
    CATALOGUE,
    BOARD,
    ZONE_CALL,
    WINDOW_STATE,
    WINDOW_KEY,
    KIOSK_REQUEST,
    KIOSK_REPLY,
    DEVICE_STATUS,
    DEVICE_ACK,
)
