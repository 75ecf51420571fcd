"""The promises of the hall, compared with what happened: checked all day long and at its end.

The numbers are those of the design. What each check may know comes from the log and from outside:
paper, loudspeakers, walls. A view is only held to the log while it, the broker and the server have
not been disturbed for `SETTLE_S`, and may lag behind by `LAG_S`.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from paihao_hall import events as e
from paihao_hall import views
from paihao_hall.contract import Board
from paihao_hall.events import Record
from paihao_hall.model import Hall, state_bytes
from paihao_hall.plan import REGULAR, HallPlan
from tests.bottle.machines import BoardMachine, Machine, SpeakerMachine, WindowBox
from tests.bottle.world import World, promise
from tests.hall.invariants import check_log, check_replay, check_state

if TYPE_CHECKING:
    from tests.bottle.bottle import Bottle

SETTLE_S: Final = 12.0
LAG_S: Final = 6.0
YOUNG_S: Final = 40.0
"""Calls that are younger are found in a snapshot by a speaker that was away."""

_SEEN_BY_NOBODY: Final = (e.AckRecorded, e.NoteAdded, e.TicketIssued)
"""Events that change nothing in what boards and windows are compared by."""

BoardKey = tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]
WindowKey = tuple[str, str | None, int]


@dataclass
class History:
    """What a view should have shown, newest last: (since when, what)."""

    versions: deque[tuple[float, object]] = field(default_factory=lambda: deque(maxlen=64))

    def note(self, at_s: float, what: object) -> None:
        """Take what it shows from now on."""
        if not self.versions or self.versions[-1][1] != what:
            self.versions.append((at_s, what))

    def allows(self, what: object, now_s: float) -> bool:
        """Return whether it was right to show this at some time within the last `LAG_S`."""
        newest_first = list(self.versions)[::-1]
        for since_s, version in newest_first:
            if version == what:
                return True
            if since_s < now_s - LAG_S:
                return False
        return False


@dataclass
class Call:
    """A call of the log that a speaker has to say."""

    ticket: str
    seq: int
    zone: str
    at_s: float


class Checks:
    """Watches one bottle."""

    def __init__(self, world: World, bottle: "Bottle") -> None:
        self._world = world
        self._bottle = bottle
        self._boards: defaultdict[str, History] = defaultdict(History)
        self._windows: defaultdict[str, History] = defaultdict(History)
        self._calls: deque[Call] = deque()
        self._row = RowWatch()
        world.on_durable.append(self._became_durable)

    def _became_durable(self, records: Sequence[Record]) -> None:
        """Note what the views have to show from now on; memory and disk agree here."""
        hall = self._bottle.hall
        assert hall is not None
        plan = views.plan_of(hall)
        for record in records:
            self._row.take(record)
            if isinstance(record.event, e.TicketCalled | e.TicketRecalled):
                ticket = hall.tickets.get(record.event.ticket)
                if ticket is not None:
                    zone = views.zone_of(hall, ticket)
                    at_s = self._world.now_s
                    self._calls.append(Call(ticket.id, record.seq, zone, at_s))
        if not all(isinstance(record.event, _SEEN_BY_NOBODY) for record in records):
            self.note_views(hall, plan)

    def note_views(self, hall: Hall, plan: HallPlan) -> None:
        """Note what boards and windows have to show now."""
        now_s = self._world.now_s
        at = views.hall_time(hall)
        for zone in plan.zones:
            self._boards[zone.id].note(now_s, _board_key(views.board(hall, zone.id, at)))
        for name, window in hall.windows.items():
            state = views.window_state(hall, window)
            self._windows[name].note(now_s, (state.state, state.ticket, state.times))

    # All day long -------------------------------------------------------------------------------

    def step(self) -> None:
        """Check what can be checked at any moment."""
        server = self._bottle.server
        hall = self._bottle.hall
        if hall is not None and server.alive and hall.seq == len(self._world.records):
            check_state(hall)
        self.check_views()
        self.check_calls()

    def check_views(self) -> None:
        """4: boards and windows show what the log says."""
        for board in self._bottle.boards:
            if self._quiet_s(board) > SETTLE_S:
                self._check_board(board)
        for box in self._bottle.boxes:
            if self._quiet_s(box) > SETTLE_S:
                self._check_box(box)

    def _check_board(self, board: BoardMachine) -> None:
        view = board.window.shown
        promise(view is not None and board.app is not None, f"{board.name} is dark")
        assert view is not None
        assert board.app is not None
        promise(view.plan is not None, f"{board.name} has no plan")
        snapshots = board.app._state._boards
        for zone in view.zones:
            have = snapshots.get(zone.id)
            promise(have is not None, f"{board.name} has no snapshot of {zone.id}")
            assert have is not None
            key = _board_key(have)
            promise(
                self._boards[zone.id].allows(key, self._world.now_s),
                f"{board.name} shows {key} of {zone.id}; "
                f"it should be {list(self._boards[zone.id].versions)[-3:]}",
            )
        painted = {(row.call.ticket, row.call.seq) for row in view.rows}
        painted |= {(call.ticket, call.seq) for call in view.recent}
        called = {k for zone in view.zones for k in _board_key(snapshots[zone.id])[0]}
        promise(called <= painted, f"{board.name} does not paint {called - painted}")

    def _check_box(self, box: WindowBox) -> None:
        shown = box.shown
        promise(shown is not None, f"{box.name} shows nothing")
        assert shown is not None
        key: WindowKey = (shown.state, shown.ticket, shown.times)
        promise(
            self._windows[box.name].allows(key, self._world.now_s),
            f"{box.name} shows {key}; should be {list(self._windows[box.name].versions)[-3:]}",
        )

    def check_calls(self) -> None:
        """4: a call reaches the speaker of its zone, at once or from the next snapshot."""
        keep: list[Call] = []
        while self._calls:
            call = self._calls.popleft()
            age_s = self._world.now_s - call.at_s
            speaker = self._bottle.speaker_of(call.zone)
            quiet_s = self._quiet_s(speaker)
            if age_s < SETTLE_S:
                keep.append(call)
            elif quiet_s > age_s + LAG_S:
                self._must_be_known(speaker, call, "from its message")
            elif quiet_s > SETTLE_S and age_s < YOUNG_S and self._still_called(call):
                self._must_be_known(speaker, call, "from the snapshot")
            elif age_s < YOUNG_S and self._still_called(call):
                keep.append(call)
        self._calls.extend(keep)

    def _must_be_known(self, speaker: SpeakerMachine, call: Call, how: str) -> None:
        if speaker.app is None or not speaker.alive:
            return
        known = speaker.app._announcer.knows(call.seq, call.ticket)
        promise(known, f"call {call.seq} of {call.ticket} did not reach {speaker.name} {how}")

    def _still_called(self, call: Call) -> bool:
        hall = self._bottle.hall
        ticket = hall.tickets.get(call.ticket) if hall is not None else None
        return ticket is not None and ticket.state == "called" and ticket.call_seq == call.seq

    def _quiet_s(self, machine: Machine) -> float:
        """Return for how long nothing was in the way between the log and a machine."""
        server, broker = self._bottle.server, self._bottle.broker
        connected = machine.bus is not None and machine.bus.connected
        if not connected or not server.alive or not broker.up:
            return 0.0
        return self._world.quiet_s(machine.name, "server", "broker")

    # At the end ---------------------------------------------------------------------------------

    def under_way(self, hall: Hall) -> list[str]:
        """Return what is still going on: who waits, what is on its way; empty when all is done."""
        doing = [f"{q.waiting()} wait in {name}" for name, q in hall.queues.items() if q.waiting()]
        doing += [
            f"{window.state} at {name}, {len(window.held)} held"
            for name, window in hall.windows.items()
            if window.ticket or window.held
        ]
        for kiosk in self._bottle.kiosks:
            state = kiosk.app.state if kiosk.app is not None else None
            if state is None or state.busy or state.late or state.overdue:
                late = [pending.request.id for pending in state.late] if state else []
                doing.append(f"{kiosk.name} is busy; unanswered: {late}")
        doing += [
            f"{speaker.name} speaks"
            for speaker in self._bottle.speakers
            if speaker.app is None or speaker.app.backlog or speaker.sounding
        ]
        return doing

    def end(self, hall: Hall) -> None:
        """Check everything once the dust has settled."""
        check_state(hall)
        check_log(self._world.records)
        check_replay(hall, self._world.records)
        self._check_paper(hall)
        self._check_speech()
        self.check_views()
        self._check_counts(hall)

    def _check_paper(self, hall: Hall) -> None:
        """3: a printed ticket is a queued ticket, and the other way round."""
        on_paper: Counter[str] = Counter()
        for kiosk in self._bottle.kiosks:
            on_paper.update(kiosk.paper.keys())
        for ticket, times in on_paper.items():
            promise(times == 1, f"{ticket} came out of {times} kiosks")
        for ticket, record in self._world.issued.items():
            role, _, name = record.actor.partition(":")
            if role != "kiosk" or ticket in on_paper or ticket not in hall.tickets:
                continue
            reports = self._bottle.kiosk(name).reports.get(ticket, [])
            promise(
                bool(reports),
                f"{ticket} of event {record.seq} waits in the hall; {name} neither printed nor "
                "reported it",
            )

    def _check_speech(self) -> None:
        """4: what a speaker took it has said."""
        for speaker in self._bottle.speakers:
            assert speaker.app is not None
            taken = speaker.app._announcer._queue._known
            said = {f"{ticket}-{seq}" for ticket, seq in speaker.said}
            promise(said == set(taken), f"{speaker.name} took but never said {set(taken) - said}")

    def _check_counts(self, hall: Hall) -> None:
        """4: the counts that boards and kiosks show are those of the hall."""
        for zone in views.plan_of(hall).zones:
            queues = {line.queue: line.waiting for line in self._board_of(hall, zone.id).queues}
            told = [
                (board.name, board.app._state._boards.get(zone.id))
                for board in self._bottle.boards
                if board.app is not None and zone in board.app._state.zones
            ]
            told += [
                (kiosk.name, kiosk.app.state.boards.get(zone.id))
                for kiosk in self._bottle.kiosks
                if kiosk.app is not None
            ]
            for name, snapshot in told:
                shown = {line.queue: line.waiting for line in snapshot.queues} if snapshot else {}
                promise(shown == queues, f"{name} shows {shown} waiting in {zone.id}, not {queues}")

    def _board_of(self, hall: Hall, zone: str) -> Board:
        return views.board(hall, zone, views.hall_time(hall))

    def bytes_of_log(self) -> bytes:
        """Return the whole log and the hall it gives, as bytes."""
        lines = [repr(record).encode() for record in self._world.records]
        hall = self._bottle.hall
        return b"\n".join([*lines, state_bytes(hall) if hall is not None else b""])


class RowWatch:
    """5: no class delays regular tickets beyond its declared limit; told by the log alone."""

    def __init__(self) -> None:
        self._limits: dict[str, int] = {}
        self._where: dict[str, tuple[str, str]] = {}
        self._waiting: defaultdict[str, set[str]] = defaultdict(set)
        self._run: Counter[str] = Counter()

    def take(self, record: Record) -> None:
        """Take the next record of the log."""
        match record.event:
            case e.PlanChanged(plan=plan):
                # A class that left the plan declares no limit any more.
                self._limits = {c.id: c.max_in_row for c in plan.classes}
            case e.DayStarted():
                self._where.clear()
                self._waiting.clear()
                self._run.clear()
            case e.TicketIssued(ticket=ticket, queue=queue, class_=class_):
                self._where[ticket] = (queue, class_)
                self._waiting[queue].add(ticket)
            case e.TicketTransferred(ticket=ticket, queue=queue):
                self._where[ticket] = (queue, self._where[ticket][1])
                self._waiting[queue].add(ticket)
            case e.TicketReturned(ticket=ticket) | e.TicketRejoined(ticket=ticket):
                self._waiting[self._where[ticket][0]].add(ticket)
            case e.TicketCancelled(ticket=ticket) | e.TicketExpired(ticket=ticket):
                self._waiting[self._where[ticket][0]].discard(ticket)
            case e.TicketCalled(ticket=ticket, reason=reason) if reason.rule != "held":
                self._called(ticket)
            case _:
                pass

    def _called(self, ticket: str) -> None:
        queue, class_ = self._where[ticket]
        self._waiting[queue].discard(ticket)
        if class_ == REGULAR or not self._regular_waits(self._waiting[queue]):
            self._run[queue] = 0
            return
        self._run[queue] += 1
        promise(
            self._run[queue] <= self._limits.get(class_, self._run[queue]),
            f"{self._run[queue]} {class_} tickets in a row in {queue} while a regular one waits",
        )

    def _regular_waits(self, tickets: Iterable[str]) -> bool:
        return any(self._where[ticket][1] == REGULAR for ticket in tickets)


def _board_key(board: Board) -> BoardKey:
    return (
        tuple((call.ticket, call.seq) for call in board.calls),
        tuple((call.ticket, call.seq) for call in board.recent),
    )
