"""The suite's own servers do what the tests that lean on them believe."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from loa.runtime.ports import free_port
from loa.runtime.program import Program
from loa.runtime.settings import ROOT
from loa.testkit.process import Running, ServiceProcess, wait_until
from loa.testkit.servers import LiveBroker, LiveMongo


@pytest.mark.live
def test_what_mongo_acknowledged_is_there_after_kill_9(mongo: LiveMongo) -> None:
    with _client(mongo.url) as client:
        client["servers_test"]["kept"].insert_one({"_id": "one"})
    mongo.restart()
    with _client(mongo.url) as client:
        assert client["servers_test"]["kept"].find_one({"_id": "one"})
        client.drop_database("servers_test")


@pytest.mark.live
def test_mongo_asks_for_a_password(mongo: LiveMongo) -> None:
    nobody = _client(f"mongodb://127.0.0.1:{mongo.kind.port}/?directConnection=true")
    with nobody, pytest.raises(OperationFailure):
        nobody["servers_test"]["kept"].insert_one({})


@pytest.mark.live
@pytest.mark.parametrize("which", ["kafka", "tansu"])
def test_a_broker_listens_on_this_machine_alone(which: str, request: pytest.FixtureRequest) -> None:
    live: LiveBroker = request.getfixturevalue(which)
    addresses = {c.laddr.ip for c in psutil.Process(live.process.pid).net_connections("tcp") if c.status == "LISTEN"}
    assert {address.removeprefix("::ffff:") for address in addresses} == {"127.0.0.1"}


@pytest.mark.durable
async def test_what_kafka_acknowledged_is_there_after_kill_9(kafka: LiveBroker) -> None:
    topic = f"kept-{uuid4().hex[:6]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=kafka.servers, acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(topic, b"kept")
    kafka.restart()
    async with AIOKafkaConsumer(topic, bootstrap_servers=kafka.servers, auto_offset_reset="earliest") as consumer:
        assert (await consumer.getone()).value == b"kept"


def test_a_service_that_ends_at_once_is_reported_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "hollow.py").write_text("raise SystemExit('no ground to stand on')")
    service = ServiceProcess("hollow", {"PYTHONPATH": str(tmp_path)}, tmp_path)
    service.start()
    with pytest.raises(AssertionError, match="no ground to stand on"):
        service.await_ready(5)


def test_processes_of_the_suite_do_not_outlive_it_even_when_it_is_killed(tmp_path: Path) -> None:
    suite = tmp_path / "suite.py"
    suite.write_text(
        "import sys, time; from pathlib import Path\n"
        "from loa.runtime.program import Program\n"
        "from loa.testkit.process import Running\n"
        f"child = Running(Program('child', ('sleep', '600')), Path({str(tmp_path / 'log')!r})).start()\n"
        "print(child.pid, flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen(  # noqa: S603 - the file written above.
        [sys.executable, str(suite)], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as dying:
        assert dying.stdout is not None
        child = int(dying.stdout.readline())
        assert psutil.pid_exists(child)
        dying.send_signal(signal.SIGKILL)
    wait_until(lambda: not _runs(child), 5, "the child outlived its suite")


def test_stop_insists_after_the_time_that_was_granted(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    running = Running(Program("deaf", (sys.executable, "-c", deaf), stop_seconds=1), tmp_path / "log").start()
    wait_until(lambda: "deaf" in running.output(), 5, "it did not start")
    assert running.stop() == -signal.SIGKILL


def test_a_free_port_is_one_that_can_be_listened_on() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", free_port()))


def _client(url: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(url)


def _runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
