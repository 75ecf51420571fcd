"""What a hall is: zones, windows, queues, services and the rules between them.

A `HallPlan` is the checked, frozen form of a hall file. The core decides by it, the server
publishes it as the catalogue, kiosks and boards paint from it. Durations are whole seconds
(field names end in ``_s``), times of day are ``HH:MM`` in the hall's time zone, and ids are
``[A-Za-z0-9-]{1,32}`` because they become topic levels.
"""

from datetime import time, tzinfo
from functools import cached_property
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

Kind = Literal[
    "comprehensive",
    "instant",
    "issuance",
    "consult",
    "assist",
    "complaint",
    "green",
    "one_thing",
    "cashier",
    "unassigned",
]
"""Kinds of window (窗口类型); ``unassigned`` only for reserve windows without a place."""

DeviceKind = Literal["kiosk", "board", "speaker", "window"]
"""What logs in to the bus: kiosk, wall board, speaker of a zone, counter box of a window."""

ServiceRole = Literal["ordinary", "consult", "collect", "complaint"]
"""Why a service stands on the kiosk's first screen: 先问一问, 领证取件, 有诉即办; else ordinary."""

PauseReason = Literal["lunch", "toilet", "meeting", "fault", "training"]
Outcome = Literal[
    "accepted", "finished", "accepted_with_gaps", "returned_for_papers", "refused",
    "redirected", "withdrawn",
]  # fmt: skip

MissedAction = Literal["back_n", "tail", "void"]
"""Where a missed ticket goes when its holder comes back: n places back, the tail, nowhere."""

TransferPlace = Literal["arrival", "head", "middle", "tail"]
"""Where a transferred ticket joins its new line; ``arrival`` keeps its arrival time's place."""

REGULAR: Final = "regular"
"""The class every hall has."""


