"""Writes the tables of the documents from the code they describe.

A document holds a block ``<!-- table: NAME -->`` ... ``<!-- end -->``; what stands between is
replaced by the table of that name. ``make docs`` runs this; ``tests/test_docs.py`` fails when a
table is old. The words around the tables are written by people.
"""

import builtins
import inspect
import re
import sys
import types
import typing
from collections.abc import Callable, Iterable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, get_args, get_origin

import msgspec

from paihao_config.texts import SAYINGS
from paihao_hall.contract import TOPICS, Topic
from paihao_hall.plan import DeviceKind, HallPlan
from paihao_hall.refusals import REFUSALS
from paihao_runtime.command import GROUP, help_line
from paihao_server.web.problems import STATUS
from paihao_server.web.table import ROUTES
from paihao_server.web.words import PROBLEMS, sentence

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"

_JSON_NAMES: Final = {
    "NoneType": "null",
    "bool": "true or false",
    "datetime": "time, ISO 8601, UTC",
    "float": "number",
    "int": "whole number",
    "str": "text",
}
_BLOCK: Final = re.compile(r"(<!-- table: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def refreshed(text: str) -> str:
    """Return a document with its tables made anew.

    Raises:
        KeyError: the document asks for a table that does not exist.
    """
    return _BLOCK.sub(lambda block: f"{block[1]}\n{TABLES[block['name']]()}\n\n{block[3]}", text)


def topics() -> str:
    """Return every topic with who sends and reads it."""
    return _table(
        ("topic", "payload", "sender", "readers", "QoS", "retained"),
        (
            (
                f"`{topic.template}`",
                f"[{topic.payload.__name__}](#{topic.payload.__name__.lower()})",
                topic.sender,
                ", ".join(topic.readers),
                str(topic.qos),
                "yes" if topic.retain else "no",
            )
            for topic in TOPICS
        ),
    )


def payloads() -> str:
    """Return a section for each payload of the contract with its fields."""
    return "\n\n".join(_payload(payload) for payload in _payloads(TOPICS))


def refusals() -> str:
    """Return every code with which the core refuses a command."""
    return _table(("code", "meaning"), ((f"`{code}`", text) for code, text in REFUSALS.items()))


def problems() -> str:
    """Return every code with which the web side itself answers, with its status and words."""
    return _table(
        ("code", "status", "meaning"),
        (
            (f"`{code}`", str(status), sentence(PROBLEMS[code], {}, "en").replace("|", "/"))
            for code, status in STATUS.items()
        ),
    )


def routes() -> str:
    """Return every address of the API with who may use it."""
    return _table(
        ("address", "what it does", "roles"),
        (
            (
                f"`{route.method} {route.path}`",
                route.summary,
                ", ".join(sorted(route.roles)) if route.roles else "open",
            )
            for route in ROUTES
            if route.documented
        ),
    )


def findings() -> str:
    """Return every code of a finding in a hall file, with its severity and text."""
    return _table(
        ("code", "severity", "it says"),
        (
            (f"`{code}`", saying.severity, saying.en.replace("{hint_en}", "").replace("|", "/"))
            for code, saying in SAYINGS.items()
        ),
    )


def commands() -> str:
    """Return every sub-command with its help line."""
    found = sorted(
        (entry for entry in entry_points(group=GROUP) if entry.module.startswith("paihao_")),
        key=lambda entry: entry.name,
    )
    return _table(
        ("command", "what it does"),
        ((f"`paihao {entry.name}`", help_line(entry)) for entry in found),
    )


def device_kinds() -> str:
    """Return every kind of device that logs in to the bus, in one line."""
    return ", ".join(f"`{kind}`" for kind in get_args(DeviceKind))


TABLES: Final[dict[str, Callable[[], str]]] = {
    "topics": topics,
    "payloads": payloads,
    "refusals": refusals,
    "problems": problems,
    "routes": routes,
    "findings": findings,
    "commands": commands,
    "device-kinds": device_kinds,
}


def main() -> int:
    """Refresh every document and say which changed."""
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        if (new := refreshed(text)) != text:
            path.write_text(new, encoding="utf-8")
            print(f"{path.relative_to(DOCS.parent)}: tables renewed")
    return 0


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _payloads(offered: Iterable[Topic[Any]]) -> list[type[msgspec.Struct]]:
    """Return the payloads and the structs inside them, each once, outer ones first."""
    found: list[type[msgspec.Struct]] = [topic.payload for topic in offered]
    for payload in found:
        for field in msgspec.structs.fields(payload):
            found += [kind for kind in _structs(field.type) if kind not in found]
    return list(dict.fromkeys(found))


def _structs(annotation: Any) -> list[type[msgspec.Struct]]:
    if inspect.isclass(annotation) and issubclass(annotation, msgspec.Struct):
        # The plan inside the catalogue is described by the settings of the hall file.
        return [] if annotation is HallPlan else [annotation]
    return [kind for part in get_args(annotation) for kind in _structs(part)]


def _payload(payload: type[msgspec.Struct]) -> str:
    rows = (
        (
            f"`{field.encode_name}`",
            _type_name(field.type),
            "yes" if field.required else "no",
        )
        for field in msgspec.structs.fields(payload)
    )
    about = " ".join((inspect.getdoc(payload) or "").split("\n\n")[0].split())
    return f"### {payload.__name__}\n\n{about}\n\n{_table(('field', 'type', 'always there'), rows)}"


def _type_name(annotation: Any) -> str:
    parts = get_args(annotation)
    match get_origin(annotation):
        case typing.Literal:
            return ", ".join(f"`{value}`" for value in parts)
        case typing.Union | types.UnionType:
            return " or ".join(_type_name(part) for part in parts)
        case typing.Annotated:
            return _type_name(parts[0]) + _limit(parts[1])
        case builtins.tuple:
            return f"list of {_type_name(parts[0])}"
        case builtins.dict:
            return f"object of {_type_name(parts[1])}"
        case _:
            name = str(annotation.__name__)
            is_described = issubclass(annotation, msgspec.Struct) and annotation is not HallPlan
            return f"[{name}](#{name.lower()})" if is_described else _JSON_NAMES.get(name, name)


def _limit(meta: msgspec.Meta) -> str:
    """Return how much a field may hold, when that is limited."""
    return f" (at most {meta.max_length})" if meta.max_length else ""


if __name__ == "__main__":
    sys.exit(main())
