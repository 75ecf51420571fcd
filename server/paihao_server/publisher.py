"""Tells the bus what changed: calls at once, boards and window states as retained snapshots.

Everything published is a view of the durable hall and carries its sequence number. A batch that
changes a call repaints the zones at once; counts alone are coalesced, so that a rush at the
kiosks does not flood the boards. On each (re)connection all snapshots are published again.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from paihao_hall import contract, views
from paihao_hall import events as e
from paihao_hall.events import Record
from paihao_hall.model import Hall, Ticket
from paihao_runtime.bus import Bus, send
from paihao_runtime.clock import Clock
from paihao_server.dispatcher import Dispatcher

COALESCE_S: Final = 0.2
"""Longest delay of a board whose counts changed and whose calls did not."""

WINDOW_COUNTS_S: Final = 2.0
"""How often the waiting count on the callers follows the line."""

BEAT_S: Final = 1.0

_CALLS: Final = (e.TicketCalled, e.TicketRecalled)
_AT_ONCE: Final = (
    *_CALLS,
    e.ServiceStarted,
    e.TicketMissed,
    e.TicketReturned,
    e.TicketTransferred,
    e.ServiceCompleted,
    e.TicketHeld,
)
_WINDOW_EVENTS: Final = (e.WindowOpened, e.WindowClosed, e.WindowPaused, e.WindowResumed)


class Publisher:
    """Publishes the views of one hall on one bus."""

    def __init__(self, dispatcher: Dispatcher, bus: Bus, clock: Clock) -> None:
        self._dispatcher = dispatcher
        self._bus = bus
        self._clock = clock
        self._later: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._lit: dict[str, tuple[str, str]] = {}
        self._note_lit(dispatcher.hall)
        self._counts: dict[str, int] = {}
        dispatcher.on_records(self._committed)
        bus.on_connect(self._connected)

    async def run(self) -> None:
        """Beat each second and publish coalesced boards until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat(), name="beat")
            tasks.create_task(self._publish_later(), name="boards")
            tasks.create_task(self._publish_counts(), name="window counts")

    def publish_all(self, hall: Hall) -> None:
        """Publish every retained snapshot of the hall."""
        self._note_lit(hall)
        plan = views.plan_of(hall)
        send(self._bus, contract.CATALOGUE, views.catalogue(hall), hall=plan.id)
        for zone in plan.zones:
            self._board(hall, zone.id)
        for window in hall.windows:
            self._window(hall, window)

    def _connected(self) -> None:
        # What is in memory may be ahead of the disk for a moment; the next commit repaints all.
        self._later[""] = None
        self._wake.set()

    def _committed(self, records: Sequence[Record]) -> None:
        hall = self._dispatcher.hall
        # Dicts for their order: the same log is told the same way in every run.
        zones: dict[str, None] = {}
        windows: dict[str, None] = {}
        counts: dict[str, None] = {}
        # Calls that share a commit with a new plan or day are said all the same.
        whole = False
        for record in records:
            event = record.event
            whole = whole or isinstance(event, e.PlanChanged | e.DayStarted)
            ticket = hall.tickets.get(getattr(event, "ticket", ""))
            if ticket is not None:
                zone = views.zone_of(hall, ticket)
                counts[zone] = None
                if isinstance(event, _AT_ONCE):
                    zones[zone] = None
                self._light(hall, ticket, windows, zones)
                if isinstance(event, _CALLS) and ticket.call_seq == record.seq:
                    self._call(hall, ticket)
            if isinstance(event, _WINDOW_EVENTS) and event.window in hall.windows:
                windows[event.window] = None
                counts |= {q.plan.zone: None for q, _ in hall.windows[event.window].serves}
        if whole:
            self.publish_all(hall)
            return
        for zone in zones:
            self._board(hall, zone)
        for window in windows:
            self._window(hall, window)
        if later := {zone: None for zone in counts if zone not in zones}:
            self._later |= later
            self._wake.set()

    def _light(
        self, hall: Hall, ticket: Ticket, windows: dict[str, None], zones: dict[str, None]
    ) -> None:
        """Note what changes where the ticket is and where it was: strip, and board if it moved."""
        zone = views.zone_of(hall, ticket)
        if (before := self._lit.pop(ticket.id, None)) is not None:
            windows[before[0]] = None
            if before[1] != zone:
                zones[before[1]] = None
        if ticket.state in ("called", "serving") and ticket.window:
            self._lit[ticket.id] = (ticket.window, zone)
            windows[ticket.window] = None

    def _note_lit(self, hall: Hall) -> None:
        """Note which tickets are at windows, as they are when the server starts in mid-day."""
        self._lit = {
            window.ticket.id: (name, views.zone_of(hall, window.ticket))
            for name, window in hall.windows.items()
            if window.ticket is not None
        }

    async def _publish_later(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._dispatcher.look(self._publish_due)
            await asyncio.sleep(COALESCE_S)

    async def _publish_counts(self) -> None:
        while True:
            await asyncio.sleep(WINDOW_COUNTS_S)
            await self._dispatcher.look(self._publish_changed_counts)

    def _publish_changed_counts(self, hall: Hall) -> None:
        for name, window in hall.windows.items():
            if window.state != "closed" and views.own_waiting(window) != self._counts.get(name):
                self._window(hall, name)

    def _publish_due(self, hall: Hall) -> None:
        due, self._later = self._later, {}
        if "" in due:
            self.publish_all(hall)
            return
        for zone in due:
            self._board(hall, zone)

    async def _beat(self) -> None:
        while True:
            await self._dispatcher.look(self._send_beat)
            await asyncio.sleep(BEAT_S)

    def _send_beat(self, hall: Hall) -> None:
        plan = views.plan_of(hall)
        beat = contract.Beat(seq=hall.seq, at=self._clock.now(), revision=plan.revision)
        send(self._bus, contract.BEAT, beat, hall=plan.id)

    def _call(self, hall: Hall, ticket: Ticket) -> None:
        if ticket.state != "called":
            return
        call = views.zone_call(hall, ticket)
        send(self._bus, contract.ZONE_CALL, call, hall=views.plan_of(hall).id, zone=call.zone)

    def _board(self, hall: Hall, zone: str) -> None:
        self._later.pop(zone, None)
        board = views.board(hall, zone, self._clock.now())
        send(self._bus, contract.BOARD, board, hall=views.plan_of(hall).id, zone=zone)

    def _window(self, hall: Hall, window: str) -> None:
        state = views.window_state(hall, hall.windows[window])
        self._counts[window] = state.waiting
        send(self._bus, contract.WINDOW_STATE, state, hall=views.plan_of(hall).id, window=window)
