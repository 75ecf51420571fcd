"""``paihao serve``: what keeps a server from starting is one clear line."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from paihao_runtime.clock import RealClock
from paihao_runtime.command import CommandError
from paihao_runtime.places import shipped
from paihao_server.accounts_db import AccountsDb
from paihao_server.folder import DataFolder
from paihao_server.process import Endpoint, HallServer, Ready, Settings
from paihao_server.serve_command import exposed_logins, main
from tests.server.web_hall import PASSWORD, add_person

HALL = str(shipped("halls") / "jiyuan-town.toml")


@pytest.fixture(autouse=True)
def _same_umask() -> Iterator[None]:
    """The command makes files private; the tests after it should not."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def start(data: Path, *words: str) -> CommandError:
    """Start a server that cannot; return what it said."""
    free = ["--http", "127.0.0.1:0", "--mqtt", "embedded:0"]
    with pytest.raises(CommandError) as failed:
        main(["--hall", HALL, "--data", str(data), *free, *words])
    assert len(failed.value.lines) == 1
    return failed.value


def test_a_port_in_use_is_named_with_its_purpose(tmp_path: Path, taken: int) -> None:
    http = start(tmp_path, "--http", f"127.0.0.1:{taken}")
    assert str(http) == f"HTTP 127.0.0.1:{taken}: the port is in use"
    mqtt = start(tmp_path, "--mqtt", f"embedded:{taken}")
    assert str(mqtt) == f"MQTT port 127.0.0.1:{taken} is in use"
    assert (http.code, mqtt.code) == (1, 1)


def test_an_address_of_another_machine_is_named(tmp_path: Path) -> None:
    assert str(start(tmp_path, "--http", "192.0.2.1:0")).startswith("HTTP 192.0.2.1:0: ")
    assert str(start(tmp_path, "--mqtt", "embedded:192.0.2.1:0")).startswith("MQTT on 192.0.2.1:0")


def test_a_second_server_on_a_folder_is_refused(tmp_path: Path) -> None:
    with DataFolder(tmp_path).locked():
        assert "another server works on this data folder" in str(start(tmp_path))


def test_a_wrong_hall_file_is_its_errors(tmp_path: Path) -> None:
    wrong = tmp_path / "hall.toml"
    wrong.write_text("version = 1\nnonsense = 2\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"hall\.toml:2") as failed:
        main(["--hall", str(wrong), "--data", str(tmp_path / "data")])
    assert failed.value.code == 1


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["--http", "nonsense"], "--http 'nonsense': expected HOST:PORT", 2),
        (["--mqtt", "embedded:99999"], "--mqtt '99999': expected HOST:PORT", 2),
        (["--mqtt", "http://x"], "http://x: expected mqtt://", 1),
        (["--log", "xml"], "'xml' is not one of 'plain', 'json'", 2),
    ],
)
def test_wrong_words_are_named(tmp_path: Path, words: list[str], says: str, code: int) -> None:
    error = start(tmp_path, *words)
    assert says in str(error)
    assert error.code == code


@pytest.mark.parametrize(
    ("host", "behind_tls", "warning"),
    [
        ("127.0.0.1", False, ""),
        ("::1", False, ""),
        ("localhost", False, ""),
        ("127.0.0.1", True, ""),
        ("0.0.0.0", False, "cross the network without TLS"),  # noqa: S104
        ("192.0.2.10", False, "cross the network without TLS"),
        ("hall.example", False, "cross the network without TLS"),
        ("0.0.0.0", True, "may come past the TLS proxy"),  # noqa: S104
    ],
)
def test_logins_that_the_network_can_read_are_warned_of(
    tmp_path: Path, host: str, behind_tls: bool, warning: str
) -> None:
    settings = Settings(
        hall_file=Path(HALL),
        data=tmp_path,
        http=Endpoint(host, 8080),
        mqtt=Endpoint("127.0.0.1", 1883),
        behind_tls=behind_tls,
    )
    said = exposed_logins(settings)
    assert warning in said
    assert bool(said) == bool(warning)


def test_warnings_of_logins_and_of_tickets_codes_come_at_the_start(
    tmp_path: Path, taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    start(tmp_path, "--http", f"0.0.0.0:{taken}")
    warnings = [line for line in capsys.readouterr().err.splitlines() if " warning " in line]
    logins, codes = warnings
    assert "--http 0.0.0.0: passwords and logins cross the network" in logins
    assert "phone_url http://127.0.0.1:8080: a phone that scans a ticket finds nothing" in codes


async def test_behind_tls_logins_are_for_tls_only_and_clerks_know_whom_to_call(
    tmp_path: Path,
) -> None:
    db = AccountsDb(DataFolder(tmp_path).accounts)
    add_person(db, "E0312", "clerk")
    db.close()
    here = Endpoint("127.0.0.1", 0)
    settings = Settings(
        hall_file=Path(HALL), data=tmp_path, http=here, mqtt=here,
        behind_tls=True, support="值班技术员 分机 8021",
    )  # fmt: skip
    ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
    server = HallServer(settings, RealClock())
    running = asyncio.create_task(server.run(ready.set_result))
    there = await ready
    form = {"staff": "E0312", "password": PASSWORD}
    try:
        async with ClientSession(there.http) as browser:
            login = await browser.post(
                "/login",
                data=form,
                headers={"Sec-Fetch-Site": "same-origin"},
                allow_redirects=False,
            )
            (cookie,) = login.headers.getall("Set-Cookie")
            window = next(iter(server.dispatcher.hall.windows))
            page = await browser.get(
                f"/console/{window}", headers={"Cookie": cookie.partition(";")[0]}
            )
            assert cookie.startswith("__Host-paihao_session=")
            assert "Secure" in cookie
            assert "值班技术员 分机 8021" in await page.text()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert str(tmp_path / "file") in str(start(tmp_path / "file" / "data"))
