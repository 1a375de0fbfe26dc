"""docker-compose.yml and deploy/Dockerfile as values, for the tests that hold them against the code."""

import re
from typing import Any

import yaml

from tests.rules.tree import ROOT

SERVICES = ("gateway", "chatbot", "tips", "notify", "auditor")
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()


def compose() -> dict[str, Any]:
    """With YAML's merge keys resolved, as compose sees it."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


def compose_service(name: str) -> dict[str, Any]:
    definition: dict[str, Any] = compose()["services"][name]
    return definition


def copied(service: str) -> list[tuple[str, str]]:
    """What the final image of a service takes from the checkout: (source, target)."""
    arguments = compose_service(service)["build"]["args"]
    final = DOCKERFILE.split("\nFROM ")[-1]
    content = arguments.get("CONTENT") or re.findall(r"^ARG CONTENT=(\S+)", final, re.MULTILINE)[0]
    pairs = re.findall(r"^COPY (?!--from)(\S+) (\S+)$", final, re.MULTILINE)
    values = {"${SERVICE}": arguments["SERVICE"], "${CONTENT}": content}
    return [tuple(_filled(argument, values) for argument in pair) for pair in pairs]  # type: ignore[misc]  # Pairs stay pairs.


def _filled(argument: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        argument = argument.replace(name, value)
    return argument
