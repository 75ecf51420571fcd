"""The command ``paihao kiosk``: one touch kiosk of a hall."""

import asyncio
import logging
import secrets
import signal
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer

from paihao_drivers.errors import DeviceError, DeviceSetupError
from paihao_drivers.opening import open_link
from paihao_drivers.printer.driver import Printer
from paihao_drivers.printer.profile import PROFILES
from paihao_kiosk.app import KioskApp, last_will
from paihao_kiosk.face import Face
from paihao_kiosk.memory import Memory
from paihao_kiosk.printing import EscPosPrinter
from paihao_kiosk.screens.sheet import SIZE
from paihao_kiosk.window import MemoryWindow, NoScreenError, TouchWindow, Window
from paihao_look.fonts import FontMissingError, font
from paihao_runtime.clock import RealClock
from paihao_runtime.command import CommandError, run_app
from paihao_runtime.logs import LogForm, LogLevel, start_logs
from paihao_runtime.mqtt import BrokerUrl, BrokerUrlError, MqttBus

DEFAULT_PAPER: Final = "80mm"

log = logging.getLogger(__name__)

_app: Final = typer.Typer(add_completion=False)


def main(argv: list[str]) -> int:
    """Run one touch kiosk of a hall."""
    return run_app(_app, argv, name="kiosk")


@_app.command()
def kiosk(
    id_: Annotated[str, typer.Option("--id", help="Id of this kiosk in the hall file.")],
    hall: Annotated[str, typer.Option(help="Id of the hall.")],
    mqtt: Annotated[str, typer.Option(help="mqtt://HOST:PORT or mqtts://HOST:PORT.")],
    printer: Annotated[
        str, typer.Option(help="socket://HOST, serial:///dev/ttyUSB0, usb://0416:5011 or a path.")
    ],
    paper: Annotated[
        str, typer.Option(help=f"Printer profile: {', '.join(PROFILES)}.")
    ] = DEFAULT_PAPER,
    one_way: Annotated[
        bool, typer.Option("--one-way", help="The printer cannot answer; believe that it prints.")
    ] = False,
    secret_file: Annotated[
        Path | None, typer.Option(help="Holds the secret of this device's login.")
    ] = None,
    ca_file: Annotated[Path | None, typer.Option(help="Certificate of the signer.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder for what outlives a restart; else nothing does.")
    ] = None,
    window: Annotated[bool, typer.Option("--window", help="In a window, not full screen.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="Without a screen.")] = False,
    frames: Annotated[
        Path | None, typer.Option(help="Folder for a PNG of each new picture (headless).")
    ] = None,
    log_form: Annotated[str, typer.Option("--log", help="plain or json.")] = "plain",
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
) -> None:
    """Run one touch kiosk of a hall."""
    start_logs(_log_form(log_form), _log_level(log_level))
    if paper not in PROFILES:
        raise CommandError(f"--paper {paper}: one of {', '.join(PROFILES)}", code=2)
    try:
        url = BrokerUrl.parse(mqtt, secret_file)
    except BrokerUrlError as error:
        raise CommandError(str(error)) from error
    try:
        will = last_will(hall, id_)
    except ValueError as error:
        raise CommandError(str(error), code=2) from error
    profile = PROFILES[paper]
    if one_way:
        profile = replace(profile, two_way=False)
    if frames is not None:
        _make_folder(frames)
    try:
        memory = None if data is None else Memory(data)
    except OSError as error:
        raise CommandError(f"{data}: {error.strerror}") from error

    async def serve() -> None:
        bus = MqttBus(replace(url, name=url.name or id_), id_, will=will, ca_file=ca_file)
        name = f"{id_}-printer"
        await _check_address(name, printer)
        device = Printer(name, profile, partial(open_link, name, printer))
        app = KioskApp(
            hall=hall,
            kiosk=id_,
            bus=bus,
            clock=RealClock(),
            printer=EscPosPrinter(device),
            new_id=lambda: f"{id_}-{secrets.token_hex(8)}",
            memory=memory,
        )
        await _serve(
            app, bus, id_, in_window=window, headless=headless or frames is not None, frames=frames
        )

    _run_until_stopped(serve())


async def _serve(
    app: KioskApp,
    bus: MqttBus,
    name: str,
    *,
    in_window: bool,
    headless: bool,
    frames: Path | None,
) -> None:
    try:
        font("regular")
        font("bold")
        shown: Window = (
            MemoryWindow(SIZE, frames)
            if headless
            else TouchWindow(SIZE, f"Paihao {name}", full_screen=not in_window)
        )
    except (FontMissingError, NoScreenError) as error:
        raise CommandError(str(error)) from error
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(bus.run(), name="bus"),
                tasks.create_task(app.run(), name="kiosk"),
            ]
            await Face(app, shown, touchable=not headless).run()
            for task in running:
                task.cancel()
    finally:
        shown.close()


async def _check_address(name: str, address: str) -> None:
    """Refuse an address that can never work; a printer that is away now may come back."""
    try:
        link = await open_link(name, address)
    except DeviceSetupError as error:
        raise CommandError(str(error)) from error
    except DeviceError as error:
        log.warning("%s", error)
    else:
        await link.close()


def _run_until_stopped(main_: Coroutine[Any, Any, None]) -> None:
    """Run the process; SIGTERM ends it in order, as Ctrl-C does."""

    async def until_stopped() -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs is in a task
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await main_

    with suppress(asyncio.CancelledError):
        asyncio.run(until_stopped())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror}") from error


def _log_form(words: str) -> LogForm:
    if words not in ("plain", "json"):
        raise CommandError(f"--log {words}: plain or json", code=2)
    return "json" if words == "json" else "plain"


def _log_level(words: str) -> LogLevel:
    levels: dict[str, LogLevel] = {level: level for level in get_args(LogLevel)}
    if words not in levels:
        raise CommandError(f"--log-level {words}: one of {', '.join(levels)}", code=2)
    return levels[words]
