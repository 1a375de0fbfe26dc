"""Sealing: XChaCha20-Poly1305 (libsodium through PyNaCl) under a key per owner, from a ring that can be rotated.

A ring is a file of `k<number>:base64 of 32 bytes` lines; the first seals, all open. A sealed text is `key id . base64url`.
An owner's key is derived (BLAKE2b, keyed), so thousands of OAs need no table of keys. The place a text is sealed for is bound in
as additional data: copied anywhere else, it does not open.
"""

import hmac
import re
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, Self
from uuid import UUID

import orjson
from nacl._sodium import ffi, lib  # type: ignore[import-not-found]  # A compiled module without types.
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_ABYTES, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
from nacl.utils import random

from chassis.errors import InvalidRecordError, MisconfiguredError, TransientError
from contracts.event import Event

_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
_KEY_BYTES = 32
_KEY_ID = re.compile("k[1-9][0-9]{0,5}")


class DecryptionError(InvalidRecordError):
    """A sealed text that no key of the ring opens at this place: forged, moved, or its key was destroyed."""


class UnknownKeyError(TransientError):
    """Sealed under a key younger than any on the ring: a rotation is under way, so waiting helps."""


class Place(NamedTuple):  # Made for each seal: three times as quick as a frozen dataclass.
    """Where a sealed text belongs. `owner` has a key of its own; `bound` is whatever the meaning of the text depends on."""

    purpose: str
    owner: str
    bound: tuple[str | int, ...]

    @classmethod
    def body(cls, oa_id: str, conversation: str, event_id: UUID) -> Self:
        """The words of one event: in another event, or another conversation, they do not open."""
        return cls("body", oa_id, (conversation, event_id.hex))

    @classmethod
    def body_of(cls, event: Event) -> Self:
        return cls("body", event.oa_id, (event.conversation, event.id.hex))

    @classmethod
    def address(cls, oa_id: str, conversation: str) -> Self:
        """A return address, used again by services that cannot open it: bound to its citizen, not to an event."""
        return cls("address", oa_id, (conversation,))

    @classmethod
    def stored(cls, collection: str, document_id: str, *bound: str | int) -> Self:
        """A field of a document. `collection` is its full name, the database's included; `bound` are open fields beside it."""
        return cls("stored", collection, (document_id, *bound))

    def encode(self) -> bytes:
        """Returns bytes that differ for any two places."""
        return orjson.dumps((self.purpose, self.owner, *self.bound))


@lru_cache(maxsize=16_384)
def _owner_key(master: bytes, owner: str) -> bytes:
    return blake2b(owner.encode(), key=master, digest_size=_KEY_BYTES, person=b"loa owner").digest()


def _encrypt(plain: bytes, place: bytes, nonce: bytes, key: bytes) -> bytes:
    """Sodium itself: PyNaCl's binding checks again, in Python, what holds by construction here, at twice the cipher's cost."""
    sealed = ffi.new("unsigned char[]", len(plain) + _TAG)
    lib.crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed, ffi.NULL, plain, len(plain), place, len(place), ffi.NULL, nonce, key
    )
    return bytes(ffi.buffer(sealed))


def _decrypt(sealed: bytes, place: bytes, nonce: bytes, key: bytes) -> bytes | None:
    """Returns None for what is forged, cut short, or sealed with another key or for another place."""
    if len(nonce) != _NONCE or len(sealed) < _TAG:
        return None
    plain = ffi.new("unsigned char[]", max(1, len(sealed) - _TAG))
    failed = lib.crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain, ffi.NULL, ffi.NULL, sealed, len(sealed), place, len(place), nonce, key
    )
    return None if failed else bytes(ffi.buffer(plain, len(sealed) - _TAG))


@dataclass(frozen=True, slots=True)
class KeyRing:
    keys: Mapping[str, bytes] = field(repr=False)  # In the file's order: the first seals.

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Returns the ring in a file's text. Raises MisconfiguredError, which names the line and quotes no key."""
        keys: dict[str, bytes] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, value = line.strip().partition(":")
            key = _decoded(value)
            if not _KEY_ID.fullmatch(name) or key is None or len(key) != _KEY_BYTES:
                raise MisconfiguredError(f"key ring line {number}: want `k<number>:base64 of {_KEY_BYTES} bytes`")
            if name in keys:
                raise MisconfiguredError(f"key ring line {number}: its id is taken by an earlier line")
            keys[name] = key
        if not keys:
            raise MisconfiguredError(f"key ring is empty: add a line `k1:base64 of {_KEY_BYTES} bytes`")
        return cls(keys)

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Returns the ring in the file. Raises MisconfiguredError."""
        try:
            return cls.parse(_secret(path))
        except MisconfiguredError as fault:
            raise MisconfiguredError(f"{path.name}: {fault}") from None

    def seal(self, plain: bytes, place: Place) -> str:
        name = next(iter(self.keys))
        nonce = random(_NONCE)
        key = _owner_key(self.keys[name], place.owner)
        sealed = _encrypt(plain, place.encode(), nonce, key)
        return f"{name}.{urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: Place) -> bytes:
        """Returns the plain text. Raises DecryptionError, which quotes nothing; UnknownKeyError for a key yet to come."""
        name, _, text = sealed.partition(".")
        master = self.keys.get(name)
        if master is None:
            raise self._unknown(name)
        try:
            raw = urlsafe_b64decode(text)
        except ValueError:
            raw = b""
        plain = _decrypt(raw[_NONCE:], place.encode(), raw[:_NONCE], _owner_key(master, place.owner))
        if plain is None:
            raise DecryptionError("does not open: forged, moved to another place, or sealed for something else")
        return plain

    def _unknown(self, name: str) -> Exception:
        """Keys are numbered as they are made: one with a higher number is on its way, one with a lower number is gone."""
        if _KEY_ID.fullmatch(name) and int(name[1:]) > max(int(known[1:]) for known in self.keys):
            return UnknownKeyError(
                "sealed under a key that has not arrived yet: copy the ring's newest file to this service"
            )
        return DecryptionError("sealed under a key that is not on this ring any more")


@dataclass(frozen=True, slots=True)
class Pepper:
    """A secret that turns ids into pseudonyms: stable, and meaningless without the secret."""

    secret: bytes = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> "Pepper":
        """Returns the pepper in a file with the base64 of at least 32 bytes. Raises MisconfiguredError."""
        secret = _decoded(_secret(path).strip())
        if secret is None or len(secret) < _KEY_BYTES:  # HMAC accepts an empty key silently.
            raise MisconfiguredError(f"{path.name}: want the base64 of at least {_KEY_BYTES} bytes")
        return cls(secret)

    def pseudonym(self, *parts: str) -> str:
        """Returns 128 bits in hex. Parts are length-prefixed, so ("ab", "c") and ("a", "bc") differ."""
        message = b""
        for part in parts:
            encoded = part.encode()
            message += len(encoded).to_bytes(4, "big") + encoded
        return hmac.digest(self.secret, message, "sha256")[:16].hex()


def _decoded(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return None


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError as fault:
        raise MisconfiguredError(f"{path}: {fault.strerror}: SECRETS_DIR names the folder of secrets") from None
    except UnicodeError:
        raise MisconfiguredError(f"{path.name}: not a text of plain letters") from None
