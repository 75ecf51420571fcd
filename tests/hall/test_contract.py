"""Topics, payloads and who may use them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paihao_hall import contract
from paihao_hall.access import covers, may_read, may_send
from paihao_hall.contract import KIOSK_REQUEST, TOPICS, PayloadError


def test_path_and_match_are_each_others_inverse() -> None:
    path = KIOSK_REQUEST.path(hall="zz", kiosk="K1")
    assert path == "paihao/zz/kiosk/K1/request"
    assert KIOSK_REQUEST.match(path) == {"hall": "zz", "kiosk": "K1"}
    assert KIOSK_REQUEST.match("paihao/zz/kiosk/K1/reply") is None


@pytest.mark.parametrize("kiosk", ["", "a/b", "+", "#", "a b", "x" * 33, "号"])
def test_bad_id_never_becomes_a_topic(kiosk: str) -> None:
    with pytest.raises(ValueError, match="topic id"):
        KIOSK_REQUEST.path(hall="zz", kiosk=kiosk)


def test_filter_leaves_a_plus_for_what_is_open() -> None:
    assert KIOSK_REQUEST.filter(hall="zz") == "paihao/zz/kiosk/+/request"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_payload_or_a_payload_error(body: bytes) -> None:
    for topic in TOPICS:
        try:
            topic.load(body)
        except PayloadError:
            continue


def test_payload_error_names_topic_and_field() -> None:
    with pytest.raises(PayloadError, match=r"kiosk/\{kiosk\}/request: .*service"):
        KIOSK_REQUEST.load(b'{"id": "1"}')


def test_unknown_fields_are_ignored_so_that_fields_may_be_added() -> None:
    assert KIOSK_REQUEST.load(b'{"id":"1","service":"s","colour":"red"}').service == "s"


def test_state_topics_are_retained_and_nobody_reads_what_they_send() -> None:
    for topic in TOPICS:
        assert topic.qos in (0, 1)
        assert topic.sender not in topic.readers
        if topic.retain and topic is not contract.DEVICE_STATUS:
            assert "seq" in topic.payload.__struct_fields__


def test_device_may_only_use_its_own_topics() -> None:
    send = may_send("zz", "kiosk", "K1")
    read = may_read("zz", "kiosk", "K1")
    assert "paihao/zz/kiosk/K1/request" in send
    assert not any(covers(f, "paihao/zz/kiosk/K2/request") for f in send)
    assert not any(covers(f, "paihao/zz/kiosk/K2/reply") for f in read)
    assert not any(covers(f, "paihao/zz/zone/A/call") for f in read)
    assert any(covers(f, "paihao/zz/zone/A/board") for f in read)
    assert not any(covers(f, "paihao/zz/window/1B12/key") for f in send)


def test_window_box_has_its_own_windows_topics_only() -> None:
    assert "paihao/zz/window/1B12/key" in may_send("zz", "window", "1B12")
    assert "paihao/zz/window/1B12/state" in may_read("zz", "window", "1B12")


@pytest.mark.parametrize(
    ("allowed", "wanted", "answer"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/+/c", True),
        ("a/b/c", "a/+/c", False),
        ("a/#", "a/b/c", True),
        ("a/+", "a/#", False),
        ("a/b", "a/b/c", False),
    ],
)
def test_filter_covers_only_what_it_matches(allowed: str, wanted: str, answer: bool) -> None:
    assert covers(allowed, wanted) is answer


@pytest.mark.parametrize(
    ("low_s", "high_s", "minutes"),
    [(100, 121, (1, 3)), (0, 0, (1, 2)), (0, 120, (1, 2)), (780, 1260, (13, 21))],
)
def test_waits_are_shown_in_whole_minutes_and_never_too_short(
    low_s: int, high_s: int, minutes: tuple[int, int]
) -> None:
    assert contract.WaitRange(low_s=low_s, high_s=high_s).minutes == minutes
