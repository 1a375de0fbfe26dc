"""Whoever stays beside a running Loa does what the process manager cannot."""

import asyncio
import os
import signal
import threading
from pathlib import Path

import pytest

from contracts.catalogue import DEAD, TOPICS
from loa.runtime import launch, watch
from loa.testkit.process import wait_until
from tests.loa.environment import partitions, settings_in

pytestmark = pytest.mark.live


def test_a_forgetful_broker_that_died_gets_its_topics_again(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "state", "tansu")
    running = launch.start(settings, [], lambda _: None)
    reports: list[str] = []
    thread = threading.Thread(target=watch.until_stopped, args=(running, reports.append))
    thread.start()
    try:
        wait_until(lambda: running.supervisor.states()["broker"].word == "RUNNING", 10, "it never counted as running")
        os.kill(running.supervisor.states()["broker"].pid, signal.SIGKILL)
        wait_until(lambda: any("broker had died" in sentence for sentence in reports), 20, "nobody was told")
        wanted = dict.fromkeys([*TOPICS, *DEAD.values()], running.broker.partitions)
        wait_until(lambda: any("made again" in sentence for sentence in reports), 60, "no topic was made")
        assert asyncio.run(partitions(running)) == wanted
    finally:
        launch.stop(settings)
        thread.join(10)
    assert not thread.is_alive(), "the watch goes on over nothing"
