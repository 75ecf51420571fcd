"""Figures for Prometheus: requests by route and status, and the state of the hall."""

from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from paihao_hall.model import Hall

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)


class Metrics:
    """One registry per application, so that tests and demos do not share figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "paihao_http_requests", "Requests answered", ["route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "paihao_http_seconds",
            "Time to answer, streams left out",
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._children: dict[tuple[str, int], Counter] = {}

    def answered(self, route: str, status: int, seconds: float | None) -> None:
        """Count an answer; a stream has no time."""
        child = self._children.get((route, status))
        if child is None:
            child = self._children[route, status] = self._requests.labels(route, str(status))
        child.inc()
        if seconds is not None:
            self._seconds.observe(seconds)

    def page(self, hall: Hall, readers: int) -> bytes:
        """Return everything in Prometheus' text form; ``readers`` follow the event stream."""
        return generate_latest(self.registry) + generate_latest(_HallRegistry(hall, readers))


class _HallRegistry(CollectorRegistry):
    """A registry of one moment: the hall's own figures."""

    def __init__(self, hall: Hall, readers: int) -> None:
        super().__init__(auto_describe=False)
        self.register(_HallFigures(hall, readers))


class _HallFigures(Collector):
    def __init__(self, hall: Hall, readers: int) -> None:
        self._hall = hall
        self._readers = readers

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        hall = self._hall
        seq = GaugeMetricFamily("paihao_log_seq", "Number of the last event")
        seq.add_metric((), hall.seq)
        yield seq
        waiting = GaugeMetricFamily("paihao_waiting", "People waiting", labels=["queue"])
        for name, queue in hall.queues.items():
            waiting.add_metric((name,), queue.waiting())
        yield waiting
        windows = GaugeMetricFamily("paihao_windows", "Windows by state", labels=["state"])
        states: dict[str, int] = {}
        for window in hall.windows.values():
            states[window.state] = states.get(window.state, 0) + 1
        for state, count in sorted(states.items()):
            windows.add_metric((state,), count)
        yield windows
        readers = GaugeMetricFamily("paihao_event_readers", "Clients on the event stream")
        readers.add_metric((), self._readers)
        yield readers
        issued = GaugeMetricFamily("paihao_tickets_today", "Numbers given on this hall day")
        issued.add_metric((), len(hall.tickets))
        yield issued
