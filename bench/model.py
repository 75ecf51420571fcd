"""The hall of the measurements: 12 queues, 180 windows, every window helping a second queue."""

from typing import Final

from paihao_hall.plan import (
    Allocation,
    HallPlan,
    Queue,
    Service,
    Text,
    TicketClass,
    Window,
    Zone,
)

QUEUES: Final = 12
WINDOWS: Final = 180
TARGET_S: Final = 600
HEAD_START_S: Final = 600
GREEN_SHARE: Final = 0.1
SERVICE_S: Final = 220.0
WALK_S: Final = 30.0
DAY_S: Final = 7 * 3600.0


def plan(windows: int = WINDOWS, queues: int = QUEUES) -> HallPlan:
    """Return the plan; service ``sN`` belongs to queue ``qN``."""
    return HallPlan(
        id="bench",
        name=Text("测量大厅", "Bench hall"),
        revision="bench",
        zones=(Zone(id="z", name=Text("区"), short=Text("区"), floor="1"),),
        queues=tuple(
            Queue(
                id=f"q{n}",
                prefix=chr(ord("A") + n),
                name=Text(f"队{n}"),
                zone="z",
                kind="comprehensive",
                target_s=TARGET_S,
            )
            for n in range(queues)
        ),
        services=tuple(
            Service(id=f"s{n}", name=Text(f"事{n}"), zone="z", queue=f"q{n}") for n in range(queues)
        ),
        windows=tuple(
            Window(
                id=f"w{n}",
                number=str(n + 1),
                zone="z",
                kinds=("comprehensive",),
                allocation=(
                    Allocation(f"q{n % queues}"),
                    *(() if queues == 1 else (Allocation(f"q{(n + 1) % queues}", 2),)),
                ),
            )
            for n in range(windows)
        ),
        classes=(
            TicketClass(id="regular", name=Text("普通")),
            TicketClass(id="green", name=Text("绿色"), head_start_s=HEAD_START_S, max_in_row=0),
        ),
    )
