"""`paihao serve`: the server of one hall, until it is stopped."""

import asyncio
import gc
import logging
import os
import re
import resource
import signal
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from paihao_runtime.command import CommandError, print_lines, run_app
from paihao_runtime.logs import start_logs
from paihao_runtime.process import LogFormOption, LogLevelOption, leaves

if TYPE_CHECKING:
    from paihao_server.process import Endpoint, Settings

log = logging.getLogger(__name__)

app = typer.Typer(help="Run the server of one hall.")

_ENDPOINT: Final = re.compile(r"(?:(?P<host>\[[^\]]+\]|[^:\[\]/]+):)?(?P<port>\d{1,5})")
_HEARTBEAT_S: Final = 5.0
_END_S: Final = 5.0
_YOUNG_OBJECTS: Final = 50_000


@app.command()
def serve(
    hall: Annotated[Path, typer.Option(help="The hall file.")],
    data: Annotated[Path, typer.Option(help="The hall's data folder; made when missing.")],
    http: Annotated[str, typer.Option(help="HOST:PORT for browsers.")] = "127.0.0.1:8080",
    mqtt: Annotated[
        str, typer.Option(help="embedded:PORT, embedded:HOST:PORT, or mqtt://HOST:PORT.")
    ] = "embedded:1883",
    phone_url: Annotated[
        str, typer.Option(help="Base address of phone pages, in place of the hall file's.")
    ] = "",
    behind_tls: Annotated[
        bool,
        typer.Option(
            "--behind-tls", help="Browsers come through a TLS proxy; logins never go without TLS."
        ),
    ] = False,
    support: Annotated[
        str, typer.Option(help="Whom a clerk calls when the server is lost, for the console.")
    ] = "",
    log_form: LogFormOption = "plain",
    log_level: LogLevelOption = "info",
) -> int:
    """Recover the hall from its log, listen, and serve until stopped by a signal."""
    from paihao_server.process import Settings

    # The folder holds logins and the log of everybody's day: nobody else reads it.
    os.umask(0o077)
    # Each browser, phone and device holds a connection; the usual 1024 are soon taken.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    start_logs(log_form, log_level)
    settings = Settings(
        hall_file=hall,
        data=data,
        http=_endpoint(http, "--http"),
        mqtt=mqtt if "://" in mqtt else _endpoint(mqtt.removeprefix("embedded:"), "--mqtt"),
        phone_url=phone_url,
        behind_tls=behind_tls,
        support=support,
    )
    if exposed := exposed_logins(settings):
        log.warning(exposed)
    try:
        asyncio.run(_serve(settings))
    except BaseExceptionGroup as group:
        raise _why(next(leaves(group))) from group
    except Exception as error:
        raise _why(error) from error
    return 0


def exposed_logins(settings: "Settings") -> str:
    """Return a warning when somebody on the network can read or get round the logins, or nothing.

    On loopback only this machine hears them, be it a browser or the proxy with TLS.
    """
    host = settings.http.host
    if _is_loopback(host):
        return ""
    if settings.behind_tls:
        return (
            f"--http {host}: browsers may come past the TLS proxy; "
            "let it listen on 127.0.0.1 when the proxy is on this machine"
        )
    return (
        f"--http {host}: passwords and logins cross the network without TLS; "
        "put a TLS proxy in front and start with --behind-tls (docs/install.md)"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def main(argv: list[str]) -> int:
    """Run the server of one hall: dispatcher, log, broker, web."""
    return run_app(app, argv, name="serve")


async def _serve(settings: "Settings") -> None:
    """Run the server; SIGTERM and SIGINT end it cleanly."""
    from paihao_runtime.clock import RealClock
    from paihao_server.process import HallServer, Ready

    def ready(there: Ready) -> None:
        _calm_collector()
        print_lines([f"hall open: {there.http}  mqtt: {there.mqtt}  log at {there.seq}"])
        _notify("READY=1")

    server = HallServer(settings, RealClock())
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(server.run(ready), name="hall server")
        watchdog = tasks.create_task(_feed_watchdog(), name="watchdog")
        await stopped.wait()
        _notify("STOPPING=1")
        watchdog.cancel()
        # More than once: a task group whose child fails in the same moment forgets a cancel.
        while not serving.done():
            serving.cancel()
            await asyncio.wait((serving,), timeout=_END_S)


def _calm_collector() -> None:
    """Keep the garbage collector from walking the whole day's tickets every few moments.

    The hall's state has no garbage in cycles; with the usual thresholds a full collection would
    hold every answer for tens of milliseconds once a day's records are in memory.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 100)


async def _feed_watchdog() -> None:
    """Tell systemd that the event loop turns; it restarts a server that hangs."""
    while True:
        _notify("WATCHDOG=1")
        await asyncio.sleep(_HEARTBEAT_S)


def _notify(state: str) -> None:
    """Say a state to systemd, when it listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        try:
            notify.sendto(state.encode(), address.replace("@", "\0", 1))
        except OSError as error:
            log.warning("systemd does not hear %s: %s", state, error)


def _endpoint(text: str, option: str) -> "Endpoint":
    """Return host and port of ``HOST:PORT`` or ``PORT``."""
    from paihao_server.process import LOOPBACK, Endpoint

    found = _ENDPOINT.fullmatch(text)
    if found is None or int(found["port"]) > 65535:
        raise CommandError(f"{option} {text!r}: expected HOST:PORT", code=2)
    return Endpoint((found["host"] or LOOPBACK).strip("[]"), int(found["port"]))


def _why(error: BaseException) -> BaseException:
    """Return what the operator reads: a line for what can be expected, else the fault itself."""
    from paihao_config.findings import HallFileError
    from paihao_hall.refusals import RefusedError
    from paihao_runtime.mqtt import BrokerUrlError
    from paihao_server.accounts_db import AccountsError
    from paihao_server.broker.embedded import BrokerError
    from paihao_server.credentials import CredentialError
    from paihao_server.log.interface import LogError
    from paihao_server.process import ListenError

    expected = (
        LogError,
        BrokerError,
        BrokerUrlError,
        ListenError,
        CredentialError,
        AccountsError,
        RefusedError,
    )
    if isinstance(error, HallFileError):
        return CommandError(*(str(finding) for finding in error.findings))
    if isinstance(error, expected):
        return CommandError(str(error))
    if isinstance(error, OSError):
        words = (error.strerror or str(error)).lower()
        return CommandError(f"{error.filename}: {words}" if error.filename else str(error))
    return error
