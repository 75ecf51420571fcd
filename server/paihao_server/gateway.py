"""From the bus to the dispatcher: what kiosks ask, clerks press and devices confirm.

A message that does not fit is counted and logged by the bus; one that fits becomes a command
whose id is made of the device and the message's own id, so that a repeated message is one
command. Answers leave after the commit.
"""

import asyncio
import logging
from collections import Counter
from typing import Final

from paihao_hall import commands as c
from paihao_hall import contract, views
from paihao_hall.contract import (
    DeviceAck,
    DeviceStatus,
    IssuedTicket,
    KioskReply,
    KioskRequest,
    WindowKey,
)
from paihao_hall.events import TicketIssued
from paihao_hall.model import Hall
from paihao_hall.plan import PauseReason
from paihao_hall.refusals import RefusedError
from paihao_hall.step import Answer
from paihao_runtime.bus import Bus, Faults, listen, send
from paihao_server.dispatcher import Dispatcher
from paihao_server.ids import page_token, ticket_id

log = logging.getLogger(__name__)

KEY_PAUSE: Final[PauseReason] = "toilet"
"""A caller's pause key cannot name a reason; the console can change it."""


OPEN_MAX: Final = 64
"""Requests of one kiosk under way at once: more than a kiosk has after a long breakdown."""


class Gateway:
    """Joins one bus to one dispatcher.

    Attributes:
        devices: the last status of each device that said one.
        refused: how often each refusal code went back to a device.
        passed_over: requests of kiosks that asked for too much at once, by kiosk.
    """

    def __init__(self, dispatcher: Dispatcher, bus: Bus, hall: str, faults: Faults) -> None:
        self._dispatcher = dispatcher
        self._bus = bus
        self._hall = hall
        self.devices: dict[str, DeviceStatus] = {}
        self.refused: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        self._open: Counter[str] = Counter()
        listen(bus, contract.KIOSK_REQUEST, self._kiosk_asks, faults, hall=hall)
        listen(bus, contract.WINDOW_KEY, self._key_pressed, faults, hall=hall)
        listen(bus, contract.DEVICE_STATUS, self._device_says, faults, hall=hall)
        listen(bus, contract.DEVICE_ACK, self._device_did, faults, hall=hall)

    def _kiosk_asks(self, request: KioskRequest, ids: dict[str, str]) -> None:
        kiosk = ids["kiosk"]
        if self._open[kiosk] >= OPEN_MAX:
            self._pass_over(kiosk)
            return
        self._open[kiosk] += 1
        command = c.IssueTicket(
            id=f"kiosk:{kiosk}:{request.id}",
            actor=f"kiosk:{kiosk}",
            service=request.service,
            class_=request.class_,
            ticket=ticket_id(),
            token=page_token(),
        )
        self._dispatcher.ask(command, _issued).add_done_callback(
            lambda future: self._reply(kiosk, request.id, future)
        )

    def _pass_over(self, kiosk: str) -> None:
        """Leave a request unanswered, so that one kiosk gone wild does not hold up the others."""
        self.passed_over[kiosk] += 1
        if self.passed_over[kiosk].bit_count() == 1:
            log.warning("kiosk %s asks too much, %d passed over", kiosk, self.passed_over[kiosk])

    def _reply(self, kiosk: str, request: str, future: "asyncio.Future[IssuedTicket]") -> None:
        self._open[kiosk] -= 1
        if future.cancelled():
            return
        error = future.exception()
        seq = self._dispatcher.log.last_seq
        if error is None:
            ticket = future.result()
            reply = KioskReply(id=request, ok=True, seq=seq, ticket=ticket)
        elif isinstance(error, RefusedError):
            self.refused[error.code] += 1
            reply = KioskReply(id=request, ok=False, seq=seq, error=error.code)
        else:
            # The kiosk hears nothing, asks again with the same id, and is told then.
            log.warning("request of kiosk %s not answered: %s", kiosk, error)
            return
        send(self._bus, contract.KIOSK_REPLY, reply, hall=self._hall, kiosk=kiosk)

    def _key_pressed(self, key: WindowKey, ids: dict[str, str]) -> None:
        window = ids["window"]
        command = _key_command(key, window)
        self._dispatcher.submit(command).add_done_callback(
            lambda future: self._note_refusal(f"key {key.action} of {window}", future)
        )

    def _device_says(self, status: DeviceStatus, ids: dict[str, str]) -> None:
        device = ids["device"]
        before = self.devices.get(device)
        self.devices[device] = status
        if before is None or before.online != status.online:
            log.info("device %s is %s", device, "online" if status.online else "offline")

    def _device_did(self, ack: DeviceAck, ids: dict[str, str]) -> None:
        device = ids["device"]
        command = c.RecordAck(
            id=f"ack:{device}:{ack.what}:{ack.seq}:{ack.ticket}",
            actor=f"device:{device}",
            ticket=ack.ticket,
            what=ack.what,
            device=device,
            seq=ack.seq,
        )
        self._dispatcher.submit(command).add_done_callback(
            lambda future: self._note_refusal(f"{ack.what} by {device}", future)
        )

    def _note_refusal(self, what: str, future: "asyncio.Future[Answer]") -> None:
        if future.cancelled():
            return
        error = future.exception()
        if isinstance(error, RefusedError):
            self.refused[error.code] += 1
            log.info("%s refused: %s", what, error)
        elif error is not None:
            log.warning("%s not done: %s", what, error)


def _issued(hall: Hall, answer: Answer) -> IssuedTicket:
    """Return the ticket that a request led to, now or the first time it came.

    Raises:
        RefusedError: ``unknown-ticket``, it was of a day that is over.
    """
    event = next(r.event for r in answer.records if isinstance(r.event, TicketIssued))
    ticket = hall.tickets.get(event.ticket)
    if ticket is None:
        raise RefusedError("unknown-ticket", ticket=event.ticket)
    return views.issued_ticket(hall, ticket)


def _key_command(key: WindowKey, window: str) -> c.Command:
    """Return the command behind a caller's key."""
    id_, actor = f"key:{window}:{key.id}", f"key:{window}"
    match key.action:
        case "call-next":
            return c.CallNext(id=id_, actor=actor, window=window)
        case "recall":
            return c.Recall(id=id_, actor=actor, window=window)
        case "start":
            return c.Start(id=id_, actor=actor, window=window)
        case "complete":
            return c.Complete(id=id_, actor=actor, window=window)
        case "missed":
            return c.Miss(id=id_, actor=actor, window=window)
        case "pause":
            return c.PauseWindow(id=id_, actor=actor, window=window, reason=KEY_PAUSE)
        case "resume":
            return c.ResumeWindow(id=id_, actor=actor, window=window)
