"""Many seeds in a row: what fails is said with the command that replays it."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tests.bottle.bottle import Parts, run_seed

CHUNK: Final = 10
"""Seeds in one test."""

STRIKES: Final = frozenset(
    {
        "doubled",
        "dropped",
        "overtaken",
        "server killed",
        "server killed before the commit",
        "server killed after the commit",
        "server stopped by a failed commit",
        "broker stopped",
        "broker stopped, forgetting",
        "cable pulled",
        "kiosk killed",
        "board killed",
        "speaker killed",
        "window killed",
        "clock back",
        "clock forward",
        "date set to tomorrow",
        "hall day ended",
        "hall file changed",
        "wrong hall file refused",
        "weather changed",
        "printer jam",
        "printer paper",
        "printer power",
        "printer silent",
        "printer cover",
        "printer cable",
        "slip printed",
        "slip not_printed",
        "slip unsure",
        "copy",
        "merged calls",
        "double submit",
        "asked again",
        "kiosk says no-answer",
    }
)
"""What has to have happened in a hundred seeds, or the net is not where the faults are."""


def run_seeds(seeds: Iterable[int], happened: Counter[str]) -> None:
    """Run seeds and add what happened in them.

    Raises:
        AssertionError: names each seed that failed, why, and how to see it again.
    """
    failures = []
    for seed in seeds:
        try:
            happened.update(run_seed(seed).happened)
        except Exception as error:  # noqa: BLE001 - whatever it is, the seed is what matters
            again = f".venv/bin/pytest tests/bottle --first-seed {seed} --seeds 1"
            failures += [f"seed {seed}: {reason}" for reason in _reasons(error)]
            failures.append(f"    again: {again}")
    assert not failures, "\n".join(["the bottle broke", *failures])


def first_broken(seeds: Iterable[int], parts: Parts) -> int | None:
    """Return the first seed in which the checks find a fault, None if they never do.

    Raises:
        ExceptionGroup: the part crashed; that is no test of the checks.
    """
    for seed in seeds:
        try:
            run_seed(seed, parts)
        except ExceptionGroup as group:
            if group.subgroup(AssertionError) is None:
                raise
            return seed
    return None


def _reasons(error: BaseException) -> list[str]:
    """Return the leaves of a group of exceptions in words."""
    if isinstance(error, BaseExceptionGroup):
        return [reason for inner in error.exceptions for reason in _reasons(inner)]
    return [f"{type(error).__name__}: {error}"]
