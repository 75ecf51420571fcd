"""``paihao credential`` and ``paihao mosquitto`` as a person types them."""

from pathlib import Path

import pytest

from paihao_runtime.command import CommandError
from paihao_server.broker.commands import credential, mosquitto
from paihao_server.credentials import CredentialFile, fits


def test_a_login_is_made_listed_and_revoked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(tmp_path)]
    assert credential(["create", *where, "--device", "kiosk-1", "--kind", "kiosk"]) == 0
    secret = capsys.readouterr().out.strip()
    found = CredentialFile(tmp_path).find("kiosk-1")
    assert found is not None
    assert fits(secret, found.verifier)
    assert credential(["list", *where]) == 0
    assert capsys.readouterr().out == "kiosk-1\tkiosk\n"
    assert credential(["revoke", *where, "--device", "kiosk-1"]) == 0
    assert credential(["list", *where]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["create", "--device", "a/b", "--kind", "kiosk"], 1, "not a device id"),
        (["create", "--device", "a", "--kind", "server"], 2, "server"),
        (["revoke", "--device", "nobody"], 1, "nobody has no credential"),
        (["make"], 2, "make"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, words: list[str], code: int, said: str) -> None:
    with pytest.raises(CommandError, match=said) as caught:
        credential([words[0], "--data", str(tmp_path), *words[1:]])
    assert caught.value.code == code


def test_the_files_for_mosquitto_hold_every_login_and_only_its_topics(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    CredentialFile(data).create("kiosk-1", "kiosk")
    words = ["--hall", "h1", "--data", str(data), "--out", str(out), "--port", "1884"]
    assert mosquitto(words) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(out / name) for name in ("mosquitto.conf", "passwd", "acl")
    ]
    assert "listener 1884 127.0.0.1" in (out / "mosquitto.conf").read_text()
    assert "set_tcp_nodelay true" in (out / "mosquitto.conf").read_text()
    names = [line.partition(":")[0] for line in (out / "passwd").read_text().splitlines()]
    assert names == ["kiosk-1", "server"]
    kiosk, server = (out / "acl").read_text().split("\n\n")
    assert kiosk.splitlines()[0] == "user kiosk-1"
    assert "topic write paihao/h1/kiosk/kiosk-1/request" in kiosk
    assert "topic read paihao/h1/kiosk/kiosk-1/reply" in kiosk
    assert "topic write paihao/h1/zone" not in kiosk
    assert server.splitlines() == [
        "user server",
        "topic write paihao/h1/#",
        "topic read paihao/h1/#",
    ]


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    words = ["--hall", "h1", "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    with pytest.raises(CommandError, match="go together") as caught:
        mosquitto([*words, "--certificate", "chain.pem"])
    assert caught.value.code == 2
