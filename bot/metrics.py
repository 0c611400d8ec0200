"""Numbers for Prometheus. What happens is counted where it is logged: each `action` key of a log line is a series."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from structlog.typing import EventDict, WrappedLogger

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 7, 15, 60, 600)
"""Upper bounds of the histogram; 0.4 s and 7 s are what we promise and when we apologise."""
Gauge = tuple[str, str, float, dict[str, str]]
"""Name, what it says, value, labels."""


class Metrics:
    """All numbers of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._events = Counter(
            "mentor_events", "Log lines of the bot, by their stable action key.", ["action"], registry=self.registry
        )
        self._lines = Counter("mentor_log_lines", "All log lines, by level.", ["level"], registry=self.registry)
        self._seconds = Histogram(
            "mentor_event_seconds",
            "How long it took until this happened, in seconds: from the update's arrival, or from the reply's writing.",
            ["action"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._gauges = _Gauges()
        self.registry.register(self._gauges)

    def count(self, _logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        """Count a log line on its way, whatever level is written; a processor of structlog."""
        self._lines.labels(event.get("level", "unknown")).inc()
        if action := event.get("action"):
            self._events.labels(action).inc()
            if "seconds" in event:
                self._seconds.labels(action).observe(event["seconds"])
        return event

    def text(self, gauges: Iterable[Gauge]) -> bytes:
        """Everything in Prometheus' text form, with `gauges` as they are now."""
        self._gauges.now = list(gauges)
        return generate_latest(self.registry)


class _Gauges(Collector):
    """What was looked up for this one answer: a part that could not be asked leaves no old number behind."""

    def __init__(self) -> None:
        self.now: list[Gauge] = []

    def collect(self) -> Iterator[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for name, said, value, labels in self.now:
            family = families.setdefault(name, GaugeMetricFamily(name, said, labels=list(labels)))
            family.add_metric(list(labels.values()), value)
        yield from families.values()
