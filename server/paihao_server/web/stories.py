"""Today's events by ticket and by window, so that a timeline needs no search of the log.

Holds references to records the hall keeps in memory anyway; a new hall day starts empty.
"""

from collections.abc import Iterable, Sequence

from paihao_hall.events import DayStarted, Record, WindowOpened, WindowPaused, WindowResumed
from paihao_hall.model import Hall

_WINDOW_EVENTS = (WindowOpened, WindowPaused, WindowResumed)


class Stories:
    """What happened to each ticket and, of pauses, at each window today."""

    def __init__(self) -> None:
        self._tickets: dict[str, list[Record]] = {}
        self._windows: dict[str, list[Record]] = {}

    def begin(self, hall: Hall) -> None:
        """Take what a hall that was replayed from its log still knows of today."""
        known = [r for records in hall.answers.values() for r in records]
        known.sort(key=lambda record: record.seq)
        self.take(known)

    def take(self, records: Iterable[Record]) -> None:
        """Take records in log order."""
        for record in records:
            event = record.event
            if (ticket := getattr(event, "ticket", None)) is not None:
                self._tickets.setdefault(ticket, []).append(record)
            elif isinstance(event, _WINDOW_EVENTS):
                self._windows.setdefault(event.window, []).append(record)
            elif isinstance(event, DayStarted):
                self._tickets.clear()
                self._windows.clear()

    def of_ticket(self, ticket: str) -> Sequence[Record]:
        """Return the events of a ticket in log order; empty when there is none today."""
        return self._tickets.get(ticket, ())

    def pauses(self, window: str) -> Sequence[Record]:
        """Return openings, pauses and ends of pauses of a window today in log order."""
        return self._windows.get(window, ())
