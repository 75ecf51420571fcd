"""What the long-running commands share: the way to the bus, and how they end."""

import asyncio
import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from random import Random
from typing import Any

import pytest

from paihao_hall.contract import CATALOGUE, Catalogue
from paihao_hall.plan import DeviceKind
from paihao_runtime.bus import send
from paihao_runtime.command import CommandError
from paihao_runtime.memory_bus import MemoryBroker, MemoryBus
from paihao_runtime.process import check_device, device_bus, make_folder, run_until_stopped
from paihao_runtime.rights import Rights
from tests.display.halls import PLAN

ALL = Rights(("#",), ("#",))


def look_for(device: str, kind: DeviceKind) -> None:
    """Run the look at the plan as a command does, beside a bus."""

    async def story() -> None:
        broker = MemoryBroker(Random(1))
        server = MemoryBus(broker, "server", ALL)
        bus = MemoryBus(broker, device, ALL)
        async with asyncio.TaskGroup() as tasks:
            looking = tasks.create_task(check_device(bus, hall=PLAN.id, device=device, kind=kind))
            running = [tasks.create_task(one.run()) for one in (server, bus)]
            send(server, CATALOGUE, Catalogue(seq=1, plan=PLAN), hall=PLAN.id)
            await looking
            for task in running:
                task.cancel()

    run_until_stopped(story())


def test_a_device_of_the_hall_goes_on() -> None:
    device = PLAN.devices[0]
    look_for(device.id, device.kind)


def test_an_id_that_the_hall_does_not_have_ends_the_process_in_one_line() -> None:
    kiosks = ", ".join(device.id for device in PLAN.devices if device.kind == "kiosk")
    with pytest.raises(CommandError) as failed:
        look_for("nobody", "kiosk")
    assert failed.value.lines == (
        f"--id nobody: hall {PLAN.id} has no such kiosk; it has {kiosks or 'none'}",
    )
    assert failed.value.code == 1


def test_a_device_of_another_kind_is_told_what_it_is() -> None:
    device = PLAN.devices[0]
    other: DeviceKind = "board" if device.kind != "board" else "kiosk"
    with pytest.raises(CommandError, match=f"that is a {device.kind}, not a {other}"):
        look_for(device.id, other)


def bus_of(**changes: Any) -> None:
    words: dict[str, Any] = {
        "hall": "h", "device": "k1", "kind": "kiosk", "secret_file": None, "ca_file": None,
    }  # fmt: skip
    device_bus(changes.pop("url", "mqtt://127.0.0.1"), **(words | changes))


@pytest.mark.parametrize(
    ("changes", "says", "code"),
    [
        ({"device": "no/slash"}, "not a topic id", 2),
        ({"hall": "halls/my.toml"}, "not a topic id", 2),
        ({"url": "http://x"}, "expected mqtt://", 1),
        ({"secret_file": Path("/no/such/file")}, "/no/such/file", 1),
        ({"ca_file": Path("/no/such/file")}, "--ca-file /no/such/file: No such file", 1),
        ({"ca_file": Path(__file__)}, f"--ca-file {__file__}: ", 1),
    ],
)
def test_what_is_wrong_on_the_way_to_the_bus_is_one_line(
    changes: dict[str, Any], says: str, code: int
) -> None:
    bus_of()
    with pytest.raises(CommandError) as failed:
        bus_of(**changes)
    assert says in str(failed.value)
    assert len(failed.value.lines) == 1
    assert failed.value.code == code


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="file"):
        make_folder(tmp_path / "file")


def test_a_process_that_is_asked_to_end_tidies_up() -> None:
    tidied: list[str] = []

    async def main() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(60)
        finally:
            tidied.append("tidied")

    run_until_stopped(main())
    assert tidied == ["tidied"]


async def _fail(error: Exception) -> None:
    raise error


def in_groups(*tasks: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
    """Return a process whose tasks run in a group in a group."""

    async def main() -> None:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(inner())

    async def inner() -> None:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)

    return main()


def test_an_expected_failure_of_a_task_is_a_line_and_a_fault_keeps_its_traceback() -> None:
    with pytest.raises(CommandError, match=r"^no such kiosk$"):
        run_until_stopped(in_groups(_fail(CommandError("no such kiosk"))))
    with pytest.raises(BaseExceptionGroup):
        run_until_stopped(in_groups(_fail(CommandError("line")), _fail(ValueError("fault"))))
