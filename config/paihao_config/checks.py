"""What the parts of a hall say about each other: references, doubles, reach, hours.

`check` returns problems in no special order; the texts and severities stand in
`paihao_config.texts`. When the document had values that do not fit, ``declared`` names every id
the file states, fitting or not, and questions about what is missing are not asked: nobody is told
of an unknown queue because the queue's name had a typing mistake.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from paihao_config.defaults import PROFESSIONAL_ZONES_ADVISED, STANDARD
from paihao_config.expand import Expanded, Located, Problem
from paihao_config.findings import likely
from paihao_config.lines import Path
from paihao_config.schema import HallDocument
from paihao_hall.plan import Band, Window

LineOf = Callable[[Path], int]

MISSED_RANGES: Final = {
    "calls": (1, 9),
    "interval_seconds": (5, 600),
    "back_n": (1, 50),
    "grace_minutes": (0, 480),
    "rejoins": (0, 20),
}
"""Lowest and highest value of each figure of a missed policy."""

LONGEST_PREFIX: Final = 3
"""More letters do not fit on a strip beside the serial."""


def check(
    document: HallDocument,
    expanded: Expanded,
    line_of: LineOf,
    declared: dict[str, set[str]] | None,
) -> Iterator[Problem]:
    """Yield what is wrong between the parts of a hall.

    Args:
        document: the file's tables.
        expanded: the parts written out from them.
        line_of: gives a path's line, to name the line of the first of two doubles.
        declared: ids by table that the file states although they do not fit; None when all fit.
    """
    yield from _doubles(expanded, line_of)
    yield from _prefixes(expanded, line_of)
    yield from _numbers(expanded, line_of)
    yield from _references(document, expanded, declared or {})
    yield from _windows(expanded)
    yield from _hours(document)
    yield from _missed(document)
    if declared is None:
        yield from _reach(document, expanded)
        yield from _counts(document, expanded)


def _doubles(expanded: Expanded, line_of: LineOf) -> Iterator[Problem]:
    groups: tuple[Sequence[Located[Any]], ...] = (
        expanded.zones,
        expanded.queues,
        expanded.services,
        expanded.classes,
        # A window's box logs in under the window's id, so no kiosk may have it; windows come
        # first, because it is the kiosk that has to be renamed.
        sorted(expanded.devices, key=lambda one: one.part.kind != "window"),
    )
    for group in groups:
        yield from _same_id(group, line_of)


def _same_id(group: Iterable[Located[Any]], line_of: LineOf) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for located in group:
        name = located.part.id
        if name in first:
            facts = {"value": name, "first": line_of(first[name])}
            yield Problem("id-twice", located.path, facts)
        else:
            first[name] = located.path


def _prefixes(expanded: Expanded, line_of: LineOf) -> Iterator[Problem]:
    first: dict[str, Located[Any]] = {}
    for located in expanded.queues:
        prefix = located.part.prefix
        if prefix in first:
            other = first[prefix]
            facts = {"value": prefix, "other": other.part.id, "first": line_of(other.path)}
            yield Problem("prefix-twice", (*located.path, "prefix"), facts)
        elif not prefix.isalpha() or len(prefix) > LONGEST_PREFIX or not prefix.isupper():
            # Reached when the prefix was not stated and the id stands in for it.
            yield Problem("bad-prefix", (*located.path, "id"), {"value": repr(prefix)})
        else:
            first[prefix] = located


def _numbers(expanded: Expanded, line_of: LineOf) -> Iterator[Problem]:
    """Yield windows that one board shows under one number."""
    first: dict[tuple[str, str], Located[Window]] = {}
    for located in expanded.windows:
        window = located.part
        other = first.setdefault((window.zone, window.number), located)
        if other is not located and window.id != other.part.id:
            facts = {
                "zone": window.zone or "-",
                "value": window.number,
                "other": other.part.id,
                "first": line_of(other.path),
            }
            yield Problem("window-number-twice", located.path, facts)
    zone_of_queue = {queue.part.id: queue.part.zone for queue in expanded.queues}
    everywhere = tuple(zone.part.id for zone in expanded.zones)
    for board in expanded.devices:
        if board.part.kind != "board":
            continue
        zones = board.part.zones or everywhere
        shown: dict[str, dict[str, str]] = defaultdict(dict)
        for window in (one.part for one in expanded.windows):
            queues = {zone_of_queue.get(entry.queue) for entry in window.allocation}
            if window.zone in zones or not queues.isdisjoint(zones):
                shown[window.number][window.id] = window.zone
        for number, windows in shown.items():
            # Doubles inside one zone are an error of their own.
            if len(set(windows.values())) > 1:
                facts = {"board": board.part.id, "value": number, "windows": ", ".join(windows)}
                yield Problem("window-number-on-board", board.path, facts)
                break


def _references(
    document: HallDocument, expanded: Expanded, declared: dict[str, set[str]]
) -> Iterator[Problem]:
    known = {
        "zone": [one.part.id for one in expanded.zones],
        "queue": [one.part.id for one in expanded.queues],
        "service": [one.part.id for one in expanded.services],
        "class": [one.part.id for one in expanded.classes],
        "policy": [STANDARD, *(name for name in document.missed if name != STANDARD)],
    }
    for what, value, path in _named(document):
        if value not in known[what] and value not in declared.get(what, ()):
            facts = {"value": value, **likely(value, known[what])}
            yield Problem(f"unknown-{what}", path, facts)


def _named(document: HallDocument) -> Iterator[tuple[str, str, Path]]:
    """Yield every name that one table uses of another: what it names, the name, its place."""
    for place, queue in enumerate(document.queues):
        yield "zone", queue.zone, ("queues", place, "zone")
        yield "policy", queue.missed, ("queues", place, "missed")
    for place, block in enumerate(document.services):
        yield from _of_service(block.queue, block.zone, ("services", place))
        for nth, item in enumerate(block.items):
            yield from _of_service(item.queue, item.zone, ("services", place, "items", nth))
    for place, window in enumerate(document.windows):
        if window.zone is not None:
            yield "zone", window.zone, ("windows", place, "zone")
        for key, queues in (("serves", window.serves), ("helps", window.helps)):
            for nth, queue_id in enumerate(queues):
                yield "queue", queue_id, ("windows", place, key, nth)
    for place, notice in enumerate(document.notices):
        yield from _zones_of(notice.zones, ("notices", place))
    for table, devices in (
        ("kiosks", document.kiosks),
        ("boards", document.boards),
        ("speakers", document.speakers),
    ):
        for place, device in enumerate(devices):
            yield from _zones_of(device.zones, (table, place))
            if device.at is not None:
                yield "zone", device.at, (table, place, "at")
    simulation = document.simulation
    for what, key, table_of in (
        ("queue", "arrivals", simulation.arrivals),
        ("queue", "service_minutes", simulation.service_minutes),
        ("class", "classes", simulation.classes),
        ("service", "services", simulation.services),
    ):
        for name in table_of:
            yield what, name, ("simulation", key, name)


def _zones_of(zones: Sequence[str], path: Path) -> Iterator[tuple[str, str, Path]]:
    for nth, zone in enumerate(zones):
        yield "zone", zone, (*path, "zones", nth)


def _of_service(queue: str | None, zone: str | None, path: Path) -> Iterator[tuple[str, str, Path]]:
    if queue is not None:
        yield "queue", queue, (*path, "queue")
    if zone is not None:
        yield "zone", zone, (*path, "zone")


def _windows(expanded: Expanded) -> Iterator[Problem]:
    for located in expanded.windows:
        window, path = located.part, located.path
        facts = {"value": window.id}
        if not window.allocation and not window.reserve:
            yield Problem("window-without-queue", path, facts)
        if not window.zone and not window.reserve:
            yield Problem("window-without-zone", path, facts)
        if "unassigned" in window.kinds and not window.reserve:
            yield Problem("window-unassigned", (*path, "kinds"), facts)
        queues = [entry.queue for entry in window.allocation]
        for queue in {queue for queue in queues if queues.count(queue) > 1}:
            yield Problem("queue-named-twice", path, {"value": queue})


def _hours(document: HallDocument) -> Iterator[Problem]:
    hall = document.hall
    yield from _bands(hall.hours, ("hall", "hours"))
    for place, zone in enumerate(document.zones):
        yield from _bands(zone.hours, ("zones", place, "hours"))
    facts = {"hours": ", ".join(_words(band) for band in hall.hours)}
    opens = min(band.start for band in hall.hours)
    closes = max(band.end for band in hall.hours)
    if hall.take_until is not None and not opens < hall.take_until <= closes:
        value = f"{hall.take_until:%H:%M}"
        yield Problem("take-until-outside", ("hall", "take_until"), {"value": value, **facts})
    if opens < hall.day_starts < closes:
        value = f"{hall.day_starts:%H:%M}"
        yield Problem("day-starts-inside", ("hall", "day_starts"), {"value": value, **facts})


def _bands(bands: Sequence[Band], path: Path) -> Iterator[Problem]:
    places = sorted(enumerate(bands), key=lambda one: one[1].start)
    for place, band in places:
        if band.end <= band.start:
            yield Problem("hours-order", (*path, place), {"value": _words(band)})
    for (_, before), (place, after) in pairwise(places):
        if after.start < before.end and before.start < before.end:
            facts = {"value": _words(after), "other": _words(before)}
            yield Problem("hours-overlap", (*path, place), facts)


def _words(band: Band) -> str:
    return f"{band.start:%H:%M}-{band.end:%H:%M}"


def _missed(document: HallDocument) -> Iterator[Problem]:
    for policy, missed in document.missed.items():
        for name, (low, high) in MISSED_RANGES.items():
            value = getattr(missed, name)
            if not low <= value <= high:
                facts = {"policy": policy, "name": name, "value": value, "low": low, "high": high}
                yield Problem("missed-range", ("missed", policy, name), facts)


def _reach(document: HallDocument, expanded: Expanded) -> Iterator[Problem]:
    """Yield services that no window takes in normal hours, and queues without a service."""
    normal = document.hall.hours
    open_zones = {
        zone.part.id
        for zone in expanded.zones
        if not zone.part.hours
        or any(
            ours.start < band.end and band.start < ours.end
            for ours in zone.part.hours
            for band in normal
        )
    }
    served = {
        entry.queue
        for located in expanded.windows
        if not located.part.reserve and located.part.zone in open_zones
        for entry in located.part.allocation
    }
    zone_of_queue = {queue.part.id: queue.part.zone for queue in expanded.queues}
    for located in expanded.services:
        service = located.part
        if service.queue not in zone_of_queue:
            continue
        if service.queue not in served:
            facts = {"value": service.id, "queue": service.queue}
            yield Problem("service-unreachable", located.path, facts)
        if service.zone != zone_of_queue[service.queue]:
            facts = {
                "value": service.id,
                "zone": service.zone,
                "queue": service.queue,
                "other": zone_of_queue[service.queue],
            }
            yield Problem("service-elsewhere", located.path, facts)
    wanted = {located.part.queue for located in expanded.services}
    for queue in expanded.queues:
        if queue.part.id not in wanted:
            yield Problem("queue-without-service", queue.path, {"value": queue.part.id})


def _counts(document: HallDocument, expanded: Expanded) -> Iterator[Problem]:
    if len(expanded.zones) > PROFESSIONAL_ZONES_ADVISED:
        yield Problem("zones-many", ("zones",), {"count": len(expanded.zones)})
    stated, listed = document.hall.stated_windows, len(expanded.windows)
    if stated is not None and stated != listed:
        facts = {"stated": stated, "listed": listed, "difference": abs(stated - listed)}
        yield Problem("windows-stated", ("hall", "stated_windows"), facts)
    unplaced = [one for one in expanded.windows if one.part.reserve and not one.part.zone]
    if unplaced:
        yield Problem("windows-unplaced", unplaced[0].path, {"count": len(unplaced)})
