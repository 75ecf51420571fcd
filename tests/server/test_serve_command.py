"""``paihao serve``: what keeps a server from starting is one clear line."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from paihao_runtime.command import CommandError
from paihao_runtime.places import shipped
from paihao_server.folder import DataFolder
from paihao_server.serve_command import main

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


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert str(tmp_path / "file") in str(start(tmp_path / "file" / "data"))
