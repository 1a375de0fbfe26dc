"""The key of a case: random, XChaCha20-Poly1305, and in the hands of the receiving unit alone.

The service wraps it for the unit's officers (X25519 sealed boxes) and holds no private key. To add to an open case it keeps
the key in memory, and nowhere else; it forgets it when the case closes.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from pathlib import Path

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.utils import random

from chassis.errors import MisconfiguredError
from chassis.sealed_stream import KEY_BYTES

_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_SCHEMA = "loa.tip.v1"
_LARGEST_KEY_FILE = 64 * 1024  # Bytes.


@dataclass(frozen=True, slots=True)
class CaseKey:
    """`number` counts a case's keys: a case that is added to after it was closed gets another."""

    oa_id: str
    case_id: str
    number: int
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls, oa_id: str, case_id: str, number: int = 0) -> "CaseKey":
        return cls(oa_id, case_id, number, random(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))

    def seal(self, plain: bytes, what: str) -> bytes:
        """`what` is bound in with the case and the OA: moved anywhere else, it does not open."""
        nonce = random(_NONCE)
        return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plain, self.bound(what), nonce, self.secret)

    def open(self, sealed: bytes, what: str) -> bytes:
        """Raises nacl.exceptions.CryptoError unless it was sealed by this key for this."""
        nonce, text = sealed[:_NONCE], sealed[_NONCE:]
        return crypto_aead_xchacha20poly1305_ietf_decrypt(text, self.bound(what), nonce, self.secret)

    def stream_key(self, what: str) -> bytes:
        """Returns the key of a file of this case (chassis/sealed_stream.py); `bound(what)` is the file's place."""
        return blake2b(self.bound(what), key=self.secret, digest_size=KEY_BYTES, person=b"loa tip file").digest()

    def bound(self, what: str) -> bytes:
        return "|".join((_SCHEMA, self.oa_id, self.case_id, str(self.number), what)).encode()


@dataclass(frozen=True, slots=True)
class Recipients:
    """Public keys by name: `<name>.pub` reads the tips of every OA, `<oa_id>.<name>.pub` those of one."""

    keys: Mapping[str, PublicKey]

    @classmethod
    def load(cls, folder: Path) -> "Recipients":
        """Raises ValueError, which names the remedy: a tip that nobody can open is lost."""
        keys: dict[str, PublicKey] = {}
        for path in sorted(folder.glob("*.pub")):
            try:
                keys[path.stem] = PublicKey(b64decode(path.read_text().strip(), validate=True))
            except (ValueError, TypeError) as fault:
                raise ValueError(f"{path.name}: want an X25519 public key, base64 of 32 bytes") from fault
        if not any("." not in name for name in keys):
            raise ValueError(
                f"nobody could read a tip: put the public key of a desk that reads for every unit at {folder}/<name>.pub"
            )
        return cls(keys)

    def fingerprints(self) -> dict[str, str]:
        """Returns a short fingerprint of each public key by name, as `sha256sum` of its 32 bytes begins."""
        return {name: sha256(bytes(public)).hexdigest()[:16] for name, public in self.keys.items()}

    def require_foreign(self, folder: Path) -> None:
        """Raises MisconfiguredError where a file below `folder` holds a reader's private half: the service could read."""
        publics = {bytes(public) for public in self.keys.values()}
        for path in sorted(
            path for path in folder.rglob("*") if path.is_file() and path.stat().st_size <= _LARGEST_KEY_FILE
        ):
            words = re.split(rb"[\s:]+", path.read_bytes())
            if any(bytes(PrivateKey(key).public_key) in publics for key in map(_as_key, words) if key):
                raise MisconfiguredError(
                    f"{path.relative_to(folder)} is the private key of a reader of tips: take it off this machine and give "
                    "the officer a new pair, since whoever had it could read every tip so far"
                )

    def wrap(self, key: CaseKey) -> list[dict[str, str | bytes]]:
        """Returns the key wrapped for each reader of this OA's tips: `[{"for": name, "box": sealed}]`."""
        readers = {name: public for name, public in self.keys.items() if _reads(name, key.oa_id)}
        return [{"for": name, "box": SealedBox(public).encrypt(key.secret)} for name, public in readers.items()]


def _reads(name: str, oa_id: str) -> bool:
    unit, dot, _ = name.partition(".")
    return not dot or unit == oa_id


def _as_key(word: bytes) -> bytes | None:
    try:
        key = b64decode(word, validate=True)
    except ValueError:
        return None
    return key if len(key) == PrivateKey.SIZE else None


def unwrap(box: bytes, private: PrivateKey) -> bytes:
    """What an officer does: the secret of a case key. Raises nacl.exceptions.CryptoError for another's box."""
    return SealedBox(private).decrypt(box)
