"""The command: wrong use and wrong surroundings are one clear line."""

from pathlib import Path

import pytest

from paihao_kiosk.command import main
from paihao_runtime.command import CommandError

GOOD = ["--id", "K1", "--hall", "h", "--mqtt", "mqtt://127.0.0.1:1", "--printer", "/dev/null"]


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["--id", "K1"], "--hall", 2),
        ([*GOOD, "--paper", "a4"], "--paper a4: one of 80mm", 2),
        ([*GOOD, "--log", "xml"], "'--log': 'xml' is not one of 'plain', 'json'", 2),
        ([*GOOD, "--id", "no/slash"], "not a topic id", 2),
        ([*GOOD, "--mqtt", "http://x"], "expected mqtt://", 1),
        ([*GOOD, "--printer", "bogus://x", "--headless"], "address 'bogus://x'", 1),
        ([*GOOD, "--secret-file", "/no/such/file"], "/no/such/file", 1),
    ],
)
def test_what_is_wrong_is_said_in_a_line(words: list[str], says: str, code: int) -> None:
    with pytest.raises(CommandError) as error:
        main(words)
    assert says in " ".join(error.value.lines)
    assert error.value.code == code


def test_a_missing_font_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from paihao_look import fonts

    monkeypatch.setattr(fonts, "find_spec", lambda _name: None)
    fonts.font.cache_clear()
    with pytest.raises(CommandError, match="font Noto Sans SC"):
        main([*GOOD, "--headless", "--frames", str(tmp_path / "frames")])


def test_help_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "touch kiosk" in capsys.readouterr().out
