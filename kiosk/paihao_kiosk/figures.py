"""What the kiosk knows about the hall now, in words: counts, waits, places, opening times.

Figures come from the boards of the zones. They are told only while the dispatcher is heard;
services of one queue show equal figures, and nobody is told an exact minute.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from paihao_hall.contract import Board, QueueLine
from paihao_hall.plan import Band, Device, HallPlan, Queue, Service, Zone
from paihao_kiosk.words import Language, say

_FEW_ZONES: Final = 2
_WEEK_AHEAD: Final = 14
"""Days to look ahead for the next opening."""


def line_of(boards: Mapping[str, Board], queue: Queue) -> QueueLine | None:
    """Return how busy a queue is, None when its board has not been heard."""
    board = boards.get(queue.zone)
    if board is None:
        return None
    for line in board.queues:
        if line.queue == queue.id:
            return line
    return None


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the first page: a zone, or in halls of one or two zones a group of services."""

    zone: Zone
    group: str
    queues: tuple[Queue, ...]
    services: int


def entries(plan: HallPlan, kiosk: str) -> tuple[Entry, ...]:
    """Return what the first page offers, by floor, in the hall's order.

    A hall with hardly any zones would leave the page empty and hide its services one touch
    deeper than needed: its groups stand there instead.
    """
    zones = offered_zones(plan, kiosk)
    by_zone = {z.id: offered_services(plan, kiosk, z.id) for z in zones}
    if len(zones) <= _FEW_ZONES and all(
        len({s.group for s in services}) > 1 for services in by_zone.values()
    ):
        return tuple(
            Entry(zone, group, _queues(plan, inside), len(inside))
            for zone in zones
            for group in dict.fromkeys(s.group for s in by_zone[zone.id])
            if (inside := [s for s in by_zone[zone.id] if s.group == group])
        )
    return tuple(
        Entry(zone, "", tuple(q for q in plan.queues if q.zone == zone.id), len(by_zone[zone.id]))
        for zone in zones
    )


def _queues(plan: HallPlan, services: list[Service]) -> tuple[Queue, ...]:
    """Return the queues of services, each once."""
    return tuple(plan.queue_by_id[queue] for queue in dict.fromkeys(s.queue for s in services))


def lines_of(boards: Mapping[str, Board], queues: Iterable[Queue]) -> list[QueueLine]:
    """Return how busy queues are, as far as their boards have been heard."""
    return [line for queue in queues if (line := line_of(boards, queue)) is not None]


def fullest(lines: list[QueueLine]) -> QueueLine | None:
    """Return the open queue with most people: its wait stands for all of them."""
    open_lines = [line for line in lines if line.state == "open"]
    return max(open_lines, key=lambda line: (line.waiting, line.queue), default=None)


def all_closed(boards: Mapping[str, Board], queues: Iterable[Queue]) -> bool:
    """Return whether none of these queues can be joined today."""
    return all(queue_state(boards, queue) == "closed" for queue in queues)


def queue_state(boards: Mapping[str, Board], queue: Queue) -> str:
    """Return the state of a queue: open, paused, full or closed."""
    line = line_of(boards, queue)
    if line is not None:
        return line.state
    return "open" if queue.open else "closed"


def window_numbers(plan: HallPlan, queue: Queue) -> str:
    """Return the windows whose own work a queue is, as ``1-30, 33``; empty when none."""
    serving = [
        window.number
        for window in plan.windows
        if not window.reserve
        and any(a.queue == queue.id and a.tier == 1 for a in window.allocation)
    ]
    return ranges(serving)


def zone_window_numbers(plan: HallPlan, zone: Zone) -> str:
    """Return the windows of a zone, as ``1-32``."""
    return ranges(w.number for w in plan.windows if w.zone == zone.id and not w.reserve)


