"""docker-compose.yml says what the code says: services, ports, topics, settings, secrets. And it is hardened."""

import re
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from chassis.api_clients import FOLDER
from chassis.kafka.__main__ import TopicSettings
from chassis.mongo_users import password_file
from loa.__main__ import build
from loa.runtime import accounts, secrets
from loa.runtime.kafka import jars
from loa.runtime.kafka import server as kafka_server
from loa.runtime.kafka.server import Kafka
from loa.runtime.services import services
from loa.runtime.settings import Settings
from tests.deploy.compose import SERVICES, compose, compose_service
from tests.loa.setting_names import names_of
from tests.rules.tree import ROOT, python_files

ALL = sorted(compose()["services"])


def test_the_services_of_the_tree_are_the_services_that_run() -> None:
    in_tree = {path.parent.name for path in (ROOT / "services").glob("*/__main__.py")}
    built = {compose_service(name)["build"]["args"]["SERVICE"] for name in ALL if "build" in compose_service(name)}
    assert in_tree == built == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_only_settings_that_it_reads(service: str) -> None:
    settings = {name.removesuffix("_FILE") for name in compose_service(service)["environment"]}
    assert settings <= names_of(service)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_listens_where_it_is_published_and_where_the_launcher_has_it(service: str) -> None:
    environment, (here,) = (
        compose_service(service)["environment"],
        [s for s in services(Settings.read({})) if s.name == service],
    )
    inside, public = environment["HTTP_PORT"], environment.get("PUBLIC_PORT")
    assert (inside, public) == (str(here.port), here.public_port and str(here.public_port))
    pages = ["127.0.0.1:8000:8000"] if service == "gateway" else []  # The onboarding pages, for operators.
    assert compose_service(service)["ports"] == [f"127.0.0.1:{inside}:{inside}", *pages]


def test_topics_are_made_by_the_code_that_knows_them() -> None:
    definition = compose_service("topics")
    assert definition["entrypoint"] == ["python", "-m", "chassis.kafka"]
    values = {name.removesuffix("_FILE"): value for name, value in definition["environment"].items()}
    assert set(values) <= {name.upper() for name in TopicSettings.model_fields}
    assert TopicSettings.read(values).partitions == Kafka(ROOT, 1, 2, ROOT).partitions


def test_kafka_is_the_version_that_the_tests_run() -> None:
    assert compose_service("kafka")["image"] == f"apache/kafka:{jars.version()}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_holds_the_secrets_that_its_code_reads_and_no_others(service: str) -> None:
    """Each is a string in the service's own code: `"pepper"`, or `f"{name}.keys"` over names that stand beside it."""
    code = "\n".join(path.read_text() for path in python_files() if path.is_relative_to(ROOT / "services" / service))
    strings = set(re.findall(r'"([a-z.-]+)"', code))
    rings = {f"{name}.keys" for name in strings} if '{name}.keys"' in code else set()
    read = (strings | rings) & set(secrets.MAKERS)
    assert set(compose_service(service)["secrets"]) - {f"{service}-mongo-url", f"{service}-kafka-password"} == read


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_mongodb_as_itself(service: str, tmp_path: Path) -> None:
    assert compose_service(service)["environment"]["MONGO_URL_FILE"] == f"/run/secrets/{service}-mongo-url"
    secrets.generate(tmp_path)
    accounts.write_mongo_urls(tmp_path, "mongo:27017")
    url = secrets.read(tmp_path, f"{service}-mongo-url")
    assert url.startswith(f"mongodb://{service}:{secrets.read(tmp_path, f'{service}-mongo-password')}@mongo:27017/")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_the_broker_as_itself(service: str) -> None:
    environment = compose_service(service)["environment"]
    assert environment["KAFKA_USER"] == service
    assert environment["KAFKA_PASSWORD_FILE"] == f"/run/secrets/{service}-kafka-password"


def test_kafka_is_told_of_accounts_and_rights_what_it_is_told_on_a_bare_machine() -> None:
    environment = compose_service("kafka")["environment"]
    for line in kafka_server.ACCOUNTS.splitlines():
        name, value = line.split("=", 1)
        assert environment[f"KAFKA_{name.upper().replace('.', '_')}"] == value
    assert "PLAINTEXT:PLAINTEXT" not in environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].replace(
        "SASL_PLAINTEXT", ""
    )
    assert compose_service("topics")["environment"]["KAFKA_USER"] == accounts.ADMIN


def test_the_users_of_mongodb_are_made_by_the_code_that_knows_the_services() -> None:
    definition = compose_service("mongo-users")
    assert definition["entrypoint"] == ["python", "-m", "chassis.mongo_users"]
    assert {password_file(Path(), service).name for service in SERVICES} < set(definition["secrets"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_sees_a_change_of_who_may_call_it(service: str) -> None:
    """Docker mounts a single file by its inode: one that is replaced would stay the old one."""
    assert f"./secrets/services/{FOLDER}:/run/secrets/{FOLDER}:ro" in compose_service(service)["volumes"]


def test_every_secret_that_is_named_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    result = CliRunner().invoke(build(["secrets"]), ["secrets", str(folder)])
    assert result.exit_code == 0, result.output
    named = {Path(secret["file"]).name for secret in compose()["secrets"].values()}
    assert named <= {path.name for path in folder.iterdir()}
    assert {name for service in ALL for name in compose_service(service).get("secrets", [])} == set(
        compose()["secrets"]
    )


@pytest.mark.parametrize("name", ALL)
def test_nothing_runs_with_more_rights_or_memory_than_it_needs(name: str) -> None:
    definition = compose_service(name)
    assert definition["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in definition["security_opt"]
    assert definition["mem_limit"]
    assert definition["cpus"]
    assert definition["pids_limit"]
    if name != "proxy":
        assert all(port.startswith("127.0.0.1:") for port in definition.get("ports", []))


def test_the_servers_have_no_way_out_and_the_proxy_no_way_to_them() -> None:
    assert compose()["networks"]["back"] == {"internal": True}
    assert {name for name in ALL if compose_service(name)["networks"] == ["back"]} >= {"kafka", "mongo"}
    assert compose_service("proxy")["networks"] == ["front"]
    assert {name for name in ALL if "front" in compose_service(name)["networks"]} == {"proxy", "gateway", "notify"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_nowhere_and_waits_for_topics_and_a_primary(service: str) -> None:
    definition = compose_service(service)
    assert definition["read_only"]
    assert definition["user"] == "10001:10001"
    assert definition["depends_on"]["topics"]["condition"] == "service_completed_successfully"
    assert definition["depends_on"]["mongo-users"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", ["kafka", "mongo", "prometheus", "proxy"])
def test_servers_say_when_they_can_be_used(name: str) -> None:
    assert compose_service(name)["healthcheck"]["test"][0] == "CMD"


def test_no_secret_is_in_an_environment() -> None:
    for name in ALL:
        for setting, value in compose_service(name).get("environment", {}).items():
            assert "mongodb://" not in str(value), (name, setting)
            assert not re.search(r"PASSWORD$|SECRET$|TOKEN$", setting), (name, setting)


def test_prometheus_scrapes_every_service_where_it_listens() -> None:
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in config["scrape_configs"]}
    expected = {service: [f"{service}:{compose_service(service)['environment']['HTTP_PORT']}"] for service in SERVICES}
    assert {name: targets.get(name) for name in SERVICES} == expected
