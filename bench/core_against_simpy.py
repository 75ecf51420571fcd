"""A day of 20,000 tickets at 180 windows: the core in virtual time against SimPy.

Both run the same model on the same random draws. Tickets of two classes come to 12 queues. The
window that has been free longest takes a new ticket: one whose own work the queue is, else one
that helps it. A window weighs the heads of its own queue and of the one it helps, by the rule of
`paihao_hall.routing`: the most urgent head, help only when its own lines are empty or the other
head is past its spill-over urgency. The citizen walks, is served, the window takes the next.

Both write the same log: for each ticket issued, called, started and completed one event of
`paihao_hall.events` with its time, every call with all heads weighed (ticket, number, queue,
class, tier, waited, target, urgency). After each day the two logs are compared, event by event.

What the sides do beside that is their own:

* SimPy: one process for the door and one for each window, lines and serials in plain lists and
  deques, an event of SimPy for each arrival, walk and service.
* The core: an agenda (heap) instead of SimPy's, and for each of the four steps of a ticket a
  command with an id of its own through `step`: refusals, the states of tickets and windows,
  records with number, id and actor, the answers of all ids, paces and the clerks' day.

The collector of garbage runs as it likes on both sides. They take turns, so that whatever else
the machine does falls on both.
"""

import gc
import heapq
import random
import time
from collections import deque
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import median
from typing import Final, NamedTuple

import simpy

from bench import model
from bench.figures import ratio, say, spread
from paihao_hall import commands as c
from paihao_hall import events as e
from paihao_hall.model import Hall
from paihao_hall.plan import HallPlan
from paihao_hall.step import end_of_day, step

TICKETS: Final = 20_000
RUNS: Final = 9
START: Final = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)
HALL: Final[HallPlan] = model.plan()
SPILL: Final = HALL.queues[0].spill
WALK: Final = timedelta(seconds=model.WALK_S)
GRAIN: Final = timedelta(seconds=1) / 64
"""All times are multiples of it, which a float and a datetime both hold without rounding."""


class Citizen(NamedTuple):
    """Who comes when, to which queue, in which class, and how long the service takes."""

    at: datetime
    queue: int
    class_: str
    service: timedelta


Waiting = tuple[int, str]
"""Who stands in a line of the SimPy side: key and number."""

Head = tuple[float, int, float, int, str, str, str, deque[Waiting]]
"""A head that the SimPy side weighs: urgency negated, key, waited, tier, queue, class, number,
line."""


class Day(NamedTuple):
    """What one side made of a day: seconds it took and its log."""

    took_s: float
    log: list[e.AnyEvent]


def arrivals(seed: int) -> list[Citizen]:
    """Return the citizens of a day in the order in which they come."""
    chance = random.Random(seed)
    return sorted(
        Citizen(
            START + chance.randrange(int(model.DAY_S / GRAIN.total_seconds())) * GRAIN,
            chance.randrange(model.QUEUES),
            "green" if chance.random() < model.GREEN_SHARE else "regular",
            int(chance.expovariate(1 / model.SERVICE_S) / GRAIN.total_seconds()) * GRAIN,
        )
        for _ in range(TICKETS)
    )


def core_day(citizens: list[Citizen]) -> Day:
    """Run the day through the core's commands."""
    hall = Hall()
    step(hall, c.ChangePlan(id="plan", actor="bench", plan=HALL), START)
    end_of_day(hall, START)
    windows = [window.id for window in HALL.windows]
    free: list[dict[int, None]] = [{} for _ in range(model.QUEUES)]
    for n, window in enumerate(windows):
        step(hall, c.OpenWindow(id=f"o{n}", actor="b", window=window, clerk=f"c{n}"), START)
        free[n % model.QUEUES][n] = None
    log: list[e.Record] = []
    begun = time.perf_counter()
    come, call, start, complete = range(4)
    ids = map(str, count())
    turns = count()
    agenda = [(citizens[0].at, next(turns), come, 0, -1)]
    while agenda:
        now, _, what, key, n = agenda[0]
        if what == start:
            log += step(hall, c.Start(id=next(ids), actor="b", window=windows[n]), now).records
            end = now + citizens[key].service
            heapq.heapreplace(agenda, (end, next(turns), complete, key, n))
            continue
        if what == come:
            _, queue, class_, _ = citizens[key]
            issue = c.IssueTicket(
                id=next(ids), actor="k", service=f"s{queue}", class_=class_,
                ticket=f"{key}", token=f"t{key}",
            )  # fmt: skip
            log += step(hall, issue, now).records
            heapq.heappop(agenda)
            if home := free[queue] or free[queue - 1]:
                n = next(iter(home))
                del home[n]
                heapq.heappush(agenda, (now, next(turns), call, -1, n))
            if key + 1 < len(citizens):
                heapq.heappush(agenda, (citizens[key + 1].at, next(turns), come, key + 1, -1))
            continue
        if what == complete:
            log += step(hall, c.Complete(id=next(ids), actor="b", window=windows[n]), now).records
        called = step(hall, c.CallNext(id=next(ids), actor="b", window=windows[n]), now).records
        if called:
            log += called
            ticket = int(called[0].event.ticket)  # type: ignore[union-attr]
            heapq.heapreplace(agenda, (now + WALK, next(turns), start, ticket, n))
        else:
            heapq.heappop(agenda)
            free[n % model.QUEUES][n] = None
    return Day(time.perf_counter() - begun, [record.event for record in log])


