"""docker-compose.yml and deploy/Dockerfile as values, for the tests that hold them against the code."""

import re
from typing import Any

import yaml

from tests.rules.tree import ROOT

HOUSES = ("gateway", "chatbot", "tips", "notify")
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()


def compose() -> dict[str, Any]:
    """With YAML's merge keys resolved, as compose sees it."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"][name]
    return found


def copied(house: str) -> list[tuple[str, str]]:
    """What the final image of a house takes from the checkout: (source, target)."""
    arguments = service(house)["build"]["args"]
    final = DOCKERFILE.split("\nFROM ")[-1]
    content = arguments.get("CONTENT") or re.findall(r"^ARG CONTENT=(\S+)", final, re.MULTILINE)[0]
    pairs = re.findall(r"^COPY (?!--from)(\S+) (\S+)$", final, re.MULTILINE)
    known = {"${SERVICE}": arguments["SERVICE"], "${CONTENT}": content}
    return [tuple(_filled(word, known) for word in pair) for pair in pairs]  # type: ignore[misc]  # Pairs stay pairs.


def _filled(word: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        word = word.replace(name, value)
    return word
