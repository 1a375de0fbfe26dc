"""Ed25519 keys as files: the signer's private half, and its public half for whoever relies on it. Each the base64 of 32 bytes."""

from base64 import b64decode
from pathlib import Path

from nacl.signing import SigningKey, VerifyKey

from chassis.errors import MisconfiguredError

_BYTES = 32


def load_signing_key(path: Path) -> SigningKey:
    """Raises MisconfiguredError naming the file."""
    return SigningKey(_read(path))


def load_verify_key(path: Path) -> VerifyKey:
    """Raises MisconfiguredError naming the file."""
    return VerifyKey(_read(path))


def _read(path: Path) -> bytes:
    try:
        key = b64decode(path.read_text("ascii").strip(), validate=True)
    except OSError as fault:
        raise MisconfiguredError(f"{path}: {fault.strerror}: `loa secrets` makes it") from None
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise MisconfiguredError(f"{path.name}: want the base64 of {_BYTES} bytes, an Ed25519 key")
    return key
