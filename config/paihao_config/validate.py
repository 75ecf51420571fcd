"""Checks a document against the schema and goes on with what is left of it.

Pydantic reports every misfit, but says nothing about references in a document that does not fit.
So misfits are cut out, the smallest piece first, and what remains is checked on: one run names
the wrong types and the unknown queues alike.
"""

from collections.abc import Mapping
from copy import deepcopy
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


def validated(raw: dict[str, Any]) -> tuple[HallDocument | None, list[Problem]]:
    """Return the document, and a problem for each value that does not fit.

    Args:
        raw: the parsed file; not changed.

    Returns:
        The document without the pieces that do not fit; None when too little is left. It may
        only be used when there are no problems; with problems it serves to find more of them.
    """
    document = deepcopy(raw)
    problems: list[Problem] = []
    for attempt in range(_ROUNDS):
        try:
            return HallDocument.model_validate(document), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
        if attempt == 0:
            problems = [_problem(detail) for detail in details]
        _cut_out(document, details)
    return None, problems


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


def _cut_out(document: dict[str, Any], details: list[ErrorDetails]) -> None:
    """Remove or fill in the values that do not fit, those at the end of a list first."""
    for detail in sorted(details, key=lambda one: _order(one["loc"]), reverse=True):
        path = tuple(step for step in detail["loc"] if step != "[key]")
        last = path[-1] if path else ""
        parent = _at(document, path[:-1])
        if detail["type"] == "missing" and isinstance(parent, dict):
            if last in _FILLERS:
                parent[last] = _FILLERS[str(last)]
            elif path == ("hall", "id"):
                parent[last] = "hall"
            else:
                _remove(document, path[:-1])
        else:
            _remove(document, path)


def _order(path: Path) -> list[tuple[bool, int, str]]:
    return [
        (isinstance(step, int), step if isinstance(step, int) else 0, str(step)) for step in path
    ]


def _at(document: object, path: Path) -> object:
    """Return what stands at a path; None when nothing does."""
    found = document
    for step in path:
        match found, step:
            case dict(), str():
                found = found.get(step)
            case list(), int() if step < len(found):
                found = found[step]
            case _:
                return None
    return found


def _remove(document: dict[str, Any], path: Path) -> None:
    match _at(document, path[:-1]), path[-1:]:
        case dict() as table, (str(key),):
            table.pop(key, None)
        case list() as entries, (int(place),) if place < len(entries):
            del entries[place]
        case _:
            pass
