"""People who come to the hall and touch a kiosk: find the service, look, take a number, leave.

They know the screen only as everybody does, by what can be touched on it: they look for a target
by its id, press it in its middle, and look again. Who does not find what they want gives up.
"""

import asyncio
import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from paihao_config.simulation import SimulationProfile
from paihao_demo.machines import KioskMachine
from paihao_demo.timing import Start, wait_for
from paihao_hall.plan import REGULAR, HallPlan, Service
from paihao_kiosk.pages import Confirm, Printed, Unsure
from paihao_kiosk.state import State
from paihao_look.picture import Target
from paihao_runtime.clock import Clock

log = logging.getLogger(__name__)

THINK_S: Final = (0.8, 3.0)
"""Seconds of hall time between two touches."""

READ_S: Final = (3.0, 9.0)
"""Seconds for reading the confirmation, and the number at the end."""

TOUCHES: Final = 40
"""Who has not got a number after so many touches gives up."""

ANSWER_S: Final = 30.0
"""Wall seconds after which somebody walks away from a kiosk that does not answer."""

COPY_LOOKS: Final = 60
COPY_LOOK_S: Final = 10.0
"""Who has a number and no paper looks that often, every so many seconds, for the printer."""

ENGLISH: Final = 0.03
SEARCHES: Final = 0.15
GIVES_UP: Final = 0.03
SEARCH_LETTERS: Final = 4

LINE: Final = 3
"""With so many in front of the kiosks of the zone people walk to another one."""

BUSY: Final = {"quiet": 0.4, "normal": 1.0, "rush": 2.0}
"""How many times the people of the hall file come."""