class Plain(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the plan's parts: frozen, named fields only."""


class Text(msgspec.Struct, frozen=True):
    """One thing said to people: Chinese, and English where the hall has it."""

    zh: str
    en: str = ""


class MissedPolicy(Plain, frozen=True):
    """What happens to a ticket whose holder does not come (过号).

    Attributes:
        calls: how often a ticket is called in all before it may be set to missed; 1 or more.
        interval_s: least time between two calls of one ticket.
        action: where it goes when its holder comes back within ``grace_s``.
        back_n: places behind the head of its line for ``back_n``.
        grace_s: time after the miss in which it may come back; then it stays missed.
        rejoins: how often one ticket may come back in a day.
    """

    calls: int = 3
    interval_s: int = 30
    action: MissedAction = "back_n"
    back_n: int = 3
    grace_s: int = 1800
    rejoins: int = 2


class TicketClass(Plain, frozen=True):
    """A class of tickets (普通, 预约, 绿色通道).

    Attributes:
        head_start_s: seconds added to the time waited when urgency is computed.
        max_in_row: most calls of this class in a row from one queue while a regular
            ticket waits there; 0 means no limit.
    """

    id: str
    name: Text
    hint: Text = Text("")
    head_start_s: int = 0
    max_in_row: int = 3


class Zone(Plain, frozen=True):
    """A part of the hall with its own waiting area, board and speaker.

    Attributes:
        name: full name, ``short`` the name on slips and signs (不动产区).
        floor: as people say it (``"1"``); ``place`` where on the floor (东侧).
        icon: name of a pictogram of paihao_look.
        hours: bands in which the zone is open; empty means the hall's hours.
    """

    id: str
    name: Text
    short: Text
    floor: str
    place: Text = Text("")
    icon: str = "document"
    hours: tuple["Band", ...] = ()


class Band(msgspec.Struct, frozen=True):
    """A span of a day in local time, ``start`` included, ``end`` not."""

    start: time
    end: time


class Queue(Plain, frozen=True):
    """A line with a letter prefix and a target wait.

    Attributes:
        prefix: letters before the serial; unique in the hall.
        target_s: wait that the hall promises; urgency 1.0 is due now.
        service_s: usual time at the window, for estimates before today's pace is known.
        spill: urgency from which tier-2 windows help although their own work waits.
        digits: least digits of the serial (3 gives ``A017``).
        transfer: where tickets transferred into this queue go.
        open: False while the hall does not offer the queue (今日不办).
    """

    id: str
    prefix: str
    name: Text
    zone: str
    kind: Kind
    target_s: int = 600
    service_s: int = 600
    spill: float = 1.5
    digits: int = 3
    missed: MissedPolicy = MissedPolicy()
    transfer: TransferPlace = "arrival"
    open: bool = True


class Service(Plain, frozen=True):
    """What a citizen comes for (事项); several services share one queue.

    Attributes:
        group: tab on the kiosk (department, theme or life event).
        aliases: other words people search by.
        papers: what to bring, one line each.
    """

    id: str
    name: Text
    zone: str
    queue: str
    department: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()
    papers: tuple[Text, ...] = ()
    role: ServiceRole = "ordinary"


class Allocation(msgspec.Struct, frozen=True):
    """One queue a window serves; tier 1 is its own work, tier 2 is help."""

    queue: str
    tier: int = 1


class Window(Plain, frozen=True):
    """A counter.

    Attributes:
        number: what people see and hear.
        zone: empty for a reserve window that has no place yet.
        reserve: starts closed off; a manager may open it.
        lunch: stays open between the hall's bands (午间值守).
    """

    id: str
    number: str
    zone: str
    kinds: tuple[Kind, ...]
    allocation: tuple[Allocation, ...] = ()
    name: Text = Text("")
    reserve: bool = False
    lunch: bool = False


class Pause(Plain, frozen=True):
    """A reason for which a clerk pauses a window; ``usual_s`` proposes when it is back."""

    reason: PauseReason
    name: Text
    usual_s: int = 600


class Device(Plain, frozen=True):
    """A machine of the hall that logs in to the bus.

    Attributes:
        zones: those it offers, shows or speaks; empty means all.
        at: the zone in which it stands, if it stands in one.
    """

    id: str
    kind: DeviceKind
    zones: tuple[str, ...] = ()
    floor: str = ""
    name: Text = Text("")
    at: str = ""


class Notice(Plain, frozen=True):
    """A line for boards and kiosks; no zones means all."""

    text: Text
    zones: tuple[str, ...] = ()


class HallPlan(Plain, frozen=True, dict=True):
    """One hall, whole. Every reference inside it has been checked by the loader.

    Attributes:
        revision: short hash of the content; a changed file gives another revision.
        timezone: IANA name; ``day_starts`` is the local time at which a hall day begins.
        hours: bands in which windows serve; ``take_until`` the local time at which kiosks
            stop giving numbers (None: never).
        weekdays: 1 Monday .. 7 Sunday.
        phone_url: base of the phone page, for example ``http://hall.example:8080``.
        speak: languages of the announcer in order, ``zh`` and ``en``.
        telephone_one: say 1 as 幺 in numbers (True) or 一.
    """

    id: str
    name: Text
    revision: str
    timezone: str = "Asia/Shanghai"
    day_starts: time = time(4, 0)
    hours: tuple[Band, ...] = (Band(time(9), time(12)), Band(time(13), time(17)))
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    take_until: time | None = None
    phone_url: str = "http://127.0.0.1:8080"
    speak: tuple[str, ...] = ("zh",)
    telephone_one: bool = True
    zones: tuple[Zone, ...] = ()
    queues: tuple[Queue, ...] = ()
    services: tuple[Service, ...] = ()
    windows: tuple[Window, ...] = ()
    classes: tuple[TicketClass, ...] = (TicketClass(id=REGULAR, name=Text("普通", "Regular")),)
    devices: tuple[Device, ...] = ()
    notices: tuple[Notice, ...] = ()
    pauses: tuple[Pause, ...] = ()

    @cached_property
    def tz(self) -> tzinfo:
        """The hall's time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def zone_by_id(self) -> dict[str, Zone]:
        """Zones by id."""
        return {zone.id: zone for zone in self.zones}

    @cached_property
    def queue_by_id(self) -> dict[str, Queue]:
        """Queues by id."""
        return {queue.id: queue for queue in self.queues}

    @cached_property
    def service_by_id(self) -> dict[str, Service]:
        """Services by id."""
        return {service.id: service for service in self.services}

    @cached_property
    def window_by_id(self) -> dict[str, Window]:
        """Windows by id."""
        return {window.id: window for window in self.windows}

    @cached_property
    def class_by_id(self) -> dict[str, TicketClass]:
        """Ticket classes by id."""
        return {ticket_class.id: ticket_class for ticket_class in self.classes}

    @cached_property
    def device_by_id(self) -> dict[str, Device]:
        """Devices by id."""
        return {device.id: device for device in self.devices}
