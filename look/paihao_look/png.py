"""Surfaces as PNG files."""

import struct
import zlib
from pathlib import Path
from typing import Final

import pygame

from paihao_look.paint import Painter
from paihao_look.picture import Screen

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_EIGHT_BIT_RGB: Final = b"\x08\x02\x00\x00\x00"


def png(surface: pygame.Surface, *, effort: int = 3) -> bytes:
    """Return a surface as PNG, 8 bits a channel, without transparency.

    Args:
        surface: to be encoded.
        effort: of compression, 1 quick to 9 small.
    """
    w, h = surface.get_size()
    pixels = memoryview(pygame.image.tobytes(surface, "RGB"))
    row = w * 3
    # Each row is preceded by its filter; "none" packs flat colour well and costs nothing.
    rows = b"".join(b"\x00" + pixels[at : at + row] for at in range(0, row * h, row))
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack(">II", w, h) + _EIGHT_BIT_RGB),
            _chunk(b"IDAT", zlib.compress(rows, effort)),
            _chunk(b"IEND", b""),
        )
    )


def save(screen: Screen, path: Path) -> None:
    """Paint a screen and write it as a PNG file."""
    painter = Painter(screen.size)
    painter.paint(screen)
    path.write_bytes(png(painter.surface))


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)