def simpy_day(citizens: list[Citizen]) -> Day:
    """Run the same day as SimPy processes."""
    arrivals_s = [citizen.at.timestamp() for citizen in citizens]
    services_s = [citizen.service.total_seconds() for citizen in citizens]
    env = simpy.Environment(START.timestamp())
    lines: list[list[tuple[str, int, deque[Waiting]]]] = [
        [("regular", 0, deque()), ("green", model.HEAD_START_S, deque())]
        for _ in range(model.QUEUES)
    ]
    idle: list[dict[int, simpy.Event]] = [{} for _ in range(model.QUEUES)]
    log: list[e.AnyEvent] = []

    def most_urgent(window: str, serves: tuple[tuple[int, int], ...]) -> int | None:
        own: list[Head] = []
        spilled: list[Head] = []
        helped: list[Head] = []
        for queue, tier in serves:
            for class_, head_start_s, line in lines[queue]:
                if not line:
                    continue
                key, number = line[0]
                waited_s = env.now - arrivals_s[key]
                urgency = (waited_s + head_start_s) / model.TARGET_S
                head = (-urgency, key, waited_s, tier, f"q{queue}", class_, number, line)
                if tier == 1:
                    own.append(head)
                elif urgency >= SPILL:
                    spilled.append(head)
                else:
                    helped.append(head)
        heads = own + spilled if own else spilled + helped
        if not heads:
            return None
        heads.sort()
        value, chosen, _, tier, _, _, _, line = heads[0]
        line.popleft()
        rule: e.CallRule = "most-urgent"
        if tier == 2:
            rule = "spill-over" if -value >= SPILL else "help"
        candidates = tuple(
            e.Candidate(f"{key}", number, queue, class_, tier, waited_s, model.TARGET_S, -value)
            for value, key, waited_s, tier, queue, class_, number, _ in heads
        )
        reason = e.CallReason(rule, candidates)
        log.append(
            e.TicketCalled(datetime.fromtimestamp(env.now, UTC), f"{chosen}", window, reason)
        )
        return chosen

    def counter(n: int) -> Generator[simpy.Event, None, None]:
        home = idle[n % model.QUEUES]
        serves = ((n % model.QUEUES, 1), ((n + 1) % model.QUEUES, 2))
        window = f"w{n}"
        while True:
            key = most_urgent(window, serves)
            if key is None:
                home[n] = env.event()
                yield home[n]
                continue
            yield env.timeout(model.WALK_S)
            log.append(e.ServiceStarted(datetime.fromtimestamp(env.now, UTC), f"{key}", window))
            yield env.timeout(services_s[key])
            log.append(e.ServiceCompleted(datetime.fromtimestamp(env.now, UTC), f"{key}", window))

    def door() -> Generator[simpy.Event, None, None]:
        serials = [0] * model.QUEUES
        for key, (_, queue, class_, _) in enumerate(citizens):
            yield env.timeout(arrivals_s[key] - env.now)
            serials[queue] = serial = serials[queue] + 1
            number = f"{chr(ord('A') + queue)}{serial:03d}"
            lines[queue][class_ == "green"][2].append((key, number))
            log.append(
                e.TicketIssued(
                    datetime.fromtimestamp(env.now, UTC), f"{key}", number, serial,
                    f"q{queue}", f"s{queue}", class_, f"t{key}",
                )
            )  # fmt: skip
            home = idle[queue] or idle[queue - 1]
            if home:
                home.pop(next(iter(home))).succeed()

    for n in range(model.WINDOWS):
        env.process(counter(n))
    env.process(door())
    begun = time.perf_counter()
    env.run()
    return Day(time.perf_counter() - begun, log)


def check_same(core: list[e.AnyEvent], simpy_: list[e.AnyEvent]) -> None:
    """Check that both sides served everybody, by the same decisions at the same times.

    Raises:
        RuntimeError: they did not; the measurement would be of two different days.
    """
    if sum(isinstance(event, e.ServiceCompleted) for event in core) != TICKETS:
        raise RuntimeError("not everybody was served")
    for ours, theirs in zip(core, simpy_, strict=True):
        if ours != theirs:
            raise RuntimeError(f"not the same day: {ours} and {theirs}")


def main() -> None:
    """Run both in turn and print the ratio."""
    say(f"core in virtual time: {TICKETS:,} tickets, {model.WINDOWS} windows")
    ours: list[float] = []
    theirs: list[float] = []
    for seed in range(RUNS):
        citizens = arrivals(seed)
        gc.collect()
        core = core_day(citizens)
        gc.collect()
        simpy_ = simpy_day(citizens)
        check_same(core.log, simpy_.log)
        ours.append(core.took_s)
        theirs.append(simpy_.took_s)
        del core, simpy_
    say(f"  core  s min/median/max {spread(ours)}")
    say(f"  SimPy s min/median/max {spread(theirs)}")
    ratio("day (least)", min(ours), min(theirs), "s", "SimPy")
    ratio("day (median)", median(ours), median(theirs), "s", "SimPy")


if __name__ == "__main__":
    main()
