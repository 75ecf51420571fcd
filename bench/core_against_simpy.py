"""A day of 20,000 tickets at 180 windows: the core in virtual time against SimPy.

Both run the same model with the same random draws: tickets of two classes come to 12 queues, a
free window takes the most urgent head of its own queue, else of the one it helps, the citizen
walks, is served, and the window takes the next. Both keep a log of every decision with the heads
that were weighed. The core does more on the way: ids, refusals, idempotent answers, replayable
events.
"""

import gc
import heapq
import random
import time
from collections import deque
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import simpy

from bench import model
from bench.figures import ratio, say, spread
from paihao_hall import commands as c
from paihao_hall.model import Hall
from paihao_hall.step import end_of_day, step

TICKETS = 20_000
RUNS = 5
START = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)


def arrivals(seed: int) -> list[tuple[float, int, str, float]]:
    """Return (time, queue, class, service time) of each citizen, by time."""
    chance = random.Random(seed)
    return sorted(
        (
            chance.random() * model.DAY_S,
            chance.randrange(model.QUEUES),
            "green" if chance.random() < model.GREEN_SHARE else "regular",
            chance.expovariate(1 / model.SERVICE_S),
        )
        for _ in range(TICKETS)
    )


def core_day(people: list[tuple[float, int, str, float]]) -> tuple[float, int]:
    """Run the day through the core; return seconds and tickets served."""
    hall = Hall()
    step(hall, c.ChangePlan(id="plan", actor="bench", plan=model.plan()), START)
    end_of_day(hall, START)
    for n in range(model.WINDOWS):
        step(hall, c.OpenWindow(id=f"o{n}", actor="b", window=f"w{n}", clerk=f"c{n}"), START)
    free: list[dict[int, None]] = [{} for _ in range(model.QUEUES)]
    for n in range(model.WINDOWS):
        free[n % model.QUEUES][n] = None
    served = 0
    begun = time.perf_counter()
    agenda: list[tuple[float, int, int, int]] = [(p[0], i, -1, 0) for i, p in enumerate(people)]
    number = len(agenda)
    while agenda:
        at, key, window, what = heapq.heappop(agenda)
        now = START + timedelta(seconds=at)
        number += 1
        if window < 0:
            _, queue, class_, _ = people[key]
            step(
                hall,
                c.IssueTicket(
                    id=f"i{key}", actor="k", service=f"s{queue}", class_=class_,
                    ticket=str(key), token=f"t{key}",
                ),
                now,
            )  # fmt: skip
            window = next(iter(free[queue]), -1)
            if window < 0:
                window = next(iter(free[(queue - 1) % model.QUEUES]), -1)
            if window < 0:
                continue
        elif what == 0:
            step(hall, c.Start(id=f"s{number}", actor="b", window=f"w{window}"), now)
            heapq.heappush(agenda, (at + people[key][3], key, window, 1))
            continue
        else:
            step(hall, c.Complete(id=f"d{number}", actor="b", window=f"w{window}"), now)
            served += 1
        answer = step(hall, c.CallNext(id=f"n{number}", actor="b", window=f"w{window}"), now)
        if answer.records:
            free[window % model.QUEUES].pop(window, None)
            called = int(answer.records[0].event.ticket)  # type: ignore[union-attr]
            heapq.heappush(agenda, (at + model.WALK_S, called, window, 0))
        else:
            free[window % model.QUEUES][window] = None
    return time.perf_counter() - begun, served


def simpy_day(people: list[tuple[float, int, str, float]]) -> tuple[float, int]:
    """Run the same day as SimPy processes; return seconds and tickets served."""
    env = simpy.Environment()
    lines: list[dict[str, deque[int]]] = [
        {"regular": deque(), "green": deque()} for _ in range(model.QUEUES)
    ]
    idle: list[dict[int, simpy.Event]] = [{} for _ in range(model.QUEUES)]
    log: list[tuple[float, str, int, int, Any]] = []
    served = 0

    def pick(window: int) -> int | None:
        for queue in (window % model.QUEUES, (window + 1) % model.QUEUES):
            heads = [
                ((env.now - people[line[0]][0] + (model.HEAD_START_S if name == "green" else 0))
                 / model.TARGET_S, -line[0], name)
                for name, line in lines[queue].items() if line
            ]  # fmt: skip
            if heads:
                heads.sort(reverse=True)
                ticket = lines[queue][heads[0][2]].popleft()
                log.append((env.now, "called", ticket, window, heads))
                return ticket
        return None

    def counter(window: int) -> Generator[simpy.Event, Any, None]:
        nonlocal served
        home = idle[window % model.QUEUES]
        while True:
            ticket = pick(window)
            if ticket is None:
                home[window] = env.event()
                yield home[window]
                continue
            yield env.timeout(model.WALK_S)
            log.append((env.now, "started", ticket, window, None))
            yield env.timeout(people[ticket][3])
            log.append((env.now, "completed", ticket, window, None))
            served += 1

    def door() -> Generator[simpy.Event, Any, None]:
        before = 0.0
        for key, (at, queue, class_, _) in enumerate(people):
            yield env.timeout(at - before)
            before = at
            lines[queue][class_].append(key)
            log.append((at, "issued", key, queue, class_))
            for home in (idle[queue], idle[(queue - 1) % model.QUEUES]):
                if home:
                    home.pop(next(iter(home))).succeed()
                    break

    for n in range(model.WINDOWS):
        env.process(counter(n))
    env.process(door())
    begun = time.perf_counter()
    env.run()
    return time.perf_counter() - begun, served


def timed(day: Callable[[Any], tuple[float, int]], people: Any) -> float:
    """Run one day with a clean heap and check that everybody was served."""
    gc.collect()
    took_s, served = day(people)
    if served != TICKETS:
        raise RuntimeError(f"{day.__name__} served {served} of {TICKETS}")
    return took_s


def main() -> None:
    """Run both in turn and print the ratio."""
    say(f"core in virtual time: {TICKETS:,} tickets, {model.WINDOWS} windows")
    ours: list[float] = []
    theirs: list[float] = []
    for seed in range(RUNS):
        people = arrivals(seed)
        ours.append(timed(core_day, people))
        theirs.append(timed(simpy_day, people))
    say(f"  core  s min/median/max {spread(ours)}")
    say(f"  SimPy s min/median/max {spread(theirs)}")
    ratio("day (median)", sorted(ours)[RUNS // 2], sorted(theirs)[RUNS // 2], "s", "SimPy")


if __name__ == "__main__":
    main()
