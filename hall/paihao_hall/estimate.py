"""How long a wait is likely to be, as an honest range from the live state.

A window's time is shared between its own queues in proportion to the work that waits in them.
Tier-2 help is not counted: it may come, but nobody should count on it.
"""

from collections import deque
from itertools import islice
from typing import Final

from paihao_hall.contract import WaitRange
from paihao_hall.model import Hall, QueueState, Ticket

Serves = tuple[tuple[QueueState, int], ...]
"""The queues of a window with their tier, as `WindowNow.serves` keeps them."""

LOW: Final = 0.75
HIGH: Final = 1.25
"""The range around the mean that the pace of a day scatters in."""

GRAIN_S: Final = 60
"""Waits are told in whole minutes."""

TAIL: Final = 64
"""About as many numbers as are given in one commit; they are looked for from the tail."""

LEAST_HIGH_S: Final = 120
"""Also with a free window nobody is promised less than two minutes."""


def ahead(hall: Hall, ticket: Ticket) -> int:
    """Return how many people of its queue will be called before this waiting ticket.

    In the ticket's own lane its place counts, because a rejoined ticket stands out of order. In
    the others those due before it count; those behind are few at the tail.
    """
    queue = hall.queues[ticket.queue]
    due = ticket.arrived_s - queue.lanes[ticket.class_].head_start_s
    count = 0
    for lane in queue.lanes.values():
        if lane.class_ == ticket.class_:
            count += _place(lane.line, ticket)
            continue
        behind = 0
        for other in reversed(lane.line):
            if other.arrived_s - lane.head_start_s <= due:
                break
            behind += 1
        count += len(lane.line) - behind
    return count


def wait(queue: QueueState, people: int) -> WaitRange | None:
    """Return the likely wait behind ``people`` others, or None while no window serves the queue."""
    share = 0.0
    free = False
    # Many windows serve the same queues; what one of them gives, each of them gives.
    shares: dict[Serves, float] = {}
    for window, tier in queue.served_by:
        if tier == 1 and window.state in ("idle", "called", "serving"):
            serves = window.serves
            if serves not in shares:
                shares[serves] = _share(serves, queue)
            share += shares[serves]
            free = free or window.state == "idle"
    if not share:
        return None
    gap_s = queue.pace_s / share
    mean_s = people * gap_s if free else people * gap_s + gap_s / 2
    low_s = int(mean_s * LOW) // GRAIN_S * GRAIN_S
    high_s = -(-int(mean_s * HIGH) // GRAIN_S) * GRAIN_S
    return WaitRange(low_s=low_s, high_s=max(high_s, low_s + GRAIN_S, LEAST_HIGH_S))


def _place(line: deque[Ticket], ticket: Ticket) -> int:
    """Return the index of a ticket; quick at the tail, so that giving one costs the same always."""
    for behind, other in enumerate(islice(reversed(line), TAIL)):
        if other is ticket:
            return len(line) - 1 - behind
    return line.index(ticket)


def _share(serves: Serves, queue: QueueState) -> float:
    """Return which part of a window's time this queue gets, 0 to 1."""
    if len(serves) == 1:
        return 1.0
    # One person is added to each queue, so that an empty one still has its part.
    work = 0.0
    mine = 0.0
    for other, tier in serves:
        if tier == 1:
            load = (other.waiting() + 1) * other.pace_s
            work += load
            if other is queue:
                mine = load
    return mine / work if work else 0.0
