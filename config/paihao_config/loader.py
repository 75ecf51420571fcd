"""Reads a hall file: TOML to a checked, frozen plan, or every finding with its line.

`load` is for those who only want the plan, `read` also gives warnings, advice and the simulation
profile. Nothing of a file with an error is used.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any, Final

import msgspec

from paihao_config.checks import check
from paihao_config.expand import Expanded, Problem, expand
from paihao_config.findings import Finding, HallFileError, finding, in_order
from paihao_config.lines import Lines
from paihao_config.schema import VERSION, HallDocument
from paihao_config.shorthand import shown
from paihao_config.simulation import SimulationProfile
from paihao_config.upgrade import STEPS, upgraded
from paihao_config.validate import Checked, validated
from paihao_hall.plan import HallPlan

_SYNTAX_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_REVISION_CHARACTERS: Final = 12

_MISSING: Final = frozenset(
    {
        "ids-missing",
        "missing-key",
        "number-missing",
        "service-without-queue",
        "window-without-queue",
        "window-without-zone",
    }
)
"""Findings that say something is not there."""


@dataclass(frozen=True, slots=True)
class HallFile:
    """A hall file without errors.

    Attributes:
        findings: warnings and advice, in line order.
        content: the bytes it was read from.
    """

    plan: HallPlan
    simulation: SimulationProfile
    findings: tuple[Finding, ...]
    content: bytes = field(repr=False)


def load(path: FilePath | str) -> HallPlan:
    """Return the plan that a hall file states.

    Raises:
        HallFileError: the file has errors; it carries all of them.
    """
    return read(path).plan


def read(path: FilePath | str) -> HallFile:
    """Return all that a hall file states, with its warnings and advice.

    Raises:
        HallFileError: the file has errors; it carries all of them.
    """
    try:
        body = FilePath(path).read_bytes()
    except OSError as error:
        facts = {"reason": error.strerror or str(error)}
        raise HallFileError([finding(str(path), 1, (), "file-unreadable", facts)]) from error
    return read_bytes(body, str(path))


def read_bytes(body: bytes, name: str) -> HallFile:
    """Return all that the bytes of a hall file state; ``name`` stands in the findings.

    Raises:
        HallFileError: the file has errors; it carries all of them.
    """
    raw, lines = _parsed(body, name)
    raw, notes = _current(raw, lines, name)
    checked = validated(raw)
    document, misfits = checked.document, checked.problems
    if document is None:
        raise HallFileError([*notes, *_found(misfits, lines, name)])
    expanded = expand(document)
    semantic = [
        *expanded.problems,
        *check(
            document,
            expanded,
            lambda path: lines.of(checked.in_file(path)),
            _declared(raw) if misfits else None,
        ),
    ]
    problems = [*misfits, *_of_their_own(semantic, checked)]
    findings = [*notes, *_found(problems, lines, name)]
    if any(one.severity == "error" for one in findings):
        raise HallFileError(in_order(findings))
    return HallFile(
        plan=_plan(document, expanded),
        simulation=_simulation(document, expanded),
        findings=tuple(in_order(findings)),
        content=body,
    )


def _parsed(body: bytes, name: str) -> tuple[dict[str, Any], Lines]:
    try:
        # Editors on Windows put a byte order mark first, which TOML does not know.
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        facts = {"byte": error.start + 1}
        raise HallFileError([finding(name, line, (), "file-not-utf8", facts)]) from error
    try:
        return tomllib.loads(text), Lines(text)
    # A plain ValueError is a number too long for int(), a RecursionError is deep nesting.
    except (ValueError, RecursionError) as error:
        raise HallFileError([_syntax_finding(str(error), text, name)]) from error


def _syntax_finding(message: str, text: str, name: str) -> Finding:
    place = _SYNTAX_PLACE.search(message)
    line, column = text.count("\n") + 1, 1
    if place is not None:
        message = message[: place.start()]
        if place[1]:
            line, column = int(place[1]), int(place[2])
    return finding(name, line, (), "toml-syntax", {"column": column, "reason": message})


def _current(raw: dict[str, Any], lines: Lines, name: str) -> tuple[dict[str, Any], list[Finding]]:
    """Return the document as the current version has it, and a note of each change."""
    version = raw.get("version")
    facts = {"current": VERSION, "value": shown(version)}
    code = ""
    if version is None:
        code = "version-missing"
    elif not isinstance(version, int) or isinstance(version, bool) or version < 1:
        code = "version-wrong"
    elif version > VERSION:
        code = "version-newer"
    if code or not isinstance(version, int):
        raise HallFileError([finding(name, lines.of(("version",)), ("version",), code, facts)])
    document, changes = upgraded(raw, STEPS)
    line = lines.of(("version",))
    return document, [
        finding(name, line, ("version",), "version-upgraded", {"old": version, "change": change})
        for change in changes
    ]


def _of_their_own(problems: Sequence[Problem], checked: Checked) -> Iterator[Problem]:
    """Yield problems with their places in the file, without those that a misfit brought about.

    A zone with a bad id has been cut out of its window: that the window now has none is no news.
    """
    damaged = {problem.path[:2] for problem in checked.problems}
    for problem in problems:
        path = checked.in_file(problem.path)
        if problem.code not in _MISSING or path[:2] not in damaged:
            yield replace(problem, path=path)


def _declared(raw: dict[str, Any]) -> dict[str, set[str]]:
    """Return the ids a file states, by what they name, whether or not their tables fit."""
    tables = {"zone": "zones", "queue": "queues", "service": "services", "class": "classes"}
    declared = {
        what: {
            str(one.get("id"))
            for one in _tables_in(raw.get(table))
            for one in (one, *_tables_in(one.get("items")))
        }
        for what, table in tables.items()
    }
    missed = raw.get("missed")
    return {**declared, "policy": set(missed) if isinstance(missed, dict) else set()}


def _tables_in(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _found(problems: Sequence[Problem], lines: Lines, name: str) -> list[Finding]:
    return in_order(
        finding(name, lines.of(one.path), one.path, one.code, one.facts) for one in problems
    )


def _plan(document: HallDocument, expanded: Expanded) -> HallPlan:
    hall = document.hall
    plan = HallPlan(
        id=hall.id,
        name=hall.name,
        revision="",
        timezone=hall.timezone,
        day_starts=hall.day_starts,
        hours=tuple(hall.hours),
        weekdays=tuple(sorted(set(hall.weekdays))),
        take_until=hall.take_until,
        phone_url=hall.phone_url,
        speak=tuple(dict.fromkeys(hall.speak)),
        telephone_one=hall.telephone_one,
        zones=tuple(one.part for one in expanded.zones),
        queues=tuple(one.part for one in expanded.queues),
        services=tuple(one.part for one in expanded.services),
        windows=tuple(one.part for one in expanded.windows),
        classes=tuple(one.part for one in expanded.classes),
        devices=tuple(one.part for one in expanded.devices),
        notices=tuple(one.part for one in expanded.notices),
        pauses=tuple(expanded.pauses),
    )
    content = hashlib.sha256(msgspec.json.encode(plan)).hexdigest()
    return msgspec.structs.replace(plan, revision=content[:_REVISION_CHARACTERS])


def _simulation(document: HallDocument, expanded: Expanded) -> SimulationProfile:
    stated = document.simulation
    service_s = {one.part.id: one.part.service_s for one in expanded.queues}
    return SimulationProfile(
        arrivals=dict(stated.arrivals),
        service_s=service_s
        | {queue: round(minutes * 60) for queue, minutes in stated.service_minutes.items()},
        spread=stated.spread,
        no_show=stated.no_show_percent / 100,
        classes={one: percent / 100 for one, percent in stated.classes.items()},
        services=dict(stated.services),
        by_hour={int(hour): weight for hour, weight in stated.by_hour.items()},
    )
