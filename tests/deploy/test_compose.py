"""docker-compose.yml says what the code says: houses, ports, topics, settings, secrets. And it is hardened."""

import re
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from chassis.kafka.__main__ import TopicSettings
from loa.__main__ import build
from loa.runtime import secrets
from loa.runtime.kafka import jars
from loa.runtime.kafka.server import Kafka
from loa.runtime.settings import Settings
from tests.deploy.compose import HOUSES, compose, service
from tests.loa.names import names_of
from tests.rules.tree import ROOT, python_files

ALL = sorted(compose()["services"])


def test_the_houses_of_the_tree_are_the_houses_that_run() -> None:
    in_tree = {path.parent.name for path in (ROOT / "services").glob("*/__main__.py")}
    built = {service(name)["build"]["args"]["SERVICE"] for name in ALL if "build" in service(name)}
    assert in_tree == built == set(HOUSES)


@pytest.mark.parametrize("house", HOUSES)
def test_a_house_is_told_only_settings_that_it_reads(house: str) -> None:
    told = {name.removesuffix("_FILE") for name in service(house)["environment"]}
    assert told <= names_of(house)


@pytest.mark.parametrize("house", HOUSES)
def test_a_house_listens_where_it_is_published_and_where_the_launcher_has_it(house: str) -> None:
    port = service(house)["environment"]["HTTP_PORT"]
    assert service(house)["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert Settings.read({}).ports()[f"{house.upper()}_PORT"] == int(port)


def test_topics_are_made_by_the_code_that_knows_them() -> None:
    one = service("topics")
    assert one["entrypoint"] == ["python", "-m", "chassis.kafka"]
    assert set(one["environment"]) <= {name.upper() for name in TopicSettings.model_fields}
    assert TopicSettings.read(one["environment"]).partitions == Kafka(ROOT, 1, 2, ROOT).partitions


def test_kafka_is_the_version_that_the_tests_run() -> None:
    assert service("kafka")["image"] == f"apache/kafka:{jars.version()}"


@pytest.mark.parametrize("house", HOUSES)
def test_a_house_holds_the_secrets_that_its_code_reads_and_no_others(house: str) -> None:
    """Each is a string in the house's own code: `"pepper"`, or `f"{name}.keys"` over names that stand beside it."""
    code = "\n".join(path.read_text() for path in python_files() if path.is_relative_to(ROOT / "services" / house))
    strings = set(re.findall(r'"([a-z.-]+)"', code))
    rings = {f"{name}.keys" for name in strings} if '{name}.keys"' in code else set()
    read = (strings | rings) & set(secrets.MAKERS)
    assert set(service(house)["secrets"]) - {"mongo-url"} == read


def test_every_secret_that_is_named_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    done = CliRunner().invoke(build(["secrets"]), ["secrets", str(folder)])
    assert done.exit_code == 0, done.output
    named = {Path(secret["file"]).name for secret in compose()["secrets"].values()}
    assert named <= {path.name for path in folder.iterdir()}
    assert secrets.read(folder, "mongo-password") in secrets.read(folder, "mongo-url")
    assert {name for one in ALL for name in service(one).get("secrets", [])} == set(compose()["secrets"])


@pytest.mark.parametrize("name", ALL)
def test_nothing_runs_with_more_rights_or_memory_than_it_needs(name: str) -> None:
    one = service(name)
    assert one["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in one["security_opt"]
    assert one["mem_limit"]
    assert one["cpus"]
    assert all(port.startswith("127.0.0.1:") for port in one.get("ports", []))


@pytest.mark.parametrize("house", HOUSES)
def test_a_house_writes_nowhere_and_waits_for_topics_and_a_primary(house: str) -> None:
    one = service(house)
    assert one["read_only"]
    assert one["user"] == "10001:10001"
    assert one["depends_on"]["topics"]["condition"] == "service_completed_successfully"
    assert one["depends_on"]["replica-set"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", ["kafka", "mongo", "prometheus"])
def test_servers_say_when_they_can_be_used(name: str) -> None:
    assert service(name)["healthcheck"]["test"][0] == "CMD"


def test_no_secret_is_in_an_environment() -> None:
    for name in ALL:
        for setting, value in service(name).get("environment", {}).items():
            assert "mongodb://" not in str(value), (name, setting)
            assert not re.search(r"PASSWORD$|SECRET$|TOKEN$", setting), (name, setting)


def test_prometheus_scrapes_every_house_where_it_listens() -> None:
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in config["scrape_configs"]}
    expected = {house: [f"{house}:{service(house)['environment']['HTTP_PORT']}"] for house in HOUSES}
    assert {name: targets.get(name) for name in HOUSES} == expected
