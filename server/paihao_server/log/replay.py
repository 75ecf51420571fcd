"""From the log to the hall: what a restart does."""

from typing import Final

from paihao_hall.evolve import evolve
from paihao_hall.model import Hall
from paihao_server.log.interface import EventLog, LogBrokenError

PAGE: Final = 5000


async def replay(log: EventLog) -> Hall:
    """Return the hall as the log tells it, ready for the next command.

    Raises:
        LogBrokenError: a record is missing or cannot be read.
    """
    checkpoint = await log.checkpoint()
    hall = Hall()
    if checkpoint.plan is not None:
        evolve(hall, checkpoint.plan)
        hall.answers.clear()
        hall.seq = checkpoint.after_seq
    while page := await log.read(hall.seq, PAGE):
        for record in page:
            if record.seq != hall.seq + 1:
                raise LogBrokenError(hall.seq + 1, f"is missing; the next is {record.seq}")
            evolve(hall, record)
    return hall
