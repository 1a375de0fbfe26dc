"""The README tells what is."""

from pathlib import Path

from services.gateway.decide import Outcome
from services.gateway.settings import GatewaySettings

README = Path("services/gateway/README.md").read_text()


def test_the_table_of_settings_is_the_settings() -> None:
    assert GatewaySettings.table() in README


def test_every_outcome_is_in_the_table_of_answers() -> None:
    assert all(f"`{outcome}`" in README for outcome in Outcome)
