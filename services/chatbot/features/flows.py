"""Every errand's flows, found in its `flow`: whoever only talks needs neither the errands' stores nor their routes."""

from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from services.chatbot.dialogue.rules import Flows
from services.chatbot.dialogue.steps import Flow


def _declared() -> list[Flow]:
    folders = sorted({path.parent.name for path in Path(__file__).parent.glob("*/flow*")})
    return [flow for name in folders for flow in import_module(f"{__package__}.{name}.flow").FLOWS]


DECLARED = tuple(_declared())
FLOWS: Flows = MappingProxyType({flow.name: flow for flow in DECLARED})
