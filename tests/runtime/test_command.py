"""The ``paihao`` command line: what is offered, what it answers and how it ends."""

import os
import subprocess
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
import typer

from paihao_runtime.command import GROUP, CommandError, help_line, run, run_app

HERE = __name__


def offered(**commands: str) -> list[EntryPoint]:
    return [EntryPoint(name, value, GROUP) for name, value in commands.items()]


def greet(argv: list[str]) -> int:
    """Say hello to everyone."""
    sys.stdout.write(f"hello {' '.join(argv)}\n")
    return 0


def refuse(argv: list[str]) -> int:
    """Refuse with two problems."""
    raise CommandError("hall.toml:3: zone: unknown key", "hall.toml:9: day: not a time", code=1)


def interrupted(argv: list[str]) -> int:
    """Be interrupted."""
    raise KeyboardInterrupt


def counting(argv: list[str]) -> int:
    """Count, as a typer app."""
    app = typer.Typer()

    @app.command()
    def count(name: str, times: int = 1, *, fail: bool = False) -> None:
        """Count things."""
        if fail:
            raise typer.Exit(1)
        if times == 0:
            raise CommandError(f"{name}: nothing to count")
        sys.stdout.write(f"{name} x {times}\n")

    return run_app(app, argv, name="counting")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> str:
    """Make this module importable under a name that entry points can spell."""
    monkeypatch.setitem(sys.modules, "commands_of_the_test", sys.modules[HERE])
    return "commands_of_the_test"


def test_the_first_word_names_the_command_and_the_rest_is_its_own(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["greet", "the", "hall"], offered(greet=f"{here}:greet")) == 0
    assert capsys.readouterr().out == "hello the hall\n"


def test_an_unknown_command_is_wrong_use_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gret"], offered()) == 2
    assert capsys.readouterr().err == "paihao: no command 'gret'; see paihao --help\n"


def test_no_command_at_all_is_wrong_use_and_shows_what_there_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([], offered(check="nowhere.at_all:main")) == 2
    assert "  check" in capsys.readouterr().out


def test_a_failure_is_said_in_one_line_per_problem(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check"], offered(check=f"{here}:refuse")) == 1
    assert capsys.readouterr().err.splitlines() == [
        "paihao check: hall.toml:3: zone: unknown key",
        "paihao check: hall.toml:9: day: not a time",
    ]


def test_control_c_ends_without_a_traceback(here: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["wait"], offered(wait=f"{here}:interrupted")) == 130
    assert capsys.readouterr().err == ""


def test_a_missing_library_of_another_part_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "needs_more.py").write_text("import library_of_the_server\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert run(["serve"], offered(serve="needs_more:main")) == 1
    assert (
        capsys.readouterr().err == "paihao serve: needs the Python package library_of_the_server\n"
    )


def test_help_reads_the_help_line_without_importing_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "not_imported.py").write_text(
        'raise SystemExit("imported")\ndef main(argv):\n    """Sweep the hall.\n\n    More."""\n',
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert run(["--help"], offered(sweep="not_imported:main")) == 0
    assert "  sweep  Sweep the hall.\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "code", "out", "err"),
    [
        (["tickets", "--times", "3"], 0, "tickets x 3\n", ""),
        (["tickets", "--fail"], 1, "", ""),
        (["tickets", "--times", "0"], 1, "", "paihao counting: tickets: nothing to count\n"),
        ([], 2, "", "paihao counting: Missing argument 'name'.\n"),
        (["tickets", "--colour"], 2, "", "paihao counting: No such option: --colour\n"),
    ],
)
def test_a_typer_app_keeps_the_same_manners(
    argv: list[str],
    code: int,
    out: str,
    err: str,
    here: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["counting", *argv], offered(counting=f"{here}:counting")) == code
    said = capsys.readouterr()
    assert said.out == out
    assert said.err == err


def test_a_typer_app_offers_no_shell_completion_of_its_own(
    here: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["counting", "--help"], offered(counting=f"{here}:counting")) == 0
    said = capsys.readouterr().out
    assert "--times" in said
    assert "completion" not in said


def test_every_command_offered_by_the_project_has_a_help_line() -> None:
    commands = [entry for entry in entry_points(group=GROUP) if entry.module.startswith("paihao_")]
    assert commands, "the project is not installed: run make setup"
    assert [entry.name for entry in commands if not help_line(entry)] == []


def test_output_into_a_closed_pipe_ends_quietly(here: str, tmp_path: Path) -> None:
    (tmp_path / "talks.py").write_text(
        "import sys\ndef main(argv):\n    while True:\n        sys.stdout.write('x' * 9999)\n",
        encoding="utf-8",
    )
    script = (
        "import sys; from importlib.metadata import EntryPoint;"
        "from paihao_runtime.command import run;"
        "sys.exit(run(['talk'], [EntryPoint('talk', 'talks:main', 'paihao.commands')]))"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait() == 1
    assert said == b""
