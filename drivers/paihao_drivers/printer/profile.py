"""What a printer model can do: the switches between one ESC/POS dialect and the next.

A profile is data, so a new model is a new value, not new code. Sources of the differences are
named with each switch; where makers disagree the default is what most printers take.
"""

from dataclasses import dataclass
from typing import Final, Literal

from paihao_drivers.printer.printable import Charset

DOTS_PER_MM: Final = 8  # 203 dpi, the head of nearly every ticket printer

Layout = Literal["raster", "text"]
QrWay = Literal["raster", "command"]
RasterCommand = Literal["bitImageRaster", "graphics"]
Confirm = Literal["gs_r", "dle_eot"]
Buzzer = Literal["", "esc_b", "bel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterProfile:
    """One printer model.

    Attributes:
        name: as written in the hall file.
        width_dots: printable width; 576 on 80 mm paper, 384 on 58 mm.
        escpos_profile: name of the python-escpos profile with the same width.
        layout: ``raster`` paints the whole ticket here, so every character prints whatever fonts
            the printer has; ``text`` uses the printer's own fonts, for slow serial lines.
        qr: ``command`` lets the printer draw the QR code.
        raster_command: ``bitImageRaster`` is GS v 0, which nearly all have; ``graphics`` is GS ( L.
        cutter: cuts after each ticket; without it the ticket is fed to the tear bar.
        buzzer: how it beeps; ``esc_b`` is ESC B, common on Chinese printers, ``bel`` a BEL byte.
        charset: what the printer's own font draws in ``text`` layout.
        chinese_switch: send FS & before Chinese and FS . after it.
        chinese_size: send FS ! besides GS !, for firmware that scales Chinese only by FS !.
        two_way: the link carries answers. Without it nothing is known of paper or cover and no
            ticket can be confirmed.
        status_queries: the DLE EOT numbers it answers.
        confirm: proof that a ticket is through: ``gs_r`` is answered only when everything before
            it was printed, ``dle_eot`` at once, so it proves less.
    """

    name: str
    width_dots: int
    escpos_profile: str
    layout: Layout = "raster"
    qr: QrWay = "raster"
    raster_command: RasterCommand = "bitImageRaster"
    cutter: bool = True
    buzzer: Buzzer = ""
    charset: Charset = "gb18030"
    chinese_switch: bool = True
    chinese_size: bool = False
    two_way: bool = True
    status_queries: tuple[int, ...] = (1, 2, 3, 4)
    confirm: Confirm = "gs_r"


PAPER_80MM: Final = PrinterProfile(name="80mm", width_dots=576, escpos_profile="NT-80-V-UL")
PAPER_58MM: Final = PrinterProfile(
    name="58mm", width_dots=384, escpos_profile="POS-5890", cutter=False
)
PAPER_58MM_CUTTER: Final = PrinterProfile(
    name="58mm-cutter", width_dots=384, escpos_profile="POS-5890"
)
PAPER_80MM_TEXT: Final = PrinterProfile(
    name="80mm-text", width_dots=576, escpos_profile="NT-80-V-UL", layout="text", qr="command"
)
PAPER_58MM_TEXT: Final = PrinterProfile(
    name="58mm-text",
    width_dots=384,
    escpos_profile="POS-5890",
    layout="text",
    qr="command",
    cutter=False,
)

PROFILES: Final = {
    profile.name: profile
    for profile in (
        PAPER_80MM,
        PAPER_58MM,
        PAPER_58MM_CUTTER,
        PAPER_80MM_TEXT,
        PAPER_58MM_TEXT,
    )
}
