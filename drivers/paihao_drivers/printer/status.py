"""What a printer says about itself: byte codec of DLE EOT, GS r and the automatic status.

Every answer to DLE EOT has the form ``0xx1xx10``; so ``byte & 0x93 == 0x12`` tells it from noise.
The automatic status is four bytes, the first ``0xx1xx00``, the others ``0xx0xxxx``, as is the
answer to GS r. Sources: Epson TM-T88 and Citizen CT-S reference manuals, HPRT TP80K manual.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

ASK_PRINTER: Final = 1
ASK_OFFLINE_CAUSE: Final = 2
ASK_ERROR: Final = 3
ASK_PAPER: Final = 4

ASK_PAPER_WHEN_DONE: Final = b"\x1dr\x01"
RECOVER: Final = b"\x10\x05\x02"  # clear the buffer, go on after a recoverable error


@unique
class PrinterFact(StrEnum):
    """One thing that is true of a printer; several can be at once."""

    READY = "ready"
    NEAR_END = "near-end"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    CUTTER_JAM = "cutter-jam"
    HOT = "hot"
    FAILED = "failed"
    OFFLINE = "offline"
    SILENT = "silent"
    UNPLUGGED = "unplugged"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """All that is known of a printer at one moment.

    `PrinterFact.READY` is among the facts when it can print now, with `PrinterFact.NEAR_END`
    when the roll should be changed soon.
    """

    facts: frozenset[PrinterFact]

    @property
    def ready(self) -> bool:
        """True when a ticket can be printed now."""
        return PrinterFact.READY in self.facts

    @property
    def problems(self) -> tuple[PrinterFact, ...]:
        """The facts that keep it from printing, in the order of their declaration."""
        good = {PrinterFact.READY, PrinterFact.NEAR_END}
        return tuple(fact for fact in PrinterFact if fact in self.facts - good)

    def __str__(self) -> str:
        return ", ".join(fact for fact in PrinterFact if fact in self.facts)


SILENT: Final = PrinterStatus(frozenset({PrinterFact.SILENT}))
UNPLUGGED: Final = PrinterStatus(frozenset({PrinterFact.UNPLUGGED}))


@dataclass(frozen=True, slots=True)
class RealTimeReply:
    """Answer to the last DLE EOT; which one it was is not in the byte."""

    value: int


@dataclass(frozen=True, slots=True)
class PaperReply:
    """Answer to GS r 1: everything before the question was processed."""

    near_end: bool
    end: bool


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """The printer reported a change by itself."""

    facts: frozenset[PrinterFact]


@dataclass(frozen=True, slots=True)
class NoiseSkipped:
    """A byte that is no status."""

    value: int


Reply = RealTimeReply | PaperReply | AutoStatus | NoiseSkipped


def ask(which: int) -> bytes:
    """Return the question DLE EOT ``which``, 1..4; it is answered at once, in any state."""
    return bytes((0x10, 0x04, which))


class StatusDecoder:
    """Turns received bytes into replies; owns no port, task or clock."""

    def __init__(self) -> None:
        self._auto = bytearray()

    def feed(self, data: bytes) -> list[Reply]:
        """Take received bytes and return the replies they complete, in line order."""
        return [reply for byte in data for reply in self._next(byte)]

    def _next(self, byte: int) -> list[Reply]:
        if self._auto and byte & 0x90 == 0:
            self._auto.append(byte)
            if len(self._auto) < 4:
                return []
            packet, self._auto = bytes(self._auto), bytearray()
            return [AutoStatus(_auto_facts(packet))]
        # A broken packet: its head was noise, this byte may still be a reply.
        torn: list[Reply] = [NoiseSkipped(value) for value in self._auto]
        self._auto.clear()
        if byte & 0x93 == 0x12:
            return [*torn, RealTimeReply(byte)]
        if byte & 0x93 == 0x10:
            self._auto.append(byte)
            return torn
        if byte & 0x90 == 0:
            return [*torn, PaperReply(near_end=bool(byte & 0x03), end=bool(byte & 0x0C))]
        return [*torn, NoiseSkipped(byte)]


def status_from(answers: Mapping[int, int], asked: Collection[int]) -> PrinterStatus:
    """Return the status from the answers to DLE EOT.

    Args:
        answers: answer byte by question number.
        asked: the questions. One without an answer makes the printer silent, never fine.
    """
    facts: set[PrinterFact] = set()
    for which, byte in answers.items():
        facts |= {fact for mask, fact in _MEANINGS[which].items() if byte & mask}
    if not asked or set(asked) - set(answers):
        facts.add(PrinterFact.SILENT)
    return PrinterStatus(frozenset(facts) | _ready(facts))


def _auto_facts(packet: bytes) -> frozenset[PrinterFact]:
    facts = {
        fact
        for byte, bits in zip(packet, _AUTO_MEANINGS, strict=False)
        for mask, fact in bits.items()
        if byte & mask
    }
    return frozenset(facts) | _ready(facts)


def _ready(facts: set[PrinterFact]) -> set[PrinterFact]:
    return {PrinterFact.READY} if facts <= {PrinterFact.NEAR_END} else set()


_MEANINGS: Final = {
    ASK_PRINTER: {0x08: PrinterFact.OFFLINE},
    ASK_OFFLINE_CAUSE: {0x04: PrinterFact.COVER_OPEN, 0x20: PrinterFact.PAPER_OUT},
    ASK_ERROR: {
        0x04: PrinterFact.FAILED,
        0x08: PrinterFact.CUTTER_JAM,
        0x20: PrinterFact.FAILED,
        0x40: PrinterFact.HOT,
    },
    ASK_PAPER: {0x0C: PrinterFact.NEAR_END, 0x60: PrinterFact.PAPER_OUT},
}
_AUTO_MEANINGS: Final = (
    {0x08: PrinterFact.OFFLINE, 0x20: PrinterFact.COVER_OPEN},
    {
        0x04: PrinterFact.FAILED,
        0x08: PrinterFact.CUTTER_JAM,
        0x20: PrinterFact.FAILED,
        0x40: PrinterFact.HOT,
    },
    {0x03: PrinterFact.NEAR_END, 0x0C: PrinterFact.PAPER_OUT},
)
