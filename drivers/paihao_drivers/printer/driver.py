"""A ticket printer on a link: how it is, and tickets printed once.

A ticket is sent only to a printer that said it is ready, and counts as printed only after the
printer confirmed it. Between the first byte and the confirmation nobody can know how much is on
paper, so any trouble there is *unsure*: the caller shows the number and a person decides on a copy.
"""

import asyncio
import logging
import random
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from paihao_drivers.errors import DeviceError
from paihao_drivers.printer.profile import PrinterProfile
from paihao_drivers.printer.status import (
    ASK_PAPER_WHEN_DONE,
    RECOVER,
    SILENT,
    UNPLUGGED,
    AutoStatus,
    NoiseSkipped,
    PaperReply,
    PrinterFact,
    PrinterStatus,
    RealTimeReply,
    StatusDecoder,
    ask,
    status_from,
)
from paihao_drivers.transport import Backoff, Transport

ANSWER_LIMIT_S: Final = 0.8
CONFIRM_LIMIT_S: Final = 15.0
CONFIRM_POLL_S: Final = 0.5
SETTLE_LIMIT_S: Final = 3.0
SETTLE_QUIET_S: Final = 0.2
WATCH_EVERY_S: Final = 2.0
REMEMBERED_JOBS: Final = 1_000
_KEPT_REPLIES: Final = 64

log = logging.getLogger(__name__)

OpenLink = Callable[[], Awaitable[Transport]]


@unique
class PrintResult(StrEnum):
    """What became of a ticket; the words are those of the hall's messages."""

    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """The result of one job.

    Attributes:
        result: ``not_printed`` only when not one byte of the ticket went out.
        status: how the printer was when the job ended.
        note: the reason in a few words, for the log and the console.
    """

    result: PrintResult
    status: PrinterStatus
    note: str = ""


