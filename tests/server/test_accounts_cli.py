"""``paihao user`` and ``paihao token`` as an operator types them."""

import io
from pathlib import Path

import pytest

from paihao_runtime.command import CommandError
from paihao_server.accounts_cli import token, user
from paihao_server.accounts_db import AccountsDb


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_a_user_is_made_with_a_one_time_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path / "hall")]
    user(["create", "E0312", "--role", "clerk", "--full-name", "李敏", *data])
    (password,) = lines(capsys)
    assert len(password) == 19
    user(["list", *data])
    assert lines(capsys) == ["E0312\tclerk\tmust-change\t李敏"]
    user(["disable", "E0312", *data])
    user(["list", *data])
    assert lines(capsys)[-1] == "E0312\tclerk\tdisabled\t李敏"
    user(["enable", "E0312", *data])
    user(["password", "E0312", *data])
    assert lines(capsys)[-1] != password


def test_a_password_may_come_from_stdin_but_must_be_good(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["create", "E0312", "--role", "clerk", "--password-stdin", "--data", str(tmp_path)]
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="not good enough"):
        user(words)
    monkeypatch.setattr("sys.stdin", io.StringIO("Correct-Horse-7\n"))
    user(words)
    assert lines(capsys) == ["E0312 must change the password at the next login"]


def test_a_token_is_printed_once_and_kept_as_a_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    token(["create", "--role", "manager", "--name", "caller", *data])
    (value,) = lines(capsys)
    assert value.startswith("paihao_")
    assert value.encode() not in (tmp_path / "accounts.db").read_bytes()
    token(["revoke", "caller", *data])
    token(["list", *data])
    assert lines(capsys)[-1].startswith("caller\tmanager\trevoked\t")


def test_a_token_without_a_name_gets_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token(["create", "--role", "clerk", "--data", str(tmp_path)])
    lines(capsys)
    db = AccountsDb(tmp_path / "accounts.db")
    (row,) = db.tokens()
    db.close()
    assert row.name.startswith("clerk-")


@pytest.mark.parametrize(
    ("words", "problem", "code"),
    [
        (["create", "E1", "--role", "boss"], "no role 'boss'", 2),
        (["create", "a b", "--role", "clerk"], "is not a name", 2),
        (["disable", "nobody"], "there is no 'nobody'", 1),
        (["password", "nobody"], "there is no 'nobody'", 1),
        (["create"], "Missing", 2),
    ],
)
def test_wrong_use_is_one_clear_line(
    tmp_path: Path, words: list[str], problem: str, code: int
) -> None:
    with pytest.raises(CommandError, match=problem) as caught:
        user([*words, "--data", str(tmp_path)])
    assert caught.value.code == code


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="file"):
        token(["list", "--data", str(tmp_path / "file" / "data")])
