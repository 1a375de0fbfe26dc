"""The README tells what the code does."""

from pathlib import Path

from services.chatbot.settings import ChatbotSettings

HOUSE = Path(__file__).resolve().parents[3] / "services" / "chatbot"


def test_the_settings_table_is_the_codes() -> None:
    assert ChatbotSettings.table() in (HOUSE / "README.md").read_text(), "replace the table by ChatbotSettings.table()"


def test_every_room_it_names_is_there() -> None:
    told = (HOUSE / "README.md").read_text()
    rooms = [
        name for name in told.split("`") if name.endswith((".py", "/")) and "/" not in name[:-1] and " " not in name
    ]
    missing = [name for name in rooms if not ((HOUSE / name).exists() or (HOUSE / "flows" / name).exists())]
    assert not missing
