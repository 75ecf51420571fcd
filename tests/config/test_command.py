"""``paihao check``: what it prints where, and its exit codes."""

import json
from pathlib import Path

import pytest

from paihao_config.command import check
from paihao_runtime.places import shipped
from tests.fakes.hall_files import SMALL, small_with


def written(folder: Path, text: str) -> str:
    path = folder / "hall.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_zhengzhou_can_be_used_and_prints_exactly_one_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check([str(shipped("halls") / "zhengzhou.toml")]) == 0
    out, err = capsys.readouterr()
    assert [line for line in out.splitlines() if ": warning: " in line] == [out.splitlines()[0]]
    assert "zhengzhou.toml:22: warning: hall.stated_windows: " in out
    assert "107 windows" in out.splitlines()[-1]
    assert err == ""


def test_a_right_file_prints_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check([written(tmp_path, SMALL)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("小厅: 2 zones, 3 windows, 2 queues, 3 services; revision ")
    assert (out.count("\n"), err) == (1, "")


def test_a_wrong_file_names_file_line_and_key_of_every_error_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, small_with(("take_until", "take_untill"), ("calls = 3", "calls = 99")))
    assert check([path]) == 1
    out, err = capsys.readouterr()
    first, second = err.splitlines()
    assert first.startswith(f"{path}:7: error: hall.take_untill: ")
    assert second.startswith(f"{path}:53: error: missed.standard.calls: ")
    assert out == ""


def test_machines_get_one_object_with_the_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, small_with(("take_until", "take_untill")))
    assert check([path, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["file"], answer["ok"], answer["revision"]) == (path, False, None)
    (found,) = answer["findings"]
    assert found["message"]["en"].startswith("unknown key take_untill")
    del found["message"], found["expected"]
    assert found == {
        "file": path, "line": 7, "key": "hall.take_untill", "severity": "error",
        "code": "unknown-key",
    }  # fmt: skip


def test_machines_get_the_revision_of_a_right_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(["--json", written(tmp_path, SMALL)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is True
    assert len(answer["revision"]) == 12
    assert answer["findings"] == []


def test_a_file_that_is_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check([str(tmp_path / "no.toml")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("words", [[], ["a", "b"], ["--jsn", "a"]])
def test_wrong_use_is_one_line_and_exit_code_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("paihao check: ")


def test_help_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(["--help"]) == 0
    assert "--json" in capsys.readouterr().out
