"""Which ticket a window calls, and why.

Only the heads of the lines are weighed, so the cost does not grow with the lines. The order is
total: higher urgency first, then the lower log number of the issue.
"""

from collections.abc import Iterable
from datetime import datetime

from paihao_hall.events import CallReason, CallRule, Candidate
from paihao_hall.model import Lane, QueueState, Ticket, WindowNow
from paihao_hall.plan import REGULAR


def urgency(waited_s: float, head_start_s: int, target_s: int) -> float:
    """Return time waited, with head start, over the target; 1.0 is due now."""
    return (waited_s + head_start_s) / target_s


def run_is_full(queue: QueueState, lane: Lane) -> bool:
    """Return whether this privileged class must let a regular ticket go first."""
    if not lane.max_in_row or lane.class_ == REGULAR or queue.in_row < lane.max_in_row:
        return False
    regular = queue.lanes.get(REGULAR)
    return bool(regular and regular.line)


def most_urgent(window: WindowNow, now: datetime) -> tuple[Ticket, CallReason] | None:
    """Return the ticket this window calls now with the reason, or None when nobody waits.

    Tier 1 is the window's own work. A tier-2 head is taken when tier 1 is empty, or when it has
    passed its queue's spill-over urgency and is the more urgent one.
    """
    own: list[tuple[float, int, Candidate, Ticket]] = []
    help_: list[tuple[float, int, Candidate, Ticket]] = []
    spilled = False
    limited = False
    for queue, tier in window.serves:
        plan = queue.plan
        target_s = plan.target_s
        for lane in queue.lanes.values():
            if not lane.line:
                continue
            if queue.in_row and run_is_full(queue, lane):
                limited = True
                continue
            head = lane.line[0]
            waited_s = (now - head.arrived_at).total_seconds()
            value = (waited_s + lane.head_start_s) / target_s
            candidate = Candidate(
                head.id, head.number, plan.id, lane.class_, tier, waited_s, target_s, value
            )
            weighed = (-value, head.seq, candidate, head)
            if tier == 1:
                own.append(weighed)
            else:
                help_.append(weighed)
                spilled = spilled or value >= plan.spill
    if own and help_ and spilled:
        spill = {queue.plan.id: queue.plan.spill for queue, _ in window.serves}
        own += [w for w in help_ if w[2].urgency >= spill[w[2].queue]]
    elif not own:
        own = help_
    if not own:
        return None
    if len(own) > 1:
        own.sort()
    chosen = own[0][2]
    return own[0][3], CallReason(_rule(chosen, limited), tuple(w[2] for w in own))


def _rule(chosen: Candidate, limited: bool) -> CallRule:
    """Name the rule that decided."""
    if chosen.tier == 2:
        return "help" if chosen.urgency < 1 else "spill-over"
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
