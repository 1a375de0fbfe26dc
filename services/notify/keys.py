"""The keys notify holds: it opens bodies and addresses, seals tokens, and turns Zalo's message ids into pseudonyms."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import SecretStr

from chassis.crypto import KeyRing, Pepper, Place
from contracts.message import Address, OutboundMessage
from contracts.receipt import Receipt
from contracts.text import compose


@dataclass(frozen=True, slots=True)
class Keys:
    bodies: KeyRing
    addresses: KeyRing
    tokens: KeyRing
    pepper: Pepper
    app_secret: SecretStr

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises FileNotFoundError naming the file that is missing, ValueError for one that is no key ring."""
        return cls(
            KeyRing.load(folder / "bodies.keys"),
            KeyRing.load(folder / "addresses.keys"),
            KeyRing.load(folder / "tokens.keys"),
            Pepper.load(folder / "pepper"),
            SecretStr((folder / "zalo-app-secret").read_text().strip()),
        )

    def open_message(self, sealed: str, place: Place) -> OutboundMessage:
        """Raises DecryptionError, UnknownKeyError, pydantic.ValidationError, as all of these."""
        return OutboundMessage.model_validate_json(self.bodies.open(sealed, place))

    def open_receipt(self, sealed: str, place: Place) -> Receipt:
        return Receipt.model_validate_json(self.bodies.open(sealed, place))

    def open_user_id(self, sealed: str, oa_id: str, conversation: str) -> str:
        """An address is opened for the conversation of the event that names it: another citizen's does not open."""
        return Address.model_validate_json(self.addresses.open(sealed, Place.address(oa_id, conversation))).user_id

    def reference(self, oa_id: str, message_id: str) -> str:
        """Returns the pseudonym of a Zalo message id in our database: without the pepper, a random number."""
        return self.pepper.pseudonym("message", oa_id, message_id)

    def text_digest(self, conversation: str, text: str) -> str:
        """Returns what two messages of a conversation share when they say the same, however it is composed."""
        return self.pepper.pseudonym("text", conversation, compose(text).strip())

    def signature(self, *fields: str) -> str:
        """Returns a proof that we wrote `fields`: for the state that travels through a browser."""
        return self.pepper.pseudonym("signature", *fields)

    def seal(self, secret: str, place: Place) -> str:
        """Seals what notify keeps for itself: tokens, verifiers, the names of uploads."""
        return self.tokens.seal(secret.encode(), place)

    def open(self, sealed: str, place: Place) -> SecretStr:
        return SecretStr(self.tokens.open(sealed, place).decode())