class Printer:
    """One ticket printer; does one thing at a time, in the order asked.

    Args:
        name: from the hall's configuration.
        profile: what the model can do.
        open_link: opens the port; called again after the port was lost.
        chance: jitter of the pauses between attempts to reopen.
    """

    def __init__(
        self,
        name: str,
        profile: PrinterProfile,
        open_link: OpenLink,
        *,
        chance: random.Random | None = None,
    ) -> None:
        self.name = name
        self.profile = profile
        self._open_link = open_link
        self._link: Transport | None = None
        self._decoder = StatusDecoder()
        # Bounded: a printer that babbles must not fill the memory.
        self._real_times: deque[RealTimeReply] = deque(maxlen=_KEPT_REPLIES)
        self._papers: deque[PaperReply] = deque(maxlen=_KEPT_REPLIES)
        self._owed = 0
        self._trouble = ""
        self._backoff = Backoff(chance or random.Random())  # noqa: S311
        self._busy = asyncio.Lock()
        self._unsettled = False
        self._jobs: OrderedDict[str, PrintOutcome] = OrderedDict()

    async def status(self) -> PrinterStatus:
        """Ask the printer how it is; waits for a ticket that is being printed.

        Returns:
            `PrinterFact.UNPLUGGED` when the port cannot be opened, `PrinterFact.SILENT` when
            not all questions are answered. A printer that cannot answer is silent for ever.
        """
        async with self._busy:
            return await self._status()

    async def watch(self) -> AsyncIterator[PrinterStatus]:
        """Yield the status now and at each change, until cancelled."""
        last: PrinterStatus | None = None
        while True:
            status = await self.status()
            if status != last:
                yield status
            last = status
            unplugged = PrinterFact.UNPLUGGED in status.facts
            await asyncio.sleep(self._backoff.next_delay_s() if unplugged else WATCH_EVERY_S)

    async def print_slip(self, job_id: str, data: bytes, *, copy: bool = False) -> PrintOutcome:
        """Print one ticket, once.

        Args:
            job_id: the same id is never sent twice; asked again, the first outcome is returned,
                unless nothing was sent then.
            data: bytes of the ticket.
            copy: a person asked for a reprint: send although the id was sent before.

        Returns:
            The outcome; trouble with the device is an outcome, never an exception.
        """
        async with self._busy:
            known = self._jobs.get(job_id)
            if known is not None and known.result is not PrintResult.NOT_PRINTED and not copy:
                return known
            outcome = await self._print(job_id, data)
            self._remember(job_id, outcome)
            log.info("%s: %s: %s %s", self.name, job_id, outcome.result, outcome.note)
            return outcome

    async def close(self) -> None:
        """Give the port back; the next question opens it again."""
        link, self._link = self._link, None
        if link is not None:
            await link.close()

    async def _print(self, job_id: str, data: bytes) -> PrintOutcome:
        status = await self._settled_status() if self.profile.two_way else SILENT
        if self.profile.two_way and not status.ready:
            return PrintOutcome(PrintResult.NOT_PRINTED, status, f"printer is {status}")
        try:
            link = await self._opened()
        except DeviceError as error:
            await self._lost(error)
            return PrintOutcome(PrintResult.NOT_PRINTED, UNPLUGGED, str(error))
        # From here on bytes may be on paper, also when this task is cancelled.
        self._remember(job_id, PrintOutcome(PrintResult.UNSURE, status, "interrupted"))
        self._unsettled = True
        self._papers.clear()
        try:
            await link.write(data + ASK_PAPER_WHEN_DONE if self._asks_when_done else data)
            if not self.profile.two_way:
                return PrintOutcome(PrintResult.UNSURE, SILENT, "the printer cannot confirm")
            async with asyncio.timeout(CONFIRM_LIMIT_S):
                return await self._confirmed(link)
        except DeviceError as error:
            await self._lost(error)
            return PrintOutcome(PrintResult.UNSURE, UNPLUGGED, str(error))
        except TimeoutError:
            note = f"no confirmation in {CONFIRM_LIMIT_S:g} s"
            return PrintOutcome(PrintResult.UNSURE, SILENT, note)

    @property
    def _asks_when_done(self) -> bool:
        return self.profile.two_way and self.profile.confirm == "gs_r"

    async def _confirmed(self, link: Transport) -> PrintOutcome:
        """Wait until the printer proves that the ticket is out, or shows why it is not."""
        while True:
            if self._asks_when_done:
                paper = await self._paper_reply(link, CONFIRM_POLL_S)
                if paper is not None:
                    return self._finished(paper)
            status = await self._status()
            # A printer whose buffer is full answers late: silence alone says nothing yet.
            if set(status.problems) - {PrinterFact.SILENT}:
                return PrintOutcome(PrintResult.UNSURE, status, f"printer is {status}")
            if status.ready and not self._asks_when_done:
                self._unsettled = False
                return PrintOutcome(PrintResult.PRINTED, status)

    def _finished(self, paper: PaperReply) -> PrintOutcome:
        self._unsettled = False
        if paper.end:
            status = PrinterStatus(frozenset({PrinterFact.PAPER_OUT}))
            return PrintOutcome(PrintResult.UNSURE, status, "the paper ended")
        near = {PrinterFact.NEAR_END} if paper.near_end else set()
        status = PrinterStatus(frozenset({PrinterFact.READY, *near}))
        return PrintOutcome(PrintResult.PRINTED, status)

    async def _settled_status(self) -> PrinterStatus:
        """Return the status, after the rest of an unsure ticket has left the printer.

        Without this the late confirmation of that ticket would be taken for the next one's.
        """
        status = await self._status()
        if not (self._unsettled and status.ready and self._asks_when_done):
            return status
        try:
            link = await self._opened()
            await link.write(RECOVER + ASK_PAPER_WHEN_DONE)
            if await self._paper_reply(link, SETTLE_LIMIT_S) is None:
                return SILENT
            while await self._paper_reply(link, SETTLE_QUIET_S) is not None:
                log.debug("%s: late confirmation of an earlier ticket", self.name)
        except DeviceError as error:
            await self._lost(error)
            return UNPLUGGED
        self._unsettled = False
        return status

    async def _status(self) -> PrinterStatus:
        answers: dict[int, int] = {}
        try:
            link = await self._opened()
            await self._hear_out(link)
            for which in self.profile.status_queries:
                await link.write(ask(which))
                self._owed += 1
                answer = await self._real_time_reply(link)
                if answer is None:
                    # It was silent once; asking on would only multiply the wait.
                    break
                answers[which] = answer.value
        except DeviceError as error:
            await self._lost(error)
            return UNPLUGGED
        self._trouble = ""
        return status_from(answers, self.profile.status_queries)

    async def _hear_out(self, link: Transport) -> None:
        """Take answers that came too late, so that they are not taken for those to come."""
        while self._owed and await self._real_time_reply(link) is not None:
            log.debug("%s: a late answer", self.name)
        self._owed = 0

    async def _real_time_reply(self, link: Transport) -> RealTimeReply | None:
        """Return the next answer to DLE EOT, or None when it does not come in time."""
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                while not self._real_times:
                    self._sort(await link.read())
        except TimeoutError:
            return None
        self._owed = max(0, self._owed - 1)
        return self._real_times.popleft()

    async def _paper_reply(self, link: Transport, limit_s: float) -> PaperReply | None:
        """Return the next answer to GS r, or None when it does not come in time."""
        try:
            async with asyncio.timeout(limit_s):
                while not self._papers:
                    self._sort(await link.read())
        except TimeoutError:
            return None
        return self._papers.popleft()

    def _sort(self, data: bytes) -> None:
        for reply in self._decoder.feed(data):
            match reply:
                case RealTimeReply():
                    self._real_times.append(reply)
                case PaperReply():
                    self._papers.append(reply)
                case AutoStatus():
                    # Asked for by nobody here; the next question tells the same.
                    log.debug("%s: reported %s", self.name, sorted(reply.facts))
                case NoiseSkipped():
                    log.debug("%s: skipped %02x", self.name, reply.value)

    async def _opened(self) -> Transport:
        if self._link is None:
            self._decoder = StatusDecoder()
            self._real_times.clear()
            self._papers.clear()
            self._owed = 0
            self._link = await self._open_link()
            self._backoff.reset()
        return self._link

    async def _lost(self, error: DeviceError) -> None:
        await self.close()
        if str(error) != self._trouble:
            log.warning("%s", error)
        self._trouble = str(error)

    def _remember(self, job_id: str, outcome: PrintOutcome) -> None:
        self._jobs[job_id] = outcome
        self._jobs.move_to_end(job_id)
        while len(self._jobs) > REMEMBERED_JOBS:
            self._jobs.popitem(last=False)
