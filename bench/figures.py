"""Figures of a measurement: rates, percentiles, ratios to a bare baseline of the same run."""

import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Durations of single operations in seconds, and how long all took together."""

    each_s: Sequence[float]
    all_s: float

    @property
    def rate(self) -> float:
        """Operations in a second."""
        return len(self.each_s) / self.all_s

    def percentile_ms(self, share: float) -> float:
        """Return the duration that ``share`` (0 to 1) of the operations did not exceed."""
        ordered = sorted(self.each_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    def __str__(self) -> str:
        return (
            f"{self.rate:8,.0f}/s  p50 {self.percentile_ms(0.5):6.2f} ms"
            f"  p99 {self.percentile_ms(0.99):6.2f} ms"
        )


def median(runs: Sequence[Timing]) -> Timing:
    """Return the run whose rate is the median one."""
    return sorted(runs, key=lambda run: run.rate)[len(runs) // 2]


def say(line: str = "") -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def ratio(name: str, ours: float, bare: float, unit: str, against: str) -> None:
    """Print a figure with its ratio to the baseline."""
    say(f"  {name}: {ours:,.2f} {unit}; {against}: {bare:,.2f} {unit}; ratio {ours / bare:.2f}")


def spread(values: Sequence[float]) -> str:
    """Return minimum, median and maximum of several runs."""
    return f"{min(values):.3f} / {statistics.median(values):.3f} / {max(values):.3f}"
