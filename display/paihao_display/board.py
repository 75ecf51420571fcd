"""What the board of a zone shows, as values: from snapshots and times to what is on each row.

`BoardState` takes what comes over the bus and keeps no more than the latest of each, so a board
that was away is right again after one snapshot. Two times run here: hall time (aware, UTC) says
how old a call is; motion time (seconds from anywhere) drives what moves, so that a hall shown at
sixty times the speed still blinks at the pace of an eye.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from paihao_hall.contract import Beat, Board, BoardCall, QueueLine
from paihao_hall.plan import HallPlan, Text, Zone

ROWS: Final = 3
"""Calls shown large."""

STAYS: Final = timedelta(seconds=20)
"""A call stays at least this long; younger ones blink when they are first shown."""

BLINKS_S: Final = 3.0
"""Three blinks of a second: half of it lit."""

STALE_AFTER_S: Final = 5.0
"""Without a word of the server for this long the board says that it is out of date."""

QUEUES: Final = 5
PAGE_S: Final = 10.0
"""Queues on a page and how long it stands."""

Lit = Literal["plain", "lit", "blink-off"]


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call shown large; ``blink-off`` is the dark half of a blink."""

    call: BoardCall
    lit: Lit


@dataclass(frozen=True, slots=True)
class BoardView:
    """All that is needed to draw a board once.

    Attributes:
        plan: of the hall; None before the first catalogue.
        zones: those shown, in the plan's order.
        rows: newest first, at most `ROWS`.
        recent: calls that are over or had to make room, newest first.
        queues: of the page that stands now.
        page: which page, from 1, of how many.
        now: hall time.
        stale: what is shown may be wrong.
        stale_at: hall time of the last word of the server when stale; None if there was none.
        ticker_s: motion time, which moves the notices.
        still: nothing is to move.
    """

    plan: HallPlan | None
    zones: tuple[Zone, ...]
    rows: tuple[CallRow, ...]
    recent: tuple[BoardCall, ...]
    queues: tuple[QueueLine, ...]
    page: tuple[int, int]
    notices: tuple[Text, ...]
    now: datetime
    stale: bool
    stale_at: datetime | None
    ticker_s: float
    still: bool = False


@dataclass(slots=True)
class BoardState:
    """What a board knows.

    Attributes:
        device: id of the board; the plan says which zones it shows.
        reduced_motion: nothing blinks or runs.
    """

    device: str
    reduced_motion: bool = False
    plan: HallPlan | None = None
    _boards: dict[str, Board] = field(default_factory=dict)
    _told_at: datetime | None = None
    _told_s: float = 0.0
    _blink_from: dict[tuple[str, int], float] = field(default_factory=dict)

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Zones this board shows: those of its device in the plan, or all when it names none."""
        if self.plan is None:
            return ()
        device = self.plan.device_by_id.get(self.device)
        if device is None or not device.zones:
            return self.plan.zones
        return tuple(self.plan.zone_by_id[zone] for zone in device.zones)

    @property
    def seq(self) -> int:
        """The newest log number of what is shown; 0 before the first snapshot."""
        return max((board.seq for board in self._boards.values()), default=0)

    def take_plan(self, plan: HallPlan) -> None:
        """Take the catalogue."""
        self.plan = plan

    def take_beat(self, beat: Beat, motion_s: float) -> None:
        """Take a sign of life of the server."""
        self._told_at, self._told_s = beat.at, motion_s

    def take_board(self, board: Board, now: datetime, motion_s: float) -> None:
        """Take the snapshot of a zone; an older one than we have is ignored.

        Snapshots of a server that began a new log are taken all the same: their time is later.
        """
        have = self._boards.get(board.zone)
        if have is not None and board.seq < have.seq and board.at <= have.at:
            return
        self._boards[board.zone] = board
        shown = {(call.ticket, call.seq) for call in self._calls()}
        for call in board.calls:
            key = (call.ticket, call.seq)
            if key not in self._blink_from:
                young = now - call.called_at < STAYS
                self._blink_from[key] = motion_s if young else motion_s - BLINKS_S
        self._blink_from = {key: at for key, at in self._blink_from.items() if key in shown}

    def is_stale(self, motion_s: float) -> bool:
        """Whether what is shown may be wrong."""
        return self._told_at is None or motion_s - self._told_s > STALE_AFTER_S

    def blinks(self, motion_s: float) -> bool:
        """Whether something blinks now, so that the board must be painted again soon."""
        return not self.reduced_motion and any(
            motion_s - since_s < BLINKS_S for since_s in self._blink_from.values()
        )

    def view(self, now: datetime, motion_s: float) -> BoardView:
        """Return what to draw now.

        Args:
            now: hall time.
            motion_s: motion time.
        """
        lines = [line for zone in self.zones for line in self._queues_of(zone.id)]
        pages = max(1, -(-len(lines) // QUEUES))
        page = int(motion_s // PAGE_S) % pages
        stale = self.is_stale(motion_s)
        rows = self._rows(now, motion_s)
        large = {row.call.ticket for row in rows}
        return BoardView(
            plan=self.plan,
            zones=self.zones,
            rows=rows,
            recent=tuple(call for call in self._all_calls() if call.ticket not in large),
            queues=tuple(lines[page * QUEUES : (page + 1) * QUEUES]),
            page=(page + 1, pages),
            notices=self._notices(),
            now=now,
            stale=stale,
            stale_at=self._told_at if stale else None,
            ticker_s=motion_s,
            still=self.reduced_motion,
        )

    def _rows(self, now: datetime, motion_s: float) -> tuple[CallRow, ...]:
        calls = self._calls()
        waiting = {call.ticket for call in calls}
        young = [
            call
            for call in self._recent()
            if call.ticket not in waiting and now - call.called_at < STAYS
        ]
        top = sorted([*calls, *young], key=lambda call: -call.seq)[:ROWS]
        stale = self.is_stale(motion_s)
        return tuple(
            CallRow(call, "plain" if stale else self._lit(call, place, motion_s))
            for place, call in enumerate(top)
        )

    def _lit(self, call: BoardCall, place: int, motion_s: float) -> Lit:
        since_s = motion_s - self._blink_from.get((call.ticket, call.seq), -BLINKS_S)
        if since_s < BLINKS_S and not self.reduced_motion:
            return "lit" if since_s % 1.0 < 0.5 else "blink-off"
        return "lit" if place == 0 else "plain"

    def _all_calls(self) -> list[BoardCall]:
        """Return every call once, newest first."""
        newest: dict[str, BoardCall] = {}
        for call in [*self._recent(), *self._calls()]:
            if call.ticket not in newest or newest[call.ticket].seq <= call.seq:
                newest[call.ticket] = call
        return sorted(newest.values(), key=lambda call: -call.seq)

    def _calls(self) -> list[BoardCall]:
        return [call for board in self._mine() for call in board.calls]

    def _recent(self) -> list[BoardCall]:
        return [call for board in self._mine() for call in board.recent]

    def _queues_of(self, zone: str) -> Iterable[QueueLine]:
        board = self._boards.get(zone)
        return board.queues if board else ()

    def _notices(self) -> tuple[Text, ...]:
        return tuple(dict.fromkeys(text for board in self._mine() for text in board.notices))

    def _mine(self) -> list[Board]:
        return [self._boards[zone.id] for zone in self.zones if zone.id in self._boards]
