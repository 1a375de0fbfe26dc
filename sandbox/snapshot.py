"""What outlives a restart, when a file is given: tokens, people, conversations. Media and faults do not.

Tokens have a file of their own, written at each change: a lost single-use refresh token costs a person's new consent.
"""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import orjson

from sandbox.network import Network
from sandbox.people import HISTORY, Citizen, Contact, Json, Message
from sandbox.tokens import Grant, Tokens

_WRITING = threading.Lock()
BREATH = 100  # Lines written between two chances for everybody else.


def save_tokens(path: Path, tokens: Tokens) -> None:
    """Durable when it returns."""
    _write(path.with_suffix(".tokens"), orjson.dumps(list(tokens.grants.values())))


def save(path: Path, network: Network) -> None:
    """Everybody and the last messages of each conversation, in one atomic replacement."""
    _write(path, b"\n".join(_lines(network)))


async def save_gently(path: Path, network: Network) -> None:
    """The same without holding up the event loop: each line is true by itself, written while life goes on."""
    lines: list[bytes] = []
    for line in _lines(network):
        lines.append(line)
        if len(lines) % BREATH == 0:
            await asyncio.sleep(0)
    await asyncio.to_thread(lambda: _write(path, b"\n".join(lines)))


def load(path: Path, network: Network, tokens: Tokens) -> None:
    """Raise ValueError, naming the file, when it is not a snapshot. A file that is not there is an empty one."""
    try:
        for fields in orjson.loads(_read(path.with_suffix(".tokens")) or b"[]"):
            tokens.add(Grant(**fields))
        messages: list[Message] = []
        for line in _read(path).splitlines():
            messages += _restore(orjson.loads(line), network)
    except (TypeError, KeyError, AttributeError, orjson.JSONDecodeError):
        raise ValueError(f"{path} is not a snapshot of this sandbox: move it away and start again") from None
    for message in sorted(messages, key=lambda each: each.seq):
        network.seq = max(network.seq, message.seq)
        if message.from_oa:
            network.inboxes.deliver(message)


def _lines(network: Network) -> Iterator[bytes]:
    """One JSON object a line: how ids go on, then people, then conversations."""
    yield orjson.dumps({"ids": {"nonce": network.ids.nonce, "used": network.ids.used, "seq": network.seq}})
    for citizen in list(network.citizens.values()):
        yield orjson.dumps({"citizen": citizen}, default=list)
    for contact in list(network.contacts.values()):
        yield orjson.dumps({"contact": contact}, default=list)  # Dataclasses it knows; deques become lists.


def _restore(line: Json, network: Network) -> list[Message]:
    """Restore one line; returns the messages of a conversation."""
    match line:
        case {"ids": ids}:
            network.ids.resume(ids["nonce"], ids["used"])
            network.seq = ids["seq"]
        case {"citizen": fields}:
            citizen = Citizen(**(fields | {"refuses": frozenset(fields["refuses"])}))
            network.citizens[citizen.citizen_id] = citizen
            network.list_phone(citizen)
        case {"contact": fields}:
            history = [Message(**message) for message in fields.pop("history")]
            network.adopt(Contact(**fields, history=deque(history, maxlen=HISTORY)))
            return history
        case _:
            raise KeyError
    return []


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _write(path: Path, data: bytes) -> None:
    """One at a time: the last snapshot, at the end, waits for one that a thread is still writing."""
    with _WRITING:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
