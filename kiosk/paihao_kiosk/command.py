"""The command ``paihao kiosk``: one touch kiosk of a hall."""

import asyncio
import secrets
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from paihao_drivers.errors import DeviceError, DeviceSetupError
from paihao_drivers.opening import open_link
from paihao_drivers.printer.driver import Printer
from paihao_drivers.printer.profile import PROFILES
from paihao_kiosk.app import KioskApp
from paihao_kiosk.face import Face
from paihao_kiosk.memory import Memory
from paihao_kiosk.printing import EscPosPrinter
from paihao_kiosk.screens.sheet import SIZE
from paihao_look.fonts import FontMissingError, font
from paihao_look.window import MemoryWindow, NoScreenError, ScreenWindow, Window
from paihao_runtime.clock import RealClock
from paihao_runtime.command import CommandError, run_app
from paihao_runtime.logs import start_logs
from paihao_runtime.mqtt import MqttBus
from paihao_runtime.process import (
    BrokerOption,
    CaFileOption,
    DeviceOption,
    FramesOption,
    HallIdOption,
    HeadlessOption,
    LogFormOption,
    LogLevelOption,
    SecretFileOption,
    WindowOption,
    check_device,
    device_bus,
    make_folder,
    run_until_stopped,
)

DEFAULT_PAPER: Final = "80mm"

_app: Final = typer.Typer(add_completion=False)


def main(argv: list[str]) -> int:
    """Run one touch kiosk of a hall."""
    return run_app(_app, argv, name="kiosk")


@_app.command()
def kiosk(
    id_: DeviceOption,
    hall: HallIdOption,
    mqtt: BrokerOption,
    printer: Annotated[
        str, typer.Option(help="socket://HOST, serial:///dev/ttyUSB0, usb://0416:5011 or a path.")
    ],
    paper: Annotated[
        str, typer.Option(help=f"Printer profile: {', '.join(PROFILES)}.")
    ] = DEFAULT_PAPER,
    one_way: Annotated[
        bool, typer.Option("--one-way", help="The printer cannot answer; believe that it prints.")
    ] = False,
    secret_file: SecretFileOption = None,
    ca_file: CaFileOption = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder for what outlives a restart; else nothing does.")
    ] = None,
    window: WindowOption = False,
    headless: HeadlessOption = False,
    frames: FramesOption = None,
    log_form: LogFormOption = "plain",
    log_level: LogLevelOption = "info",
) -> None:
    """Run one touch kiosk of a hall."""
    start_logs(log_form, log_level)
    if paper not in PROFILES:
        raise CommandError(f"--paper {paper}: one of {', '.join(PROFILES)}", code=2)
    profile = replace(PROFILES[paper], two_way=not one_way)
    bus = device_bus(
        mqtt, hall=hall, device=id_, kind="kiosk", secret_file=secret_file, ca_file=ca_file
    )
    if frames is not None:
        make_folder(frames)
    try:
        memory = None if data is None else Memory(data)
    except OSError as error:
        raise CommandError(f"{data}: {error.strerror}") from error

    async def serve() -> None:
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
            app,
            bus,
            hall,
            id_,
            in_window=window,
            headless=headless or frames is not None,
            frames=frames,
        )

    run_until_stopped(serve())


async def _serve(
    app: KioskApp,
    bus: MqttBus,
    hall: str,
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
            else ScreenWindow(
                SIZE, f"Paihao {name}", full_screen=not in_window, escape_closes=in_window
            )
        )
    except (FontMissingError, NoScreenError) as error:
        raise CommandError(str(error)) from error
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(check_device(bus, hall=hall, device=name, kind="kiosk")),
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
    except DeviceError:
        return  # The driver tries again, and says why it cannot.
    await link.close()
