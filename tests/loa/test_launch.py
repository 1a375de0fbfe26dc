"""Starting and stopping everything, on real servers, with services in miniature."""

import asyncio
import json
import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from contracts.catalogue import DEAD, TOPICS
from loa.runtime import launch, processes
from loa.runtime.errors import SetupError
from loa.runtime.launch import Running
from loa.runtime.ports import is_free
from loa.runtime.program import MARK
from loa.runtime.services import Service
from loa.runtime.settings import Settings
from loa.testkit.process import wait_until
from tests.loa.environment import partitions, settings_in, standins

pytestmark = pytest.mark.live


def environment_of(service: Service) -> dict[str, str]:
    with urllib.request.urlopen(service.url + "/told", timeout=5) as answer:  # noqa: S310 - http, to ourselves.
        environment: dict[str, str] = json.load(answer)
        return environment


def pid_of(running: Running, name: str) -> int:
    return running.supervisor.states()[name].pid


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = settings_in(tmp_path_factory.mktemp("a folder, 100% named by hand"), "tansu")
    yield launch.start(settings, standins(settings), lambda _: None)
    launch.stop(settings)


def test_every_service_is_told_where_the_servers_and_the_secrets_are(running: Running) -> None:
    for service in running.services:
        environment = environment_of(service)
        assert environment["KAFKA_SERVERS"] == running.broker.servers
        assert environment["SECRETS_DIR"] == str(running.settings.secrets)
        assert environment["HTTP_PORT"] == str(service.port)
        with MongoClient[dict[str, Any]](Path(environment["MONGO_URL_FILE"]).read_text().strip()) as client:
            assert client[service.name]["thing"].insert_one({}).acknowledged
            with pytest.raises(OperationFailure):
                client["any"]["thing"].insert_one({})


def test_services_on_tansu_are_told_that_it_refuses_idempotent_producers(running: Running) -> None:
    assert environment_of(running.services[0])["KAFKA_IDEMPOTENCE"] == "false"


def test_a_service_that_dies_is_started_again(running: Running) -> None:
    before = pid_of(running, "chatbot")
    wait_until(lambda: running.supervisor.states()["chatbot"].word == "RUNNING", 5, "it never counted as running")
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: pid_of(running, "chatbot") not in (0, before), 10, "it stayed dead")
    assert pid_of(running, "gateway"), "its neighbour went on"


def test_a_second_start_from_the_same_folder_is_refused_and_harms_nothing(running: Running) -> None:
    before = pid_of(running, "gateway")
    with pytest.raises(SetupError, match="already up"):
        launch.start(running.settings, running.services, print)
    assert pid_of(running, "gateway") == before


def test_nobody_else_may_read_secrets_or_the_configuration_that_holds_them(running: Running) -> None:
    state = running.settings.loa_state
    private = [state / "supervisord.conf", *running.settings.secrets.rglob("*")]
    assert len(private) > 5
    assert {oct(path.stat().st_mode & 0o077) for path in private} == {"0o0"}


def test_logs_are_kept_per_process(running: Running) -> None:
    assert {"mongo.log", "broker.log", "gateway.log", "chatbot.log"} <= {
        p.name for p in running.settings.logs.iterdir()
    }


def test_stopping_ends_all_that_was_started_and_nothing_else(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "state", "tansu")
    neighbour = psutil.Popen(["sleep", "300"], env=os.environ | {MARK: str(tmp_path / "elsewhere")})
    launch.start(settings, standins(settings), lambda _: None)
    assert launch.stop(settings) >= 5
    assert not processes.of(settings.loa_state)
    assert all(is_free(port) for port in settings.ports().values())
    assert neighbour.is_running()
    neighbour.kill()
    neighbour.wait()


def test_what_outlives_a_killed_process_manager_is_ended_by_the_next_start(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "state", "tansu")
    first = launch.start(settings, standins(settings), lambda _: None)
    manager = first.supervisor.pid()
    assert manager is not None
    os.kill(manager, signal.SIGKILL)
    wait_until(lambda: not first.supervisor.is_up(), 5, "the process manager answers after kill -9")
    assert processes.of(settings.loa_state), "nothing was left: this test proves nothing"
    reports: list[str] = []
    launch.start(settings, standins(settings), reports.append)
    assert "Ended what an earlier run had left behind." in reports
    launch.stop(settings)
    assert not processes.of(settings.loa_state)


def test_a_taken_port_stops_the_start_with_its_owner_and_the_setting_that_moves_it(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "state", "tansu")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", settings.chatbot_port))
        holder.listen()
        with pytest.raises(SetupError) as error:
            launch.start(settings, standins(settings), print)
    assert f"Port {settings.chatbot_port} (CHATBOT_PORT) is taken by" in str(error.value)
    assert f"(pid {os.getpid()})" in str(error.value)
    assert "CHATBOT_PORT=" in error.value.remedy
    assert not processes.of(settings.loa_state)


def test_a_service_that_never_stays_up_ends_the_start_with_its_last_words(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "state", "tansu")
    with pytest.raises(SetupError, match="the ledger has no ink"):
        launch.start(settings, standins(settings, LAST_WORDS="the ledger has no ink"), lambda _: None)
    assert not processes.of(settings.loa_state)
    assert all(is_free(port) for port in settings.ports().values())


def test_a_service_that_fails_once_is_waited_for(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "state", "tansu")
    services = standins(settings, FAILS_ONCE=str(tmp_path / "failed"), READY_AFTER="0.5")
    launch.start(settings, services[:1], lambda _: None)
    launch.stop(settings)
    assert (tmp_path / "failed").exists()


@pytest.mark.durable
@pytest.mark.timeout(300)  # Kafka starts twice, and a busy machine takes its time.
def test_on_kafka_topics_and_documents_are_there_after_a_restart_on_other_ports(tmp_path: Path) -> None:
    first = settings_in(tmp_path / "state", "kafka")
    launch.start(first, [], lambda _: None)
    with MongoClient[dict[str, Any]](_mongo_url(first)) as client:
        client["kept"]["kept"].insert_one({"_id": "one"})
    launch.stop(first)

    moved = settings_in(tmp_path / "state", "kafka")
    assert moved.ports() != first.ports()
    up = launch.start(moved, [], lambda _: None)
    try:
        with MongoClient[dict[str, Any]](_mongo_url(moved)) as client:
            assert client["kept"]["kept"].find_one({"_id": "one"})
        assert asyncio.run(partitions(up)) == dict.fromkeys([*TOPICS, *DEAD.values()], 12)
    finally:
        launch.stop(moved)


def _mongo_url(settings: Settings) -> str:
    password = (settings.secrets / "mongo-password").read_text().strip()
    return f"mongodb://loa:{password}@127.0.0.1:{settings.mongo_port}/?replicaSet=loa&authSource=admin"
