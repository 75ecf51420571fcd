"""A ticket as bytes: frame, golden text tickets, and the same paper whichever way it is drawn."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from paihao_drivers.emulator.escpos import EscPosInterpreter
from paihao_drivers.emulator.rendering import slips_as_png
from paihao_drivers.printer.codec import picture_bytes, ticket_slip
from paihao_drivers.printer.picture import slip_picture
from paihao_drivers.printer.profile import PAPER_58MM, PAPER_80MM, PROFILES, PrinterProfile
from paihao_drivers.printer.slip import Slip, copy_mark
from tests.drivers.samples import SLIP, different_dots, ink, opened, qr_texts

GOLDEN = Path(__file__).parent / "golden"
ALL = [
    *PROFILES.values(),
    replace(PAPER_80MM, name="80mm-qr-command", qr="command"),
    replace(PAPER_58MM, name="58mm-qr-command", qr="command"),
    replace(PAPER_80MM, name="80mm-graphics", raster_command="graphics"),
    replace(PROFILES["80mm-text"], name="80mm-text-raster-qr", qr="raster"),
    replace(PROFILES["58mm-text"], name="58mm-text-gbk", charset="gbk", chinese_switch=False),
]
WORDS = st.text(max_size=40)


def named(profile: PrinterProfile) -> str:
    return profile.name


def printed(slip: Slip, profile: PrinterProfile) -> Image.Image:
    """Return the one sheet that the ticket makes."""
    (png,) = slips_as_png(ticket_slip(slip, profile), profile.width_dots)
    return opened(png)


@pytest.mark.parametrize("name", ["80mm-text", "58mm-text"])
def test_a_text_ticket_is_byte_for_byte_the_golden_one(name: str) -> None:
    assert ticket_slip(SLIP, PROFILES[name]) == (GOLDEN / f"{name}.bin").read_bytes()


@pytest.mark.parametrize("name", ["80mm", "58mm"])
def test_a_painted_ticket_looks_like_the_golden_one(name: str) -> None:
    picture = slip_picture(SLIP, PROFILES[name].width_dots)
    with Image.open(GOLDEN / f"{name}.png") as golden:
        # Another release of the font rasteriser may move a few edge dots, not a line.
        assert different_dots(picture, golden) < picture.width * picture.height // 500


def test_a_painted_ticket_is_initialised_printed_fed_four_millimetres_and_cut() -> None:
    data = ticket_slip(SLIP, PAPER_80MM)
    assert data.startswith(bytes.fromhex("1B40 1D763000 4800 0002"))  # 72 bytes, 512 rows
    assert data.endswith(bytes.fromhex("1B4A20 1D564200"))


def test_a_printer_without_a_knife_feeds_the_ticket_to_the_tear_bar() -> None:
    data = ticket_slip(SLIP, PAPER_58MM)
    assert data.endswith(bytes.fromhex("1B4A70"))
    assert b"\x1dV" not in ticket_slip(SLIP, PROFILES["58mm-text"])


def test_a_buzzer_sounds_after_the_ticket() -> None:
    interpreter = EscPosInterpreter(576)
    interpreter.feed(ticket_slip(SLIP, replace(PAPER_80MM, buzzer="esc_b")))
    assert interpreter.beeps == 1


@pytest.mark.parametrize("profile", ALL, ids=named)
def test_the_phone_page_can_be_scanned_from_the_paper(profile: PrinterProfile) -> None:
    assert qr_texts(printed(SLIP, profile)) == [SLIP.phone_url]


@pytest.mark.parametrize("profile", ALL, ids=named)
def test_a_copy_has_a_black_bar_that_the_first_print_has_not(profile: PrinterProfile) -> None:
    first = printed(SLIP, profile)
    copy = printed(replace(SLIP, marks=(copy_mark(1), "离线 OFFLINE")), profile)
    assert copy.height > first.height
    assert ink(copy) > ink(first) + 5_000


@pytest.mark.parametrize("profile", ALL, ids=named)
def test_a_long_page_address_still_scans(profile: PrinterProfile) -> None:
    url = "https://queue.zhengzhou.example/hall/zz-main/ticket/7F3KQ2M8?from=paper&lang=zh-CN&v=2"
    assert qr_texts(printed(replace(SLIP, phone_url=url), profile)) == [url]


def test_a_picture_comes_out_dot_for_dot() -> None:
    picture = slip_picture(SLIP, 576)
    paper = printed(SLIP, PAPER_80MM).crop((0, 0, 576, picture.height))
    # A dot may be blackened where the bytes would have been a real-time command.
    assert different_dots(paper, picture) <= 8


@pytest.mark.parametrize("command", ["1004", "1005", "1014"])
def test_a_picture_never_holds_a_real_time_command(command: str) -> None:
    row = bytes.fromhex(command) * 36
    picture = Image.frombytes("1", (576, 8), bytes(byte ^ 0xFF for byte in row * 8))
    data = picture_bytes(picture, PAPER_80MM)
    assert bytes.fromhex(command) not in data[8:]


def test_a_ticket_without_optional_words_has_no_empty_labels() -> None:
    bare = Slip(hall="济源市", number="A001", service="咨询", issued_at="2026-03-18 10:24")
    data = ticket_slip(bare, PROFILES["80mm-text"])
    assert "窗口".encode("gb18030") not in data
    assert "请到".encode("gb18030") not in data
    assert "过号".encode("gb18030") not in data
    assert "暂时无法估计".encode("gb18030") in data


@settings(max_examples=30)
@given(WORDS, WORDS, WORDS, WORDS, st.integers(0, 10**6), st.sampled_from(ALL))
def test_any_words_make_a_ticket_that_prints_and_scans(
    hall: str, number: str, service: str, rule: str, ahead: int, profile: PrinterProfile
) -> None:
    slip = replace(
        SLIP, hall=hall, number=number, service=service, ahead=ahead, missed_rule=(rule, rule)
    )
    assert qr_texts(printed(slip, profile)) == [SLIP.phone_url]


@pytest.mark.parametrize("profile", [PAPER_58MM, PROFILES["58mm-text"]], ids=named)
@settings(max_examples=40)
@given(st.characters().filter(lambda character: not character.isspace()))
def test_any_character_leaves_ink_on_the_paper(profile: PrinterProfile, character: str) -> None:
    bare = Slip(hall="", number="A001", service="", issued_at="")
    assert ink(printed(replace(bare, service=character), profile)) > ink(printed(bare, profile))
