"""Status bytes, from the vectors that strangers' decoders agree with."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paihao_drivers.printer.status import (
    AutoStatus,
    NoiseSkipped,
    PaperReply,
    PrinterFact,
    PrinterStatus,
    RealTimeReply,
    StatusDecoder,
    status_from,
)

VECTORS = json.loads((Path(__file__).parent / "vectors" / "escpos_status.json").read_text("utf-8"))
MEANINGS = {
    "online, drawer low": {PrinterFact.READY},
    "online, drawer pin 3 high": {PrinterFact.READY},
    "offline": {PrinterFact.OFFLINE},
    "no offline cause": {PrinterFact.READY},
    "cover open": {PrinterFact.COVER_OPEN},
    "feeding by button": {PrinterFact.READY},
    "stopped: paper end": {PrinterFact.PAPER_OUT},
    "error": {PrinterFact.READY},  # which error it is, is in the answer to question 3
    "no error": {PrinterFact.READY},
    "recoverable error": {PrinterFact.FAILED},
    "autocutter error": {PrinterFact.CUTTER_JAM},
    "unrecoverable error": {PrinterFact.FAILED},
    "auto-recoverable error (head temperature, voltage)": {PrinterFact.HOT},
    "paper adequate": {PrinterFact.READY},
    "near end": {PrinterFact.READY, PrinterFact.NEAR_END},
    "end only": {PrinterFact.PAPER_OUT},
    "end and near end": {PrinterFact.PAPER_OUT, PrinterFact.NEAR_END},
}
AUTO = {
    "online, fine": {PrinterFact.READY},
    "paper near end": {PrinterFact.READY, PrinterFact.NEAR_END},
    "offline, paper end": {PrinterFact.OFFLINE, PrinterFact.PAPER_OUT},
    "offline, cover open": {PrinterFact.OFFLINE, PrinterFact.COVER_OPEN},
    "offline, autocutter error": {PrinterFact.OFFLINE, PrinterFact.CUTTER_JAM},
    "offline, unrecoverable error": {PrinterFact.OFFLINE, PrinterFact.FAILED},
    "offline, auto-recoverable error": {PrinterFact.OFFLINE, PrinterFact.HOT},
}
REAL_TIME = [case for case in VECTORS["real_time_and_gs_r"] if case["query"].startswith("1004")]
PAPER = [case for case in VECTORS["real_time_and_gs_r"] if case["query"] == "1D7201"]


@pytest.mark.parametrize("case", REAL_TIME, ids=lambda case: f"{case['query']}-{case['reply']}")
def test_a_real_time_answer_means_what_the_manuals_say(case: dict[str, str]) -> None:
    (reply,) = StatusDecoder().feed(bytes.fromhex(case["reply"]))
    assert isinstance(reply, RealTimeReply)
    which = int(case["query"], 16) & 0xFF
    assert status_from({which: reply.value}, [which]).facts == MEANINGS[case["meaning"]]


@pytest.mark.parametrize("case", PAPER, ids=lambda case: case["meaning"])
def test_the_answer_after_a_job_tells_about_the_paper(case: dict[str, str]) -> None:
    (reply,) = StatusDecoder().feed(bytes.fromhex(case["reply"]))
    expected = {
        "paper adequate": PaperReply(near_end=False, end=False),
        "near end": PaperReply(near_end=True, end=False),
        "paper end": PaperReply(near_end=False, end=True),
    }
    assert reply == expected[case["meaning"]]


@pytest.mark.parametrize("case", VECTORS["asb_4_bytes"], ids=lambda case: case["meaning"])
def test_four_bytes_that_came_unasked_are_one_report(case: dict[str, str]) -> None:
    decoder = StatusDecoder()
    replies = [
        reply for byte in bytes.fromhex(case["hex"]) for reply in decoder.feed(bytes((byte,)))
    ]
    assert replies == [AutoStatus(frozenset(AUTO[case["meaning"]]))]


@pytest.mark.parametrize("byte", [0xFF, 0x80, 0x11, 0x13])
def test_noise_and_flow_control_are_no_status(byte: int) -> None:
    assert StatusDecoder().feed(bytes((byte,))) == [NoiseSkipped(byte)]


def test_a_real_time_answer_inside_a_torn_report_is_still_heard() -> None:
    replies = StatusDecoder().feed(bytes.fromhex("1800 12"))
    assert replies == [NoiseSkipped(0x18), NoiseSkipped(0x00), RealTimeReply(0x12)]


def test_silence_is_never_fine() -> None:
    assert status_from({}, [1, 2, 3, 4]).facts == {PrinterFact.SILENT}
    assert status_from({1: 0x12}, [1, 2, 3, 4]).facts == {PrinterFact.SILENT}
    assert not status_from({}, []).ready


def test_the_problems_leave_out_what_does_not_stop_printing() -> None:
    status = PrinterStatus(frozenset({PrinterFact.NEAR_END, PrinterFact.COVER_OPEN}))
    assert status.problems == (PrinterFact.COVER_OPEN,)
    assert str(status) == "near-end, cover-open"


@given(st.binary(max_size=200), st.integers(min_value=1, max_value=7))
def test_slices_make_no_difference_and_no_byte_is_lost(data: bytes, size: int) -> None:
    whole = StatusDecoder().feed(data)
    decoder = StatusDecoder()
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert [reply for piece in pieces for reply in decoder.feed(piece)] == whole
    used = sum(4 if isinstance(reply, AutoStatus) else 1 for reply in whole)
    assert len(data) - 3 <= used <= len(data)
