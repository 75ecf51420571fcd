"""``paihao credential`` and ``paihao mosquitto`` as a person types them."""

from pathlib import Path

import pytest

from paihao_config.loader import load
from paihao_hall.plan import DeviceKind
from paihao_runtime.command import CommandError
from paihao_runtime.places import shipped
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


def test_all_logins_that_a_hall_still_lacks_are_made_with_a_secret_file_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hall, out = shipped("halls") / "jiyuan-town.toml", tmp_path / "secrets"
    plan = load(hall)
    kinds = {device.id: device.kind for device in plan.devices}
    boxes = [name for name, kind in kinds.items() if kind == "window"]
    first, *others = [name for name, kind in kinds.items() if kind != "window"]
    assert len(boxes) == len(plan.windows)
    logins = CredentialFile(tmp_path)
    logins.create(first, kinds[first])
    words = ["create-all", "--hall-file", str(hall), "--data", str(tmp_path), "--out", str(out)]
    assert credential([*words, "--no-windows"]) == 0
    *each, summary = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in each] == others
    assert summary == f"jiyuan-town: {len(others)} logins made, 1 were there"
    assert credential(words) == 0
    summary = capsys.readouterr().out.splitlines()[-1]
    assert summary == f"jiyuan-town: {len(boxes)} logins made, {len(others) + 1} were there"
    assert {path.stem for path in out.iterdir()} == kinds.keys() - {first}
    for path in out.iterdir():
        found = logins.find(path.stem)
        assert found is not None
        assert found.kind == kinds[path.stem]
        assert fits(path.read_text(encoding="utf-8").strip(), found.verifier)
        assert path.stat().st_mode & 0o777 == 0o600
    assert out.stat().st_mode & 0o777 == 0o700


def test_a_login_of_another_kind_stops_the_making_of_all(tmp_path: Path) -> None:
    hall, out = shipped("halls") / "jiyuan-town.toml", tmp_path / "secrets"
    device = load(hall).devices[0]
    other: DeviceKind = "board" if device.kind != "board" else "kiosk"
    CredentialFile(tmp_path).create(device.id, other)
    words = ["--hall-file", str(hall), "--data", str(tmp_path), "--out", str(out)]
    with pytest.raises(CommandError, match=f"{device.id} has a credential as {other}"):
        credential(["create-all", *words])
    assert [one.name for one in CredentialFile(tmp_path).all()] == [device.id]
    assert not out.exists()


def test_all_logins_of_a_wrong_hall_file_are_its_errors(tmp_path: Path) -> None:
    hall = tmp_path / "hall.toml"
    hall.write_text("version = 1\n", encoding="utf-8")
    words = ["--hall-file", str(hall), "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    with pytest.raises(CommandError, match=r"hall\.toml:1"):
        credential(["create-all", *words])


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
