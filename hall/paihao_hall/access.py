"""Who may send and read which topics, computed from the contract.

A device may send on the topics of its kind under its own id, and on ``device/{device}/…`` under
its own id. It may read the topics made for its kind; those with a place of its own kind only
under its own id. Both broker set-ups enforce exactly these filters.
"""

from typing import Any, Final

from paihao_hall.contract import TOPICS, Topic
from paihao_hall.plan import DeviceKind

_OWN_PLACES: Final = ("kiosk", "device")


def may_send(hall: str, kind: DeviceKind, device: str) -> tuple[str, ...]:
    """Return the topic filters on which this device may publish."""
    return tuple(
        topic.filter(hall=hall, **_own(topic, kind, device))
        for topic in TOPICS
        if topic.sender in (kind, "device")
    )


def may_read(hall: str, kind: DeviceKind, device: str) -> tuple[str, ...]:
    """Return the topic filters to which this device may subscribe."""
    return tuple(
        topic.filter(hall=hall, **_own(topic, kind, device))
        for topic in TOPICS
        if kind in topic.readers or "device" in topic.readers
    )


def covers(allowed: str, wanted: str) -> bool:
    """Return whether every topic that ``wanted`` matches is matched by ``allowed``.

    Both are MQTT filters or plain topics; ``+`` stands for one level, ``#`` for the rest.
    """
    left, right = allowed.split("/"), wanted.split("/")
    for place, level in enumerate(left):
        if level == "#":
            return True
        if place >= len(right) or right[place] == "#":
            return False
        if level != "+" and level != right[place]:
            return False
    return len(left) == len(right)


def _own(topic: Topic[Any], kind: DeviceKind, device: str) -> dict[str, str]:
    """Return the places of the topic that must hold the device's own id."""
    places = (*_OWN_PLACES, "window") if kind == "window" else _OWN_PLACES
    return {place: device for place in places if "{" + place + "}" in topic.template}
