"""Small halls in a line or two, for tests that read like the hall's own stories."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from paihao_hall import commands as c
from paihao_hall.events import AnyEvent, Record
from paihao_hall.model import Hall, Ticket
from paihao_hall.plan import (
    Allocation,
    HallPlan,
    MissedPolicy,
    Queue,
    Service,
    Text,
    TicketClass,
    Window,
    Zone,
)
from paihao_hall.step import end_of_day, step

NINE = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)
"""Nine in the morning in the hall, a Wednesday."""


def a_plan(
    *,
    missed: MissedPolicy | None = None,
    windows: tuple[Window, ...] | None = None,
    revision: str = "r1",
    green_in_row: int = 3,
    open_queues: str = "ABG",
) -> HallPlan:
    """Return a hall of one zone with queues A, B and the instant queue G.

    Windows 1 and 2 serve A, window 3 serves B and helps A, window 9 serves G and helps A and B.
    """
    missed = missed or MissedPolicy()
    queue_facts = (("A", "comprehensive", 600), ("B", "comprehensive", 900), ("G", "instant", 300))
    return HallPlan(
        id="hall",
        name=Text("样厅", "Sample hall"),
        revision=revision,
        zones=(Zone(id="Z", name=Text("一区"), short=Text("一区"), floor="1"),),
        queues=tuple(
            Queue(
                id=name,
                prefix=name,
                name=Text(name),
                zone="Z",
                kind=kind,  # type: ignore[arg-type]
                target_s=target_s,
                service_s=300,
                missed=missed,
                open=name in open_queues,
            )
            for name, kind, target_s in queue_facts
        ),
        services=tuple(
            Service(id=f"s{name}", name=Text(f"事项{name}"), zone="Z", queue=name)
            for name, _, _ in queue_facts
        ),
        windows=windows
        or (
            a_window("1", "A"),
            a_window("2", "A"),
            a_window("3", "B", helps="A"),
            a_window("9", "G", helps="AB"),
            a_window("R", ""),
        ),
        classes=(
            TicketClass(id="regular", name=Text("普通", "Regular")),
            TicketClass(
                id="green", name=Text("绿色通道"), head_start_s=600, max_in_row=green_in_row
            ),
        ),
    )


def a_window(number: str, serves: str, helps: str = "") -> Window:
    """Return a window whose id is ``w`` and its number."""
    own = tuple(Allocation(queue) for queue in serves)
    return Window(
        id=f"w{number}",
        number=number,
        zone="Z",
        kinds=("comprehensive",),
        allocation=(*own, *(Allocation(queue, 2) for queue in helps)),
        reserve=not serves,
    )


class Day:
    """A hall in a test: a clock set by hand, and every record kept as a log keeps them."""

    def __init__(self, plan: HallPlan | None = None, at: datetime = NINE) -> None:
        self.hall = Hall()
        self.now = at
        self.records: list[Record] = []
        self._ids = count(1)
        self.do(c.ChangePlan, plan=plan or a_plan())

    def after(self, *, minutes: float = 0, seconds: float = 0) -> "Day":
        """Let time pass."""
        self.now += timedelta(minutes=minutes, seconds=seconds)
        return self

    def do(
        self, kind: type[c.Command], *, id_: str = "", actor: str = "", **facts: Any
    ) -> list[AnyEvent]:
        """Do a command and return its events; a fresh id unless one is given."""
        command = kind(id=id_ or f"c{next(self._ids)}", actor=actor or "test", **facts)
        self.records += end_of_day(self.hall, self.now) if self.hall.plan else ()
        answer = step(self.hall, command, self.now)
        if not answer.repeated:
            self.records += answer.records
        if self.hall.day is None:
            self.records += end_of_day(self.hall, self.now)
        return [record.event for record in answer.records]

    def take(self, queue: str = "A", class_: str = "regular") -> Ticket:
        """Have a citizen take a number."""
        ticket = f"t{next(self._ids)}"
        self.do(
            c.IssueTicket, service=f"s{queue}", class_=class_, ticket=ticket, token=f"k{ticket}"
        )
        return self.hall.tickets[ticket]

    def open(self, *windows: str) -> "Day":
        """Open windows, each with a clerk of its own."""
        for window in windows:
            self.do(c.OpenWindow, window=window, clerk=f"clerk-{window}")
        return self

    def call(self, window: str = "w1") -> Ticket | None:
        """Press call-next."""
        self.do(c.CallNext, window=window)
        return self.hall.windows[window].ticket

    def serve(self, window: str = "w1", minutes: float = 5) -> None:
        """Start and complete the ticket at a window."""
        self.do(c.Start, window=window)
        self.after(minutes=minutes)
        self.do(c.Complete, window=window, outcome="accepted")

    def miss(self, window: str = "w1") -> None:
        """Call as often as the policy says and set the ticket to missed."""
        ticket = self.hall.windows[window].ticket
        assert ticket is not None
        policy = self.hall.queues[ticket.queue].plan.missed
        for _ in range(policy.calls - 1):
            self.after(seconds=policy.interval_s)
            self.do(c.Recall, window=window)
        self.after(seconds=policy.interval_s)
        self.do(c.Miss, window=window)

    def line(self, queue: str = "A", class_: str = "regular") -> list[str]:
        """Return the numbers that wait, first in line first."""
        return [ticket.number for ticket in self.hall.queues[queue].lanes[class_].line]
