"""Counts a run from its log alone, to be held against what was counted at the far end."""

from collections import Counter
from pathlib import Path
from typing import Final

from paihao_demo.tally import VISITOR, Counts
from paihao_hall import events as e
from paihao_server.log.sqlite import SqliteLog

_PAGE: Final = 5000


async def recount(path: Path, after_seq: int) -> tuple[Counts, Counter[str]]:
    """Count the events of a log.

    Args:
        path: of the log's file; nobody else writes it now.
        after_seq: the last event before the run.

    Returns:
        The figures without the visitor's presses, and the visitor's presses by event.
    """
    log = SqliteLog.open(path)
    try:
        return await _count(log, after_seq)
    finally:
        await log.close()


async def _count(log: SqliteLog, after_seq: int) -> tuple[Counts, Counter[str]]:
    kinds: Counter[str] = Counter()
    visitor: Counter[str] = Counter()
    calls: set[int] = set()
    recalls: set[int] = set()
    printed: set[str] = set()
    spoken: set[int] = set()
    while page := await log.read(after_seq, _PAGE):
        after_seq = page[-1].seq
        for record in page:
            event = record.event
            kind = type(event).__name__
            mine = record.actor.partition(":")[2] == VISITOR
            (visitor if mine else kinds)[kind] += 1
            match event:
                case e.TicketCalled():
                    calls.add(record.seq)
                case e.TicketRecalled():
                    recalls.add(record.seq)
                case e.AckRecorded(what="printed"):
                    printed.add(event.ticket)
                case e.AckRecorded(what="spoken"):
                    spoken.add(event.seq)
                case _:
                    pass
    counts = Counts(
        issued=kinds["TicketIssued"],
        printed=len(printed),
        called=kinds["TicketCalled"],
        announced=len(spoken & calls),
        missed=kinds["TicketMissed"],
        completed=kinds["ServiceCompleted"],
        recalled=kinds["TicketRecalled"],
        announced_again=len(spoken & recalls),
    )
    return counts, visitor
