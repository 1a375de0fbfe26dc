"""Which broker runs, and the sentence that says why."""

import pytest

from loa.runtime.broker import Machine, choose
from loa.runtime.trouble import SetupError

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
