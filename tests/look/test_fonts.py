"""The typeface: two real weights, rare names, widths."""

from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from paihao_look import fonts


def test_bold_is_another_drawing_of_the_same_width_for_chinese() -> None:
    regular, _ = fonts.font("regular").render("登", (0, 0, 0), size=100)
    bold, _ = fonts.font("bold").render("登", (0, 0, 0), size=100)

    def ink(surface: object) -> int:
        return sum(surface.get_buffer().raw[3::4])  # type: ignore[attr-defined]

    assert ink(bold) > 1.25 * ink(regular)
    assert fonts.width("登", 100, "bold") == fonts.width("登", 100, "regular") == 100


def test_characters_of_rare_names_are_there() -> None:
    for character in "龘囍喆㙍䶮㑇𬀩𫖮𠅤𣲘":
        assert fonts.has_glyph(character), character


def test_a_line_is_as_wide_as_its_parts() -> None:
    whole = fonts.width("约 13-21 分钟", 40, "bold")
    parts = sum(fonts.width(part, 40, "bold") for part in ("约 ", "13-21", " 分钟"))
    assert abs(whole - parts) <= 1
    assert fonts.width("", 40) == 0


def test_a_missing_package_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "find_spec", lambda _name: None)
    with pytest.raises(fonts.FontMissingError) as problem:
        fonts.font_file()
    assert str(problem.value) == (
        "font Noto Sans SC: the Python package justmytype-intl-cjk is not installed"
    )


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spec = ModuleSpec("fonts", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(fonts, "find_spec", lambda _name: spec)
    with pytest.raises(fonts.FontMissingError, match=r"NotoSansSC\[wght\].ttf is not there"):
        fonts.font_file()


def test_a_broken_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "font.ttf"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(fonts, "font_file", lambda: broken)
    fonts.font.cache_clear()
    try:
        with pytest.raises(fonts.FontMissingError, match="cannot be read"):
            fonts.font("regular")
    finally:
        fonts.font.cache_clear()
