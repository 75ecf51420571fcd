"""The hall's time as the server tells it, so that all boards show one clock."""

from datetime import datetime, timedelta

from paihao_runtime.clock import Clock


class HallTime:
    """Runs on the device's clock from the last time the server told.

    Until it told one the device's own date serves. Afterwards that date does not matter, and a
    lost server does not stop the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: datetime | None = None
        self._told_s = 0.0

    def hear(self, at: datetime) -> None:
        """Take the time that the server told just now."""
        self._told, self._told_s = at, self._clock.monotonic()

    def now(self) -> datetime:
        """Return the hall's date and time, aware, UTC."""
        if self._told is None:
            return self._clock.now()
        return self._told + timedelta(seconds=self._clock.monotonic() - self._told_s)
