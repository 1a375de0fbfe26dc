"""Knobs are read once, from upper-case names, and checked before anything connects."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from chassis.settings import Settings


def test_the_environment_moves_a_knob_and_the_rest_keeps_its_default() -> None:
    settings = Settings.read({"HTTP_PORT": "8123", "KAFKA_IDEMPOTENCE": "false", "UNRELATED": "x"})
    assert (settings.http_port, settings.kafka_idempotence) == (8123, False)
    assert settings.kafka_servers == "127.0.0.1:9092"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP_PORT", "eighty"),
        ("HTTP_PORT", "70000"),
        ("BATCH_RECORDS", "0"),
        ("LOG_LEVEL", "loud"),
        ("TOPIC_PREFIX", "Ô"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_not_quoted(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=name.lower()) as fault:
        Settings.read({name: value})
    assert f"input_value={value!r}" not in str(fault.value)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().http_port = 1  # type: ignore[misc]  # That it can't be done is the point.


def test_the_password_in_a_url_does_not_show() -> None:
    settings = Settings.read({"MONGO_URL": "mongodb://loa:geheim@127.0.0.1/"})
    assert "geheim" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert "geheim" in settings.mongo_url.get_secret_value()


def test_a_secret_may_be_in_a_file_instead_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "mongo-url").write_text("mongodb://loa:geheim@127.0.0.1/\n")
    settings = Settings.read({"MONGO_URL_FILE": str(tmp_path / "mongo-url")})
    assert settings.mongo_url.get_secret_value() == "mongodb://loa:geheim@127.0.0.1/"


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Settings.read({"MONGO_URL_FILE": "/nowhere/mongo-url"})


def test_the_table_names_every_knob_and_shows_no_secret() -> None:
    table = Settings.table()
    assert all(f"`{name.upper()}`" in table for name in Settings.model_fields)
    assert "mongodb://" not in table
