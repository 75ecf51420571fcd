"""The speaker of a hall: hears calls on the bus, speaks them one at a time, says what it spoke.

One announcer serves one speaker, whatever zones that covers, so two voices never overlap in a
place. It speaks the turn it took from its line, not what came last, and reports each call after
it was spoken. Whatever goes wrong with one turn is logged and the next turn follows.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from paihao_display.calls import CallQueue, CallTurn, Turn
from paihao_display.outputs import Output
from paihao_display.voice import Speech, Voice
from paihao_hall.contract import ZoneCall
from paihao_hall.plan import Text
from paihao_runtime.clock import Clock

log = logging.getLogger(__name__)

_ROUNDING: Final = timedelta(milliseconds=5)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn that is over, in hall time.

    Attributes:
        heard: it was said whole and reached a loudspeaker or file.
    """

    turn: Turn
    speech: Speech
    start: datetime
    end: datetime
    heard: bool


class Announcer:
    """Speaks the calls and notices of one speaker."""

    def __init__(
        self,
        voice: Voice,
        output: Output,
        clock: Clock,
        *,
        on_spoken: Callable[[Spoken], None],
        times: int = 2,
    ) -> None:
        """Make an announcer; it speaks while `run` runs.

        Args:
            voice: makes the sound, at the rate of the output.
            output: plays it.
            clock: the hall's.
            on_spoken: told of each turn after it is over.
            times: how often each call is said.
        """
        self._voice = voice
        self._output = output
        self._clock = clock
        self._on_spoken = on_spoken
        self._queue = CallQueue(voice.seconds, times=times)
        self._problem = ""
        self._news = asyncio.Event()
        self._silent = asyncio.Event()
        self._silent.set()
        self._last_end: datetime | None = None

    @property
    def backlog(self) -> int:
        """How many calls and notices wait."""
        return len(self._queue)

    def call(self, call: ZoneCall) -> bool:
        """Take a call to be spoken; False when it was taken before."""
        taken = self._queue.add(call)
        if taken:
            self._wake()
        return taken

    def knows(self, seq: int, ticket: str) -> bool:
        """Whether this call of the ticket, or a later one, was taken already."""
        return self._queue.knows(seq, ticket)

    def notice(self, text: Text) -> None:
        """Take a notice to be read out when no call waits."""
        self._queue.add_notice(text)
        self._wake()

    def health(self) -> str:
        """Return what is wrong with voice and output; empty when nothing is."""
        problems = (self._problem, self._voice.health(), self._output.health())
        return "; ".join(problem for problem in problems if problem)

    async def until_silent(self) -> None:
        """Wait until everything taken so far has been spoken."""
        await self._silent.wait()

    async def run(self) -> None:
        """Speak until cancelled; start this once, in a task group."""
        while True:
            turn = self._queue.take()
            if turn is None:
                self._news.clear()
                self._silent.set()
                await self._news.wait()
                continue
            try:
                spoken = await self._speak(turn)
            except Exception as error:
                log.exception("a turn was not spoken: %s", turn)
                self._problem = f"a turn was not spoken: {error}"
                continue
            self._problem = ""
            self._on_spoken(spoken)

    async def _speak(self, turn: Turn) -> Spoken:
        if isinstance(turn, CallTurn):
            speech = await self._voice.of_calls(turn.calls, turn.times)
        else:
            speech = await self._voice.of_notice(turn.text)
        start = self._clock.now()
        # Bridge rounding only: when the clock was set back, the voice must not wait for it.
        if self._last_end and timedelta(0) < self._last_end - start < _ROUNDING:
            start = self._last_end
        end = self._last_end = start + timedelta(seconds=speech.sound.seconds)
        played = await self._output.play(speech.sound, start)
        return Spoken(turn, speech, start, end, heard=played and speech.whole)

    def _wake(self) -> None:
        self._silent.clear()
        self._news.set()
