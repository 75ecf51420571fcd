"""A ticket as ESC/POS bytes.

One ticket is: initialise, the ticket itself, 4 mm of paper, cut. The bytes of pictures, QR codes
and cuts come from python-escpos writing into memory; text is encoded here, because python-escpos
prints ``?`` for Chinese punctuation and rare characters and never switches the Chinese mode.
"""

from typing import Final

from escpos.constants import QR_ECLEVEL_M
from escpos.printer import Dummy
from PIL import Image, ImageDraw

from paihao_drivers.printer.picture import slip_picture, slip_pictures_around_qr
from paihao_drivers.printer.profile import DOTS_PER_MM, PrinterProfile
from paihao_drivers.printer.qr import QUIET_CELLS, paint_qr, qr_cell_dots, qr_cells
from paihao_drivers.printer.slip import Slip
from paihao_drivers.printer.text_layout import typed_slip

INITIALISE: Final = b"\x1b@"
CENTRE: Final = b"\x1ba\x01"
LEFT: Final = b"\x1ba\x00"
FEED_BEFORE_CUT_MM: Final = 4
FEED_TO_TEAR_BAR_MM: Final = 14

# Rows per picture command; 64 KiB is the most that GS ( L can name.
_PICTURE_ROWS: Final = 512
_BUZZER_BYTES: Final = {"": b"", "esc_b": b"\x1bB\x02\x01", "bel": b"\x07"}
# Printers obey these wherever they stand in the stream, inside a picture too.
_REAL_TIME: Final = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
# A picture has 1 for white, a printer 1 for ink.
_INVERTED: Final = bytes(byte ^ 0xFF for byte in range(256))


def ticket_slip(slip: Slip, profile: PrinterProfile) -> bytes:
    """Return the bytes that print one ticket on this printer."""
    return b"".join(
        (
            INITIALISE,
            _body(slip, profile),
            _end_of_paper(profile),
            _BUZZER_BYTES[profile.buzzer],
        )
    )


def picture_bytes(picture: Image.Image, profile: PrinterProfile) -> bytes:
    """Return the command that prints a ``1`` picture no wider than the paper."""
    sink = Dummy(profile=profile.escpos_profile)
    sink.image(
        _without_real_time_commands(picture),
        impl=profile.raster_command,
        fragment_height=_PICTURE_ROWS,
    )
    return bytes(sink.output)


def qr_bytes(url: str, profile: PrinterProfile) -> bytes:
    """Return the commands with which the printer draws the QR code itself, centred.

    White above and below is part of it, because not every printer leaves a border.
    """
    dots = qr_cell_dots(len(qr_cells(url, as_printer_does=True)), profile.width_dots)
    sink = Dummy(profile=profile.escpos_profile)
    sink.qr(url, ec=QR_ECLEVEL_M, size=dots, native=True)
    quiet = feed(QUIET_CELLS * dots)
    return quiet + CENTRE + bytes(sink.output) + LEFT + quiet


def _body(slip: Slip, profile: PrinterProfile) -> bytes:
    by_command = profile.qr == "command" and slip.phone_url
    if profile.layout == "text":
        above, below = typed_slip(slip, profile)
        if not slip.phone_url:
            return above + below
        code = (
            qr_bytes(slip.phone_url, profile)
            if by_command
            else _qr_picture(slip.phone_url, profile)
        )
        return above + code + below
    if by_command:
        top, bottom = slip_pictures_around_qr(slip, profile.width_dots)
        code = qr_bytes(slip.phone_url, profile)
        return picture_bytes(top, profile) + code + picture_bytes(bottom, profile)
    return picture_bytes(slip_picture(slip, profile.width_dots), profile)


def feed(dots: int) -> bytes:
    """Return ESC J, which moves the paper by 0..255 dots."""
    return bytes((0x1B, 0x4A, dots))


def _end_of_paper(profile: PrinterProfile) -> bytes:
    if not profile.cutter:
        return feed(FEED_TO_TEAR_BAR_MM * DOTS_PER_MM)
    sink = Dummy(profile=profile.escpos_profile)
    sink.cut(feed=False)
    return feed(FEED_BEFORE_CUT_MM * DOTS_PER_MM) + bytes(sink.output)


def _qr_picture(url: str, profile: PrinterProfile) -> bytes:
    code = qr_cells(url)
    dots = qr_cell_dots(len(code), profile.width_dots)
    side, quiet = len(code) * dots, QUIET_CELLS * dots
    picture = Image.new("1", (profile.width_dots, side + 2 * quiet), 1)
    paint_qr(ImageDraw.Draw(picture), code, (profile.width_dots - side) // 2, quiet, dots)
    return picture_bytes(picture, profile)


def _without_real_time_commands(picture: Image.Image) -> Image.Image:
    """Blacken a dot wherever the picture's bytes would be read as a real-time command."""
    data = bytearray(picture.tobytes().translate(_INVERTED))
    found = False
    for command in _REAL_TIME:
        at = data.find(command)
        while at >= 0:
            found = True
            data[at] |= 0x20
            at = data.find(command, at)
    if not found:
        return picture
    return Image.frombytes("1", picture.size, bytes(data).translate(_INVERTED))
