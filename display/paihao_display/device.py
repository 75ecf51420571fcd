"""What board and speaker have in common on the bus: status with last will, and reports."""

from collections.abc import Callable, Mapping

from paihao_display.hall_time import HallTime
from paihao_hall.contract import DEVICE_ACK, DEVICE_STATUS, AckKind, DeviceAck, DeviceStatus
from paihao_hall.plan import DeviceKind
from paihao_runtime.bus import Bus, Will, send


def last_will(hall: str, device: str, kind: DeviceKind) -> Will:
    """Return what the broker is to say when the device is gone."""
    gone = DeviceStatus(online=False, kind=kind)
    return Will(
        DEVICE_STATUS.path(hall=hall, device=device),
        DEVICE_STATUS.dump(gone),
        DEVICE_STATUS.qos,
        DEVICE_STATUS.retain,
    )


class DeviceReports:
    """Tells the server that the device is there, how it is, and what it did."""

    def __init__(
        self,
        bus: Bus,
        time: HallTime,
        *,
        hall: str,
        device: str,
        kind: DeviceKind,
        facts: Callable[[], Mapping[str, str]],
    ) -> None:
        """Make the reports of one device.

        Args:
            bus: carries them.
            time: of the hall.
            hall: id of the hall.
            device: id of the device.
            kind: what it is.
            facts: asked for the device's health each time it may have changed.
        """
        self._bus = bus
        self._time = time
        self._hall = hall
        self._device = device
        self._kind: DeviceKind = kind
        self._facts = facts
        self._told: dict[str, str] | None = None
        bus.on_connect(self._connected)

    def healthy(self) -> None:
        """Tell the device's health if it is not what was told last."""
        facts = dict(self._facts())
        if facts != self._told and self._bus.connected:
            self._tell(facts)

    def did(self, what: AckKind, *, ticket: str, seq: int) -> None:
        """Report that a call was shown or spoken (or not surely so)."""
        done = DeviceAck(
            id=f"{ticket}-{seq}", what=what, ticket=ticket, seq=seq, at=self._time.now()
        )
        send(self._bus, DEVICE_ACK, done, hall=self._hall, device=self._device)

    def _connected(self) -> None:
        self._tell(dict(self._facts()))

    def _tell(self, facts: dict[str, str]) -> None:
        self._told = facts
        status = DeviceStatus(online=True, kind=self._kind, at=self._time.now(), facts=facts)
        send(self._bus, DEVICE_STATUS, status, hall=self._hall, device=self._device)
