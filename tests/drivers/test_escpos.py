"""The interpreter of printer bytes: fed by another encoder, by hand and with rubbish."""

import json
from pathlib import Path

import pytest
from escpos.printer import Dummy
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from paihao_drivers.emulator.escpos import AutoStatusSet, CutDone, EscPosInterpreter, PaperAsked
from paihao_drivers.emulator.paper import KEPT_SHEETS, LONGEST_SHEET_DOTS, Sheet
from tests.drivers.samples import different_dots, ink, qr_texts

VECTORS = json.loads(
    (Path(__file__).parent / "vectors" / "escpos_python_escpos_3_1.json").read_text("utf-8")
)["cases"]


def sheet(data: bytes, width_dots: int = 576) -> Image.Image:
    """Return the one sheet that these bytes print."""
    interpreter = EscPosInterpreter(width_dots)
    interpreter.feed(data)
    assert interpreter.unknown == 0
    (only,) = interpreter.tear()
    return only.picture


def ink_box(picture: Image.Image) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of what is black."""
    box = picture.convert("L").point(lambda level: 255 - level).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["call"])
def test_every_command_of_python_escpos_is_understood(case: dict[str, str]) -> None:
    interpreter = EscPosInterpreter(576)
    interpreter.feed(bytes.fromhex(case["hex"]))
    assert interpreter.unknown == 0
    interpreter.tear()
    # Nothing that follows was taken for a parameter.
    interpreter.feed(b"\x1b@A\n")
    assert ink(interpreter.tear()[-1].picture) > 0


def test_a_whole_ticket_of_python_escpos_prints_and_its_code_scans() -> None:
    printer = Dummy(profile="NT-80-V-UL")
    printer.hw("INIT")
    printer.set(align="center", bold=True, double_width=True, double_height=True)
    printer.text("业务号 A001\n")
    printer.set_with_default(align="left")
    printer.text("请到3号窗口\n")
    printer.qr("https://x.cn/t/A001", native=True, size=6, ec=1)
    printer.barcode("{BA001", "CODE128", height=64, width=2, function_type="B")
    printer.cut(mode="PART")
    interpreter = EscPosInterpreter(576)
    effects = interpreter.feed(printer.output)
    (ticket,) = interpreter.take_sheets()
    assert effects == [CutDone()]
    assert ticket.cut
    assert qr_texts(ticket.picture) == ["https://x.cn/t/A001"]


@pytest.mark.parametrize("way", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_the_same_picture_sent_in_three_ways_is_the_same_paper(way: str) -> None:
    picture = Image.effect_noise((200, 96), 80).convert("1")
    printer = Dummy(profile="NT-80-V-UL")
    printer.image(picture, impl=way)
    paper = sheet(printer.output).crop((0, 0, 200, 96))
    assert different_dots(paper, picture) == 0


def test_text_is_as_large_as_its_size_command_says() -> None:
    small = ink_box(sheet(b"8\n"))
    large = ink_box(sheet(b"\x1d!\x66" + b"8\n"))  # seven times
    assert (large[2] - large[0]) == 7 * (small[2] - small[0])
    assert (large[3] - large[1]) == 7 * (small[3] - small[1])


def test_chinese_fills_a_cell_twice_as_wide_as_a_digit() -> None:
    line = sheet("国国国国国国国国国国国国国国国国国国国国国国国国国\n".encode("gb18030"))
    assert line.height == 60  # 25 characters of 24 dots: the last one is on the second line


def test_alignment_moves_the_line() -> None:
    left, right = sheet(b"8\n"), sheet(b"\x1ba\x028\n")
    assert ink_box(left)[0] < 12
    assert ink_box(right)[2] > 564


def test_bold_reverse_and_underline_add_ink() -> None:
    plain = ink(sheet(b"8888\n"))
    assert ink(sheet(b"\x1bE\x018888\n")) > plain
    assert ink(sheet(b"\x1b-\x018888\n")) > plain
    assert ink(sheet(b"\x1dB\x018888\n")) > 2 * plain


def test_outside_the_chinese_mode_high_bytes_are_signs_of_a_code_page() -> None:
    in_chinese = sheet("国".encode("gb18030") + b"\n")
    outside = sheet(b"\x1c." + "国".encode("gb18030") + b"\n")
    assert in_chinese.tobytes() != outside.tobytes()


def test_a_sheet_that_is_never_cut_is_torn_off_at_two_metres() -> None:
    interpreter = EscPosInterpreter(384)
    interpreter.feed(b"\x1bd\xff" * 3)
    (torn,) = interpreter.take_sheets()
    assert LONGEST_SHEET_DOTS - 1_024 <= torn.picture.height <= LONGEST_SHEET_DOTS
    assert not torn.cut
    assert torn.picture.height + interpreter.fed_dots == 3 * 255 * 30


def test_questions_come_out_as_effects_in_order() -> None:
    interpreter = EscPosInterpreter(576)
    effects = interpreter.feed(b"A\n\x1da\xff\x1dr\x01\x1dV\x00")
    assert effects == [AutoStatusSet(0xFF), PaperAsked(1), CutDone()]


def test_a_sheet_becomes_a_png_file() -> None:
    assert Sheet(sheet(b"8\n"), cut=True).png().startswith(b"\x89PNG")


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_rubbish_never_stops_it_and_never_fills_the_memory(data: bytes) -> None:
    interpreter = EscPosInterpreter(384)
    interpreter.feed(data)
    sheets = interpreter.tear()
    assert len(sheets) <= KEPT_SHEETS
    assert all(piece.picture.height <= LONGEST_SHEET_DOTS for piece in sheets)


_STARTS = "1B 1D 1C 10 1D286B 1D284C 1D384C 1D7630 1B2A 1D6B 1B40 1D56 41 B9FA 0A FFFFFF 000000"
_WHOLE = "1D286B0300315130 1D286B050031503061 1D284C02003032 1D2177 1B6101 1C26 1C2E 1B64FF"
COMMANDS = st.sampled_from([bytes.fromhex(code) for code in f"{_STARTS} {_WHOLE}".split()])


@settings(max_examples=200)
@given(st.lists(st.one_of(COMMANDS, st.binary(max_size=6)), max_size=60))
def test_broken_commands_in_any_order_never_stop_it(parts: list[bytes]) -> None:
    interpreter = EscPosInterpreter(384)
    for part in parts:
        interpreter.feed(part)
    assert len(interpreter.tear()) <= KEPT_SHEETS


@given(st.lists(COMMANDS, max_size=20), st.integers(min_value=1, max_value=9))
def test_slices_make_no_difference(parts: list[bytes], size: int) -> None:
    data = b"".join(parts)
    whole, sliced = EscPosInterpreter(384), EscPosInterpreter(384)
    effects = whole.feed(data)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert [effect for piece in pieces for effect in sliced.feed(piece)] == effects
    assert [page.picture.tobytes() for page in whole.tear()] == [
        page.picture.tobytes() for page in sliced.tear()
    ]


def test_a_picture_that_claims_four_gigabytes_costs_nothing() -> None:
    interpreter = EscPosInterpreter(384)
    interpreter.feed(b"\x1d8L\xff\xff\xff\xff0p0\x01\x011\xff\xff\xff\xff" + bytes(300_000))
    assert interpreter.tear() == []
    interpreter = EscPosInterpreter(384)
    interpreter.feed(b"\x1dv0\x00\xff\xff\xff\xff" + bytes(300_000))
    assert interpreter.fed_dots < 10
