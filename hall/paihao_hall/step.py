"""One step of a hall: the same for the live dispatcher, replay, tests and the later twin.

day over? ──> command ──> seen before? ──> decide ──> records ──> evolve
"""

from datetime import date, datetime

import msgspec

from paihao_hall import commands as c
from paihao_hall import events as e
from paihao_hall.decide import decide
from paihao_hall.evolve import evolve
from paihao_hall.model import Hall
from paihao_hall.moves import LIVE
from paihao_hall.numbering import hall_day
from paihao_hall.refusals import RefusedError


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What a command led to.

    Attributes:
        records: its records, empty when nothing changed; for a repeated id the first ones.
        seq: log number after the command.
        repeated: the id was known, nothing was decided anew.
    """

    records: tuple[e.Record, ...]
    seq: int
    repeated: bool = False


def step(hall: Hall, command: c.Command, now: datetime) -> Answer:
    """Decide and evolve one command.

    A clock that jumps back is held at the last event, so that order and waits stay true.
    The caller runs `end_of_day` first, because a day that ended stays ended even when the
    command after it is refused.

    Raises:
        RefusedError: see `decide`; nothing changed.
    """
    id_ = command.id
    known = hall.answer(id_)
    if known is not None:
        _same_command(command, known)
        return Answer(known, known[-1].seq, repeated=True)
    if hall.now is not None and now < hall.now:
        now = hall.now
    events = decide(hall, command, now)
    if not events:
        return Answer((), hall.seq)
    actor = command.actor
    for event in events:
        evolve(hall, e.Record(hall.seq + 1, id_, actor, event))
    return Answer(hall.answers[id_], hall.seq)


def end_of_day(hall: Hall, now: datetime) -> tuple[e.Record, ...]:
    """Close a hall day that has ended and begin the next; nothing when it has not.

    Open tickets expire with the day and windows close, each as an event of its own. The day
    never goes back, so that numbers are never reused, not even after a clock change.
    """
    if hall.plan is None:
        return ()
    if hall.now is not None and now < hall.now:
        now = hall.now
    today = hall_day(hall.plan, now)
    if hall.day is not None and today <= hall.day:
        return ()
    records = tuple(
        e.Record(seq, f"day:{today}", "server", event)
        for seq, event in enumerate(_closing_events(hall, today, now), hall.seq + 1)
    )
    for record in records:
        evolve(hall, record)
    return records


def _closing_events(hall: Hall, today: date, now: datetime) -> tuple[e.AnyEvent, ...]:
    expired = (e.TicketExpired(now, t.id) for t in hall.tickets.values() if t.state in LIVE)
    closed = (e.WindowClosed(now, w) for w, n in hall.windows.items() if n.state != "closed")
    return (*expired, *closed, e.DayStarted(now, today))


def _same_command(command: c.Command, known: tuple[e.Record, ...]) -> None:
    """Refuse an id that was used by another actor: it cannot be the same command."""
    if known[0].actor != command.actor:
        raise RefusedError("id-reused", id=command.id)
