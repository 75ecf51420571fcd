"""One kiosk: joins its state with the bus, the printer and whoever looks at the screen.

The same object runs on a machine in a hall, in the demo and in tests. Inputs are handed in by
plain calls on the event loop; effects go out before anything is painted, so that a slow screen
never delays a ticket.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from paihao_hall.contract import (
    BEAT,
    BOARD,
    CATALOGUE,
    KIOSK_REPLY,
    KIOSK_REQUEST,
    Beat,
    Board,
    Catalogue,
    KioskReply,
    KioskRequest,
)
from paihao_kiosk.memory import Memory, OpenRequest
from paihao_kiosk.printing import SlipPrinter
from paihao_kiosk.react import react
from paihao_kiosk.screens import screen
from paihao_kiosk.slips import slip_of
from paihao_kiosk.state import (
    FORGET_S,
    Acknowledge,
    Ask,
    BoardCame,
    Down,
    Effect,
    Heard,
    Input,
    Moment,
    Pending,
    PlanCame,
    Print,
    PrintEnded,
    PrinterIs,
    Replied,
    State,
    Tick,
    Typed,
    Up,
)
from paihao_look.picture import Screen
from paihao_runtime.bus import Bus, Faults, listen, send
from paihao_runtime.clock import Clock
from paihao_runtime.device import DeviceReports

STALE_S: Final = 5.0
"""Without a beat for so long the dispatcher is lost."""

TICK_S: Final = 0.25
"""How often time limits are looked at, in seconds of the event loop."""

ASK_AGAIN: Final = timedelta(seconds=FORGET_S)
"""Requests of the run before that are older than this are forgotten: nobody waits for them."""

log = logging.getLogger(__name__)


class KioskApp:
    """A kiosk; give it a bus that is run by someone else, then `run` it.

    Args:
        hall: id of the hall.
        kiosk: id of this machine in the hall's plan.
        bus: connected or not; this subscribes and publishes.
        clock: hall time.
        printer: prints slips.
        new_id: makes ids for requests, never the same twice.
        memory: what is kept on disk; None keeps nothing.
    """

    def __init__(
        self,
        *,
        hall: str,
        kiosk: str,
        bus: Bus,
        clock: Clock,
        printer: SlipPrinter,
        new_id: Callable[[], str],
        memory: Memory | None = None,
    ) -> None:
        self.faults = Faults()
        self._hall = hall
        self._kiosk = kiosk
        self._bus = bus
        self._clock = clock
        self._printer = printer
        self._new_id = new_id
        self._memory = memory
        self._state = State(kiosk=kiosk)
        self._reports = DeviceReports(
            bus, clock.now, hall=hall, device=kiosk, kind="kiosk", facts=self._facts
        )
        self._jobs: asyncio.Queue[Print] = asyncio.Queue()
        self._timed = asyncio.Event()
        self._beat_s: float | None = None
        self._kept_open: tuple[OpenRequest, ...] = ()
        self._watchers: list[Callable[[], None]] = []

    @property
    def state(self) -> State:
        """What the kiosk knows now."""
        return self._state

    def screen(self) -> Screen:
        """Return what it shows now."""
        return screen(self._state, self._now())

    def on_change(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called after each input that changed something."""
        self._watchers.append(callback)

    def press(self, x: float, y: float) -> None:
        """Note that a finger or the mouse went down at a point of the screen."""
        self._feed(Down(self._enabled_at(x, y)))

    def release(self, x: float, y: float) -> None:
        """Note that it went up; what it came down on acts if it is still there."""
        self._feed(Up(self._enabled_at(x, y), self._new_id()))

    def touch(self, target: str) -> None:
        """Press and release a target by its id, in its middle.

        Raises:
            KeyError: the screen has no such target.
        """
        x, y = self.screen().target(target).rect.centre
        self.press(x, y)
        self.release(x, y)

    def type_text(self, text: str) -> None:
        """Take text from a keyboard that is plugged in."""
        self._feed(Typed(text))

    async def run(self) -> None:
        """Serve citizens until cancelled; start this once, in a task group."""
        self._remember()
        self._subscribe()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._print_slips(), name=f"{self._kiosk}-slips")
            tasks.create_task(self._watch_printer(), name=f"{self._kiosk}-printer")
            tasks.create_task(self._watch_beats(), name=f"{self._kiosk}-beats")
            tasks.create_task(self._tick(), name=f"{self._kiosk}-time")

    # Inputs -------------------------------------------------------------------------------------

    def _feed(self, input_: Input) -> None:
        before = self._state
        self._state, effects = react(before, input_, self._now())
        if self._memory is not None:
            self._keep_open()
        for effect in effects:
            self._do(effect)
        if _needs_time(self._state):
            self._timed.set()
        if self._state != before:
            for callback in self._watchers:
                callback()

    def _subscribe(self) -> None:
        bus, hall, faults = self._bus, self._hall, self.faults
        listen(bus, CATALOGUE, self._catalogue_came, faults, hall=hall)
        listen(bus, BOARD, self._board_came, faults, hall=hall)
        listen(bus, BEAT, self._beat_came, faults, hall=hall)
        listen(bus, KIOSK_REPLY, self._reply_came, faults, hall=hall, kiosk=self._kiosk)

    def _catalogue_came(self, catalogue: Catalogue, _ids: dict[str, str]) -> None:
        known = self._state.plan
        self._feed(PlanCame(catalogue.plan))
        changed = known is None or known.revision != catalogue.plan.revision
        if self._memory is not None and changed:
            self._memory.keep_catalogue(CATALOGUE.dump(catalogue))

    def _board_came(self, board: Board, _ids: dict[str, str]) -> None:
        known = self._state.boards.get(board.zone)
        # A message that was delayed or doubled must not turn the figures back.
        if known is None or board.seq >= known.seq or board.at > known.at:
            self._feed(BoardCame(board))

    def _beat_came(self, _beat: Beat, _ids: dict[str, str]) -> None:
        self._beat_s = asyncio.get_running_loop().time()
        self._reports.beat()
        if not self._state.online:
            self._feed(Heard(online=True))

    def _reply_came(self, reply: KioskReply, _ids: dict[str, str]) -> None:
        self._feed(Replied(reply))

    # Effects ------------------------------------------------------------------------------------

    def _do(self, effect: Effect) -> None:
        match effect:
            case Ask(request):
                send(self._bus, KIOSK_REQUEST, request, hall=self._hall, kiosk=self._kiosk)
            case Print():
                self._jobs.put_nowait(effect)
            case Acknowledge(ticket, what):
                self._reports.did(what, ticket=ticket.id, seq=ticket.seq)

    def _facts(self) -> dict[str, str]:
        return {"printer": self._state.printer}

    # Tasks --------------------------------------------------------------------------------------

    async def _print_slips(self) -> None:
        while True:
            job = await self._jobs.get()
            plan, ticket = self._state.plan, job.ticket
            if plan is None:
                raise RuntimeError(f"ticket {ticket.id} was issued before there was a plan")
            slip = slip_of(plan, ticket, self._kiosk, copy=job.copy)
            name = ticket.id if job.copy == 0 else f"{ticket.id}-copy-{job.copy}"
            outcome = await self._printer.print_slip(name, slip, copy=job.copy > 0)
            log.info("%s: %s %s", self._kiosk, ticket.number, outcome)
            self._feed(PrintEnded(ticket.id, job.copy, outcome))

    async def _watch_printer(self) -> None:
        async for state in self._printer.states():
            if state != self._state.printer:
                self._feed(PrinterIs(state))
                self._reports.tell_health()

    async def _watch_beats(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if self._beat_s is None:
                await asyncio.sleep(STALE_S)
                if not self._state.settled:
                    self._feed(Heard(online=False))
                continue
            left_s = self._beat_s + STALE_S - loop.time()
            if left_s > 0:
                await asyncio.sleep(left_s)
                continue
            if self._state.online:
                log.warning("%s: the dispatcher is lost", self._kiosk)
                self._feed(Heard(online=False))
            await asyncio.sleep(STALE_S)

    async def _tick(self) -> None:
        """Tell the state that time went on, but only while something waits for it."""
        while True:
            await self._timed.wait()
            await asyncio.sleep(TICK_S)
            self._feed(Tick())
            if not _needs_time(self._state):
                self._timed.clear()

    # Memory -------------------------------------------------------------------------------------

    def _remember(self) -> None:
        """Take up what the run before left: the plan, and requests without an end."""
        if self._memory is None:
            return
        plan = self._memory.plan()
        if plan is not None and plan.id == self._hall:
            self._feed(PlanCame(plan))
        now = self._now()
        for left in self._memory.open_requests():
            if now.at - left.asked_at > ASK_AGAIN:
                continue
            if left.ticket is not None:
                # It was at the printer when we were killed; nobody knows how much came out.
                self._do(Acknowledge(left.ticket, "unsure"))
                continue
            pending = Pending(left.request, asked_s=now.s, sent_s=now.s)
            self._state = replace(self._state, late=(*self._state.late, pending))
            self._do(Ask(left.request))

    def _keep_open(self) -> None:
        """Write down what is open, when that has changed and before it is acted on."""
        if self._memory is None:
            return
        state = self._state
        asked = [*([state.pending] if state.pending else []), *state.late]
        known = {one.request.id: one.asked_at for one in self._kept_open}
        now = self._clock.now()
        kept = [OpenRequest(one.request, known.get(one.request.id, now)) for one in asked]
        kept += [
            OpenRequest(_request_of(job.ticket.id, job.ticket.service), now, job.ticket)
            for job in state.printing
            if job.copy == 0
        ]
        signature = [(one.request.id, one.ticket is not None) for one in kept]
        if signature != [(one.request.id, one.ticket is not None) for one in self._kept_open]:
            self._kept_open = tuple(kept)
            self._memory.keep_open(self._kept_open)

    def _enabled_at(self, x: float, y: float) -> str | None:
        target = self.screen().target_at(x, y)
        return target.id if target is not None and target.enabled else None

    def _now(self) -> Moment:
        return Moment(self._clock.now(), asyncio.get_running_loop().time())


def _request_of(ticket: str, service: str) -> KioskRequest:
    """Return a name for a request that was answered; only its ticket matters from then on."""
    return KioskRequest(id=ticket, service=service)


def _needs_time(state: State) -> bool:
    return bool(state.pending or state.late or state.printing) or state.touched_at is not None
