"""What the long-running commands share: their options, their way to the bus, and their end."""

import asyncio
import signal
import ssl
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from paihao_hall.contract import CATALOGUE, Catalogue
from paihao_hall.plan import DeviceKind, HallPlan
from paihao_runtime.bus import Bus, Faults, listen
from paihao_runtime.command import CommandError
from paihao_runtime.device import last_will
from paihao_runtime.logs import LogForm, LogLevel
from paihao_runtime.mqtt import BrokerUrl, BrokerUrlError, MqttBus

LogFormOption = Annotated[LogForm, typer.Option("--log", help="How log lines look.")]
LogLevelOption = Annotated[LogLevel, typer.Option("--log-level", help="The least serious lines.")]

DeviceOption = Annotated[str, typer.Option("--id", help="Id of this device in the hall file.")]
HallIdOption = Annotated[
    str, typer.Option("--hall", help="Id of the hall, as in the hall file; not a path.")
]
BrokerOption = Annotated[str, typer.Option("--mqtt", help="mqtt://HOST:PORT or mqtts://HOST:PORT.")]
SecretFileOption = Annotated[
    Path | None, typer.Option("--secret-file", help="Holds the secret of this device's login.")
]
CaFileOption = Annotated[
    Path | None,
    typer.Option("--ca-file", help="Certificate that signed the broker's, for mqtts://."),
]
WindowOption = Annotated[bool, typer.Option("--window", help="In a window, not full screen.")]
HeadlessOption = Annotated[bool, typer.Option("--headless", help="Without a screen.")]
FramesOption = Annotated[
    Path | None,
    typer.Option("--frames", help="Folder for a PNG of each new picture; implies --headless."),
]


def device_bus(
    url: str,
    *,
    hall: str,
    device: str,
    kind: DeviceKind,
    secret_file: Path | None,
    ca_file: Path | None,
    persistent: bool = True,
) -> MqttBus:
    """Return the bus of a device, with its last will; nothing is connected yet.

    Args:
        url: of the broker; without a name in it the device's id is the login's name.
        hall: id of the hall.
        device: id of the device.
        kind: what it is.
        secret_file: holds the secret of the login.
        ca_file: certificate that signed the broker's.
        persistent: whether the broker keeps QoS 1 messages while the device is away.

    Raises:
        CommandError: one of these is wrong.
    """
    try:
        will = last_will(hall, device, kind)
    except ValueError as error:
        raise CommandError(str(error), code=2) from error
    try:
        broker = BrokerUrl.parse(url, secret_file)
    except BrokerUrlError as error:
        raise CommandError(str(error)) from error
    if ca_file is not None:
        try:
            ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise CommandError(f"--ca-file {ca_file}: {error.strerror or error}") from error
    broker = replace(broker, name=broker.name or device)
    return MqttBus(broker, device, will=will, persistent=persistent, ca_file=ca_file)


async def check_device(bus: Bus, *, hall: str, device: str, kind: DeviceKind) -> None:
    """Wait for the hall's plan and look whether it has the device; start it before the bus.

    Raises:
        CommandError: the plan has no such device.
    """
    first: asyncio.Future[HallPlan] = asyncio.get_running_loop().create_future()

    def take(catalogue: Catalogue, _: dict[str, str]) -> None:
        if not first.done():
            first.set_result(catalogue.plan)

    listen(bus, CATALOGUE, take, Faults(), hall=hall)
    plan = await first
    found = plan.device_by_id.get(device)
    if found is None:
        there = ", ".join(one.id for one in plan.devices if one.kind == kind)
        raise CommandError(
            f"--id {device}: hall {hall} has no such {kind}; it has {there or 'none'}"
        )
    if found.kind != kind:
        raise CommandError(f"--id {device}: in hall {hall} that is a {found.kind}, not a {kind}")


def make_folder(folder: Path) -> None:
    """Make a folder that a command writes to, where there is none.

    Raises:
        CommandError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror}") from error


def run_until_stopped(main: Coroutine[Any, Any, None]) -> None:
    """Run a process to its end; SIGTERM ends it in order, as Ctrl-C does.

    Raises:
        CommandError: raised by ``main``, or by a task of a group in it.
    """

    async def until_stopped() -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs is in a task
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await main

    try:
        with suppress(asyncio.CancelledError):
            asyncio.run(until_stopped())
    except BaseExceptionGroup as group:
        expected, other = group.split(CommandError)
        if expected is None or other is not None:
            raise
        raise CommandError(*dict.fromkeys(str(error) for error in leaves(expected))) from group


def leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """Yield the single errors of a group of groups."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from leaves(error)
        else:
            yield error
