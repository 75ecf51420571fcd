"""Rules of the style sheets that can be computed: contrast, one place for colours, sizes."""

import hashlib
import re

import pytest

from paihao_server.web.pages import assets

BASE = (assets.STATIC / "base.css").read_text()
SHEETS = sorted(assets.STATIC.glob("*.css"))
TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", BASE))

TEXT = 4.5
LARGE = 3.0
PAIRS = [
    ("ink", "paper", TEXT), ("ink", "mist", TEXT), ("ink-soft", "paper", TEXT),
    ("ink-soft", "mist", TEXT), ("ink-soft", "row-tint", TEXT), ("ink-soft", "call-tint", TEXT),
    ("paper", "hall", TEXT), ("paper", "hall-deep", TEXT), ("paper", "instant", TEXT),
    ("paper", "issuance", TEXT), ("paper", "green", TEXT), ("paper", "hall-key", TEXT),
    ("paper", "alarm", TEXT), ("on-deep", "hall-deep", TEXT), ("paper", "deep-chip", TEXT),
    ("hall-deep", "paper", TEXT), ("hall-deep", "hall-tint", TEXT), ("hall", "paper", TEXT),
    ("warn-ink", "warn-tint", TEXT), ("warn-ink", "paper", TEXT), ("alarm-ink", "paper", TEXT),
    ("alarm-ink", "alarm-tint", TEXT), ("green", "paper", TEXT), ("alarm", "paper", TEXT),
    ("ink", "call", TEXT), ("ink", "call-tint", TEXT), ("ink", "warn-tint", TEXT),
    ("snow", "night", 7.0), ("call", "night", 7.0), ("on-deep", "night-card", TEXT),
    ("snow", "night-card", TEXT), ("led", "led-bed", TEXT),
    ("hall", "bed", LARGE), ("warn", "bed", LARGE), ("alarm", "bed", LARGE), ("ink", "bed", LARGE),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str, least: float) -> None:
    light, dark = sorted((luminance(TOKENS[text]), luminance(TOKENS[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


def test_colours_stand_only_among_the_tokens() -> None:
    for sheet in SHEETS:
        rules = (
            sheet.read_text().split("}", 1)[1] if sheet.name == "base.css" else sheet.read_text()
        )
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", rules) == [], sheet.name


def test_every_token_used_is_declared_and_the_other_way_round() -> None:
    used = {name for sheet in SHEETS for name in re.findall(r"var\(--([a-z-]+)", sheet.read_text())}
    declared = {name for sheet in SHEETS for name in re.findall(r"--([a-z-]+):", sheet.read_text())}
    assert used == declared


def test_sheets_stay_short() -> None:
    assert {sheet.name: n for sheet in SHEETS if (n := sheet.read_text().count("\n")) >= 300} == {}


def test_only_two_weights_are_used() -> None:
    weights = {w for sheet in SHEETS for w in re.findall(r"font-weight: (\w+)", sheet.read_text())}
    assert weights == {"400", "700"}


def test_the_vendored_font_is_what_was_taken() -> None:
    folder = assets.STATIC / "font"
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    assert {path.name for path in folder.glob("*.woff2")} == set(sums)
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert "SIL OPEN FONT LICENSE" in (folder / "LICENSE").read_text()
