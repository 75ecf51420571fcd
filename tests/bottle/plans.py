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
    """Return what a manager makes of the hall file in the middle of the day.

    Each change turns one thing over, so that the second of its kind turns it back: what a window
    serves and whether a queue is offered, a class, the zone of a queue, a whole window.
    """
    plan = msgspec.structs.replace(plan, revision=f"r{number + 1}")
    match number % 4:
        case 0:
            return _with_queue_moved(plan)
        case 1:
            return _with_other_allocations(plan)
        case 2:
            return _with_class_dropped(plan)
        case _:
            return _with_window_dropped(plan)


def _with_other_allocations(plan: HallPlan) -> HallPlan:
    """Window 5 helps another queue; the instant queue takes no more numbers, or does again."""
    offered = plan.queue_by_id["G"].open
    windows = tuple(
        msgspec.structs.replace(
            window, allocation=(Allocation("C"), Allocation("A" if offered else "B", 2))
        )
        if window.id == "w5"
        else window
        for window in plan.windows
    )
    queues = tuple(
        msgspec.structs.replace(queue, open=not offered) if queue.id == "G" else queue
        for queue in plan.queues
    )
    return msgspec.structs.replace(plan, windows=windows, queues=queues)


def _with_class_dropped(plan: HallPlan) -> HallPlan:
    """The green class leaves the plan although people with green tickets wait, or comes back."""
    classes = first_plan().classes if len(plan.classes) == 1 else plan.classes[:1]
    return msgspec.structs.replace(plan, classes=classes)


def _with_queue_moved(plan: HallPlan) -> HallPlan:
    """Queue B is called in the other zone from now on, with all who wait in it."""
    zone = "Z2" if plan.queue_by_id["B"].zone == "Z1" else "Z1"
    return msgspec.structs.replace(
        plan,
        queues=tuple(
            msgspec.structs.replace(q, zone=zone) if q.id == "B" else q for q in plan.queues
        ),
        services=tuple(
            msgspec.structs.replace(s, zone=zone) if s.queue == "B" else s for s in plan.services
        ),
    )


def _with_window_dropped(plan: HallPlan) -> HallPlan:
    """Window 2 leaves the plan, which is refused while it is open, or comes back."""
    if "w2" in plan.window_by_id:
        windows = tuple(window for window in plan.windows if window.id != "w2")
    else:
        windows = first_plan().windows
    return msgspec.structs.replace(plan, windows=windows)


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
