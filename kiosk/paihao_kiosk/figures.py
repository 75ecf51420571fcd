"""What the kiosk knows about the hall now, in words: counts, waits, places, opening times.

Figures come from the boards of the zones. They are told only while the dispatcher is heard;
services of one queue show equal figures, and nobody is told an exact minute.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from paihao_hall.contract import Board, QueueLine, WaitRange
from paihao_hall.plan import Band, Device, HallPlan, Queue, Service, Zone
from paihao_kiosk.words import Language, say

_WEEK_AHEAD: Final = 14
"""Days to look ahead for the next opening."""


def minutes(wait: WaitRange) -> tuple[int, int]:
    """Return a wait in whole minutes, the low end rounded down, the high end up."""
    return wait.low_s // 60, -(-wait.high_s // 60)


def line_of(boards: Mapping[str, Board], queue: Queue) -> QueueLine | None:
    """Return how busy a queue is, None when its board has not been heard."""
    board = boards.get(queue.zone)
    if board is None:
        return None
    for line in board.queues:
        if line.queue == queue.id:
            return line
    return None


def fullest(board: Board) -> QueueLine | None:
    """Return the open queue with most people: its wait stands for the zone."""
    open_lines = [line for line in board.queues if line.state == "open"]
    return max(open_lines, key=lambda line: (line.waiting, line.queue), default=None)


def zone_is_closed(plan: HallPlan, boards: Mapping[str, Board], zone: Zone) -> bool:
    """Return whether no queue of a zone can be joined today."""
    queues = [queue for queue in plan.queues if queue.zone == zone.id]
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
