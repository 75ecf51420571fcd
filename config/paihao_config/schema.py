"""The shape of a hall file, version 1: every table and key, with type, range and default.

Pydantic checks a document against these models and reports every error at once. What the parts
say about each other (ids that exist, numbers that are unique) is checked in
`paihao_config.checks`. docs/hall-file.md explains each key.
"""

from datetime import time
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from paihao_config import shorthand
from paihao_config.defaults import HOURS, STANDARD, WEEKDAYS
from paihao_hall.plan import (
    Band,
    Kind,
    MissedAction,
    PauseReason,
    ServiceRole,
    Text,
    TransferPlace,
)

VERSION: Final = 1
"""The version of hall files that this program writes and reads without an upgrade."""

Id = Annotated[str, BeforeValidator(shorthand.id_of)]
DeviceId = Annotated[str, BeforeValidator(shorthand.device_id_of)]
Prefix = Annotated[str, BeforeValidator(shorthand.prefix_of)]
Words = Annotated[Text, PlainValidator(shorthand.text_of)]
Clock = Annotated[time, PlainValidator(shorthand.time_of)]
Span = Annotated[Band, PlainValidator(shorthand.band_of)]
Ids = Annotated[tuple[str, ...], PlainValidator(shorthand.ids_of)]
TimeZone = Annotated[str, BeforeValidator(shorthand.timezone_of)]
Url = Annotated[str, BeforeValidator(shorthand.url_of)]

Line = Annotated[str, Field(max_length=200)]
Weekday = Annotated[int, Field(ge=1, le=7)]
Minutes = Annotated[float, Field(gt=0, le=1440, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Part(BaseModel):
    """Base of all tables: no unknown keys, no guessing of types."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True
    )


class HallPart(Part):
    """``[hall]``: name, hours, voice; ``sources`` says where the values come from."""

    id: Id
    name: Words
    timezone: TimeZone = "Asia/Shanghai"
    day_starts: Clock = time(4)
    hours: Annotated[list[Span], Field(min_length=1)] = list(HOURS)
    weekdays: Annotated[list[Weekday], Field(min_length=1)] = list(WEEKDAYS)
    take_until: Clock | None = None
    phone_url: Url = "http://127.0.0.1:8080"
    speak: Annotated[list[Literal["zh", "en"]], Field(min_length=1)] = ["zh"]
    telephone_one: bool = True
    stated_windows: Annotated[int, Field(ge=0, le=10_000)] | None = None
    sources: dict[str, Line] = {}


class ZonePart(Part):
    """``[[zones]]``: a part of the hall with its own waiting area, board and speaker."""

    id: Id
    name: Words
    short: Words | None = None
    floor: Annotated[str, Field(min_length=1, max_length=8)]
    place: Words | None = None
    icon: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,32}$")] = "document"
    hours: list[Span] = []


class QueuePart(Part):
    """``[[queues]]``: a line with its own letters and target wait."""

    id: Id
    prefix: Prefix | None = None
    name: Words
    zone: Id
    kind: Kind = "comprehensive"
    target_minutes: Minutes = 10
    service_minutes: Minutes = 10
    spill_percent: Annotated[int, Field(ge=0, le=1000)] = 150
    digits: Annotated[int, Field(ge=2, le=6)] = 3
    missed: Line = STANDARD
    transfer: TransferPlace = "arrival"
    open: bool = True


class ItemPart(Part):
    """One service; a key that is left out is taken from the block around it."""

    id: Id
    name: Words
    zone: Id | None = None
    queue: Id | None = None
    department: Line | None = None
    group: Line | None = None
    aliases: list[Line] | None = None
    papers: list[Words] | None = None
    role: ServiceRole | None = None


class ServicePart(Part):
    """``[[services]]``: one service (``id``, ``name``) or many that share a queue (``items``)."""

    id: Id | None = None
    name: Words | None = None
    zone: Id | None = None
    queue: Id | None = None
    department: Line = ""
    group: Line = ""
    aliases: list[Line] = []
    papers: list[Words] = []
    role: ServiceRole = "ordinary"
    items: list[ItemPart] = []


class WindowPart(Part):
    """``[[windows]]``: one window (``id``) or many alike (``ids``)."""

    id: Id | None = None
    ids: Ids | None = None
    numbers: Ids | None = None
    zone: Id | None = None
    kinds: Annotated[list[Kind], Field(min_length=1)] = ["comprehensive"]
    serves: list[Id] = []
    helps: list[Id] = []
    name: Words | None = None
    reserve: bool = False
    lunch: Ids = ()


class ClassPart(Part):
    """``[[classes]]``: a class of tickets with its head start."""

    id: Id
    name: Words
    hint: Words | None = None
    head_start_minutes: Annotated[float, Field(ge=0, le=480, allow_inf_nan=False)] = 0
    max_in_row: Annotated[int, Field(ge=0, le=100)] = 3


class MissedPart(Part):
    """``[missed.NAME]``: what happens to a ticket whose holder does not come."""

    calls: int = 3
    interval_seconds: int = 30
    action: MissedAction = "back_n"
    back_n: int = 3
    grace_minutes: int = 30
    rejoins: int = 2


class DevicePart(Part):
    """``[[kiosks]]``, ``[[boards]]``, ``[[speakers]]``: a machine, or one in each zone."""

    id: DeviceId
    zones: list[Id] = []
    at: Id | None = None
    floor: Annotated[str, Field(max_length=8)] = ""
    name: Words | None = None


class NoticePart(Part):
    """``[[notices]]``: a line for boards and kiosks."""

    text: Words
    zones: list[Id] = []


class PausePart(Part):
    """``[[pauses]]``: why a clerk may pause, and for how long as a rule."""

    reason: PauseReason
    name: Words
    minutes: Minutes = 10


class SimulationPart(Part):
    """``[simulation]``: the invented citizens of the demo and of the twin."""

    arrivals: dict[str, Amount] = {}
    service_minutes: dict[str, Minutes] = {}
    spread: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] = 0.5
    no_show_percent: Share = 0
    classes: dict[str, Share] = {}
    services: dict[str, Amount] = {}
    by_hour: dict[Annotated[str, Field(pattern=r"^([01]\d|2[0-3])$")], Amount] = {}


class HallDocument(Part):
    """A whole hall file."""

    version: Literal[1]
    hall: HallPart
    zones: Annotated[list[ZonePart], Field(min_length=1)]
    queues: Annotated[list[QueuePart], Field(min_length=1)]
    services: Annotated[list[ServicePart], Field(min_length=1)]
    windows: Annotated[list[WindowPart], Field(min_length=1)]
    classes: list[ClassPart] = []
    missed: dict[str, MissedPart] = {}
    kiosks: list[DevicePart] = []
    boards: list[DevicePart] = []
    speakers: list[DevicePart] = []
    notices: list[NoticePart] = []
    pauses: list[PausePart] = []
    simulation: SimulationPart = SimulationPart()
