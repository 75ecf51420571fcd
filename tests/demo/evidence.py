"""What a bounded demo left in its folder, read as a stranger would: from the files alone."""

import json
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

SIX = ("issued", "printed", "called", "announced", "missed", "completed")
NEAR_SILENCE = 40
"""Of 32767: louder samples are sound."""


@dataclass(frozen=True)
class Turn:
    """One turn of a speaker, in hall time."""

    start: datetime
    end: datetime
    covered: tuple[int, ...]


@dataclass(frozen=True)
class Evidence:
    """A folder of results."""

    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "summary.json").read_bytes())
        return found

    def events(self, kind: str) -> list[tuple[int, dict[str, Any]]]:
        """Return number and content of the log's events of a kind."""
        db = sqlite3.connect(f"file:{self.folder / 'hall.db'}?mode=ro", uri=True)
        try:
            rows = db.execute("SELECT seq, event FROM events WHERE type = ? ORDER BY seq", (kind,))
            return [(seq, json.loads(event)) for seq, event in rows]
        finally:
            db.close()

    def slips(self) -> Iterator[tuple[str, str]]:
        """Yield name and QR code of each slip, read off its picture."""
        for path in sorted((self.folder / "tickets").glob("*.png")):
            with Image.open(path) as picture:
                (code,) = zxingcpp.read_barcodes(picture.convert("L"))
            yield path.stem, code.text

    def speakers(self) -> Iterator[tuple[Path, list[Turn]]]:
        """Yield the WAV of each speaker with its turns in order."""
        for wav in sorted((self.folder / "announcements").glob("*.wav")):
            lines = wav.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
            yield wav, [_turn(json.loads(line)) for line in lines]


def _turn(record: dict[str, Any]) -> Turn:
    start, end = (datetime.fromisoformat(record[name]) for name in ("start", "end"))
    return Turn(start, end, tuple(record["covered"]))


def loud_spans(wav: Path, apart_s: float) -> list[tuple[float, float]]:
    """Return the spans of sound of a WAV in seconds; silence up to ``apart_s`` joins two."""
    data = wav.read_bytes()
    rate = struct.unpack_from("<I", data, 24)[0]
    samples = memoryview(data)[44:].cast("h")
    block = rate // 50
    spans: list[tuple[float, float]] = []
    for at in range(0, len(samples), block):
        piece = samples[at : at + block]
        if not any(piece) or max(abs(one) for one in piece) < NEAR_SILENCE:
            continue
        begin, end = at / rate, (at + len(piece)) / rate
        if spans and begin - spans[-1][1] <= apart_s:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    return spans
