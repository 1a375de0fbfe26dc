"""The settings that each process reads, taken from its own settings class: what deployments are held against."""

import importlib
from types import ModuleType

from pydantic import BaseModel

SERVICES = ("gateway", "chatbot", "tips", "notify", "auditor")


def settings_of(process: str) -> type[BaseModel]:
    """The one settings class that the module itself defines."""
    module: ModuleType = importlib.import_module(
        f"services.{process}.settings" if process in SERVICES else f"{process}.settings"
    )
    classes = [
        candidate
        for candidate in vars(module).values()
        if isinstance(candidate, type) and issubclass(candidate, BaseModel)
    ]
    (own,) = [
        candidate
        for candidate in classes
        if candidate.__module__ == module.__name__ and candidate.__name__.endswith("Settings")
    ]
    return own


def names_of(process: str) -> set[str]:
    """Upper-case environment names, e.g. KAFKA_SERVERS."""
    return {name.upper() for name in settings_of(process).model_fields}
