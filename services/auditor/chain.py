"""The chain and its checkpoints as values: how an entry holds the one before it, and what a signature covers. Pure.

Hashes are SHA-256 over canonical JSON (keys in order, no blanks, UTF-8), so a database that returns the same fields in
another order changes nothing, and any other change shows.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64  # What the first entry and the first checkpoint hold for the one before.


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of the chain: the number and the hash of its newest entry; 0 and GENESIS of an empty one."""

    seq: int = 0
    hash: str = GENESIS


def canonical(fields: Mapping[str, Any]) -> bytes:
    """Returns the bytes that are hashed or signed. What is no JSON shows as its own text: it is a change in itself."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=repr).encode()


def digest(fields: Mapping[str, Any]) -> str:
    """Returns the SHA-256 in hex of everything in a document but its own `hash`."""
    return sha256(canonical({name: value for name, value in fields.items() if name != "hash"})).hexdigest()


def link(tip: Tip, event: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the document of the entry that continues the chain."""
    entry = {"_id": tip.seq + 1, "previous": tip.hash, "event": dict(event)}
    return {**entry, "hash": digest(entry)}


def tip_of(entry: Mapping[str, Any]) -> Tip:
    return Tip(entry["_id"], entry["hash"])


def checkpoint(tip: Tip, at: str, signer: str, previous: str) -> dict[str, Any]:
    """Returns what is signed: where the chain stands, when, by which key, and the digest of the checkpoint before."""
    return {"_id": tip.seq, "entry": tip.hash, "at": at, "signer": signer, "previous": previous}


def signed_bytes(document: Mapping[str, Any]) -> bytes:
    """Returns the bytes that the signature of a checkpoint covers. The text in front keeps them from being anything else."""
    return b"loa audit checkpoint 1\n" + canonical(
        {name: value for name, value in document.items() if name != "signature"}
    )
