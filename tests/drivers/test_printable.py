"""Text for paper: visible, harmless, in the bytes a Chinese printer reads."""

from hypothesis import given
from hypothesis import strategies as st

from paihao_drivers.printer.printable import MISSING, encode, printable


def test_full_width_punctuation_is_sent_as_chinese() -> None:
    assert list(encode("请到：3", "gb18030")) == [
        (True, "请到：".encode("gb18030")),
        (False, b"3"),
    ]


def test_a_rare_name_character_goes_out_in_four_bytes() -> None:
    assert list(encode("张𠮷", "gb18030")) == [(True, bytes.fromhex("D5C59534B235"))]


def test_a_printer_without_rare_characters_gets_a_visible_box_for_them() -> None:
    assert list(encode("𠮷", "gbk")) == [(True, MISSING.encode("gbk"))]


def test_control_characters_never_reach_the_printer_as_commands() -> None:
    assert printable("\x1b@A\x10\x04\x01") == "□@A□□□"


def test_line_ends_become_blanks_because_a_name_has_no_lines() -> None:
    assert printable("不动产\r\n登记\t处") == "不动产  登记 处"


@given(st.text())
def test_no_character_is_lost_silently(text: str) -> None:
    shown = printable(text)
    assert len(shown) <= len(text)  # composed characters may be fewer, never none
    assert bool(shown) == bool(text)
    assert printable(shown) == shown


@given(st.text(alphabet=st.characters(), min_size=1))
def test_every_run_is_bytes_that_read_back_as_what_is_shown(text: str) -> None:
    runs = list(encode(text, "gb18030"))
    assert "".join(data.decode("gb18030") for _, data in runs) == printable(text)
    for chinese, data in runs:
        assert chinese == (not data.isascii())
        assert not any(byte < 0x20 or byte == 0x7F for byte in data)


@given(st.text(alphabet=st.characters(), min_size=1))
def test_a_small_charset_keeps_the_number_of_characters(text: str) -> None:
    sent = b"".join(data for _, data in encode(text, "gbk"))
    assert len(sent.decode("gbk")) == len(printable(text))
