"""The README tells what the code does."""

from pathlib import Path

from services.chatbot.settings import ChatbotSettings

SERVICE = Path(__file__).resolve().parents[3] / "services" / "chatbot"


def test_the_settings_table_is_the_codes() -> None:
    assert ChatbotSettings.table() in (SERVICE / "README.md").read_text(), (
        "replace the table by ChatbotSettings.table()"
    )


def test_every_module_it_names_is_there() -> None:
    readme = (SERVICE / "README.md").read_text()
    modules = [
        name for name in readme.split("`") if name.endswith((".py", "/")) and "/" not in name[:-1] and " " not in name
    ]
    missing = [name for name in modules if not ((SERVICE / name).exists() or (SERVICE / "flows" / name).exists())]
    assert not missing
