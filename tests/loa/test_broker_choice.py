"""Which broker runs, and the sentence that says why."""

import os
from pathlib import Path

import pytest

from loa.runtime import broker as brokers
from loa.runtime.broker import Machine, choose
from loa.runtime.errors import SetupError
from loa.runtime.kafka import jars
from loa.runtime.settings import Settings

ABLE = Machine(java=17, maven=True, jars=False)


def test_kafka_is_the_default_where_java_and_maven_are() -> None:
    choice = choose(None, ABLE)
    assert choice.name == "kafka"
    assert "Java 17 is here and Maven brings its jars" in choice.why


def test_jars_of_an_earlier_run_do_without_maven() -> None:
    choice = choose(None, Machine(java=21, maven=False, jars=True))
    assert choice.name == "kafka"
    assert "earlier run" in choice.why


@pytest.mark.parametrize(
    ("machine", "why"),
    [
        (Machine(java=None, maven=True, jars=True), "no Java"),
        (Machine(java=11, maven=True, jars=True), "Java 11 is here and Kafka needs 17"),
        (Machine(java=17, maven=False, jars=False), "no Maven"),
    ],
)
def test_where_kafka_cannot_run_tansu_does_and_says_what_it_is_not(machine: Machine, why: str) -> None:
    choice = choose(None, machine)
    assert choice.name == "tansu"
    assert why in choice.why
    assert "forgets everything" in choice.why


def test_the_operator_has_the_last_word() -> None:
    assert choose("tansu", ABLE).name == "tansu"
    assert choose("kafka", ABLE).name == "kafka"


def test_kafka_by_name_is_never_replaced_in_silence() -> None:
    with pytest.raises(SetupError, match=r"no Java here(.|\n)*openjdk-17"):
        choose("kafka", Machine(java=None, maven=True, jars=True))


def broken_maven(folder: Path) -> str:
    """A PATH on which mvn is and fails, as it does without a network."""
    folder.mkdir()
    maven = folder / "mvn"
    maven.write_text("#!/bin/sh\necho '[ERROR] Unknown host'; exit 1\n")
    maven.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_without_mavens_repository_tansu_runs_and_says_what_maven_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brokers, "java_version", lambda: 17)
    monkeypatch.setenv("PATH", broken_maven(tmp_path / "bin"))
    settings = Settings.read({"LOA_STATE": str(tmp_path / "state"), "LOA_CACHE": str(tmp_path / "cache")})
    broker, sentence = brokers.prepare(settings)
    assert broker.name == "tansu"
    assert "Unknown host" in sentence


def test_without_mavens_repository_kafka_by_name_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brokers, "java_version", lambda: 17)
    monkeypatch.setenv("PATH", broken_maven(tmp_path / "bin"))
    with pytest.raises(SetupError, match=r"Unknown host(.|\n)*BROKER=tansu"):
        brokers.prepare(Settings.read({"BROKER": "kafka", "LOA_CACHE": str(tmp_path / "cache")}))
    assert not list((tmp_path / "cache").iterdir()), "half a download was left"


def test_other_jars_than_those_locked_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        jars, "download", lambda target: (target / "kafka_2.13-4.4.0.jar").write_bytes(b"something else")
    )
    with pytest.raises(SetupError, match="other jars than those locked"):
        jars.bring(tmp_path)
