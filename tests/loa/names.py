"""The settings that each process reads, taken from its own settings class: what deployments are held against."""

import importlib
from types import ModuleType

from pydantic import BaseModel

HOUSES = ("gateway", "chatbot", "tips", "notify")


def settings_of(process: str) -> type[BaseModel]:
    """The one settings class that the module itself defines."""
    module: ModuleType = importlib.import_module(
        f"services.{process}.settings" if process in HOUSES else f"{process}.settings"
    )
    classes = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, BaseModel)]
    (own,) = [one for one in classes if one.__module__ == module.__name__ and one.__name__.endswith("Settings")]
    return own


def names_of(process: str) -> set[str]:
    """Upper-case environment names, e.g. KAFKA_SERVERS."""
    return {name.upper() for name in settings_of(process).model_fields}
