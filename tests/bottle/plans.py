"""The small hall that lives in the bottle, and what changes of its file may do to it."""

from datetime import time
from typing import Final

import msgspec

from paihao_hall.plan import (
    Allocation,
    Band,
    Device,
    HallPlan,
    Kind,
    MissedPolicy,
    Queue,
    Service,
    Text,
    TicketClass,
    Window,
    Zone,
)

HALL: Final = "bottle"
KIOSKS: Final = ("K1", "K2", "K3")
BOARDS: Final = ("B1", "B2")
SPEAKERS: Final = {"S1": "Z1", "S2": "Z2"}
"""Each speaker with the zone it speaks for."""

_MISSED: Final = MissedPolicy(calls=2, interval_s=6, action="back_n", back_n=2, grace_s=120)
_QUEUES: Final[tuple[tuple[str, str, Kind, int, str], ...]] = (
    ("A", "Z1", "comprehensive", 60, "arrival"),
    ("B", "Z1", "comprehensive", 90, "arrival"),
    ("G", "Z1", "instant", 30, "head"),
    ("C", "Z2", "comprehensive", 60, "tail"),
)


def first_plan() -> HallPlan:
    """Return the hall as its day begins: 2 zones, 4 queues, 6 windows, 2 classes."""
    return HallPlan(
        id=HALL,
        name=Text("瓶中大厅", "Hall in a bottle"),
        revision="r1",
        hours=(Band(time(0), time(23, 59)),),
        weekdays=(1, 2, 3, 4, 5, 6, 7),
        zones=(
            Zone(id="Z1", name=Text("一区"), short=Text("一区"), floor="1"),
            Zone(id="Z2", name=Text("二区"), short=Text("二区"), floor="1"),
        ),
        queues=tuple(
            Queue(
                id=name,
                prefix=name,
                name=Text(name),
                zone=zone,
                kind=kind,
                target_s=target_s,
                service_s=15,
                missed=_MISSED,
                transfer=place,  # type: ignore[arg-type]
            )
            for name, zone, kind, target_s, place in _QUEUES
        ),
        services=tuple(
            Service(id=f"s{name}", name=Text(f"事项{name}"), zone=zone, queue=name)
            for name, zone, *_ in _QUEUES
        ),
        windows=(
            _window("1", "Z1", "A"),
            _window("2", "Z1", "AB"),
            _window("3", "Z1", "B", helps="G"),
            _window("4", "Z1", "G", helps="AB"),
            _window("5", "Z2", "C"),
            _window("6", "Z2", "C", helps="A"),
        ),
        classes=(
            TicketClass(id="regular", name=Text("普通", "Regular")),
            TicketClass(id="green", name=Text("绿色通道"), head_start_s=60, max_in_row=2),
        ),
        devices=(
            *(Device(id=kiosk, kind="kiosk") for kiosk in KIOSKS),
            Device(id="B1", kind="board", zones=("Z1",)),
            Device(id="B2", kind="board"),
            *(Device(id=name, kind="speaker", zones=(zone,)) for name, zone in SPEAKERS.items()),
        ),
    )


def changed(plan: HallPlan, number: int) -> HallPlan:
    """Return what a manager makes of the hall file in the middle of the day: all of it at once.

    A window helps another queue, a queue has another target, and in every second change the
    instant queue takes no more numbers; the next change opens it again.
    """
    odd = number % 2 == 1
    windows = tuple(
        msgspec.structs.replace(
            window, allocation=(Allocation("C"), Allocation("A" if odd else "B", 2))
        )
        if window.id == "w5"
        else window
        for window in plan.windows
    )
    queues = tuple(
        msgspec.structs.replace(queue, target_s=30 if odd else 90)
        if queue.id == "B"
        else msgspec.structs.replace(queue, open=not odd)
        if queue.id == "G"
        else queue
        for queue in plan.queues
    )
    return msgspec.structs.replace(plan, revision=f"r{number + 1}", windows=windows, queues=queues)


def dropping(plan: HallPlan, queue: str) -> HallPlan:
    """Return a wrong hall file: a queue that people stand in is gone from it."""
    return msgspec.structs.replace(
        plan,
        revision=f"{plan.revision}-without-{queue}",
        queues=tuple(q for q in plan.queues if q.id != queue),
        services=tuple(s for s in plan.services if s.queue != queue),
        windows=tuple(
            msgspec.structs.replace(
                window, allocation=tuple(a for a in window.allocation if a.queue != queue)
            )
            for window in plan.windows
        ),
    )


def _window(number: str, zone: str, serves: str, helps: str = "") -> Window:
    own = tuple(Allocation(queue) for queue in serves)
    return Window(
        id=f"w{number}",
        number=number,
        zone=zone,
        kinds=("comprehensive",),
        allocation=(*own, *(Allocation(queue, 2) for queue in helps)),
    )
