"""Answers counted on the hot path: plain numbers, shown to Prometheus when it asks.

The client library's own histogram takes a lock and walks its buckets at every observation: 4 µs where a whole webhook costs 150.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from services.gateway.decide import Outcome
from services.gateway.zalo.catalogue import UNKNOWN

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
_NAMES = (*(str(bound) for bound in _BOUNDS), "+Inf")


class WebhookMetrics(Collector):
    """`loa_webhook_ack_seconds{outcome}` and `loa_webhook_events_total{event,outcome}`. Labels are closed sets."""

    def __init__(self) -> None:
        self._buckets = {outcome: [0] * len(_NAMES) for outcome in Outcome}
        self._sums = dict.fromkeys(Outcome, 0.0)
        self._events: dict[tuple[str, Outcome], int] = defaultdict(int)
        self._events[UNKNOWN, Outcome.PROBE] = 0  # A series from the first scrape on.

    def count(self, event_name: str, outcome: Outcome, seconds: float) -> None:
        """From the event loop only."""
        self._buckets[outcome][bisect_left(_BOUNDS, seconds)] += 1
        self._sums[outcome] += seconds
        self._events[event_name, outcome] += 1

    def collect(self) -> Iterator[HistogramMetricFamily | CounterMetricFamily]:
        acks = HistogramMetricFamily(
            "loa_webhook_ack_seconds",
            "From a webhook's first byte until the answer. Above 1.5 s: Zalo gives up at two; look at broker and MongoDB.",
            labels=["outcome"],
        )
        for outcome, counts in self._buckets.items():
            acks.add_metric([outcome], _cumulated(counts), self._sums[outcome])
        events = CounterMetricFamily(
            "loa_webhook_events",
            "Webhooks by event and outcome. `bad_signature`, `unknown_app`, `unknown_oa`: check that OA's registration and keys.",
            labels=["event", "outcome"],
        )
        for (event, outcome), number in list(self._events.items()):
            events.add_metric([event, outcome], number)
        yield acks
        yield events


def _cumulated(counts: list[int]) -> list[tuple[str, float]]:
    total, buckets = 0, []
    for name, count in zip(_NAMES, counts, strict=True):
        total += count
        buckets.append((name, float(total)))
    return buckets


WEBHOOK_METRICS = WebhookMetrics()
