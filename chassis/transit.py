"""Seals a body to its readers alone: whoever sends it cannot open it again, and nobody can once a reader's key is gone.

A random key seals the text (XChaCha20-Poly1305, bound to its place) and is itself sealed to each reader's public key (X25519
sealed box of libsodium): `key id.box.key id.box.text`, with as many readers as there are. A text of `chassis.crypto` has one dot.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.utils import random

from chassis.crypto import DecryptionError, Place

_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES


def last_resort(reader: str) -> str:
    """Returns the id of a service's own signing key as a transit key: for a sender that knows no other."""
    return f"{reader}-signer"


def seal_to(plain: bytes, readers: Mapping[str, PublicKey], place: Place) -> str:
    """`readers` are public keys by key id; `place` is bound in: in another place the text does not open."""
    key, nonce = random(crypto_aead_xchacha20poly1305_ietf_KEYBYTES), random(_NONCE)
    parts: list[str] = []
    for key_id, public in readers.items():
        parts += (key_id, _encode(SealedBox(public).encrypt(key)))
    text = nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plain, place.encode(), nonce, key)
    return ".".join((*parts, _encode(text)))


def is_sealed_to_readers(sealed: str) -> bool:
    """Returns whether `seal_to` made it, and not a key ring."""
    return sealed.count(".") > 1


def is_sealed_to(sealed: str, reader: str) -> bool:
    """Returns whether a service is among the readers."""
    return any(key_id.startswith(f"{reader}-") for key_id in key_ids(sealed))


def key_ids(sealed: str) -> tuple[str, ...]:
    """Returns the ids of the keys that it is sealed to."""
    return tuple(sealed.split(".")[:-1:2])


def open_sealed(sealed: str, keys: Mapping[str, PrivateKey], place: Place) -> bytes:
    """Returns the plain text. Raises DecryptionError, which quotes nothing."""
    *boxes, text = sealed.split(".")
    for key_id, box in zip(boxes[::2], boxes[1::2], strict=False):
        private = keys.get(key_id)
        if private is not None:
            return _open(private, box, text, place)
    raise DecryptionError("sealed to a transit key that is not here: destroyed after its time, or another service's")


def _open(private: PrivateKey, box: str, text: str, place: Place) -> bytes:
    try:
        key, raw = SealedBox(private).decrypt(urlsafe_b64decode(box)), urlsafe_b64decode(text)
        return crypto_aead_xchacha20poly1305_ietf_decrypt(raw[_NONCE:], place.encode(), raw[:_NONCE], key)
    except (CryptoError, ValueError, TypeError):
        raise DecryptionError("does not open: forged, moved to another place, or cut short") from None


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode()
