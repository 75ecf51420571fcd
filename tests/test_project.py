"""The project as a whole: what is locked, what is installed, what the units start."""

import configparser
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from paihao_runtime.command import GROUP
from paihao_runtime.places import shipped

ROOT: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = (
    "hall", "drivers", "look", "config", "runtime", "server", "kiosk", "display", "demo",
)  # fmt: skip
UNITS: Final = sorted((ROOT / "systemd").glob("*.service"))

_LOCKED: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)", re.MULTILINE)


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lock_text() -> str:
    return (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8")


def test_the_lock_has_every_dependency_in_a_version_that_fits() -> None:
    locked = {
        canonicalize_name(found["name"]): found["version"]
        for found in _LOCKED.finditer(lock_text())
    }
    declared = project()["project"]
    extras = chain.from_iterable(declared["optional-dependencies"].values())
    wanted = [Requirement(line) for line in (*declared["dependencies"], *extras)]
    misfits = [
        str(one)
        for one in wanted
        if one.name != "paihao"
        and not one.specifier.contains(locked.get(canonicalize_name(one.name), "0"))
    ]
    assert misfits == [], "run make lock"


def test_every_locked_package_has_hashes_and_no_address() -> None:
    packages = lock_text().replace("\\\n", " ").splitlines()
    pinned = [line for line in packages if _LOCKED.match(line)]
    assert len(pinned) > 50
    assert [line for line in pinned if "--hash=sha256:" not in line] == []
    assert "://" not in lock_text()
    assert "--index-url" not in lock_text()


def test_every_room_is_in_the_wheel_and_under_every_tool() -> None:
    tool = project()["tool"]
    assert set(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == {
        f"{room}/paihao_{room}" for room in ROOMS
    }
    assert set(ROOMS) <= set(tool["mypy"]["files"])
    assert set(ROOMS) <= set(tool["ruff"]["src"])
    assert set(ROOMS) <= set(tool["pytest"]["ini_options"]["pythonpath"])
    for room in ROOMS:
        assert (ROOT / room / f"paihao_{room}" / "py.typed").is_file()


def test_installed_commands_are_those_of_the_project_file() -> None:
    installed = {
        entry.name: entry.value
        for entry in entry_points(group=GROUP)
        if entry.module.startswith("paihao_")
    }
    assert installed == project()["project"]["entry-points"][GROUP], "run make setup"


@pytest.mark.parametrize("name", sorted(project()["project"]["entry-points"][GROUP]))
def test_every_command_explains_itself(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "paihao_runtime", name, "--help"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert name in done.stdout


def test_no_module_has_two_subjects() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
    }
    assert {path: lines for path, lines in sizes.items() if lines > 500} == {}


def test_sample_halls_clips_and_units_are_found() -> None:
    assert list(shipped("halls").glob("*.toml"))
    assert shipped("sounds").is_dir()
    assert list(shipped("systemd").glob("*.service"))


def test_there_are_units_for_server_kiosk_board_and_speaker() -> None:
    assert [unit.name for unit in UNITS] == [
        "paihao-display@.service",
        "paihao-kiosk@.service",
        "paihao-server.service",
        "paihao-speaker@.service",
    ]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_with_options_that_exist(unit: Path) -> None:
    binary, command, *words = shlex.split(section(unit, "Service")["execstart"])
    assert binary == "/opt/paihao/bin/paihao"
    assert command in project()["project"]["entry-points"][GROUP]
    done = subprocess.run(
        [sys.executable, "-m", "paihao_runtime", command, "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    options = [word for word in words if word.startswith("--")]
    assert options
    assert [option for option in options if option not in done.stdout] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_hardened_and_comes_back(unit: Path) -> None:
    service = section(unit, "Service")
    assert service["user"] == "paihao"
    assert service["restart"] == "always"
    assert service["nonewprivileges"] == "yes"
    assert service["protectsystem"] == "strict"
    assert service["capabilityboundingset"] == ""
    assert service["statedirectory"].partition("/")[0] == "paihao"
    assert section(unit, "Unit")["startlimitintervalsec"] == "0"


def section(unit: Path, name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read(unit, encoding="utf-8")
    return parser[name]
