"""The commands ``paihao credential`` and ``paihao mosquitto``."""

from pathlib import Path
from typing import Annotated, Final

import typer

from paihao_config.findings import HallFileError
from paihao_config.loader import load
from paihao_hall.contract import BEAT
from paihao_hall.plan import DeviceKind, HallPlan
from paihao_runtime.command import CommandError, print_lines, run_app
from paihao_runtime.rights import LoginKind
from paihao_server.broker.mosquitto import Listener, write_files
from paihao_server.credentials import CredentialError, CredentialFile

_DataFolder = Annotated[Path, typer.Option("--data", help="The hall's data folder.")]
_Device = Annotated[str, typer.Option("--device", help="Id of the device, as in the hall file.")]

credential_app: Final = typer.Typer(help="Make, list and revoke the logins of devices.")
mosquitto_app: Final = typer.Typer(help="Write the files of a Mosquitto for this hall.")


def credential(argv: list[str]) -> int:
    """Make, list and revoke the logins with which devices reach the broker."""
    return _run(credential_app, argv, "credential")


def mosquitto(argv: list[str]) -> int:
    """Write mosquitto.conf, passwd and acl for the devices of this hall."""
    return _run(mosquitto_app, argv, "mosquitto")


@credential_app.command("create")
def create(
    data: _DataFolder,
    device: _Device,
    kind: Annotated[DeviceKind, typer.Option("--kind", help="What the device is.")],
) -> None:
    """Make a login and print its secret, which cannot be shown again."""
    print_lines([CredentialFile(data).create(device, kind)])


@credential_app.command("create-all")
def create_all(
    hall_file: Annotated[Path, typer.Option("--hall-file", help="The hall file.")],
    data: _DataFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder for a file NAME.secret of each.")],
    windows: Annotated[
        bool, typer.Option("--windows/--no-windows", help="Whether windows have boxes that log in.")
    ] = True,
) -> None:
    """Make the logins that devices of a hall file still lack, and write their secrets to files."""
    plan = _plan(hall_file)
    wanted: dict[str, LoginKind] = {
        device.id: device.kind for device in plan.devices if windows or device.kind != "window"
    }
    made = CredentialFile(data).create_missing(wanted, out)
    print_lines(
        [
            *(f"{name}\t{wanted[name]}\t{out / name}.secret" for name in made),
            f"{plan.id}: {len(made)} logins made, {len(wanted) - len(made)} were there",
        ]
    )


@credential_app.command("list")
def list_all(data: _DataFolder) -> None:
    """Print each device with its kind."""
    print_lines(f"{each.name}\t{each.kind}" for each in CredentialFile(data).all())


@credential_app.command("revoke")
def revoke(data: _DataFolder, device: _Device) -> None:
    """Delete a login; a running embedded broker shuts the device out within a second."""
    CredentialFile(data).revoke(device)


@mosquitto_app.command()
def write(
    hall: Annotated[str, typer.Option("--hall", help="Id of the hall.")],
    data: _DataFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder for the three files.")],
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.", min=1)] = 1883,
    store: Annotated[Path, typer.Option("--store", help="Where Mosquitto keeps its state.")] = Path(
        "/var/lib/mosquitto"
    ),
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="Certificate chain, for TLS.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Key of the certificate.")] = None,
) -> None:
    """Write the three files, the server's own login among them, and print their paths."""
    try:
        BEAT.path(hall=hall)
    except ValueError as error:
        raise CommandError(
            f"--hall {hall!r}: the id in the hall file, not a path", code=2
        ) from error
    if (certificate is None) != (key is None):
        raise CommandError("--certificate and --key go together", code=2)
    pair = (certificate, key) if certificate is not None and key is not None else None
    credentials = CredentialFile(data)
    credentials.server_secret()
    files = write_files(out, hall, credentials.all(), Listener(host, port, pair), store=store)
    print_lines(str(path) for path in files)


def _plan(hall_file: Path) -> HallPlan:
    try:
        return load(hall_file)
    except HallFileError as error:
        raise CommandError(*(str(finding) for finding in error.findings)) from error


def _run(app: typer.Typer, argv: list[str], name: str) -> int:
    try:
        return run_app(app, argv, name=name)
    except (CredentialError, OSError) as error:
        raise CommandError(str(error)) from error
