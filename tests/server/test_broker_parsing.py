"""Whatever a client sends, amqtt's parsers fail in a way that ends its connection only."""

import asyncio
import contextlib

from hypothesis import given
from hypothesis import strategies as st

from paihao_server.broker.amqtt_mended import PARSE_ERRORS, parse
from paihao_server.broker.wire import DISCONNECT, SUBSCRIBE, UNSUBSCRIBE, MalformedError, split

SUBSCRIBE_BODY = b"\x00\x01\x00\x03a/b\x01"


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    raw = bytearray(SUBSCRIBE_BODY)
    for _ in range(draw(st.integers(0, 3))):
        raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw[: draw(st.integers(0, len(raw)))])


@given(
    kind=st.sampled_from([SUBSCRIBE, UNSUBSCRIBE, DISCONNECT]),
    flags=st.integers(0, 15),
    rest=damaged() | st.binary(max_size=40),
)
def test_packets_that_amqtt_reads(kind: int, flags: int, rest: bytes) -> None:
    with contextlib.suppress(*PARSE_ERRORS):
        packet = asyncio.run(parse(kind << 4 | flags, rest))
        if kind != DISCONNECT:
            assert isinstance(packet.payload.topics, list)


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_a_stream_of_anything_is_split_or_refused(chunks: list[bytes]) -> None:
    buffer = bytearray()
    with contextlib.suppress(MalformedError):
        for chunk in chunks:
            buffer += chunk
            for first, rest in split(buffer):
                assert 0 <= first <= 255
                assert isinstance(rest, bytes)