_IDLE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person comes for."""

    service: Service
    ticket_class: str
    english: bool
    searches: bool
    gives_up: bool


class GaveUpError(Exception):
    """Somebody left the kiosk without a number; the message says why."""


class Citizens:
    """Sends people to the kiosks.

    Attributes:
        busy: a key of `BUSY`; may be changed at any time.
        gave_up: how many left without a number.
    """

    def __init__(
        self,
        plan: HallPlan,
        profile: SimulationProfile,
        kiosks: Sequence[KioskMachine],
        clock: Clock,
        chance: random.Random,
        busy: str,
    ) -> None:
        self.busy = busy
        self.gave_up = 0
        self._plan = plan
        self._profile = profile
        self._kiosks = kiosks
        self._clock = clock
        self._chance = chance
        self._wishes = _wishes(plan, profile)
        self._lines = dict.fromkeys((kiosk.id for kiosk in kiosks), 0)

    async def come(self, start: Start, stopping: asyncio.Event) -> None:
        """Let people come until told to stop; those at a kiosk finish there, the others leave."""
        if not self._wishes[0]:
            return
        at_s = self._clock.monotonic()
        while not stopping.is_set():
            rate = self._per_second()
            gap_s = self._chance.expovariate(rate) if rate > 0 else _IDLE_S
            # The rate may change meanwhile; gaps without a memory can be drawn anew.
            at_s += min(gap_s, _IDLE_S)
            # Due times add up, so that a busy machine does not thin out the people.
            if await wait_for(self._clock, stopping, at_s - self._clock.monotonic()):
                return
            if gap_s >= _IDLE_S:
                continue
            wish = self._wish()
            kiosk = self._nearest(wish)
            if kiosk is not None:
                start(self._visit(kiosk, wish, stopping), f"citizen-{kiosk.id}")

    def _per_second(self) -> float:
        """Return how many people come in a second of hall time now."""
        local = self._clock.now().astimezone(self._plan.tz)
        hours = self._profile.by_hour
        total = sum(self._profile.arrivals.values()) * BUSY[self.busy]
        if self._plan.take_until is not None and local.time() >= self._plan.take_until:
            return 0.0
        if hours:
            return total * hours.get(local.hour, 0.0) / sum(hours.values()) / 3600
        open_now = any(band.start <= local.time() < band.end for band in self._plan.hours)
        open_s = sum(
            (b.end.hour - b.start.hour) * 3600 + (b.end.minute - b.start.minute) * 60
            for b in self._plan.hours
        )
        return total / open_s if open_now and open_s else 0.0

    def _wish(self) -> Wish:
        services, weights = self._wishes
        draw = self._chance.random()
        ticket_class = REGULAR
        for name, share in self._profile.classes.items():
            draw -= share
            if draw < 0:
                ticket_class = name
                break
        return Wish(
            service=self._chance.choices(services, weights)[0],
            ticket_class=ticket_class,
            english=self._chance.random() < ENGLISH,
            searches=self._chance.random() < SEARCHES,
            gives_up=self._chance.random() < GIVES_UP,
        )

    def _nearest(self, wish: Wish) -> KioskMachine | None:
        """Return a kiosk that offers the service, in its zone if its line is short."""
        zone = wish.service.zone
        offering = [k for k in self._kiosks if not k.device.zones or zone in k.device.zones]
        near = [k for k in offering if k.device.at == zone]
        short = [k for k in near if self._lines[k.id] < LINE] or offering
        return min(short, key=lambda k: (self._lines[k.id], self._chance.random()), default=None)

    async def _visit(self, kiosk: KioskMachine, wish: Wish, stopping: asyncio.Event) -> None:
        self._lines[kiosk.id] += 1
        try:
            async with kiosk.line:
                if not stopping.is_set():
                    await _AtKiosk(kiosk, wish, self._clock, self._chance).take_number()
        except GaveUpError as left:
            self.gave_up += 1
            log.info("somebody left %s: %s", kiosk.id, left)
        finally:
            self._lines[kiosk.id] -= 1


class _AtKiosk:
    """One person in front of one kiosk."""

    def __init__(
        self, kiosk: KioskMachine, wish: Wish, clock: Clock, chance: random.Random
    ) -> None:
        self._kiosk = kiosk
        self._app = kiosk.app
        self._wish = wish
        self._clock = clock
        self._chance = chance
        self._left = TOUCHES

    async def take_number(self) -> None:
        """Take a number.

        Raises:
            GaveUpError: it did not come to that.
        """
        await self._begin()
        if self._wish.english:
            await self._touch("language")
        await self._choose(self._wish.service)
        await self._clock.sleep(self._chance.uniform(*READ_S))
        if self._wish.ticket_class != REGULAR:
            await self._touch(f"class:{self._wish.ticket_class}", may_turn=True)
        if self._wish.gives_up:
            await self._touch("home")
            raise GaveUpError("changed their mind")
        await self._touch("take")
        await self._collect()

    async def _begin(self) -> None:
        """Bring the screen back to its beginning if somebody before left it elsewhere."""
        for target in ("done", "home"):
            if self._find(target) is not None:
                await self._touch(target)
        if self._app.state.language != "zh" and self._find("language") is not None:
            await self._touch("language")

    async def _choose(self, service: Service) -> None:
        """Come to the service: by its role, by typing, or by its zone and group."""
        if service.role in ("consult", "complaint"):
            await self._touch(f"role:{service.role}")
            if isinstance(self._app.state.page, Confirm):
                return
        elif self._wish.searches:
            await self._touch("search")
            for letter in _initials(service)[:SEARCH_LETTERS]:
                await self._touch(f"key:{letter}")
        else:
            await self._touch(f"zone:{service.zone}", may_turn=True)
        await self._touch(f"service:{service.id}", may_turn=True)

    async def _collect(self) -> None:
        """Wait for number and paper; ask for a copy when the paper is not sure."""
        state = await self._until_answered()
        patience = COPY_LOOKS
        while isinstance(state.page, Unsure) and patience:
            patience -= 1
            if self._find("print-again") is not None:
                self._app.touch("print-again")
                state = await self._until_answered()
            else:
                self._app.press(0, 0)  # A tap beside everything keeps the page up.
                await self._clock.sleep(COPY_LOOK_S)
                state = self._app.state
        if not isinstance(state.page, Printed | Unsure):
            raise GaveUpError("the kiosk gave no number")
        await self._clock.sleep(self._chance.uniform(*READ_S))
        if self._find("done") is not None:
            self._app.touch("done")

    async def _until_answered(self) -> State:
        try:
            async with asyncio.timeout(ANSWER_S):
                while self._app.state.busy:
                    await self._kiosk.change()
        except TimeoutError as error:
            raise GaveUpError("the kiosk did not answer") from error
        return self._app.state

    async def _touch(self, target: str, *, may_turn: bool = False) -> None:
        """Think a moment, find a target, turning pages and tabs for it, and press it."""
        while True:
            await self._clock.sleep(self._chance.uniform(*THINK_S))
            wanted = self._find(target) or (self._way_to(target) if may_turn else None)
            if wanted is None or self._left <= 0:
                raise GaveUpError(f"found no {target} on {self._app.screen().name}")
            self._left -= 1
            self._app.touch(wanted.id)
            if wanted.id == target or wanted.id.startswith("theme:"):
                return

    def _find(self, target: str) -> Target | None:
        """Return a target of the screen that can be pressed now."""
        for one in self._app.screen().targets:
            if one.id == target and one.enabled:
                return one
        return None

    def _way_to(self, target: str) -> Target | None:
        """Return what leads on to a target that is not in sight: a tab, else the next page."""
        if target.startswith("zone:"):
            # A hall of one zone begins with the groups of its services.
            found = self._find(f"theme:{self._wish.service.zone}/{self._wish.service.group}")
            if found is not None:
                return found
        if target.startswith("service:"):
            group = self._wish.service.group
            if group and (tab := self._find(f"tab:{group}")) is not None:
                page = self._app.state.page
                if getattr(page, "tab", None) != group:
                    return tab
        if target.startswith("class:"):
            return next(self._enabled("classes:"), None)
        pages = [one for one in self._enabled("page:") if int(one.id.partition(":")[2]) >= 0]
        return max(pages, key=lambda one: int(one.id.partition(":")[2]), default=None)

    def _enabled(self, prefix: str) -> Iterator[Target]:
        return (t for t in self._app.screen().targets if t.enabled and t.id.startswith(prefix))


def _wishes(plan: HallPlan, profile: SimulationProfile) -> tuple[list[Service], list[float]]:
    """Return the services people come for, with weights that give each queue its arrivals."""
    services: list[Service] = []
    weights: list[float] = []
    for queue in plan.queues:
        mine = [s for s in plan.services if s.queue == queue.id and queue.open]
        share = sum(profile.services.get(s.id, 1.0) for s in mine)
        for service in mine:
            if arrivals := profile.arrivals.get(queue.id, 0.0):
                services.append(service)
                weights.append(arrivals * profile.services.get(service.id, 1.0) / share)
    return services, weights


def _initials(service: Service) -> str:
    """Return the first letters of a name's pinyin, as people type them."""
    from pypinyin import Style, lazy_pinyin

    return "".join(one for one in lazy_pinyin(service.name.zh, Style.FIRST_LETTER) if one.isalpha())
