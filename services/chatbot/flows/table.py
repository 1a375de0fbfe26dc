"""Every errand there is, by name."""

from collections.abc import Mapping

from services.chatbot.flows.kit import Flow

_ALL: tuple[Flow, ...] = ()

FLOWS: Mapping[str, Flow] = {flow.name: flow for flow in _ALL}