def ranges(numbers: Iterable[str]) -> str:
    """Return window numbers as ranges: 1, 2, 3, 7 become ``1-3, 7``; others are listed first."""
    words = list(dict.fromkeys(numbers))
    whole = sorted(int(word) for word in words if word.isdigit())
    parts = [word for word in words if not word.isdigit()]
    start = 0
    for at in range(1, len(whole) + 1):
        if at == len(whole) or whole[at] != whole[at - 1] + 1:
            low, high = whole[start], whole[at - 1]
            parts.append(str(low) if low == high else f"{low}-{high}")
            start = at
    return ", ".join(parts)


def offered_zones(plan: HallPlan, kiosk: str) -> tuple[Zone, ...]:
    """Return the zones this kiosk gives numbers for, by floor, in the hall's order."""
    device = plan.device_by_id.get(kiosk)
    wanted = set(device.zones) if device and device.zones else None
    served = {service.zone for service in plan.services}
    zones = [z for z in plan.zones if z.id in served and (wanted is None or z.id in wanted)]
    floors = list(dict.fromkeys(zone.floor for zone in zones))
    return tuple(sorted(zones, key=lambda zone: floors.index(zone.floor)))


def offered_services(plan: HallPlan, kiosk: str, zone: str | None = None) -> tuple[Service, ...]:
    """Return the services to choose from in lists: what one comes to do or to collect."""
    zones = {z.id for z in offered_zones(plan, kiosk)}
    return tuple(
        service
        for service in plan.services
        if service.zone in zones
        and service.role in ("ordinary", "collect")
        and (zone is None or service.zone == zone)
    )


def with_role(plan: HallPlan, role: str, near_zone: str | None = None) -> tuple[Service, ...]:
    """Return the services of a role; those of a zone alone if it has any."""
    found = tuple(service for service in plan.services if service.role == role)
    near = tuple(service for service in found if service.zone == near_zone)
    return near or found


def stands_on(plan: HallPlan, kiosk: str) -> str:
    """Return the floor a kiosk stands on, empty when the plan does not say."""
    device: Device | None = plan.device_by_id.get(kiosk)
    if device is None:
        return ""
    if device.floor:
        return device.floor
    zone = plan.zone_by_id.get(device.at)
    return zone.floor if zone else ""


def takes_numbers(plan: HallPlan, now: datetime) -> bool:
    """Return whether kiosks give numbers at this time of the hall day."""
    local = now.astimezone(plan.tz)
    day = local.date()
    if local.time() < plan.day_starts:
        return False
    if day.isoweekday() not in plan.weekdays:
        return False
    return plan.take_until is None or local.time() < plan.take_until


def begins_at(plan: HallPlan, now: datetime) -> str:
    """Return when calling begins today, as ``09:00``, while it has not; empty afterwards."""
    local = now.astimezone(plan.tz)
    if not plan.hours or not takes_numbers(plan, now) or local.time() >= plan.hours[0].start:
        return ""
    return f"{plan.hours[0].start:%H:%M}"


def next_opening(plan: HallPlan, now: datetime, language: Language, *, zone: Zone | None) -> str:
    """Return when a zone (or the hall) opens next, such as ``周四 09:00``; empty if unknown."""
    local = now.astimezone(plan.tz)
    bands: tuple[Band, ...] = (zone.hours if zone and zone.hours else plan.hours) or plan.hours
    if not bands:
        return ""
    for ahead in range(1, _WEEK_AHEAD):
        day = local.date() + timedelta(days=ahead)
        if day.isoweekday() in plan.weekdays:
            return f"{weekday(day, language)} {bands[0].start:%H:%M}"
    return ""


def weekday(day: date, language: Language) -> str:
    """Return the short name of a weekday."""
    return say("days", language).split()[day.weekday()]


def date_line(local: datetime, language: Language) -> str:
    """Return the date as the header tells it: ``3月18日 周三`` or ``Wed 18 Mar``."""
    day = weekday(local.date(), language)
    if language == "zh":
        return f"{local.month}月{local.day}日 {day}"
    return f"{day} {local.day} {say('months', 'en').split()[local.month - 1]}"
