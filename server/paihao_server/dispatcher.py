"""The one owner of a hall: takes commands, makes their events durable, then answers and tells.

Commands that arrive together are decided and evolved one after the other in memory and share
one commit. Nobody hears of them before it: answers, refusals, reads and listeners all come
after. When a commit fails the dispatcher stops for good, because memory is ahead of the disk;
the process ends and recovers from the log.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from paihao_hall.commands import ChangePlan, Command
from paihao_hall.events import Record
from paihao_hall.model import Hall
from paihao_hall.plan import HallPlan
from paihao_hall.refusals import RefusedError
from paihao_hall.step import Answer, end_of_day, step
from paihao_runtime.clock import Clock, ForwardClock
from paihao_server.ids import command_id
from paihao_server.log.interface import EventLog, LogFailedError
from paihao_server.log.replay import replay

log = logging.getLogger(__name__)

T = TypeVar("T")
Listener = Callable[[Sequence[Record]], None]

BATCH_MAX: Final = 512
"""Commands in one commit; more wait for the next."""

TICK_S: Final = 1.0
"""How often the hall day is looked at when nothing else happens."""

QUIET_MAX: Final = 20_000
"""Answers without events (refusals, nobody waits) kept for repeated ids."""


NOTABLE: Final = timedelta(seconds=5)
"""How far a clock may be behind the last event at a start before it is told."""


class StoppedError(Exception):
    """The dispatcher has stopped; ask again after its restart with the same command id."""


@dataclass(slots=True)
class _Asked:
    """Something somebody waits for: a command, or nothing but a read of the settled hall."""

    future: "asyncio.Future[Any]"
    command: Command | None
    read: Callable[[Hall, Any], Any]


class Dispatcher:
    """Owns one `Hall`. `start` it, then keep `run` going in a task group."""

    def __init__(self, event_log: EventLog, clock: Clock) -> None:
        self._log = event_log
        self._clock = ForwardClock(clock)
        self._hall = Hall()
        self._inbox: list[_Asked] = []
        self._batch: list[_Asked] = []
        self._arrived = asyncio.Event()
        self._listeners: list[Listener] = []
        self._quiet: OrderedDict[str, Answer | RefusedError] = OrderedDict()
        self._settled = True
        self._stopped: BaseException | None = None

    @property
    def hall(self) -> Hall:
        """The hall in memory; may be ahead of the disk: read it through `look`."""
        return self._hall

    @property
    def log(self) -> EventLog:
        """The log behind the hall."""
        return self._log

    @property
    def clock(self) -> Clock:
        """Hall time: the machine's, and never before the last event."""
        return self._clock

    async def start(self, plan: HallPlan) -> RefusedError | None:
        """Recover the hall from its log and put the plan in force.

        Returns:
            Why the plan is not in force, when it drops queues or windows that are in use: the
            hall then goes on with the plan of its log, because a hall that stays shut after a
            power cut is worse than an old plan.

        Raises:
            LogBrokenError: the log cannot be replayed.
            RefusedError: ``plan-of-another-hall``: this log is not of the plan's hall.
        """
        self._hall = await replay(self._log)
        if self._hall.now is not None:
            self._clock.reach(self._hall.now)
            if self._clock.ahead > NOTABLE:
                log.warning(
                    "this machine's clock is %s before the last event; hall time goes on from that",
                    self._clock.ahead,
                )
        now = self._clock.now()
        records: list[Record] = []
        if self._hall.plan is not None:
            records += end_of_day(self._hall, now)
        command = ChangePlan(id=command_id(), actor="server", plan=plan)
        refusal = None
        try:
            records += step(self._hall, command, now).records
        except RefusedError as refused:
            if refused.code == "plan-of-another-hall":
                raise
            refusal = refused
        records += end_of_day(self._hall, now)
        await self._log.append(self._log.last_seq, records)
        return refusal

    async def run(self) -> None:
        """Serve commands until cancelled; start this once, in a task group.

        Raises:
            LogFailedError: a commit failed; the process must end and recover.
        """
        try:
            while True:
                self._batch = await self._take()
                await self._serve(self._batch)
        except BaseException as error:
            self._stop(error)
            raise

    def submit(self, command: Command) -> "asyncio.Future[Answer]":
        """Ask for a command; await the future for its durable answer, see `ask`."""
        return self.ask(command, _answer_itself)

    def ask(self, command: Command, read: Callable[[Hall, Answer], T]) -> "asyncio.Future[T]":
        """Ask for a command and read its outcome off the hall.

        A caller that gives up does not undo the command.

        Args:
            command: what to do; the same id again is the same command.
            read: called once the answer is durable, while memory and disk agree.

        Raises (from the future):
            RefusedError: the hall says no, see its code.
            StoppedError: it may or may not have happened; ask again with the same id.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._ask(_Asked(future, command, read))
        return future

    async def look(self, read: Callable[[Hall], T]) -> T:
        """Return ``read(hall)`` at a moment when all that is in memory is durable.

        Raises:
            StoppedError: the dispatcher has stopped.
        """
        if self._stopped is not None:
            raise StoppedError("the dispatcher has stopped") from self._stopped
        if self._settled:
            return read(self._hall)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._ask(_Asked(future, None, lambda hall, _: read(hall)))
        return await future

    def on_records(self, listener: Listener) -> Callable[[], None]:
        """Have ``listener`` called after each commit with its records, in log order.

        Listeners are quick plain functions; state and disk agree while they run.

        Returns:
            A function that ends the listening.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _ask(self, asked: _Asked) -> None:
        if self._stopped is not None:
            asked.future.set_exception(StoppedError("the dispatcher has stopped"))
            return
        self._inbox.append(asked)
        self._arrived.set()

    async def _take(self) -> list[_Asked]:
        """Return what has arrived; after a quiet while nothing, so that days end on time."""
        if not self._inbox:
            self._arrived.clear()
            try:
                async with asyncio.timeout(TICK_S):
                    await self._arrived.wait()
            except TimeoutError:
                return []
        batch, self._inbox = self._inbox[:BATCH_MAX], self._inbox[BATCH_MAX:]
        return batch

    async def _serve(self, batch: list[_Asked]) -> None:
        now = self._clock.now()
        hall = self._hall
        fresh: list[Record] = list(end_of_day(hall, now))
        answers = [
            None if asked.command is None else self._answer(asked.command, now, fresh)
            for asked in batch
        ]
        if fresh:
            self._clock.reach(fresh[-1].event.at)
            self._settled = False
            await self._log.append(fresh[0].seq - 1, fresh)
            self._settled = True
        if fresh:
            for listener in tuple(self._listeners):
                listener(fresh)
        for asked, answer in zip(batch, answers, strict=True):
            _reply(asked, answer, hall)

    def _answer(
        self, command: Command, now: datetime, fresh: list[Record]
    ) -> Answer | RefusedError:
        """Step the hall by one command; what it adds to the log goes to ``fresh``."""
        quiet = self._quiet.get(command.id)
        if quiet is not None:
            return quiet
        answer: Answer | RefusedError
        try:
            answer = step(self._hall, command, now)
        except RefusedError as refused:
            answer = refused
        else:
            if answer.records:
                if not answer.repeated:
                    fresh += answer.records
                return answer
        self._quiet[command.id] = answer
        if len(self._quiet) > QUIET_MAX:
            self._quiet.popitem(last=False)
        return answer

    def _stop(self, error: BaseException) -> None:
        self._stopped = error
        if isinstance(error, LogFailedError):
            log.critical("stopping, nothing acknowledged is lost: %s", error)
        for asked in (*self._batch, *self._inbox):
            if not asked.future.done():
                asked.future.set_exception(StoppedError("the dispatcher has stopped"))
        self._inbox.clear()


def _answer_itself(_: Hall, answer: Answer) -> Answer:
    return answer


def _reply(asked: _Asked, answer: Answer | RefusedError | None, hall: Hall) -> None:
    future = asked.future
    if future.done():
        return
    if isinstance(answer, RefusedError):
        future.set_exception(answer)
        return
    try:
        result = asked.read(hall, answer)
    except Exception as error:  # noqa: BLE001 - it is the reader's, who awaits the future
        future.set_exception(error)
    else:
        future.set_result(result)
