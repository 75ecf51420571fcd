"""What every device says about itself on the bus: that it is there, how it is, and what it did.

The broker confirms a report before the server has written it down. A server that is killed in
between never hears of it, so a device keeps its last reports and repeats them when it connects
anew, and when the server was silent for a while. A report that is heard twice changes nothing.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from paihao_hall.contract import DEVICE_ACK, DEVICE_STATUS, AckKind, DeviceAck, DeviceStatus
from paihao_hall.plan import DeviceKind
from paihao_runtime.bus import Bus, Will, send

REPORTS_KEPT: Final = 500
YOUNG_S: Final = 60.0
"""Reports older than this have long been written down and are not repeated."""

SILENT_S: Final = 2.5
"""So long without a beat, and the server may have been started anew."""


def last_will(hall: str, device: str, kind: DeviceKind) -> Will:
    """Return what the broker is to say when the device is gone.

    Raises:
        ValueError: an id is none that a topic may hold.
    """
    gone = DeviceStatus(online=False, kind=kind)
    return Will(
        DEVICE_STATUS.path(hall=hall, device=device),
        DEVICE_STATUS.dump(gone),
        DEVICE_STATUS.qos,
        DEVICE_STATUS.retain,
    )


class DeviceReports:
    """The reports of one device."""

    def __init__(
        self,
        bus: Bus,
        now: Callable[[], datetime],
        *,
        hall: str,
        device: str,
        kind: DeviceKind,
        facts: Callable[[], Mapping[str, str]],
    ) -> None:
        """Tell the device's status after each connection from now on.

        Args:
            bus: carries the reports.
            now: gives their time, aware, UTC.
            hall: id of the hall.
            device: id of the device.
            kind: what it is.
            facts: asked for the device's health each time it may have changed.
        """
        self._bus = bus
        self._now = now
        self._hall = hall
        self._device = device
        self._kind: DeviceKind = kind
        self._facts = facts
        self._told: dict[str, str] | None = None
        self._done: deque[tuple[float, DeviceAck]] = deque(maxlen=REPORTS_KEPT)
        self._beat_s: float | None = None
        self._connected_before = False
        bus.on_connect(self._connected)

    def tell_health(self) -> None:
        """Tell the device's health if it is not what was told last."""
        if self._bus.connected and dict(self._facts()) != self._told:
            self._tell()

    def did(self, what: AckKind, *, ticket: str, seq: int) -> None:
        """Report what came of a call or a slip.

        Args:
            what: it was shown, spoken or printed, or that is not sure.
            ticket: id of the ticket.
            seq: of the event that gave the device its work.
        """
        ack = DeviceAck(
            id=f"{ticket}-{seq}-{what}", what=what, ticket=ticket, seq=seq, at=self._now()
        )
        self._done.append((_now_s(), ack))
        send(self._bus, DEVICE_ACK, ack, hall=self._hall, device=self._device)

    def beat(self) -> None:
        """Note that the server was heard; repeat what it may have missed when it was silent."""
        before, self._beat_s = self._beat_s, _now_s()
        if before is not None and self._beat_s - before > SILENT_S:
            self._repeat()

    def _connected(self) -> None:
        self._tell()
        # What was reported before the first connection goes out with it by itself.
        if self._connected_before:
            self._repeat()
        self._connected_before = True

    def _repeat(self) -> None:
        since_s = _now_s() - YOUNG_S
        for done_s, ack in self._done:
            if done_s >= since_s:
                send(self._bus, DEVICE_ACK, ack, hall=self._hall, device=self._device)

    def _tell(self) -> None:
        self._told = dict(self._facts())
        status = DeviceStatus(online=True, kind=self._kind, at=self._now(), facts=self._told)
        send(self._bus, DEVICE_STATUS, status, hall=self._hall, device=self._device)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
