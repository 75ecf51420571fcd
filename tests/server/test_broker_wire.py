"""PUBLISH and PUBACK as bytes, and what waits for one client."""

import random

import pytest

from paihao_server.broker import delivery
from paihao_server.broker.delivery import Delivery
from paihao_server.broker.wire import (
    MAX_PACKET_BYTES,
    MalformedError,
    Publication,
    puback_packet,
    publish_packet,
    read_publish,
    split,
)

# MQTT 3.1.1, 3.3: topic a/b, packet id 10, QoS 1, payload "hi".
EXAMPLE = b"\x32\x09\x00\x03a/b\x00\x0ahi"


def test_a_publish_reads_as_the_standard_writes_it() -> None:
    ((first, rest),) = split(bytearray(EXAMPLE))
    assert read_publish(first & 15, rest) == Publication("a/b", b"hi", 1, False, 10)
    assert publish_packet(b"a/b", b"hi", qos=1, retain=False, packet_id=10) == EXAMPLE
    assert puback_packet(10) == b"\x40\x02\x00\x0a"


@pytest.mark.parametrize("size", [0, 1, 120, 127, 128, 16_383, 16_384, 200_000])
@pytest.mark.parametrize(("qos", "retain"), [(0, True), (1, False)])
def test_what_is_written_is_read_again(size: int, qos: int, retain: bool) -> None:
    body = random.Random(size).randbytes(size)
    raw = publish_packet("大厅/a".encode(), body, qos=qos, retain=retain, packet_id=7)
    ((first, rest),) = split(bytearray(raw))
    assert read_publish(first & 15, rest) == Publication("大厅/a", body, qos, retain, 7 * qos)


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_packets_come_out_whole_however_the_stream_is_cut(step: int) -> None:
    stream = EXAMPLE * 20 + b"\xc0\x00" + publish_packet(b"t", bytes(300), qos=0, retain=False)
    buffer, got = bytearray(), []
    for start in range(0, len(stream), step):
        buffer += stream[start : start + step]
        got += split(buffer)
    assert len(got) == 22
    assert not buffer


@pytest.mark.parametrize(
    ("flags", "rest"),
    [
        (0, b""),
        (0, b"\x00"),
        (0, b"\x00\x05abc"),
        (2, b"\x00\x01a\x00"),
        (2, b"\x00\x01a\x00\x00"),
        (6, b"\x00\x01a\x00\x01"),
        (0, b"\x00\x02\xff\xff"),
        (0, b"\x00\x00body"),
        (0, b"\x00\x01#"),
        (0, b"\x00\x03a/+"),
        (0, b"\x00\x02a\x00"),
    ],
)
def test_a_damaged_publish_is_refused(flags: int, rest: bytes) -> None:
    with pytest.raises(MalformedError):
        read_publish(flags, rest)


@pytest.mark.parametrize("head", [b"\x30\xff\xff\xff\x7f", b"\x30\xff\xff\xff\xff\x01"])
def test_a_length_that_cannot_be_is_refused_before_its_bytes_come(head: bytes) -> None:
    assert MAX_PACKET_BYTES < 0x0FFFFFFF
    with pytest.raises(MalformedError):
        split(bytearray(head))


class Wire:
    """Takes what is written to a client."""

    def __init__(self) -> None:
        self.unsent_bytes = 0
        self.got: list[tuple[bytes, int, bool]] = []

    def write(self, data: bytes) -> None:
        for first, rest in split(bytearray(data)):
            said = read_publish(first & 15, rest)
            self.got.append((said.body, said.packet_id, bool(first & 8)))


def sent(to: Delivery, *bodies: bytes, qos: int = 1) -> None:
    for body in bodies:
        to.send(b"t", body, qos=qos, retain=False)


def test_no_more_than_a_window_is_in_flight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "WINDOW", 2)
    wire, messages = Wire(), Delivery()
    messages.begin(wire)
    sent(messages, b"a", b"b", b"c")
    assert wire.got == [(b"a", 1, False), (b"b", 2, False)]
    messages.acknowledged(1)
    messages.acknowledged(1)
    messages.acknowledged(99)
    assert wire.got[2:] == [(b"c", 3, False)]


def test_after_a_reconnect_the_unacknowledged_come_first_and_say_so() -> None:
    messages = Delivery()
    messages.begin(Wire())
    sent(messages, b"a", b"b")
    messages.acknowledged(1)
    messages.end()
    sent(messages, b"c")
    sent(messages, b"lost", qos=0)
    wire = Wire()
    messages.begin(wire)
    assert wire.got == [(b"b", 2, True), (b"c", 3, False)]


def test_nothing_is_piled_up_for_a_client_that_does_not_read() -> None:
    wire, messages = Wire(), Delivery()
    messages.begin(wire)
    wire.unsent_bytes = delivery.UNSENT_BYTES
    sent(messages, b"beat", qos=0)
    sent(messages, b"state")
    assert wire.got == []
    wire.unsent_bytes = 0
    messages.go_on()
    assert [body for body, _, _ in wire.got] == [b"state"]


def test_packet_ids_go_round_and_leave_out_those_in_flight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "_LAST_PACKET_ID", 3)
    wire, messages = Wire(), Delivery()
    messages.begin(wire)
    sent(messages, b"stays", b"b", b"c")
    messages.acknowledged(2)
    messages.acknowledged(3)
    sent(messages, b"d", b"e")
    assert [packet_id for _, packet_id, _ in wire.got] == [1, 2, 3, 2, 3]
