"""Clerks of the demo: each presses the keys of one window over the web API, with an own login.

A clerk looks at the figures beside the keys, calls when somebody waits, calls again as often as
the hall's rule says, serves those who come and sets the others to missed. A visitor may press the
same window's keys in the browser; whatever is refused then makes the clerk look and go on from
there.
"""

import asyncio
import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from paihao_config.simulation import SimulationProfile
from paihao_demo.desk import Desk, Pressed
from paihao_demo.holders import Holder, Holders
from paihao_demo.tally import Tally
from paihao_demo.timing import wait_for
from paihao_hall.plan import HallPlan, Outcome, Queue, Window
from paihao_runtime.clock import Clock

log = logging.getLogger(__name__)

REACT_S: Final = (2.0, 9.0)
"""Seconds between seeing that somebody waits and the key."""

NOTICE_S: Final = (1.0, 4.0)
"""Seconds between a person's arrival at the window and the key."""

STAGGER_S: Final = 120.0
"""Windows open within so many seconds of the hall."""

IDLE_S: Final = 300.0
BREAK_EVERY_S: Final = (70 * 60.0, 150 * 60.0)
BREAK_S: Final = (4 * 60.0, 10 * 60.0)
HELD_S: Final = (4 * 60.0, 12 * 60.0)
"""A person whose papers are incomplete comes back after so long."""

HOLD: Final = 0.03
TRANSFER: Final = 0.02
OUTCOMES: Final[dict[Outcome, float]] = {
    "accepted": 60.0,
    "finished": 30.0,
    "accepted_with_gaps": 5.0,
    "returned_for_papers": 4.0,
    "refused": 1.0,
}

Duty = Literal["early", "work", "lunch", "over"]


@dataclass(frozen=True, slots=True)
class Hall:
    """What all clerks share.

    Attributes:
        stopping: set when nobody is to be called any more.
    """

    plan: HallPlan
    profile: SimulationProfile
    clock: Clock
    holders: Holders
    tally: Tally
    stopping: asyncio.Event


