"""The command ``paihao demo``: a whole hall on this machine, without hardware."""

import asyncio
import logging
import os
import re
import signal
import socket
import tempfile
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from paihao_runtime.command import CommandError, print_lines, run_app
from paihao_runtime.logs import LogForm, LogLevel, start_logs

if TYPE_CHECKING:
    from paihao_config.loader import HallFile
    from paihao_demo.faults import Planned
    from paihao_demo.hall import DemoHall, Wishes
    from paihao_server.process import Endpoint

log = logging.getLogger(__name__)

app: Final = typer.Typer(help="Run a whole hall on this machine, without hardware.")

HTTP: Final = "127.0.0.1:8080"
_ENDPOINT: Final = re.compile(r"(?:(?P<host>[^:\[\]/]+):)?(?P<port>\d{1,5})")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@app.command()
def demo(
    hall: Annotated[Path, typer.Option(help="The hall file.")],
    minutes: Annotated[
        float | None, typer.Option(min=0.05, help="End by itself after so many wall minutes.")
    ] = None,
    speed: Annotated[
        float | None, typer.Option(min=0.1, max=600, help="Hall seconds in a wall second.")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Open no windows.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Empty folder for log, pictures, tickets, sound, summary.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of everything that is left to chance.")] = 7,
    http: Annotated[str, typer.Option(help="HOST:PORT of loopback for browsers.")] = HTTP,
    mqtt: Annotated[
        str, typer.Option(help="embedded:PORT (0 takes a free one) or mqtt://HOST:PORT.")
    ] = "embedded:0",
    data: Annotated[
        Path | None, typer.Option(help="Data folder; else that of --out, or one thrown away.")
    ] = None,
    start: Annotated[str, typer.Option(help="HH:MM at which the day begins; else opening.")] = "",
    busy: Annotated[str, typer.Option(help="quiet, normal or rush.")] = "normal",
    fault: Annotated[
        list[str] | None,
        typer.Option(help="With --minutes: paper, cable or kill[:DEVICE]@SECONDS[+SECONDS]."),
    ] = None,
    log_form: Annotated[LogForm, typer.Option(help="How log lines look.")] = "plain",
    log_level: Annotated[LogLevel, typer.Option(help="The least serious lines.")] = "warning",
) -> int:
    """Run a whole hall: server, machines, citizens and clerks, on the product's own parts."""
    from paihao_config.findings import HallFileError
    from paihao_config.loader import read
    from paihao_demo.citizens import BUSY
    from paihao_demo.faults import Planned
    from paihao_demo.hall import Wishes

    start_logs(log_form, log_level)
    if busy not in BUSY:
        raise CommandError(f"--busy {busy}: one of {', '.join(BUSY)}", code=2)
    if fault and minutes is None:
        raise CommandError("--fault needs --minutes", code=2)
    try:
        planned = tuple(Planned.parse(one) for one in fault or ())
        hall_file = read(hall)
    except ValueError as error:
        raise CommandError(f"--fault {error}", code=2) from error
    except HallFileError as error:
        raise CommandError(*(str(finding) for finding in error.findings)) from error
    begin = _time(start)
    with tempfile.TemporaryDirectory(prefix="paihao-demo-") as thrown_away:
        wishes = Wishes(
            hall_file=hall,
            data=data or out or Path(thrown_away),
            out=_results(out),
            http=_listen(http),
            mqtt=mqtt if "://" in mqtt else _endpoint(mqtt.removeprefix("embedded:"), "--mqtt"),
            seed=seed,
            busy=busy,
        )
        try:
            asyncio.run(_run(hall_file, wishes, begin, speed, minutes, planned, headless=headless))
        except BaseExceptionGroup as group:
            raise _why(group) from group
    return 0


def main(argv: list[str]) -> int:
    """Run a whole hall on this machine: emulated devices, simulated citizens and clerks."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    return run_app(app, argv, name="demo")


async def _run(
    hall_file: "HallFile",
    wishes: "Wishes",
    begin: time | None,
    speed: float | None,
    minutes: float | None,
    planned: "tuple[Planned, ...]",
    *,
    headless: bool,
) -> None:
    from datetime import datetime

    from paihao_demo.bounded import UnequalError, run_bounded
    from paihao_demo.hall import DemoHall
    from paihao_demo.timing import opening
    from paihao_display.outputs import WAV_RATE_HZ
    from paihao_display.voices import open_voice
    from paihao_runtime.clock import ScaledClock

    plan = hall_file.plan
    start = opening(plan, datetime.now(plan.tz).date(), begin)
    clock = ScaledClock(start, speed or (60.0 if minutes else 1.0))
    async with open_voice(WAV_RATE_HZ) as voice:
        hall = DemoHall(hall_file, wishes, clock, voice)
        for one in planned:
            if not hall.faults.knows(one.kind, one.device):
                raise CommandError(f"--fault: {plan.id} has no {one.kind} {one.device}", code=2)
        if minutes is None:
            await _stay(hall, headless=headless)
            return
        try:
            counts = await run_bounded(hall, minutes, planned)
        except UnequalError as error:
            raise CommandError(str(error)) from error
    where = f"; see {wishes.out}" if wishes.out else ""
    print_lines(
        [
            f"{plan.name.zh}: {counts.issued} issued, {counts.printed} printed, "
            f"{counts.called} called, {counts.announced} announced, {counts.missed} missed, "
            f"{counts.completed} completed{where}"
        ]
    )


async def _stay(hall: "DemoHall", *, headless: bool) -> None:
    """Run until stopped by a signal, or by closing a window."""
    from paihao_demo.desktop import Desktop, has_screen
    from paihao_demo.tally import VISITOR
    from paihao_look.window import NoScreenError

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    desktop: Desktop | None = None
    if has_screen() and not headless:
        try:
            desktop = Desktop(stopped.set)
        except NoScreenError as error:
            log.warning("%s", error)
        else:
            hall.open_windows(desktop)
    try:
        async with hall.running():
            print_lines(
                [
                    f"{hall.plan.name.zh}: the demo hall is open",
                    f"  look at it   {hall.base}/demo",
                    f"  log in       {hall.base}/login",
                    f"               as {VISITOR}, password {hall.password}",
                    "  Ctrl-C ends it",
                ]
            )
            await stopped.wait()
    finally:
        if desktop is not None:
            desktop.close()


def _why(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return what the person reads: a line for what can be expected, else the fault itself."""
    from paihao_server.broker.embedded import BrokerError
    from paihao_server.log.interface import LogError

    expected = group.subgroup((OSError, BrokerError, LogError))
    if expected is None:
        return group
    error: BaseException = expected
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return CommandError(str(error))


def _time(text: str) -> time | None:
    if not text:
        return None
    if not _TIME.fullmatch(text):
        raise CommandError(f"--start {text!r}: expected HH:MM", code=2)
    return time.fromisoformat(text)


def _results(out: Path | None) -> Path | None:
    """Return the folder of results, made when missing; refuse one with another run's log."""
    if out is None:
        return None
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise CommandError(f"--out {out}: not empty; results of two runs would be mixed")
    except OSError as error:
        raise CommandError(f"{out}: {error.strerror}") from error
    return out


def _listen(http: str) -> "Endpoint":
    """Return where browsers find the demo; another port when the usual one is taken."""
    from paihao_demo.hall import free_port
    from paihao_server.process import Endpoint

    endpoint = _endpoint(http, "--http")
    if endpoint.host not in ("127.0.0.1", "localhost"):
        raise CommandError(f"--http {http}: a demo is open to loopback only", code=2)

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((endpoint.host, endpoint.port))
        except OSError as error:
            if http != HTTP:
                raise CommandError(f"--http {http}: {error.strerror}") from error
            return Endpoint(endpoint.host, free_port())
    return endpoint if endpoint.port else Endpoint(endpoint.host, free_port())


def _endpoint(text: str, option: str) -> "Endpoint":
    """Return host and port of ``HOST:PORT`` or ``PORT``."""
    from paihao_server.process import LOOPBACK, Endpoint

    found = _ENDPOINT.fullmatch(text)
    if found is None or int(found["port"]) > 65535:
        raise CommandError(f"{option} {text!r}: expected HOST:PORT", code=2)
    return Endpoint(found["host"] or LOOPBACK, int(found["port"]))
