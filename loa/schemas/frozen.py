"""The frozen events: their JSON Schemas in `contracts/schemas/`, and `docs/asyncapi.yaml`.

Freezing refuses a change that would break consumers of old or new events: such a change is a new version of the event.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from contracts.catalogue import event_types
from contracts.message import Address, InboundMessage, OutboundMessage
from contracts.receipt import Receipt
from loa.runtime.settings import ROOT
from loa.schemas.asyncapi import page
from loa.schemas.compatibility import Schema, breaking_changes

FROZEN = Path("contracts/schemas")
ASYNCAPI = Path("docs/asyncapi.yaml")

# What travels only sealed inside an event's `body` or `address`.
_SEALED: Mapping[str, type[BaseModel]] = {
    "spoken": InboundMessage,
    "speech": OutboundMessage,
    "receipt": Receipt,
    "address": Address,
}


class BreakingChangeError(Exception):
    """Events changed in an incompatible way. Its text has one sentence for each change."""


def current() -> dict[str, Schema]:
    """Returns every schema as the models have it now, by its name, such as `message.received.v1` or `spoken`."""
    models: dict[str, type[BaseModel]] = {**event_types(), **_SEALED}
    return {name: model.model_json_schema() for name, model in sorted(models.items())}


def frozen(root: Path = ROOT) -> dict[str, Schema]:
    """Returns every schema as it was frozen last."""
    return {path.stem: json.loads(path.read_text()) for path in sorted((root / FROZEN).glob("*.json"))}


def compare(before: Mapping[str, Schema], now: Mapping[str, Schema]) -> list[str]:
    """Returns one sentence for each break. New schemas and new optional properties are compatible."""
    gone = [f"{name}: no longer there" for name in before if name not in now]
    changed = [
        f"{name}: {change}" for name in before if name in now for change in breaking_changes(before[name], now[name])
    ]
    return gone + changed


def files(schemas: Mapping[str, Schema]) -> dict[Path, str]:
    """Returns what should be in the tree, by its path from the root."""
    texts = {FROZEN / f"{name}.json": _json(schema) for name, schema in schemas.items()}
    return texts | {ASYNCAPI: page()}


def freeze(root: Path = ROOT) -> list[Path]:
    """Writes what changed and returns the names of the files. Raises BreakingChangeError, having written nothing."""
    schemas = current()
    if faults := compare(frozen(root), schemas):
        raise BreakingChangeError("\n".join(faults))
    written = []
    for path, text in files(schemas).items():
        target = root / path
        if not target.exists() or target.read_text() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            written.append(path)
    return written


def _json(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
