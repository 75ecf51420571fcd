"""Where speech goes: the sound card, a WAV file in hall time, or nowhere when there is no card.

Each output plays one sound at a time and returns when its time is over, by the hall's clock, so
that a speaker of a hall at sixty times the speed keeps the same order of things.
"""

import logging
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from paihao_display.sound import Sound, little_endian
from paihao_runtime.clock import Clock

log = logging.getLogger(__name__)

CARD_RATE_HZ: Final = 22050
WAV_RATE_HZ: Final = 8000
"""Of WAV files in hall time: telephone quality, 58 MB for each hour, most of it holes on disk."""

_HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")
_MOST_BYTES: Final = 0xFFFF_FF00
_OVERDUE_S: Final = 2.0
"""How long a card may take beyond the length of the sound before it is stopped."""


class NoCardError(Exception):
    """There is no sound card that works; the message says what the system said."""


class Output(Protocol):
    """Plays speech."""

    @property
    def rate_hz(self) -> int:
        """Rate of the sounds it takes."""
        ...

    async def play(self, sound: Sound, start: datetime) -> bool:
        """Play a sound and wait, in hall time, until it is over.

        Args:
            sound: at our rate.
            start: now in hall time; where a recording is to have the sound.

        Returns:
            Whether anybody could hear it.
        """
        ...

    def health(self) -> str:
        """Return what is wrong; empty when nothing is."""
        ...

    def close(self) -> None:
        """Let go of card or file."""
        ...


class NoOutput:
    """Stands where the sound card is missing: keeps the time, is heard by nobody."""

    rate_hz = CARD_RATE_HZ

    def __init__(self, clock: Clock, problem: str) -> None:
        self._clock = clock
        self._problem = problem

    async def play(self, sound: Sound, start: datetime) -> bool:
        """Wait as long as the sound takes; nobody hears it."""
        await self._clock.sleep(sound.seconds)
        return False

    def health(self) -> str:
        """Return why nobody hears anything."""
        return self._problem

    def close(self) -> None:
        """Do nothing."""


class CardOutput:
    """The sound card, by the mixer of pygame."""

    rate_hz = CARD_RATE_HZ

    def __init__(self, clock: Clock) -> None:
        """Open the card; ``SDL_AUDIODRIVER`` names another driver than the usual one.

        Raises:
            NoCardError: there is none.
        """
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        import pygame.mixer

        self._clock = clock
        self._mixer = pygame.mixer
        self._problem = ""
        try:
            with _library_quiet():
                self._mixer.init(CARD_RATE_HZ, -16, 1, 1024, allowedchanges=0)
        except pygame.error as error:
            raise NoCardError(f"no sound card: {error}") from error

    async def play(self, sound: Sound, start: datetime) -> bool:
        """Play and wait; a card that does not come to an end is stopped."""
        playing: Any = self._mixer.Sound(buffer=little_endian(sound.samples))
        channel = playing.play()
        if channel is None:
            self._problem = "the sound card takes no sound"
            await self._clock.sleep(sound.seconds)
            return False
        await self._clock.sleep(sound.seconds)
        last_s = self._clock.monotonic() + _OVERDUE_S
        while channel.get_busy() and self._clock.monotonic() < last_s:
            await self._clock.sleep(0.02)
        if channel.get_busy():
            channel.stop()
            self._problem = "the sound card does not come to an end"
            log.warning("%s", self._problem)
            return False
        self._problem = ""
        return True

    def health(self) -> str:
        """Return what the card failed at last; empty when it played."""
        return self._problem

    def close(self) -> None:
        """Give the card back."""
        self._mixer.quit()


class WavOutput:
    """A WAV file whose time line is hall time: 16-bit mono, silence between the sounds.

    Silence is never written, so on disk the file is about as large as what is said. It is a
    proper WAV file after each sound; what is being said when the process ends is not in it.
    """

    rate_hz = WAV_RATE_HZ

    def __init__(self, path: Path, clock: Clock, start: datetime) -> None:
        """Begin a file.

        Args:
            path: of the file; an older one is replaced.
            clock: the hall's.
            start: hall time of the first sample.
        """
        self._clock = clock
        self._start = start
        self._frames = 0
        self._file = path.open("wb")
        self._write_header()

    async def play(self, sound: Sound, start: datetime) -> bool:
        """Wait until the sound is over, then write it where it belongs."""
        await self._clock.sleep(sound.seconds)
        self.place(sound, start)
        return True

    def place(self, sound: Sound, at: datetime) -> None:
        """Write a sound; it never begins before the end of the one before.

        Raises:
            ValueError: the sound has another rate.
        """
        if sound.rate_hz != self.rate_hz:
            raise ValueError(f"a sound of {sound.rate_hz} Hz for a file of {self.rate_hz} Hz")
        first = max(self._frame(at), self._frames)
        self._file.seek(_HEADER.size + 2 * first)
        self._file.write(little_endian(sound.samples))
        self._frames = first + len(sound.samples)
        self._write_header()

    def health(self) -> str:
        """Return nothing: a full disk raises."""
        return ""

    def close(self) -> None:
        """Fill up with silence until now and close the file."""
        if self._file.closed:
            return
        self._frames = max(self._frames, self._frame(self._clock.now()))
        self._file.truncate(_HEADER.size + 2 * self._frames)
        self._write_header()
        self._file.close()

    def _frame(self, at: datetime) -> int:
        return round((at - self._start).total_seconds() * self.rate_hz)

    def _write_header(self) -> None:
        # The format counts bytes in 32 bits; a longer file is complete and its header says less.
        size = min(2 * self._frames, _MOST_BYTES)
        self._file.seek(0)
        self._file.write(
            _HEADER.pack(
                b"RIFF", 36 + size, b"WAVE",
                b"fmt ", 16, 1, 1, self.rate_hz, 2 * self.rate_hz, 2, 16,
                b"data", size,
            )
        )  # fmt: skip
        self._file.flush()


def open_card(clock: Clock) -> Output:
    """Return the sound card, or an output that says in one line that there is none."""
    try:
        return CardOutput(clock)
    except NoCardError as error:
        log.error("%s; calls are shown but not heard", error)  # noqa: TRY400
        return NoOutput(clock, str(error))


@contextmanager
def _library_quiet() -> Iterator[None]:
    """Keep the sound library from writing to our stderr: it complains in many lines of its own."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
