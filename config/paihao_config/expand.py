"""Writes out the short forms of a hall document: one part of the plan for each thing it means.

Every part keeps the path of the place that stated it, so that a finding can name the line. What
cannot be written out (a block without ids, a number that cannot be told) becomes a `Problem`;
references are not looked up here but in `paihao_config.checks`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from paihao_config.defaults import PAUSES, REGULAR_CLASS, STANDARD
from paihao_config.lines import Path
from paihao_config.schema import (
    DevicePart,
    HallDocument,
    ItemPart,
    MissedPart,
    QueuePart,
    ServicePart,
    WindowPart,
)
from paihao_hall.plan import (
    REGULAR,
    Allocation,
    Device,
    DeviceKind,
    MissedPolicy,
    Notice,
    Pause,
    Queue,
    Service,
    Text,
    TicketClass,
    Window,
    Zone,
)

T = TypeVar("T")

ZONE_PLACE: Final = "{zone}"
_LAST_DIGITS: Final = re.compile(r"\d+$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """A part of the plan and where in the document it was stated."""

    part: T
    path: Path


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding before it has a line: code, place and the facts its text is filled with."""

    code: str
    path: Path
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expanded:
    """All parts of a hall, written out; ``policies`` by name."""

    zones: Sequence[Located[Zone]]
    queues: Sequence[Located[Queue]]
    services: Sequence[Located[Service]]
    windows: Sequence[Located[Window]]
    classes: Sequence[Located[TicketClass]]
    devices: Sequence[Located[Device]]
    notices: Sequence[Located[Notice]]
    pauses: Sequence[Pause]
    problems: Sequence[Problem]


def expand(document: HallDocument) -> Expanded:
    """Return every part that the document states, in its order."""
    problems: list[Problem] = []
    policies = {STANDARD: MissedPolicy()} | {
        name: _policy(missed) for name, missed in document.missed.items()
    }
    zones = [
        Located(
            Zone(
                id=zone.id,
                name=zone.name,
                short=zone.short or zone.name,
                floor=zone.floor,
                place=zone.place or Text(""),
                icon=zone.icon,
                hours=tuple(zone.hours),
            ),
            ("zones", place),
        )
        for place, zone in enumerate(document.zones)
    ]
    queues = [
        Located(_queue(queue, policies), ("queues", place))
        for place, queue in enumerate(document.queues)
    ]
    zone_of_queue = {located.part.id: located.part.zone for located in queues}
    services = [
        service
        for place, block in enumerate(document.services)
        for service in _services(block, ("services", place), zone_of_queue, problems)
    ]
    windows = [
        window
        for place, block in enumerate(document.windows)
        for window in _windows(block, ("windows", place), problems)
    ]
    return Expanded(
        zones=zones,
        queues=queues,
        services=services,
        windows=windows,
        classes=_classes(document),
        devices=[*_devices(document, zones), *_boxes(windows)],
        notices=[
            Located(Notice(text=notice.text, zones=tuple(notice.zones)), ("notices", place))
            for place, notice in enumerate(document.notices)
        ],
        pauses=[
            Pause(reason=pause.reason, name=pause.name, usual_s=round(pause.minutes * 60))
            for pause in document.pauses
        ]
        or PAUSES,
        problems=problems,
    )


def _policy(missed: MissedPart) -> MissedPolicy:
    return MissedPolicy(
        calls=missed.calls,
        interval_s=missed.interval_seconds,
        action=missed.action,
        back_n=missed.back_n,
        grace_s=missed.grace_minutes * 60,
        rejoins=missed.rejoins,
    )


def _queue(queue: QueuePart, policies: dict[str, MissedPolicy]) -> Queue:
    return Queue(
        id=queue.id,
        prefix=queue.prefix or queue.id,
        name=queue.name,
        zone=queue.zone,
        kind=queue.kind,
        target_s=round(queue.target_minutes * 60),
        service_s=round(queue.service_minutes * 60),
        spill=queue.spill_percent / 100,
        digits=queue.digits,
        missed=policies.get(queue.missed, policies[STANDARD]),
        transfer=queue.transfer,
        open=queue.open,
    )


def _services(
    block: ServicePart, path: Path, zone_of_queue: dict[str, str], problems: list[Problem]
) -> Iterator[Located[Service]]:
    items: list[tuple[ItemPart, Path]] = [
        (item, (*path, "items", place)) for place, item in enumerate(block.items)
    ]
    match block.id, block.name, items:
        case (None, None, [_, *_]):
            pass
        case (str(alone), Text() as name, []):
            items = [(ItemPart.model_construct(id=alone, name=name), path)]
        case (_, None, []) if block.id is not None:
            problems.append(Problem("missing-key", path, {"name": "name"}))
        case _:
            problems.append(Problem("ids-missing", path, {"one": "id + name", "many": "items"}))
            return
    for item, place in items:
        queue = item.queue or block.queue
        if queue is None:
            problems.append(Problem("service-without-queue", place, {"value": item.id}))
            continue
        yield Located(
            Service(
                id=item.id,
                name=item.name,
                zone=item.zone or block.zone or zone_of_queue.get(queue, ""),
                queue=queue,
                department=_own(item.department, block.department),
                group=_own(item.group, block.group),
                aliases=tuple(_own(item.aliases, block.aliases)),
                papers=tuple(_own(item.papers, block.papers)),
                role=item.role or block.role,
            ),
            place,
        )


