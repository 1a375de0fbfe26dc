"""The transit keys of chatbot and tips, as this replica knows them: to whom a body is sealed, now."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from nacl.exceptions import BadSignatureError
from nacl.public import PublicKey
from nacl.signing import VerifyKey

from chassis.records import Clock
from chassis.signing import load_verify_key
from chassis.transit import last_resort
from contracts.transit_key import TransitKeyMade
from services.gateway.metrics import STALE_KEYS

log = structlog.get_logger()


@dataclass(slots=True)
class Reader:
    """One service that bodies are sealed to. There is always a key: in the end the one that its signer's public half is."""

    name: str
    signer: VerifyKey
    now: Clock
    _keys: dict[str, TransitKeyMade] = field(default_factory=dict)

    def add(self, key: TransitKeyMade) -> None:
        """Takes a key that the service itself has signed; ignores another's, with an alarm."""
        try:
            self.signer.verify(key.signed_bytes(), b64decode(key.signature))
        except (BadSignatureError, ValueError):
            log.error(  # noqa: TRY400 — the fault's text says nothing more.
                "transit_key_refused", reader=self.name, remedy="see who may write this topic; then the signer's file"
            )
            return
        self._keys[key.conversation] = key
        past = sorted(
            (other for other in self._keys.values() if other.ends <= self.now()), key=lambda other: other.ends
        )
        for old in past[:-1]:  # The newest stays, however old: it is better than none.
            del self._keys[old.conversation]

    def current(self) -> Mapping[str, PublicKey]:
        """Returns the key of the hour by its id; without it the newest there is, without any the key of last resort."""
        now = self.now()
        live = [key for key in self._keys.values() if key.starts <= now < key.ends]
        STALE_KEYS.labels(self.name).set(not live)
        if live:
            return _public(live[0])
        past = [key for key in self._keys.values() if key.ends <= now]
        if past:
            return _public(max(past, key=lambda key: key.ends))
        return {last_resort(self.name): self.signer.to_curve25519_public_key()}


def _public(key: TransitKeyMade) -> Mapping[str, PublicKey]:
    return {key.conversation: PublicKey(b64decode(key.public))}


@dataclass(frozen=True, slots=True)
class Readers:
    tips: Reader
    chatbot: Reader

    def both(self) -> Mapping[str, PublicKey]:
        """What may become evidence of a tip."""
        return {**self.chatbot.current(), **self.tips.current()}


def load_readers(folder: Path, now: Clock) -> Readers:
    """Raises MisconfiguredError naming the file."""
    tips, chatbot = (Reader(name, load_verify_key(folder / f"{name}-signer.pub"), now) for name in ("tips", "chatbot"))
    return Readers(tips, chatbot)
