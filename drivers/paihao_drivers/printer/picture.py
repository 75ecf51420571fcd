"""The ticket as a picture: every dot painted here, in the look of the 80 mm and 58 mm tickets.

Heights are dots from the top edge of the paper (8 dots are 1 mm). Chinese text is placed by the
square it fills, the big number by its capitals.
"""

from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from paihao_drivers.printer import wording
from paihao_drivers.printer.faces import BASE_LINE, CAP_HEIGHT, Face, largest
from paihao_drivers.printer.line_breaks import wrap
from paihao_drivers.printer.qr import QUIET_CELLS, paint_qr, qr_cell_dots, qr_cells
from paihao_drivers.printer.slip import Slip

_RULE: Final = 3
_DASH: Final = 6
_DASH_GAP: Final = 3
_FOOT_GAP: Final = 24
# Higher than any ticket a person would read; what is beyond is not printed.
_TALLEST_DOTS: Final = 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Sizes and gaps of one paper width, in dots."""

    margin: int
    top: int
    hall: int
    place: int
    label: int
    number: int
    service: int
    service_least: int
    small: int
    rule_text: int
    rule_head: int
    fact: int
    fact_label: int
    fact_time: int
    fact_pitch: int
    value_x: int
    mark: int
    scan: int
    scan_text: int
    scan_pitch: int
    side_by_side: bool
    after_hall: int
    before_line: int
    after_line: int
    before_number: int
    after_number: int
    after_service: int
    before_facts: int
    after_facts: int
    around_qr: int
    before_scan: int
    after_dashes: int
    after_head: int
    text_pitch: int


WIDE: Final = Measures(
    margin=24, top=26, hall=40, place=32, label=30, number=168, service=44, service_least=36,
    small=28, rule_text=26, rule_head=28, fact=36, fact_label=30, fact_time=32, fact_pitch=57,
    value_x=176, mark=32, scan=36, scan_text=26, scan_pitch=34, side_by_side=True, after_hall=10,
    before_line=16, after_line=18, before_number=41, after_number=18, after_service=11,
    before_facts=23, after_facts=19, around_qr=31, before_scan=28, after_dashes=17, after_head=10,
    text_pitch=38,
)  # fmt: skip
NARROW: Final = Measures(
    margin=14, top=18, hall=30, place=24, label=24, number=124, service=32, service_least=28,
    small=24, rule_text=24, rule_head=24, fact=28, fact_label=24, fact_time=24, fact_pitch=45,
    value_x=111, mark=26, scan=26, scan_text=24, scan_pitch=34, side_by_side=False, after_hall=8,
    before_line=11, after_line=13, before_number=30, after_number=16, after_service=8,
    before_facts=17, after_facts=14, around_qr=30, before_scan=27, after_dashes=14, after_head=8,
    text_pitch=34,
)  # fmt: skip
_WIDE_FROM: Final = 512


def slip_picture(slip: Slip, width_dots: int) -> Image.Image:
    """Return the whole ticket as a ``1`` picture, cropped below its last dot.

    Args:
        slip: what to print.
        width_dots: width of the paper's printable part, at least 256.
    """
    sheet = _Sheet(width_dots)
    sheet.head(slip)
    sheet.facts(slip)
    if slip.phone_url:
        sheet.scan(slip.phone_url)
    sheet.foot(slip)
    return sheet.finished()


def slip_pictures_around_qr(slip: Slip, width_dots: int) -> tuple[Image.Image, Image.Image]:
    """Return the parts above and below a QR code that the printer draws itself."""
    above = _Sheet(width_dots)
    above.head(slip)
    above.facts(slip)
    below = _Sheet(width_dots)
    below.scan_words()
    below.foot(slip)
    return above.finished(), below.finished()


class _Sheet:
    """Paper that is filled from the top; ``y`` is the first free row."""

    def __init__(self, width: int) -> None:
        self._m = WIDE if width >= _WIDE_FROM else NARROW
        self._width = width
        self._left = self._m.margin
        self._right = width - self._m.margin
        self._picture = Image.new("L", (width, _TALLEST_DOTS), 255)
        self._draw = ImageDraw.Draw(self._picture)
        self._y = 0

    def finished(self) -> Image.Image:
        height = min(max(self._y, 1), _TALLEST_DOTS)
        return self._picture.crop((0, 0, self._width, height)).convert(
            "1", dither=Image.Dither.NONE
        )

    def head(self, slip: Slip) -> None:
        m = self._m
        self._y = m.top
        self._centred(slip.hall, (Face(m.hall, bold=True), Face(m.service_least, bold=True)))
        self._y += m.after_hall
        if place := wording.place_line(slip):
            self._centred(place, (Face(m.place), Face(max(24, m.place - 4))))
            self._y += m.before_line
        self._line()
        self._y += m.after_line
        self._centred(wording.YOUR_NUMBER, (Face(m.label),))
        if slip.marks:
            self._marks(slip.marks)
        self._number(slip.number)
        service = (Face(m.service, bold=True), Face(m.service_least, bold=True))
        self._centred(slip.service, service)
        self._y += m.after_service
        self._class_and_english(slip)
        self._y += m.before_line - 2

    def facts(self, slip: Slip) -> None:
        m = self._m
        self._line()
        self._y += m.before_facts
        room = self._right - m.value_x
        for label, phrases in wording.facts(slip):
            value = wording.in_one_line(phrases)
            face = Face(m.fact_time if value == slip.issued_at else m.fact, bold=True)
            face = largest(value, (face, Face(max(24, face.size - 6), bold=True)), room)
            fits = face.width(value) <= room
            base = self._y + BASE_LINE * m.fact
            top = round(base - BASE_LINE * m.fact_label) + 1
            Face(m.fact_label).paint(self._picture, self._left, top, label)
            lines = [
                line
                for phrase in ((value,) if fits else phrases)
                for line in wrap(phrase, face.width, room)
            ]
            pitch = round(1.3 * face.size)
            for line in lines:
                face.paint(self._picture, m.value_x, round(base - BASE_LINE * face.size), line)
                base += pitch
            self._y += m.fact_pitch + pitch * max(0, len(lines) - 1)
        self._y += m.fact - m.fact_pitch + m.after_facts
        self._line()

    def scan(self, url: str) -> None:
        m = self._m
        code = qr_cells(url)
        cell = qr_cell_dots(len(code), self._width)
        side = len(code) * cell
        quiet = QUIET_CELLS * cell
        text_x = max(self._left, quiet) + side + quiet
        text_room = self._right - text_x
        widest = max(Face(m.scan_text).width(line) for line in wording.SCAN_LINES)
        beside = m.side_by_side and text_room + 2 >= widest
        x = max(self._left + 7, quiet) if beside else (self._width - side) // 2
        self._y += max(m.around_qr, quiet)
        top = self._y
        paint_qr(self._draw, code, x, top, cell)
        self._y = top + side
        if beside:
            self._scan_beside(x + side + max(32, quiet), top, side)
            self._y += max(m.around_qr, quiet)
        else:
            self._y += max(m.before_scan, quiet)
            self.scan_words()

    def scan_words(self) -> None:
        m = self._m
        self._centred(wording.SCAN_SHORT_HEADING, (Face(m.scan, bold=True),))
        self._y += m.after_head
        self._centred(wording.SCAN_SHORT_LINE, (Face(m.scan_text),))
        self._y += m.after_dashes

    def foot(self, slip: Slip) -> None:
        m = self._m
        if not slip.phone_url:
            self._y += m.after_dashes
        if slip.missed_rule:
            self._dashes()
            self._y += m.after_dashes
            head = Face(m.rule_head, bold=True)
            head.paint(self._picture, self._left, self._y, wording.MISSED_HEADING)
            self._y += m.rule_head + m.after_head
            face = Face(m.rule_text)
            for sentence in slip.missed_rule:
                for line in wrap(sentence, face.width, self._right - self._left):
                    face.paint(self._picture, self._left, self._y, line)
                    self._y += m.text_pitch
            self._y += m.rule_text - m.text_pitch + m.after_dashes + 2
        self._dashes()
        self._y += m.after_dashes + 3
        self._foot_line(wording.foot_choices(slip))

    def _foot_line(self, choices: list[list[str]]) -> None:
        face = Face(24)
        room = self._right - self._left
        for parts in choices:
            free = room - sum(face.width(part) for part in parts)
            if free >= _FOOT_GAP * (len(parts) - 1):
                self._spread(parts, face, free)
                return
        for part in choices[0]:
            for line in wrap(part, face.width, room):
                face.paint(self._picture, self._left, self._y, line)
                self._y += face.size + 8

    def _spread(self, parts: list[str], face: Face, free: int) -> None:
        x = float(self._left)
        for part in parts:
            face.paint(self._picture, round(x), self._y, part)
            x += face.width(part) + free / max(1, len(parts) - 1)
        self._y += face.size + 2

    def _centred(self, text: str, faces: tuple[Face, ...]) -> None:
        """Paint in the first face that takes one line, else in even lines in the last."""
        room = self._right - self._left
        face = largest(text, faces, room)
        lines = wrap(text, face.width, room)
        while len(lines) > 1:
            room -= face.size // 2
            narrower = wrap(text, face.width, room)
            if len(narrower) > len(lines) or any(face.width(line) > room for line in narrower):
                break
            lines = narrower
        for number, line in enumerate(lines):
            self._y += round(0.25 * face.size) if number else 0
            face.paint(self._picture, (self._width - face.width(line)) // 2, self._y, line)
            self._y += face.size

    def _class_and_english(self, slip: Slip) -> None:
        """Paint the class, and the English name of the service where the paper is wide."""
        face = Face(self._m.small)
        words = wording.class_line(slip)
        if not slip.service_en or not self._m.side_by_side:
            self._centred(words, (face,))
            return
        both = f"{words}     {slip.service_en}"
        if face.width(both) <= self._right - self._left:
            self._centred(both, (face,))
            return
        self._centred(words, (face,))
        self._y += 8
        self._centred(slip.service_en, (face, Face(24)))

    def _number(self, number: str) -> None:
        m = self._m
        room = self._right - self._left
        sizes = range(m.number, 48, -4)
        face = largest(number, tuple(Face(size, bold=True) for size in sizes), room)
        self._y += m.before_number
        top = self._y - (BASE_LINE - CAP_HEIGHT) * face.size
        x = (self._width - face.width(number)) // 2
        face.paint(self._picture, x, round(top), number)
        self._y += round(CAP_HEIGHT * face.size) + m.after_number

    def _marks(self, marks: tuple[str, ...]) -> None:
        face = Face(self._m.mark, bold=True)
        room = self._right - self._left - 32
        lines = [line for mark in marks for line in wrap(mark, face.width, room)]
        pitch = round(1.3 * face.size)
        self._y += 16
        height = pitch * len(lines) + 16
        strip = Image.new("L", (self._right - self._left, height), 255)
        y = 8 + (pitch - face.size) // 2
        for line in lines:
            face.paint(strip, (strip.width - face.width(line)) // 2, y, line)
            y += pitch
        self._picture.paste(ImageOps.invert(strip), (self._left, self._y))
        self._y += height - 10

    def _scan_beside(self, x: int, top: int, side: int) -> None:
        m = self._m
        height = m.scan + 7 + m.scan_pitch * len(wording.SCAN_LINES)
        y = top + max(0, (side - height) // 2) + 6
        Face(m.scan, bold=True).paint(self._picture, x, y, wording.SCAN_HEADING)
        y += m.scan + 8
        for line in wording.SCAN_LINES:
            Face(m.scan_text).paint(self._picture, x, y, line)
            y += m.scan_pitch

    def _line(self) -> None:
        self._draw.rectangle((self._left, self._y, self._right - 1, self._y + _RULE - 1), fill=0)
        self._y += _RULE

    def _dashes(self) -> None:
        for x in range(self._left, self._right, _DASH + _DASH_GAP):
            end = min(x + _DASH, self._right) - 1
            self._draw.rectangle((x, self._y, end, self._y + _RULE - 1), fill=0)
        self._y += _RULE
