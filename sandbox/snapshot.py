"""What outlives a restart, when a file is given: tokens, people, conversations. Media and faults do not.

Tokens have a file of their own, written at each change: a lost single-use refresh token costs a person's new consent.
"""

import os
from collections import deque
from pathlib import Path
from typing import Any

import orjson

from sandbox.people import HISTORY, Citizen, Contact, Json, Message
from sandbox.tokens import Grant, Tokens
from sandbox.world import World


def save_tokens(path: Path, tokens: Tokens) -> None:
    """Durable when it returns."""
    _write(path.with_suffix(".tokens"), list(tokens.grants.values()))


def save(path: Path, world: World) -> None:
    """Everybody and the last messages of each conversation, in one atomic replacement."""
    contacts, citizens = list(world.contacts.values()), list(world.citizens.values())
    _write(
        path,
        {
            "nonce": world.ids.nonce,
            "used": world.ids.used,
            "seq": world.seq,
            "citizens": citizens,
            "contacts": contacts,
        },
    )


def load(path: Path, world: World, tokens: Tokens) -> None:
    """Raise ValueError, naming the file, when it is not a snapshot. A file that is not there is an empty one."""
    try:
        for kept in _read(path.with_suffix(".tokens"), []):
            tokens.keep(Grant(**kept))
        told = _read(path, {})
        if told:
            _restore(told, world)
    except (TypeError, KeyError, AttributeError, orjson.JSONDecodeError):
        raise ValueError(f"{path} is not a snapshot of this sandbox: move it away and start again") from None


def _restore(told: Json, world: World) -> None:
    world.ids.resume(told["nonce"], told["used"])
    world.seq = told["seq"]
    for kept in told["citizens"]:
        citizen = Citizen(**(kept | {"refuses": frozenset(kept["refuses"])}))
        world.citizens[citizen.citizen_id] = citizen
        world.list_phone(citizen)
    said: list[Message] = []
    for kept in told["contacts"]:
        history = [Message(**message) for message in kept.pop("history")]
        world.adopt(Contact(**kept, history=deque(history, maxlen=HISTORY)))
        said.extend(history)
    for message in sorted(said, key=lambda each: each.seq):
        if message.from_oa:
            world.post.deliver(message)


def _read(path: Path, empty: Any) -> Any:
    return orjson.loads(path.read_bytes()) if path.exists() else empty


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(orjson.dumps(value, default=list))  # Dataclasses it knows; deques and sets become lists.
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
