"""People with a ticket: they sit in their zone until they see or hear their number, and come.

A ticket of a visitor who touched a kiosk in the browser is held by somebody too, so that no
window waits in vain for a person who is no part of the demo.
"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Final

from paihao_demo.timing import Start, wait_for
from paihao_display.announcer import Spoken
from paihao_display.calls import CallTurn
from paihao_runtime.clock import Clock

WALK_S: Final = (6.0, 32.0)
"""Seconds from the seat to the window."""

FORGET_S: Final = 4 * 3600.0
"""Who was not called for so long has gone home."""


@dataclass(slots=True)
class Holder:
    """One person with a ticket.

    Attributes:
        comes: whether this person comes when called.
        called: set once the number was seen or heard.
        here: set while the person stands at the window.
        seated: set again by the window when the person has to wait once more.
    """

    ticket: str
    number: str
    comes: bool
    called: asyncio.Event = field(default_factory=asyncio.Event)
    here: asyncio.Event = field(default_factory=asyncio.Event)
    back: asyncio.Event = field(default_factory=asyncio.Event)
    by_ear: bool = False
    """Called before: the number may still stand on a board, so only the voice counts."""


class Holders:
    """Everybody who holds a ticket."""

    def __init__(self, clock: Clock, chance: random.Random, no_show: float) -> None:
        self._clock = clock
        self._chance = chance
        self._no_show = no_show
        self._by_number: dict[str, Holder] = {}
        self._start: Start | None = None
        self.done = 0

    def begin(self, start: Start) -> None:
        """Let people live as tasks."""
        self._start = start

    def took(self, ticket: str, number: str) -> None:
        """Seat somebody with a new ticket."""
        if self._start is None:
            raise RuntimeError("nobody can take a seat before `begin`")
        holder = Holder(ticket, number, comes=self._chance.random() >= self._no_show)
        self._by_number[number] = holder
        self._start(self._live(holder), f"holder-{number}")

    def __len__(self) -> int:
        return len(self._by_number)

    def find(self, number: str) -> Holder | None:
        """Return who holds a number."""
        return self._by_number.get(number)

    def look_up(self, texts: set[str]) -> None:
        """Let everybody whose number is among these lines of a board see it."""
        for number in texts & self._by_number.keys():
            holder = self._by_number[number]
            if not holder.by_ear:
                holder.called.set()

    def hear(self, spoken: Spoken) -> None:
        """Let everybody who is called in a turn hear it."""
        if isinstance(spoken.turn, CallTurn):
            for call in spoken.turn.calls:
                if (holder := self._by_number.get(call.number)) is not None:
                    holder.called.set()

    def sit_again(self, holder: Holder) -> None:
        """Send a person from the window back to a seat."""
        holder.by_ear = True
        holder.called.clear()
        holder.here.clear()
        holder.back.set()

    def leaves(self, holder: Holder) -> None:
        """Let a person go home."""
        self._by_number.pop(holder.number, None)
        holder.comes = False
        holder.back.set()

    async def _live(self, holder: Holder) -> None:
        while holder.comes:
            if not await wait_for(self._clock, holder.called, FORGET_S):
                break
            await self._clock.sleep(self._chance.uniform(*WALK_S))
            holder.here.set()
            holder.back.clear()
            await holder.back.wait()
