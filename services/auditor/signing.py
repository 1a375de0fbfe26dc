"""The auditor's signature on checkpoints: Ed25519. Whoever holds the public half can verify without trusting our database."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from chassis.errors import MisconfiguredError
from services.auditor.chain import signed_bytes

KEY_FILE, PUBLIC_FILE = "auditor-signing.key", "auditor-signer.pub"


@dataclass(frozen=True, slots=True)
class Signer:
    key: SigningKey = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> "Signer":
        """From the base64 of a 32-byte seed. Raises MisconfiguredError naming the file."""
        try:
            return cls(SigningKey(b64decode(path.read_text("ascii").strip(), validate=True)))
        except (OSError, ValueError, TypeError):
            why = f"{path.name} in SECRETS_DIR: want the base64 of 32 bytes; `loa secrets` makes it"
            raise MisconfiguredError(why) from None

    @property
    def id(self) -> str:
        return signer_id(self.key.verify_key)

    def sign(self, checkpoint: Mapping[str, Any]) -> dict[str, Any]:
        signature = b64encode(self.key.sign(signed_bytes(checkpoint)).signature).decode()
        return {**checkpoint, "signature": signature}


def signer_id(public: VerifyKey) -> str:
    """Returns the first 64 bits, in hex, of the SHA-256 of the public key."""
    return sha256(bytes(public)).hexdigest()[:16]


def load_public(path: Path) -> dict[str, VerifyKey]:
    """Returns the public keys by id, one a line in base64: former ones stay. Raises MisconfiguredError naming the file."""
    try:
        lines = [line for line in path.read_text("ascii").split() if line]
        keys = [VerifyKey(b64decode(line, validate=True)) for line in lines]
    except (OSError, ValueError, TypeError):
        raise MisconfiguredError(f"{path}: want public keys, one a line, the base64 of 32 bytes") from None
    return {signer_id(key): key for key in keys}


def is_signed(document: Mapping[str, Any], keys: Mapping[str, VerifyKey]) -> bool:
    key = keys.get(str(document.get("signer")))
    try:
        if key is not None:
            key.verify(signed_bytes(document), b64decode(str(document.get("signature")), validate=True))
    except (BadSignatureError, ValueError, TypeError):
        return False
    return key is not None
