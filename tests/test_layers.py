"""The arrows of the house: which room may import which, read from the imports themselves.

`ARROWS` is the table of docs/architecture.md. The checks run over a folder, so that the tests at
the end can show on small made-up trees that each of them is able to fail.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]

ARROWS: Final[dict[str, frozenset[str]]] = {
    "hall": frozenset(),
    "drivers": frozenset(),
    "look": frozenset(),
    "config": frozenset({"hall"}),
    "runtime": frozenset({"hall"}),
    "server": frozenset({"hall", "config", "drivers", "runtime"}),
    "kiosk": frozenset({"hall", "config", "drivers", "runtime", "look"}),
    "display": frozenset({"hall", "config", "drivers", "runtime", "look"}),
    "demo": frozenset(
        {"hall", "config", "drivers", "runtime", "look", "server", "kiosk", "display"}
    ),
}

# The core is given time, ids and chance; it never fetches them, and it touches no device or disk.
NOT_IN_THE_CORE: Final = frozenset(
    {
        "aiohttp",
        "aiomqtt",
        "asyncio",
        "logging",
        "os",
        "pathlib",
        "random",
        "secrets",
        "socket",
        "sqlite3",
        "subprocess",
        "threading",
        "time",
        "uuid",
    }
)
_CLOCK_CALLS: Final = frozenset({"now", "utcnow", "today"})


@dataclass(frozen=True, slots=True)
class Import:
    """One import: module ``what`` named in ``path`` (relative to the root) at ``line``."""

    path: Path
    line: int
    what: str

    @property
    def room(self) -> str:
        return self.path.parts[0]

    @property
    def top(self) -> str:
        return self.what.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: imports {self.what}"


def modules(root: Path, folders: Iterable[str] = ARROWS) -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of every room, or of other folders, with its path from the root."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield path.relative_to(root), ast.parse(path.read_text(encoding="utf-8"))


def imports(root: Path, folders: Iterable[str] = ARROWS) -> list[Import]:
    """Return every import of every room, also those inside functions and by name."""
    found: list[Import] = []
    for path, tree in modules(root, folders):
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    found += [Import(path, node.lineno, name.name) for name in names]
                case ast.ImportFrom(module=module, level=0, names=names):
                    # `from paihao_hall import decide` may name a module, so both are looked at.
                    found += [Import(path, node.lineno, f"{module}.{n.name}") for n in names]
                case ast.ImportFrom():
                    found.append(Import(path, node.lineno, f"paihao_{path.parts[0]}"))
                case ast.Call(
                    func=ast.Attribute(attr="import_module") | ast.Name(id="import_module"),
                    args=[ast.Constant(value=str(name)), *_],
                ):
                    found.append(Import(path, node.lineno, name))
    return found


def wrong_arrows(root: Path) -> list[str]:
    """Return the imports that go against the table."""
    return [
        str(found)
        for found in imports(root)
        if found.top.startswith("paihao_")
        and (room := found.top.removeprefix("paihao_")) != found.room
        and room not in ARROWS[found.room]
    ]


def impurities(root: Path) -> list[str]:
    """Return where the core reaches for a clock, chance, a disk, a device or a task."""
    wrong = [
        str(found)
        for found in imports(root)
        if found.room == "hall" and found.top in NOT_IN_THE_CORE
    ]
    for path, tree in modules(root):
        if path.parts[0] == "hall":
            wrong += [
                f"{path}:{node.lineno}: reads the clock"
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _CLOCK_CALLS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in {"datetime", "date"}
            ]
    return wrong


def modules_that_import(root: Path, library: str) -> set[Path]:
    """Return the modules that import a library."""
    return {found.path for found in imports(root) if found.top == library}


def packages_that_import(root: Path, library: str) -> set[Path]:
    """Return the package folders whose modules import a library."""
    return {path.parent for path in modules_that_import(root, library)}


def test_no_arrow_points_the_wrong_way() -> None:
    assert wrong_arrows(ROOT) == []


def test_the_core_knows_no_clock_chance_disk_or_task() -> None:
    assert impurities(ROOT) == []


def test_the_mqtt_client_library_is_imported_in_one_module() -> None:
    assert len(modules_that_import(ROOT, "aiomqtt")) <= 1, modules_that_import(ROOT, "aiomqtt")


def test_the_embedded_broker_is_imported_in_one_package() -> None:
    assert len(packages_that_import(ROOT, "amqtt")) <= 1, packages_that_import(ROOT, "amqtt")


def test_every_room_has_one_package_named_after_it() -> None:
    for room in ARROWS:
        packages = {path.parent.name for path in (ROOT / room).glob("*/__init__.py")}
        assert packages == {f"paihao_{room}"}


def plant(root: Path, path: str, text: str) -> None:
    """Write one module of a made-up tree."""
    module = root / path
    module.parent.mkdir(parents=True, exist_ok=True)
    module.write_text(text, encoding="utf-8")


def test_a_room_that_imports_its_neighbour_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "kiosk/paihao_kiosk/app.py", "import msgspec\nimport paihao_server.log\n")
    plant(tmp_path, "kiosk/paihao_kiosk/good.py", "from paihao_hall.contract import Topic\n")
    assert wrong_arrows(tmp_path) == ["kiosk/paihao_kiosk/app.py:2: imports paihao_server.log"]


def test_an_import_hidden_in_a_function_or_in_a_string_is_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "hall/paihao_hall/core.py",
        "def f():\n    from paihao_config import load\n    import_module('paihao_server.web')\n",
    )
    assert wrong_arrows(tmp_path) == [
        "hall/paihao_hall/core.py:2: imports paihao_config.load",
        "hall/paihao_hall/core.py:3: imports paihao_server.web",
    ]


def test_nobody_may_import_the_demo(tmp_path: Path) -> None:
    for room in ARROWS.keys() - {"demo"}:
        plant(tmp_path, f"{room}/paihao_{room}/x.py", "import paihao_demo\n")
    plant(tmp_path, "demo/paihao_demo/x.py", "import paihao_server, paihao_kiosk\n")
    assert len(wrong_arrows(tmp_path)) == len(ARROWS) - 1


def test_a_core_that_looks_at_the_clock_is_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "hall/paihao_hall/core.py",
        "import random\nfrom datetime import UTC, datetime\nnow = datetime.now(UTC)\n",
    )
    plant(tmp_path, "server/paihao_server/clock.py", "import time\n")
    assert impurities(tmp_path) == [
        "hall/paihao_hall/core.py:1: imports random",
        "hall/paihao_hall/core.py:3: reads the clock",
    ]


def test_a_second_module_with_the_mqtt_client_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "runtime/paihao_runtime/bus.py", "import aiomqtt\n")
    plant(tmp_path, "kiosk/paihao_kiosk/app.py", "from aiomqtt import Client\n")
    assert len(modules_that_import(tmp_path, "aiomqtt")) == 2


def test_the_broker_library_in_a_second_package_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "server/paihao_server/broker/embedded.py", "import amqtt.broker\n")
    plant(tmp_path, "server/paihao_server/broker/patches.py", "from amqtt import session\n")
    assert len(packages_that_import(tmp_path, "amqtt")) == 1
    plant(tmp_path, "demo/paihao_demo/run.py", "import amqtt\n")
    assert len(packages_that_import(tmp_path, "amqtt")) == 2
