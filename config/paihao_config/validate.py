"""Checks a document against the schema and goes on with what is left of it.

Pydantic reports every misfit, but says nothing about references in a document that does not fit.
So misfits are cut out, the smallest piece first, and what remains is checked on: one run names
the wrong types and the unknown queues alike.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from paihao_config.expand import Problem
from paihao_config.findings import bare, likely
from paihao_config.lines import Path
from paihao_config.schema import HallDocument, Part
from paihao_config.shorthand import shown
from paihao_config.texts import SAYINGS

_ROUNDS: Final = 8

_TYPES: Final[Mapping[str, str]] = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list [...]",
    "tuple_type": "a list [...]",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


_FILLERS: Final[Mapping[str, str]] = {"name": "?", "text": "?", "floor": "?"}
"""Stand in for a missing value that no other part refers to, while the rest is checked."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the schema says of a file.

    Attributes:
        document: without the pieces that do not fit; None when too little is left. It may only be
            used when there are no problems; with problems it serves to find more of them.
        problems: one for each value that does not fit.
        origins: the document's tables and lists, each list entry with its place in the file.
    """

    document: HallDocument | None
    problems: list[Problem]
    origins: Any

    def in_file(self, path: Path) -> Path:
        """Return where in the file a path of the document stands: cutting out moves entries."""
        node, found = self.origins, list(path)
        for depth, step in enumerate(path):
            match node, step:
                case dict(), str():
                    node = node.get(step)
                case list(), int() if step < len(node):
                    found[depth], node = node[step]
                case _:
                    break
        return tuple(found)


def validated(raw: dict[str, Any]) -> Checked:
    """Check a parsed file, which is not changed, against the schema."""
    document, origins = deepcopy(raw), _origins(raw)
    problems: list[Problem] = []
    for attempt in range(_ROUNDS):
        try:
            return Checked(HallDocument.model_validate(document), problems, origins)
        except ValidationError as error:
            details = error.errors(include_url=False)
        if attempt == 0:
            problems = [_problem(detail) for detail in details]
        _cut_out(document, origins, details)
    return Checked(None, problems, origins)


def _origins(value: object) -> object:
    """Return the tables and lists of a value, each list entry with its place."""
    match value:
        case dict():
            return {key: _origins(one) for key, one in value.items()}
        case list():
            return [(place, _origins(one)) for place, one in enumerate(value)]
        case _:
            return None


def _problem(detail: ErrorDetails) -> Problem:
    """Return one misfit in our words."""
    path: Path = tuple(step for step in detail["loc"] if step != "[key]")
    kind, context, value = detail["type"], detail.get("ctx", {}), shown(detail["input"])
    if kind == "missing":
        return Problem("missing-key", path[:-1], {"name": path[-1]})
    if kind == "extra_forbidden":
        name = str(path[-1])
        return Problem("unknown-key", path, {"name": bare(name), **likely(name, _keys_at(path))})
    if kind == "literal_error":
        wanted = str(context["expected"])
        choices = wanted.replace("'", "").replace(" or ", ", ").split(", ")
        hints = likely(str(detail["input"]), choices)
        return Problem("not-one-of", path, {"value": value, "wanted": wanted, **hints})
    if kind in _TYPES:
        return Problem("wrong-type", path, {"value": value, "wanted": _TYPES[kind]})
    if kind in SAYINGS:
        return Problem(kind, path, dict(context))
    wanted = detail["msg"].removeprefix("Input should be ")
    code = "out-of-range" if kind.startswith(("greater", "less")) else "bad-value"
    return Problem(code, path, {"value": value, "wanted": wanted})


def _keys_at(path: Path) -> list[str]:
    """Return the keys that the table has in which an unknown key stands."""
    model: type[Part] | None = HallDocument
    for step in path[:-1]:
        if model is not None and isinstance(step, str) and step in model.model_fields:
            model = _part_in(model.model_fields[step].annotation)
    return [] if model is None else list(model.model_fields)


def _part_in(annotation: Any) -> type[Part] | None:
    """Return the table that a field holds, alone, in a list or by name."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next(filter(None, map(_part_in, get_args(annotation))), None)


def _cut_out(document: dict[str, Any], origins: object, details: list[ErrorDetails]) -> None:
    """Remove or fill in the values that do not fit, those at the end of a list first."""
    for detail in sorted(details, key=lambda one: _order(one["loc"]), reverse=True):
        path = tuple(step for step in detail["loc"] if step != "[key]")
        last = path[-1] if path else ""
        parent = _at(document, path[:-1])
        if detail["type"] == "missing" and isinstance(parent, dict):
            if last in _FILLERS:
                parent[last] = _FILLERS[str(last)]
                continue
            if path == ("hall", "id"):
                parent[last] = "hall"
                continue
            path = path[:-1]
        _remove(document, path)
        _remove(origins, path)


def _order(path: Path) -> list[tuple[bool, int, str]]:
    return [
        (isinstance(step, int), step if isinstance(step, int) else 0, str(step)) for step in path
    ]


def _at(tree: object, path: Path) -> object:
    """Return what stands at a path, of a document or of its origins; None when nothing does."""
    found = tree
    for step in path:
        match found, step:
            case dict(), str():
                found = found.get(step)
            case list(), int() if step < len(found):
                found = found[step]
                if isinstance(found, tuple):
                    found = found[1]
            case _:
                return None
    return found


def _remove(tree: object, path: Path) -> None:
    match _at(tree, path[:-1]), path[-1:]:
        case dict() as table, (str(key),):
            table.pop(key, None)
        case list() as entries, (int(place),) if place < len(entries):
            del entries[place]
        case _:
            pass
