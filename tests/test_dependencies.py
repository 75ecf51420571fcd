"""What a room imports is declared in the extra it is installed with, and nothing else is."""

import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_layers import ARROWS, ROOT, Import, imports, plant

BASE: Final = ""
"""The dependencies that come without any extra."""

INSTALLED_WITH: Final[dict[str, frozenset[str]]] = {
    "hall": frozenset(),
    "config": frozenset({"server"}),  # only the server watches its hall file
    "runtime": frozenset(),
    "drivers": frozenset({"devices", "usb"}),
    "look": frozenset({"look"}),
    "server": frozenset({"server"}),
    "kiosk": frozenset({"kiosk"}),
    "display": frozenset({"display", "voice"}),
    "demo": frozenset({"demo"}),
    "tests": frozenset({"test"}),
    "bench": frozenset({"test"}),
    "tools": frozenset({"test"}),
}
"""Extras that bring the libraries of each room, besides the base."""

NEVER_IMPORTED: Final = {
    "justmytype-intl-cjk": "the font file in it is opened by its path",
    "tzdata": "read by zoneinfo",
    "editables": "used by pip to install the clone",
    "hatchling": "used by pip to build the wheel",
    "mypy": "a command",
    "pytest-asyncio": "a plugin of pytest",
    "pytest-xdist": "a plugin of pytest",
    "ruff": "a command",
    "types-pyserial": "read by mypy",
}


def extras(root: Path) -> dict[str, list[Requirement]]:
    """Return what is declared, by extra."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared: dict[str, Any] = {BASE: project["dependencies"], **project["optional-dependencies"]}
    return {extra: [Requirement(line) for line in lines] for extra, lines in declared.items()}


def brought_by(declared: dict[str, list[Requirement]], extra: str) -> Iterator[str]:
    """Yield the packages that an extra brings, also through other extras."""
    for requirement in declared[extra]:
        if requirement.name == "paihao":
            for inner in requirement.extras:
                yield from brought_by(declared, inner)
        else:
            yield canonicalize_name(requirement.name)


def libraries(root: Path) -> list[Import]:
    """Return every import of a library, by rooms, tests and tools."""
    return [
        one
        for one in imports(root, INSTALLED_WITH)
        if one.top not in sys.stdlib_module_names
        and not one.top.startswith("paihao_")
        and not (root / one.top).is_dir()
    ]


def undeclared(root: Path) -> list[str]:
    """Return the imports of libraries that their room is not installed with."""
    declared = extras(root)
    packages = packages_distributions()
    allowed = {
        room: {name for extra in (BASE, *with_) for name in brought_by(declared, extra)}
        for room, with_ in INSTALLED_WITH.items()
    }
    return [
        str(one)
        for one in libraries(root)
        if not {canonicalize_name(name) for name in packages.get(one.top, ())} & allowed[one.room]
    ]


def unused(root: Path) -> list[str]:
    """Return the declared packages that nothing installed with their extra imports."""
    packages = packages_distributions()
    declared = extras(root)
    found = libraries(root)
    wrong: list[str] = []
    for extra, requirements in declared.items():
        rooms = {
            room
            for room, with_ in INSTALLED_WITH.items()
            if extra == BASE
            or any(extra == one or extra in _within(declared, one) for one in with_)
        }
        used = {
            canonicalize_name(name)
            for one in found
            if one.room in rooms
            for name in packages.get(one.top, ())
        }
        wrong += [
            f"{extra or 'base'}: {requirement.name}"
            for requirement in requirements
            if requirement.name != "paihao"
            and canonicalize_name(requirement.name) not in used | NEVER_IMPORTED.keys()
        ]
    return wrong


def _within(declared: dict[str, list[Requirement]], extra: str) -> set[str]:
    """Return the extras that an extra includes."""
    found: set[str] = set()
    for requirement in declared[extra]:
        if requirement.name == "paihao":
            for inner in requirement.extras:
                found |= {inner} | _within(declared, inner)
    return found


def test_every_room_is_installed_with_something() -> None:
    assert ARROWS.keys() | {"tests", "bench", "tools"} == INSTALLED_WITH.keys()


def test_every_import_is_declared_where_its_room_is_installed() -> None:
    assert undeclared(ROOT) == []


def test_every_declared_package_is_imported_or_says_what_it_is_for() -> None:
    assert unused(ROOT) == []


def test_what_is_never_imported_is_declared() -> None:
    names = {name for extra in extras(ROOT) for name in brought_by(extras(ROOT), extra)}
    assert NEVER_IMPORTED.keys() <= names


def test_an_import_of_another_extra_and_a_package_nobody_needs_are_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["msgspec", "typer"]\n[project.optional-dependencies]\n'
        + "".join(f"{extra} = []\n" for extra in sorted(extras(ROOT).keys() - {BASE, "look"}))
        + 'look = ["pygame-ce"]\n',
        encoding="utf-8",
    )
    plant(tmp_path, "look/paihao_look/paint.py", "import pygame\nimport msgspec\n")
    plant(tmp_path, "kiosk/paihao_kiosk/app.py", "import json, pygame\n")
    assert undeclared(tmp_path) == ["kiosk/paihao_kiosk/app.py:1: imports pygame"]
    assert unused(tmp_path) == ["base: typer"]
