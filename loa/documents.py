"""Generated documents: `docs/metrics.md`, and the tables of settings and metrics in each service's README.

The code is their only source: the descriptions of settings, the help texts of metrics, and the series that `prepare()` shows.
"""

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry

import chassis.http_metrics
import chassis.metrics
from chassis.settings import Settings
from contracts.catalogue import READERS, TOPICS

SERVICES = ("gateway", "chatbot", "tips", "notify", "auditor")
_SAMPLE_ONLY = {"le"}  # Labels that Prometheus itself adds.
_INTRODUCTION = """# Metrics

Written by `make docs` from the help texts in the code. `/metrics` of each service shows them.
Every label has a closed set of values; no OA, person or message is a label.
"""


@dataclass(frozen=True, slots=True)
class DocumentedMetric:
    """One metric: `meaning` is the first sentence of its help text, `action` the rest."""

    name: str
    kind: str
    labels: Mapping[str, str]
    meaning: str
    action: str


def pages(root: Path) -> dict[Path, str]:
    """Returns every generated page with its text as it should be. Raises OSError where a README is missing."""
    chassis.metrics.prepare(READERS["notify"], TOPICS)
    texts = {root / "docs" / "metrics.md": _metrics_page()}
    for service in SERVICES:
        path = root / "services" / service / "README.md"
        settings: type[Settings] = getattr(_module(service, "settings"), f"{service.title()}Settings")
        tables = {"metrics": _short_table(_metrics(service)), "settings": settings.table()}
        texts[path] = with_tables(path.read_text(), tables)
    return texts


def with_tables(text: str, tables: Mapping[str, str]) -> str:
    """Returns `text` with what stands between `<!-- NAME: … -->` and `<!-- end -->` replaced by the table of that name."""
    for name, table in tables.items():
        text = re.sub(
            rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- end -->)",
            lambda found, table=table: f"{found[1]}{table}\n{found[2]}",  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
    return text


def documented(collector: Collector, open_labels: Mapping[str, str]) -> Iterator[DocumentedMetric]:
    """Yields a collector's metrics; a label's values are those of its series, or what `open_labels` says of it."""
    for family in collector.collect():
        meaning, _, action = family.documentation.partition(". ")
        labels = {
            label: open_labels.get(f"{family.name} {label}") or _values(family, label) or open_labels.get(label, "")
            for label in _label_names(collector, family)
        }
        name = f"{family.name}_total" if family.type == "counter" else family.name
        yield DocumentedMetric(name, family.type, labels, f"{meaning.removesuffix('.')}.", action)


def _metrics(service: str) -> list[DocumentedMetric]:
    module = _module(service, "metrics")
    module.prepare()
    return _of(module)


def _of(module: ModuleType) -> list[DocumentedMetric]:
    collectors: list[Collector] = [value for value in vars(module).values() if _is_collector(value)]
    open_labels: Mapping[str, str] = getattr(module, "OPEN_LABELS", {})
    return [metric for collector in collectors for metric in documented(collector, open_labels)]


def _is_collector(value: object) -> bool:
    return hasattr(value, "collect") and not isinstance(value, type | CollectorRegistry)


def _module(service: str, name: str) -> ModuleType:
    return importlib.import_module(f"services.{service}.{name}")


def _values(family: Metric, label: str) -> str:
    """The values of a label in the series there are, in the order in which they were prepared."""
    shown = dict.fromkeys(sample.labels[label] for sample in family.samples if label in sample.labels)
    return ", ".join(f"`{value}`" for value in shown)


def _label_names(collector: Collector, family: Metric) -> tuple[str, ...]:
    declared: Iterable[str] = getattr(collector, "_labelnames", ()) or getattr(family, "_labelnames", ())
    return tuple(label for label in declared if label not in _SAMPLE_ONLY)


def _short_table(metrics: list[DocumentedMetric]) -> str:
    rows = [f"| `{metric.name}` {_label_list(metric)}| {metric.meaning} |" for metric in metrics]
    return "\n".join(["| metric | meaning |", "|---|---|", *rows])


def _label_list(metric: DocumentedMetric) -> str:
    return f"`{{{', '.join(metric.labels)}}}` " if metric.labels else ""


def _metrics_page() -> str:
    shared = [*_of(chassis.metrics), *_of(chassis.http_metrics)]
    sections = [("Every service", shared), *((service, _metrics(service)) for service in SERVICES)]
    return "\n".join([_INTRODUCTION, *(_section(title, metrics) for title, metrics in sections)])


def _section(title: str, metrics: list[DocumentedMetric]) -> str:
    rows = [
        f"| `{metric.name}` | {metric.kind} | {_label_cell(metric)} | {metric.meaning} | {metric.action} |"
        for metric in metrics
    ]
    head = ["| metric | type | labels | meaning | what to do |", "|---|---|---|---|---|"]
    return "\n".join([f"## {title}", "", *head, *rows, ""])


def _label_cell(metric: DocumentedMetric) -> str:
    return "; ".join(f"**{label}**: {values}" for label, values in metric.labels.items())
