"""Logins of devices: made once, checked, revoked, and never readable by others."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from paihao_server.credentials import (
    SERVER,
    CredentialError,
    CredentialFile,
    fits,
    make_verifier,
)


def test_the_secret_fits_its_verifier_and_no_other(tmp_path: Path) -> None:
    credentials = CredentialFile(tmp_path)
    secret = credentials.create("kiosk-1", "kiosk")
    found = credentials.find("kiosk-1")
    assert found is not None
    assert found.kind == "kiosk"
    assert fits(secret, found.verifier)
    assert not fits(secret + "x", found.verifier)
    assert secret not in (tmp_path / "credentials.json").read_text()


def test_two_secrets_differ_and_have_256_bits(tmp_path: Path) -> None:
    credentials = CredentialFile(tmp_path)
    first, second = credentials.create("a", "kiosk"), credentials.create("b", "kiosk")
    assert first != second
    assert len(first) * 6 >= 256


@pytest.mark.real
def test_mosquittos_own_tool_makes_verifiers_that_we_understand(tmp_path: Path) -> None:
    passwd = tmp_path / "passwd"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwd), "kiosk-1", "secret"], check=True)
    name, _, verifier = passwd.read_text().strip().partition(":")
    assert name == "kiosk-1"
    assert fits("secret", verifier)
    assert not fits("Secret", verifier)


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    credentials = CredentialFile(tmp_path / "data")
    credentials.create("kiosk-1", "kiosk")
    credentials.server_secret()
    for name in ("credentials.json", "server-secret"):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_what_root_makes_belongs_to_the_owner_of_the_folder(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12346)
    CredentialFile(tmp_path).server_secret()
    for file in tmp_path.iterdir():
        assert (file.stat().st_uid, file.stat().st_gid) == (12345, 12346)


def test_a_server_login_whose_secret_is_lost_is_said(tmp_path: Path) -> None:
    CredentialFile(tmp_path).server_secret()
    (tmp_path / "server-secret").unlink()
    with pytest.raises(CredentialError, match="revoke the credential server"):
        CredentialFile(tmp_path).server_secret()


def test_a_revoked_login_is_gone_for_another_process_too(tmp_path: Path) -> None:
    running, typed = CredentialFile(tmp_path), CredentialFile(tmp_path)
    typed.create("kiosk-1", "kiosk")
    assert running.find("kiosk-1") is not None
    typed.revoke("kiosk-1")
    assert running.find("kiosk-1") is None


def test_the_server_gets_a_login_once(tmp_path: Path) -> None:
    secret = CredentialFile(tmp_path).server_secret()
    credentials = CredentialFile(tmp_path)
    assert credentials.server_secret() == secret
    found = credentials.find(SERVER)
    assert found is not None
    assert found.kind == "server"
    assert fits(secret, found.verifier)


def test_a_name_is_taken_once_and_must_be_a_topic_id(tmp_path: Path) -> None:
    credentials = CredentialFile(tmp_path)
    credentials.create("kiosk-1", "kiosk")
    with pytest.raises(CredentialError, match="kiosk-1 has a credential"):
        credentials.create("kiosk-1", "board")
    for name in ("", "a/b", "#", "+", "窗口", "a" * 33, "a:b", "a\nb"):
        with pytest.raises(CredentialError, match="not a device id"):
            credentials.create(name, "kiosk")
    with pytest.raises(CredentialError, match="kiosk-2 has no credential"):
        credentials.revoke("kiosk-2")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 9, "credentials": []}'])
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "credentials.json").write_text(content)
    with pytest.raises(CredentialError, match=r"credentials\.json"):
        CredentialFile(tmp_path).all()


@pytest.mark.parametrize("verifier", ["", "$6$a$b", "$7$x$AA==$AA==", "$7$101$?$AA==", "plain"])
def test_a_verifier_of_another_form_is_said_and_lets_nobody_in(verifier: str) -> None:
    with pytest.raises(CredentialError):
        fits("secret", verifier)


def test_the_form_is_mosquittos() -> None:
    kind, iterations, salt, digest = make_verifier("s", salt=bytes(12)).split("$")[1:]
    assert (kind, iterations, salt, len(digest)) == ("7", "101", "AAAAAAAAAAAAAAAA", 88)
