"""The services' READMEs and docs/metrics.md say what the code does."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge

from contracts.catalogue import READERS, TOPICS
from loa.documents import SERVICES, documented, with_tables
from services.gateway.decide import Outcome
from tests.rules.tree import ROOT, files, name, python_files

PAGES = [*(f"services/{service}/README.md" for service in SERVICES), "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
PAGES += [
    name(path)
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if path.name != "metrics.md" and path.parent.name != "decisions"
]
PLACES = re.compile(r"`([a-z_/]+(?:/|\.(?:py|md|yml|lock)))`")


def readme(service: str) -> str:
    return (ROOT / "services" / service / "README.md").read_text()


def paragraph(service: str, verb: str) -> str:
    """The lines that begin with `**Verb**`, up to the next verb or blank line."""
    found = re.search(rf"^\*\*{verb}\*\*.*?(?=^\*\*|^$)", readme(service), re.MULTILINE | re.DOTALL)
    assert found, f"say what {service} {verb.lower()}"
    return found[0]


def topics_in(text: str) -> set[str]:
    return {topic for topic in TOPICS if f"`{topic}`" in text}


@pytest.mark.parametrize("service", SERVICES)
def test_a_readme_names_the_topics_its_service_reads(service: str) -> None:
    assert topics_in(paragraph(service, "Consumes")) == set(READERS.get(service, ()))


@pytest.mark.parametrize("service", SERVICES)
def test_a_readme_names_the_topics_its_service_writes(service: str) -> None:
    assert topics_in(paragraph(service, "Publishes")) == {topic for topic in TOPICS if topic.startswith(f"{service}.")}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("section", ["Decides", "What holds when things break", "Keeps", "Metrics", "Settings"])
def test_every_readme_has_the_same_sections(service: str, section: str) -> None:
    assert f"\n## {section}\n" in readme(service)


@pytest.mark.parametrize("page", [page for page in PAGES if (ROOT / page).exists()])
def test_every_file_and_folder_that_a_page_names_exists(page: str) -> None:
    beside = (ROOT / page).parent
    anywhere = set() if page.startswith("services/") else {path.name for path in files()}  # "a service's `decide.py`"
    named = [place for place in PLACES.findall((ROOT / page).read_text()) if not place.startswith("/")]
    missing = [p for p in named if not ((beside / p).exists() or (ROOT / p).exists() or p in anywhere)]
    assert not missing


def test_every_outcome_of_a_webhook_is_in_the_gateways_table_of_answers() -> None:
    assert not [outcome for outcome in Outcome if f"`{outcome}`" not in readme("gateway")]


def test_the_generated_pages_are_what_the_code_says() -> None:
    """In a process of its own, since other tests leave series behind."""
    command = [sys.executable, "-m", "loa", "docs", "--check"]
    completed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - the words above.
    assert completed.returncode == 0, completed.stdout + completed.stderr


@pytest.mark.slow
def test_a_changed_setting_makes_its_readme_stale(tmp_path: Path) -> None:
    for folder in ("contracts", "chassis", "services", "loa", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    settings = tmp_path / "services" / "tips" / "settings.py"
    settings.write_text(settings.read_text().replace("Bytes of the largest file", "Size of the largest file"))
    command = [sys.executable, "-m", "loa", "docs", "--check"]
    completed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - the words above.
    assert completed.returncode == 1
    assert "services/tips/README.md is stale" in completed.stdout


def rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "metrics.md").read_text().splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| `")]


def test_every_metric_says_what_to_do_about_it() -> None:
    assert not [row[0] for row in rows() if len(row) != 5 or len(row[4]) < 10]


def test_every_label_of_a_metric_has_its_values() -> None:
    assert not [row[0] for row in rows() if re.search(r"\*\*\w+\*\*: (;|$)", row[2])]


def test_metrics_are_declared_where_they_are_documented() -> None:
    declared = re.compile(r"(?:Counter|Gauge|Histogram)\(\s*\"loa_")
    places = {name(path) for path in python_files() if declared.search(path.read_text())}
    documented_places = {
        "chassis/metrics.py",
        "chassis/http_metrics.py",
        *(f"services/{service}/metrics.py" for service in SERVICES),
    }
    assert {place for place in places if not place.startswith(("tests/", "bench/"))} <= documented_places


def test_a_help_text_is_meaning_and_action() -> None:
    counter = Counter("loa_planted", "Things that happened. Mend them.", ["kind"], registry=CollectorRegistry())
    counter.labels("odd")
    (metric,) = documented(counter, {})
    assert (metric.name, metric.labels) == ("loa_planted_total", {"kind": "`odd`"})
    assert (metric.meaning, metric.action) == ("Things that happened.", "Mend them.")


def test_a_label_without_a_series_is_described_by_what_bounds_it() -> None:
    gauge = Gauge("loa_planted", "A thing.", ["version"], registry=CollectorRegistry())
    (metric,) = documented(gauge, {"version": "the current one"})
    assert metric.labels == {"version": "the current one"}


def test_only_what_stands_between_the_marks_is_written_anew() -> None:
    page = "before\n<!-- settings: by make -->\nold\n<!-- end -->\nafter\n"
    assert with_tables(page, {"settings": "new"}) == page.replace("old", "new")
