"""Pictures from the bits of ESC/POS commands: ``L`` pictures in which 255 is ink."""

import segno
from PIL import Image


def raster_picture(data: bytes, row_bytes: int, rows: int, mode: int, width: int) -> Image.Image:
    """Return rows of bits as a picture no wider than the paper.

    Args:
        data: ``row_bytes`` times ``rows`` bytes, the highest bit left.
        row_bytes: bytes of one row.
        rows: number of rows.
        mode: bit 0 doubles the width, bit 1 the height.
        width: of the paper in dots; what is right of it is dropped before it costs memory.
    """
    seen = min(row_bytes, width // 8 + 1)
    shown = b"".join(data[at : at + seen] for at in range(0, rows * row_bytes, row_bytes))
    picture = Image.frombytes("1", (seen * 8, rows), shown).convert("L")
    return _stretched(picture, 1 + (mode & 1), 1 + (mode >> 1 & 1), width)


def column_picture(data: bytes, columns: int, mode: int, width: int) -> Image.Image:
    """Return the columns of bits of ESC * as a picture no wider than the paper.

    Args:
        data: one byte per column, or three in the modes 32 and 33, the highest bit on top.
        columns: number of columns, at least one.
        mode: as sent.
        width: of the paper in dots.
    """
    column_bytes = len(data) // columns
    # Columns are rows of a picture that lies on its side.
    lying = Image.frombytes("1", (column_bytes * 8, columns), data).convert("L")
    upright = lying.transpose(Image.Transpose.TRANSPOSE)
    return _stretched(upright, 1 if mode in {1, 33} else 2, 1 if column_bytes == 3 else 3, width)


def qr_picture(data: bytes, level: str, cell_dots: int, width: int) -> Image.Image | None:
    """Return a QR code, or None when no code can hold the data."""
    try:
        code = segno.make_qr(data, error=level, boost_error=False)
    except segno.DataOverflowError:
        return None
    rows = [bytes(255 if cell else 0 for cell in row) for row in code.matrix]
    small = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
    side = min(len(rows) * cell_dots, width)
    return small.resize((side, side), Image.Resampling.NEAREST)


def _stretched(picture: Image.Image, wide: int, high: int, width: int) -> Image.Image:
    if wide * high > 1:
        size = (picture.width * wide, picture.height * high)
        picture = picture.resize(size, Image.Resampling.NEAREST)
    return picture.crop((0, 0, min(picture.width, width), picture.height))
