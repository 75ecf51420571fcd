"""The net has no holes: each broken part is found, in a day or a few."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from paihao_display.calls import CallQueue
from paihao_drivers.printer.slip import Slip
from paihao_hall.contract import Board, IssuedTicket, KioskRequest, ZoneCall
from paihao_hall.events import Record
from paihao_kiosk.memory import Memory
from paihao_kiosk.pages import PrintOutcome
from paihao_kiosk.printing import EscPosPrinter
from paihao_server.dispatcher import Dispatcher, _Asked, _reply
from paihao_server.gateway import Gateway
from paihao_server.publisher import Publisher
from tests.bottle.bottle import Parts
from tests.bottle.kiosk_machine import KioskMachine
from tests.bottle.machines import BoardMachine, RestingBoard
from tests.bottle.seeds import first_broken
from tests.bottle.server import Server

WITHIN = 12
"""Days in which the net has to find a broken part."""


class HastyDispatcher(Dispatcher):
    """Answers before the commit."""

    async def _serve(self, batch: list[_Asked]) -> None:
        now = self._clock.now()
        fresh: list[Record] = []
        answers = [self._answer(a.command, now, fresh) if a.command else None for a in batch]
        for asked, answer in zip(batch, answers, strict=True):
            _reply(asked, answer, self._hall)
        if fresh:
            await self._log.append(fresh[0].seq - 1, fresh)
            for listener in tuple(self._listeners):
                listener(fresh)


class HastyServer(Server):
    """A server that answers before the commit."""

    dispatcher_class = HastyDispatcher


class ForgetfulGateway(Gateway):
    """Takes each repetition of a request for another request."""

    _numbers = itertools.count()

    def _kiosk_asks(self, request: KioskRequest, ids: dict[str, str]) -> None:
        again = msgspec.structs.replace(request, id=f"{request.id}~{next(self._numbers)}")
        super()._kiosk_asks(again, ids)

    def _reply(self, kiosk: str, request: str, future: "asyncio.Future[IssuedTicket]") -> None:
        super()._reply(kiosk, request.partition("~")[0], future)


class ForgetfulServer(Server):
    """A server that does not know a request again."""

    gateway_class = ForgetfulGateway


class PatchingBoard(RestingBoard):
    """Adds the calls that are new to those it has, instead of showing what the snapshot says."""

    def _take_board(self, board: Board, ids: dict[str, str]) -> None:
        have = self._state._boards.get(board.zone)
        super()._take_board(board, ids)
        if have is not None:
            new = {call.ticket for call in (*board.calls, *board.recent)}
            kept = tuple(call for call in have.calls if call.ticket not in new)
            self._state._boards[board.zone] = Board(
                seq=board.seq, at=board.at, zone=board.zone, calls=(*board.calls, *kept),
                recent=board.recent, queues=board.queues, waiting=board.waiting,
            )  # fmt: skip


class PatchingBoardMachine(BoardMachine):
    """A board that repaints from what is new."""

    app_class = PatchingBoard


class ForgetfulKioskMachine(KioskMachine):
    """A kiosk that keeps nothing on its disk."""

    def _memory(self) -> Memory | None:
        return None


@pytest.mark.parametrize(
    "parts",
    [
        Parts(server=HastyServer),
        Parts(server=ForgetfulServer),
        Parts(board=PatchingBoardMachine),
        Parts(kiosk=ForgetfulKioskMachine),
    ],
    ids=["answer before commit", "ids not kept", "board from messages", "kiosk without memory"],
)
def test_a_broken_part_is_found(parts: Parts) -> None:
    assert first_broken(range(WITHIN), parts) is not None


_print_slip = EscPosPrinter.print_slip


async def _print_until_sure(
    self: EscPosPrinter, job: str, slip: Slip, *, copy: bool
) -> PrintOutcome:
    while (outcome := await _print_slip(self, job, slip, copy=copy)) != "printed":
        copy = True
        await asyncio.sleep(2)
    return outcome


_add = CallQueue.add


def _take_every_message(self: CallQueue, call: ZoneCall) -> bool:
    known, newest = dict(self._known), dict(self._newest)
    self._known.clear()
    self._newest.clear()
    taken = _add(self, call)
    self._known.update(known)
    self._newest.update(newest | {call.ticket: max(call.seq, newest.get(call.ticket, 0))})
    return taken


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (EscPosPrinter, "print_slip", _print_until_sure),
        (Publisher, "_connected", lambda self: None),
        (CallQueue, "add", _take_every_message),
    ],
    ids=["print until sure", "no snapshots on connecting", "calls not known again"],
)
def test_a_broken_habit_is_found(owner: type, name: str, broken: Callable[..., Any]) -> None:
    with patch.object(owner, name, broken):
        assert first_broken(range(WITHIN), Parts()) is not None


def test_a_class_without_a_limit_is_found() -> None:
    with patch("paihao_hall.routing.run_is_full", lambda queue, lane: False):
        assert first_broken(range(WITHIN), Parts()) is not None
