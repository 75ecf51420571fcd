"""Today's events by ticket and by window, so that a timeline needs no search of the log.

Holds references to records the hall keeps in memory anyway; a new hall day starts empty.
"""

from collections.abc import Iterable, Sequence

from paihao_hall import events as e
from paihao_hall.model import Hall

_WINDOW_EVENTS = (e.WindowOpened, e.WindowClosed, e.WindowPaused, e.WindowResumed)


class Stories:
    """What happened to each ticket and, of pauses, at each window today."""

    def __init__(self) -> None:
        self._tickets: dict[str, list[e.Record]] = {}
        self._windows: dict[str, list[e.Record]] = {}
        self._missed: dict[str, None] = {}
        self._seq = 0

    def begin(self, hall: Hall) -> None:
        """Take what a hall that was replayed from its log still knows of today."""
        known = [r for records in hall.answers.values() for r in records]
        known.sort(key=lambda record: record.seq)
        self.take(known)

    def take(self, records: Iterable[e.Record]) -> None:
        """Take records in log order; those taken before are passed over.

        A hall in memory may be ahead of the disk when `begin` reads it, and what it was ahead
        by then comes again when it is durable.
        """
        for record in records:
            if record.seq <= self._seq:
                continue
            self._seq = record.seq
            event = record.event
            if (ticket := getattr(event, "ticket", None)) is not None:
                self._tickets.setdefault(ticket, []).append(record)
                if isinstance(event, e.TicketMissed):
                    self._missed[ticket] = None
                elif ticket in self._missed and not isinstance(event, e.AckRecorded | e.NoteAdded):
                    del self._missed[ticket]
            elif isinstance(event, _WINDOW_EVENTS):
                self._windows.setdefault(event.window, []).append(record)
            elif isinstance(event, e.DayStarted):
                self._tickets.clear()
                self._windows.clear()
                self._missed.clear()

    def of_ticket(self, ticket: str) -> Sequence[e.Record]:
        """Return the events of a ticket in log order; empty when there is none today."""
        return self._tickets.get(ticket, ())

    def of_window(self, window: str) -> Sequence[e.Record]:
        """Return how a window opened, paused and closed today, in log order."""
        return self._windows.get(window, ())

    def missed(self) -> Sequence[str]:
        """Return the tickets that are missed now, the latest first."""
        return tuple(reversed(self._missed))
