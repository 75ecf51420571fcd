"""Figures of the bus for Prometheus: is it there, what came in broken, which devices are online."""

from collections import Counter
from collections.abc import Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from paihao_runtime.bus import Bus, Faults
from paihao_server.gateway import Gateway


class BusFigures(Collector):
    """Reads its figures at the moment in which they are asked for."""

    def __init__(self, bus: Bus, gateway: Gateway, faults: Faults) -> None:
        self._bus = bus
        self._gateway = gateway
        self._faults = faults

    def describe(self) -> Iterable[Metric]:
        """Name nothing ahead: the figures speak for themselves."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of this moment."""
        connected = GaugeMetricFamily("paihao_bus_connected", "1 while the broker is there")
        connected.add_metric((), float(self._bus.connected))
        yield connected
        broken = CounterMetricFamily(
            "paihao_broken_payloads", "Messages that do not fit their topic", labels=["topic"]
        )
        for topic, count in self._faults.counts.items():
            broken.add_metric((topic,), count)
        yield broken
        refused = CounterMetricFamily(
            "paihao_device_refusals", "Refusals told to devices", labels=["code"]
        )
        for code, count in self._gateway.refused.items():
            refused.add_metric((code,), count)
        yield refused
        passed_over = CounterMetricFamily(
            "paihao_passed_over", "Requests of kiosks that asked too much", labels=["kiosk"]
        )
        for kiosk, count in self._gateway.passed_over.items():
            passed_over.add_metric((kiosk,), count)
        yield passed_over
        devices = GaugeMetricFamily(
            "paihao_devices",
            "Devices by kind and whether they are online",
            labels=["kind", "online"],
        )
        states = Counter((d.kind, str(d.online).lower()) for d in self._gateway.devices.values())
        for labels, count in states.items():
            devices.add_metric(labels, count)
        yield devices