class Clerk:
    """One clerk at one window."""

    def __init__(
        self,
        name: str,
        window: Window,
        desk: Desk,
        hall: Hall,
        work: asyncio.Event,
        chance: random.Random,
    ) -> None:
        """Store what is given.

        Args:
            name: of the clerk.
            window: where the clerk works.
            desk: presses the keys.
            hall: what all clerks share.
            work: set while somebody waits whom the window may call.
            chance: of this clerk.
        """
        self.name = name
        self._window = window
        self._desk = desk
        self._hall = hall
        self._clock = hall.clock
        self._work = work
        self._chance = chance
        self._held: list[tuple[datetime, str, str]] = []
        self._break_at: datetime | None = None

    async def run(self) -> None:
        """Work until the hall closes or the demo stops."""
        await self._pause(self._chance.uniform(0, STAGGER_S))
        is_open = False
        while not self._hall.stopping.is_set():
            match self._duty():
                case "early":
                    await self._pause(60)
                case "over":
                    if is_open:
                        await self._press("close")
                    return
                case "lunch":
                    if is_open:
                        await self._rest("lunch", self._next_band())
                    else:
                        await self._pause(60)
                case "work":
                    if not is_open:
                        is_open = (await self._press("open", clerk=self.name)).ok
                        self._plan_break()
                    await self._work_on()

    async def _work_on(self) -> None:
        """Do the next thing: a break, somebody who comes back, or the next ticket."""
        now = self._clock.now()
        if self._break_at is not None and now >= self._break_at:
            self._plan_break()
            await self._rest("toilet", now + timedelta(seconds=self._chance.uniform(*BREAK_S)))
            return
        if self._held and now >= self._held[0][0]:
            _, ticket, number = self._held.pop(0)
            back = await self._press("bring-back", ticket=ticket)
            if back.ok:
                self._hall.tally.called += 1
                await self._meet(number, back.body["ticket"])
            return
        if not await wait_for(self._clock, self._work, 60 if self._held else IDLE_S):
            return
        if await self._pause(self._chance.uniform(*REACT_S)) or not self._work.is_set():
            return
        called = await self._press("call-next")
        if not called.ok:
            await self._find_out()
        elif (ticket := called.body["ticket"]) is None:
            # The figure was of a moment ago; somebody else was faster.
            await self._pause(self._chance.uniform(*REACT_S))
        else:
            self._hall.tally.called += 1
            await self._meet(ticket["number"], ticket)

    async def _meet(self, number: str, ticket: dict[str, Any]) -> None:
        """Wait for the person called; call again as the rule says; serve or miss."""
        queue = self._hall.plan.queue_by_id[ticket["queue"]]
        holder = self._hall.holders.find(number)
        here = holder.here if holder is not None else asyncio.Event()
        calls = 1
        while not await wait_for(self._clock, here, queue.missed.interval_s + 2):
            if calls >= queue.missed.calls:
                await self._miss(holder)
                return
            if self._hall.stopping.is_set():
                return
            if not (await self._press("recall")).ok:
                await self._find_out()
                return
            self._hall.tally.recalled += 1
            calls += 1
        await self._pause(self._chance.uniform(*NOTICE_S))
        if holder is None or not (await self._press("start")).ok:
            await self._find_out()
            return
        await self._serve(holder, queue, ticket)

    async def _miss(self, holder: Holder | None) -> None:
        if (await self._press("missed")).ok:
            self._hall.tally.missed += 1
            if holder is not None:
                self._hall.holders.leaves(holder)

    async def _serve(self, holder: Holder, queue: Queue, ticket: dict[str, Any]) -> None:
        """Do what the person came for."""
        usual_s = self._hall.profile.service_s.get(queue.id, queue.service_s)
        spread = self._hall.profile.spread
        if await self._pause(usual_s * self._chance.lognormvariate(0, spread)):
            return
        draw = self._chance.random()
        other = self._other_queue(queue)
        if draw < HOLD and not holder.by_ear:
            if (await self._press("hold")).ok:
                again = self._clock.now() + timedelta(seconds=self._chance.uniform(*HELD_S))
                self._held.append((again, ticket["id"], holder.number))
                self._hall.holders.sit_again(holder)
            return
        if draw < HOLD + TRANSFER and other is not None and not holder.by_ear:
            if (await self._press("transfer", queue=other.id)).ok:
                self._hall.holders.sit_again(holder)
            return
        outcome = self._chance.choices([*OUTCOMES], [*OUTCOMES.values()])[0]
        if (await self._press("complete", outcome=outcome)).ok:
            self._hall.tally.completed += 1
            self._hall.holders.done += 1
        else:
            await self._find_out()
        self._hall.holders.leaves(holder)

    async def _rest(self, reason: str, until: datetime) -> None:
        """Pause the window; the sign says when it is back."""
        paused = await self._press("pause", reason=reason, until=until.isoformat())
        await self._pause((until - self._clock.now()).total_seconds())
        if paused.ok:
            await self._press("resume")

    async def _find_out(self) -> None:
        """Look what the window's state is after somebody else pressed, and go on from there."""
        now = await self._desk.window(self._window.id)
        log.info("window %s: %s finds it %s", self._window.id, self.name, now["state"])
        match now["state"]:
            case "called":
                if await self._pause(self._chance.uniform(*NOTICE_S)):
                    return
                await self._press("start")
            case "serving":
                if await self._pause(60):
                    return
                if (await self._press("complete", outcome="finished")).ok:
                    self._hall.tally.completed += 1
            case "paused":
                if await self._pause(60):
                    return
                await self._press("resume")
            case "closed":
                await self._press("open", clerk=self.name)
            case _:
                await self._pause(self._chance.uniform(*REACT_S))

    async def _press(self, action: str, **body: Any) -> Pressed:
        pressed = await self._desk.press(self._window.id, action, **body)
        if not pressed.ok:
            code = pressed.body.get("code")
            log.info("window %s: %s was refused: %s", self._window.id, action, code)
        return pressed

    async def _pause(self, seconds: float) -> bool:
        """Let hall time pass; return whether the demo stops."""
        return await wait_for(self._clock, self._hall.stopping, seconds)

    def _plan_break(self) -> None:
        gap = timedelta(seconds=self._chance.uniform(*BREAK_EVERY_S))
        self._break_at = self._clock.now() + gap

    def _other_queue(self, queue: Queue) -> Queue | None:
        """Return another open queue of the same zone that somebody serves."""
        served = {entry.queue for w in self._hall.plan.windows for entry in w.allocation}
        others = [
            one
            for one in self._hall.plan.queues
            if one.zone == queue.zone and one.id != queue.id and one.open and one.id in served
        ]
        return self._chance.choice(others) if others else None

    def _duty(self) -> Duty:
        bands = self._hall.plan.hours
        now = self._clock.now().astimezone(self._hall.plan.tz).time()
        if any(band.start <= now < band.end for band in bands) or not bands:
            return "work"
        if now < bands[0].start:
            return "early"
        if now >= bands[-1].end:
            return "over"
        return "work" if self._window.lunch else "lunch"

    def _next_band(self) -> datetime:
        local = self._clock.now().astimezone(self._hall.plan.tz)
        starts = [band.start for band in self._hall.plan.hours if band.start > local.time()]
        return datetime.combine(local.date(), min(starts), self._hall.plan.tz)
