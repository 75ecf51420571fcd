"""Which ticket a window calls, and why.

Only the heads of the lines are weighed, so the cost does not grow with the lines. The order is
total: higher urgency first, then the lower log number of the issue.
"""

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import Final

from paihao_hall.events import CallReason, CallRule, Candidate
from paihao_hall.model import Lane, QueueState, Ticket, WindowNow
from paihao_hall.plan import REGULAR, Queue

_Head = tuple[float, int, Candidate, Queue, Ticket]
"""A head of a line that is weighed: urgency negated, log number, what the log keeps of it, queue,
ticket. The log number is unique, so sorting never looks further."""

_WEIGHED: Final = itemgetter(2)


def urgency(waited_s: float, head_start_s: int, target_s: int) -> float:
    """Return time waited, with head start, over the target; 1.0 is due now."""
    return (waited_s + head_start_s) / target_s


def run_is_full(queue: QueueState, lane: Lane) -> bool:
    """Return whether this privileged class must let a regular ticket go first."""
    if not lane.max_in_row or lane.class_ == REGULAR or queue.in_row < lane.max_in_row:
        return False
    return regular_waits(queue)


def regular_waits(queue: QueueState) -> bool:
    """Return whether a regular ticket waits in this queue."""
    regular = queue.lanes.get(REGULAR)
    return bool(regular and regular.line)


def most_urgent(window: WindowNow, now: datetime) -> tuple[Ticket, CallReason] | None:
    """Return the ticket this window calls now with the reason, or None when nobody waits.

    Tier 1 is the window's own work. A tier-2 head is taken when tier 1 is empty, or when it has
    passed its queue's spill-over urgency and is the more urgent one.
    """
    own: list[_Head] = []
    spilled: list[_Head] = []
    helped: list[_Head] = []
    limited = False
    now_s = now.timestamp()
    for queue, tier in window.serves:
        plan = queue.plan
        target_s = plan.target_s
        for lane in queue.lanes.values():
            if not lane.line:
                continue
            if queue.in_row and run_is_full(queue, lane):
                limited = True
                continue
            ticket = lane.line[0]
            waited_s = now_s - ticket.arrived_s
            value = urgency(waited_s, lane.head_start_s, target_s)
            weighed = Candidate(
                ticket.id, ticket.number, plan.id, ticket.class_, tier, waited_s, target_s, value
            )
            head = (-value, ticket.seq, weighed, plan, ticket)
            if tier == 1:
                own.append(head)
            elif value >= plan.spill:
                spilled.append(head)
            else:
                helped.append(head)
    heads = own + spilled if own else spilled + helped
    if not heads:
        return None
    heads.sort()
    _, _, chosen, queue_plan, ticket = heads[0]
    candidates = tuple(map(_WEIGHED, heads))
    return ticket, CallReason(_rule(chosen, queue_plan, limited=limited), candidates)


def _rule(chosen: Candidate, queue: Queue, *, limited: bool) -> CallRule:
    """Name the rule that decided; ``limited`` says that a privileged class had to stand back."""
    if chosen.tier == 2:
        return "spill-over" if chosen.urgency >= queue.spill else "help"
    if limited and chosen.class_ == REGULAR:
        return "class-limit"
    return "most-urgent"


def place_by_arrival(line: Iterable[Ticket], ticket: Ticket) -> int:
    """Return the index at which a ticket belongs by arrival, ties by log number."""
    key = (ticket.arrived_at, ticket.seq)
    place = 0
    for place, other in enumerate(line, start=1):
        if (other.arrived_at, other.seq) > key:
            return place - 1
    return place
