"""Nothing leaves this machine in plain text, unless somebody says why it may."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from chassis.addresses import is_local, mongo_has_tls, mongo_hosts
from chassis.settings import Settings

REASON = "a network of this machine alone"


@pytest.mark.parametrize("address", ["127.0.0.1:9092", "localhost", "127.5.5.5", "[::1]:9092", " 127.0.0.1:1 "])
def test_this_machine_is_known_by_its_names(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize("address", ["kafka:9092", "10.0.0.1", "0.0.0.0:1", "[2001:db8::1]:1", "localhost.example", ""])
def test_everything_else_is_another_machine(address: str) -> None:
    assert not is_local(address)


def test_a_connection_string_may_name_several_members() -> None:
    assert mongo_hosts("mongodb://u:p@a:1,b:2/?replicaSet=loa") == ["a:1", "b:2"]
    assert mongo_hosts("mongodb://127.0.0.1/") == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("url", "has_tls"),
    [
        ("mongodb://a/?tls=true&tlsCAFile=/ca.pem", True),
        ("mongodb://a/?ssl=true", True),
        ("mongodb+srv://a/", True),
        ("mongodb+srv://a/?tls=false", False),
        ("mongodb://a/", False),
        ("mongodb://a/?tls=true&tlsAllowInvalidCertificates=true", False),
        ("mongodb://a/?tls=true&tlsInsecure=true", False),
    ],
)
def test_tls_counts_only_where_the_certificate_is_verified(url: str, has_tls: bool) -> None:
    assert mongo_has_tls(url) == has_tls


@pytest.mark.parametrize(
    ("setting", "value", "remedy"),
    [
        ("KAFKA_SERVERS", "127.0.0.1:9092,kafka:9092", "KAFKA_TLS_CA"),
        ("MONGO_URL", "mongodb://u:geheim@127.0.0.1:1,mongo:2/", "tls=true"),
    ],
)
def test_another_machine_in_plain_text_is_refused_with_the_remedy(setting: str, value: str, remedy: str) -> None:
    with pytest.raises(ValidationError, match=remedy) as refused:
        Settings.read({setting: value})
    assert "geheim" not in str(refused.value)
    assert Settings.read({setting: value, "PLAINTEXT_REASON": REASON})


def test_a_reason_is_a_sentence_and_no_yes() -> None:
    with pytest.raises(ValidationError, match="plaintext_reason"):
        Settings.read({"PLAINTEXT_REASON": "yes"})


def test_with_tls_no_reason_is_needed() -> None:
    settings = Settings.read(
        {"KAFKA_SERVERS": "k:9093", "KAFKA_TLS_CA": "/ca.pem", "MONGO_URL": "mongodb://m/?tls=true&tlsCAFile=/ca.pem"}
    )
    assert settings.kafka_tls_ca == Path("/ca.pem")
