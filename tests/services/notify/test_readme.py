"""The README tells what the code does."""

from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from services.notify import metrics
from services.notify.settings import NotifySettings

README = Path(__file__).resolve().parents[3] / "services" / "notify" / "README.md"


def test_the_settings_table_is_that_of_the_code() -> None:
    assert NotifySettings.table() in README.read_text(), "replace the table by Settings.table()"


def test_every_metric_is_named() -> None:
    text = README.read_text()
    mine = [value for value in vars(metrics).values() if isinstance(value, Counter | Gauge | Histogram)]
    assert len(mine) >= 15
    for metric in mine:
        assert all(f"`{family.name}" in text for family in metric.describe())