def _own(value: T | None, of_block: T) -> T:
    """Return an item's own value, or its block's when it has none."""
    return of_block if value is None else value


def _windows(block: WindowPart, path: Path, problems: list[Problem]) -> Iterator[Located[Window]]:
    if (block.id is None) == (block.ids is None):
        problems.append(Problem("ids-missing", path, {"one": "id", "many": "ids"}))
        return
    ids, key = ((block.id,), "id") if block.id is not None else (block.ids or (), "ids")
    numbers: Sequence[str] = block.numbers or [_number(window_id) for window_id in ids]
    if len(numbers) != len(ids):
        facts = {"ids": len(ids), "numbers": len(numbers)}
        problems.append(Problem("numbers-count", (*path, "numbers"), facts))
        return
    problems.extend(
        Problem("unknown-window", (*path, "lunch"), {"value": stranger})
        for stranger in block.lunch
        if stranger not in ids
    )
    allocation = tuple(
        Allocation(queue, tier)
        for tier, queues in ((1, block.serves), (2, block.helps))
        for queue in queues
    )
    for window_id, number in zip(ids, numbers, strict=True):
        if not number:
            problems.append(Problem("number-missing", (*path, key), {"value": window_id}))
        yield Located(
            Window(
                id=window_id,
                number=number,
                zone=block.zone or "",
                kinds=tuple(block.kinds),
                allocation=allocation,
                name=block.name or Text(""),
                reserve=block.reserve,
                lunch=window_id in block.lunch,
            ),
            path,
        )


def _number(window_id: str) -> str:
    """Return the number people see for a window without a stated one: its id's last digits."""
    digits = _LAST_DIGITS.search(window_id)
    return str(int(digits[0])) if digits else ""


def _classes(document: HallDocument) -> list[Located[TicketClass]]:
    classes = [
        Located(
            TicketClass(
                id=part.id,
                name=part.name,
                hint=part.hint or Text(""),
                head_start_s=round(part.head_start_minutes * 60),
                max_in_row=part.max_in_row,
            ),
            ("classes", place),
        )
        for place, part in enumerate(document.classes)
    ]
    if all(located.part.id != REGULAR for located in classes):
        classes.insert(0, Located(REGULAR_CLASS, ("classes",)))
    return classes


def _devices(document: HallDocument, zones: Sequence[Located[Zone]]) -> Iterator[Located[Device]]:
    by_id = {located.part.id: located.part for located in zones}
    groups: tuple[tuple[DeviceKind, str, list[DevicePart]], ...] = (
        ("kiosk", "kiosks", document.kiosks),
        ("board", "boards", document.boards),
        ("speaker", "speakers", document.speakers),
    )
    for kind, table, parts in groups:
        for place, part in enumerate(parts):
            path: Path = (table, place)
            if ZONE_PLACE not in part.id:
                yield Located(_device(part, kind, by_id), path)
                continue
            for zone in part.zones or by_id:
                if zone in by_id:
                    yield Located(_device_of_zone(part, kind, by_id[zone]), path)


def _device(part: DevicePart, kind: DeviceKind, zones: dict[str, Zone]) -> Device:
    home = part.at or (part.zones[0] if part.zones else "")
    return Device(
        id=part.id,
        kind=kind,
        zones=tuple(part.zones),
        floor=part.floor or (zones[home].floor if home in zones else ""),
        name=part.name or Text(""),
        at=home,
    )


def _device_of_zone(part: DevicePart, kind: DeviceKind, zone: Zone) -> Device:
    """Return the zone's own machine; a kiosk offers the whole hall wherever it stands."""
    name = part.name or Text("")
    return Device(
        id=part.id.replace(ZONE_PLACE, zone.id),
        kind=kind,
        zones=() if kind == "kiosk" else (zone.id,),
        floor=part.floor or zone.floor,
        name=Text(
            name.zh.replace(ZONE_PLACE, zone.short.zh),
            name.en.replace(ZONE_PLACE, zone.short.en or zone.id),
        ),
        at=zone.id,
    )


def _boxes(windows: Sequence[Located[Window]]) -> Iterator[Located[Device]]:
    """Yield the counter box of each window; it logs in under the window's id."""
    for located in windows:
        window = located.part
        zones = (window.zone,) if window.zone else ()
        yield Located(
            Device(id=window.id, kind="window", zones=zones, at=window.zone), located.path
        )
