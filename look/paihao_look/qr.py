"""QR codes as rows of dark and light cells."""

from functools import lru_cache

import segno


@lru_cache(maxsize=64)
def cells(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the code of a text, error correction M, without a quiet zone; True is dark."""
    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(cell) for cell in row) for row in code.matrix)
