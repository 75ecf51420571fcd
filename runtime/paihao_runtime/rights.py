"""What a client of the broker may publish and subscribe to, as topic filters."""

from dataclasses import dataclass
from typing import Literal

from paihao_hall.access import covers, may_read, may_send
from paihao_hall.plan import DeviceKind

LoginKind = DeviceKind | Literal["server"]
"""What logs in: a device of the hall, or its dispatcher."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Filters of the topics on which a client may publish, and to which it may subscribe."""

    send: tuple[str, ...]
    read: tuple[str, ...]

    @classmethod
    def of(cls, hall: str, kind: LoginKind, name: str) -> "Rights":
        """Return the rights of a device, or of the dispatcher: everything in its hall."""
        if kind == "server":
            return cls((f"paihao/{hall}/#",), (f"paihao/{hall}/#",))
        return cls(may_send(hall, kind, name), may_read(hall, kind, name))

    def allow_sending(self, path: str) -> bool:
        """Return whether the client may publish on this topic."""
        return any(covers(right, path) for right in self.send)

    def allow_reading(self, topic_filter: str) -> bool:
        """Return whether the client may read every topic of this filter."""
        return any(covers(right, topic_filter) for right in self.read)
