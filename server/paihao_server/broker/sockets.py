"""A client's TCP connection as amqtt's reader and writer, made for whole packets."""

import asyncio
from typing import Any, Final

from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.mqtt.packet import MQTTFixedHeader

from paihao_server.broker import wire

LINGER_S: Final = 5.0
"""How long a closed connection may take to send what is left."""

_CHUNK_BYTES: Final = 65_536


class SocketPipe(WriterAdapter):  # type: ignore[misc] # amqtt has no types
    """Writes to a client without waiting for it; `Delivery` limits what can pile up."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._transport = writer.transport

    @property
    def unsent_bytes(self) -> int:
        """How much the client has not taken yet."""
        return self._transport.get_write_buffer_size()

    def write(self, data: bytes) -> None:
        """Send bytes, without waiting."""
        self._writer.write(data)

    async def drain(self) -> None:
        """Do nothing: a client that does not read must not stop the broker."""

    def get_peer_info(self) -> tuple[str, int]:
        """Return host and port of the client."""
        host, port = self._writer.get_extra_info("peername")[:2]
        return str(host), int(port)

    def get_ssl_info(self) -> Any:
        """Return what is known of the client's TLS."""
        return self._writer.get_extra_info("ssl_object")

    async def close(self) -> None:
        """Close the connection; what the client does not take in a few seconds is dropped."""
        if not self._transport.is_closing():
            self._writer.close()
            asyncio.get_running_loop().call_later(LINGER_S, self._transport.abort)


class SocketSource(ReaderAdapter):  # type: ignore[misc] # amqtt has no types
    """Reads packets from a client."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._buffer = bytearray()

    async def packets(self) -> list[tuple[int, bytes]]:
        """Return the packets that came in together, at least one; none at the end.

        Raises:
            MalformedError: the bytes are no MQTT.
        """
        while True:
            if packets := wire.split(self._buffer):
                return packets
            data = await self._reader.read(_CHUNK_BYTES)
            if not data:
                return []
            self._buffer += data

    def put_back(self, packets: list[tuple[int, bytes]]) -> None:
        """Have these packets read first, before what is incomplete."""
        self._buffer[:0] = b"".join(whole(first, rest) for first, rest in packets)

    async def read(self, n: int = -1) -> bytes:
        """Refuse: only whole packets are read."""
        raise NotImplementedError(n)

    def feed_eof(self) -> None:
        """Do nothing: the end comes from the socket."""


def whole(first: int, rest: bytes) -> bytes:
    """Return the bytes of a packet again."""
    return bytes(MQTTFixedHeader(first >> 4, first & 15, len(rest)).to_bytes()) + rest
