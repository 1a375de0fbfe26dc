"""The README tells what the code does."""

from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from services.tips import metrics
from services.tips.settings import TipsSettings

README = Path(__file__).resolve().parents[3] / "services" / "tips" / "README.md"


def test_the_settings_table_is_that_of_the_code() -> None:
    assert TipsSettings.table() in README.read_text(), "replace the table by TipsSettings.table()"


def test_every_metric_is_named() -> None:
    readme = README.read_text()
    mine = [value for value in vars(metrics).values() if isinstance(value, Counter | Gauge | Histogram)]
    assert len(mine) >= 8
    for metric in mine:
        assert all(f"`{family.name}" in readme for family in metric.describe())
