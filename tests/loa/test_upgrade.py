"""`loa upgrade`: data of an earlier release becomes data of this one, with a copy of what was, whatever happens in between."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from contracts.catalogue import SERVICES
from loa.runtime import backup, processes, state, upgrade
from loa.runtime.errors import SetupError
from loa.runtime.settings import Settings
from loa.testkit.process import wait_until
from tests.loa.environment import settings_in
from tests.loa.release import DOUBLE, make_release

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]

DOCUMENTS = 60


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A stopped Loa with data at version 0 in each service."""
    settings = settings_in(tmp_path / "state", "tansu")
    settings.loa_state.mkdir()
    state.mark(settings.loa_state)
    settings.save_addresses("tansu")
    with upgrade.mongod(settings) as url, MongoClient[dict[str, Any]](url) as client:
        for service in SERVICES:
            client[service].migrations.insert_one({"_id": "version", "version": 0})
        client.tips.things.insert_many([{"_id": n, "number": n, "v": 0} for n in range(1, DOCUMENTS + 1)])
    return settings


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The next release: tips has a migration."""
    folder = make_release(tmp_path / "release", {"tips": DOUBLE})
    monkeypatch.setattr(upgrade, "ROOT", folder)
    return folder


def numbers(settings: Settings) -> Sequence[int]:
    with upgrade.mongod(settings) as url, MongoClient[dict[str, Any]](url) as client:
        return [thing["number"] for thing in client.tips.things.find(sort=[("_id", 1)])]


def copies(settings: Settings) -> list[Path]:
    return sorted((settings.loa_state / backup.FOLDER).glob("*"))


@pytest.mark.usefixtures("release")
def test_every_document_is_migrated_and_what_was_is_copied_first(settings: Settings) -> None:
    reports: list[str] = []
    upgrade.run(settings, reports.append)
    assert numbers(settings) == [2 * n for n in range(1, DOCUMENTS + 1)]
    (copy,) = copies(settings)
    assert {"mongo", state.FILE} <= {path.name for path in copy.iterdir()}
    assert "To be migrated: tips (1)" in reports
    assert "tips: version 0 → 1 (numbers are doubled)" in reports
    assert not processes.of(settings.loa_state), "everything is stopped again"


@pytest.mark.usefixtures("release")
def test_again_there_is_nothing_to_do_and_no_second_copy(settings: Settings) -> None:
    upgrade.run(settings, lambda _: None)
    reports: list[str] = []
    upgrade.run(settings, reports.append)
    assert reports == ["The data is of this release's version already: nothing to do."]
    assert len(copies(settings)) == 1


@pytest.mark.usefixtures("release")
def test_the_copy_can_be_put_back(settings: Settings) -> None:
    upgrade.run(settings, lambda _: None)
    (copy,) = copies(settings)
    (settings.loa_state / "mongo").rename(settings.loa_state / "mongo.after")
    (copy / "mongo").rename(settings.loa_state / "mongo")
    assert numbers(settings) == list(range(1, DOCUMENTS + 1))


def test_an_upgrade_killed_in_the_middle_goes_on_where_it_stopped(settings: Settings, release: Path) -> None:
    environment = {**os.environ, "LOA_STATE": str(settings.loa_state)}
    log = settings.loa_state / "killed.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "loa", "upgrade"], cwd=release, env=environment, stdout=output, stderr=output
        )
    wait_until((settings.loa_state / state.UPGRADE).exists, 60, f"it never began: {log.read_text()}")
    process.kill()
    process.wait()
    with pytest.raises(SetupError, match="has not ended"):
        state.require_upgraded(settings.loa_state)
    upgrade.run(settings, lambda _: None)
    assert numbers(settings) == [2 * n for n in range(1, DOCUMENTS + 1)]
    assert len(copies(settings)) == 1
    state.require_upgraded(settings.loa_state)


def test_data_of_a_newer_release_is_left_alone(settings: Settings) -> None:
    with upgrade.mongod(settings) as url, MongoClient[dict[str, Any]](url) as client:
        client.notify.migrations.update_one({"_id": "version"}, {"$set": {"version": 7}})
    with pytest.raises(SetupError, match="a newer release left at version 7") as error:
        upgrade.run(settings, lambda _: None)
    assert "Start the release that made it" in error.value.remedy
    assert not copies(settings)


def test_a_folder_without_data_needs_no_upgrade(tmp_path: Path) -> None:
    reports: list[str] = []
    upgrade.run(settings_in(tmp_path / "none", "tansu"), reports.append)
    assert reports == ["There is no data yet: `make up` begins with this release's own version."]
