"""The keys notify holds: it opens bodies and addresses, seals tokens, and turns Zalo's message ids into pseudonyms."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import SecretStr

from chassis.crypto import KeyRing, Pepper
from contracts.message import Address, OutboundMessage
from contracts.receipt import Receipt

_TOKEN, _VERIFIER, _UPLOAD = "zalo-token", "zalo-verifier", "zalo-upload"  # Purposes.


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

    def open_message(self, sealed: str, oa_id: str) -> OutboundMessage:
        """Raises DecryptionError, pydantic.ValidationError."""
        return OutboundMessage.model_validate_json(self.bodies.open(sealed, oa_id, "body"))

    def open_receipt(self, sealed: str, oa_id: str) -> Receipt:
        return Receipt.model_validate_json(self.bodies.open(sealed, oa_id, "body"))

    def open_user_id(self, sealed: str, oa_id: str) -> str:
        return Address.model_validate_json(self.addresses.open(sealed, oa_id, "address")).user_id

    def reference(self, oa_id: str, message_id: str) -> str:
        """Returns the pseudonym of a Zalo message id in our database: without the pepper, a random number."""
        return self.pepper.pseudonym("message", oa_id, message_id)

    def signature(self, *fields: str) -> str:
        """Returns a proof that we wrote `fields`: for the state that travels through a browser."""
        return self.pepper.pseudonym("signature", *fields)

    def seal_token(self, token: str, oa_id: str) -> str:
        return self.tokens.seal(token.encode(), oa_id, _TOKEN)

    def open_token(self, sealed: str, oa_id: str) -> SecretStr:
        return SecretStr(self.tokens.open(sealed, oa_id, _TOKEN).decode())

    def seal_verifier(self, verifier: str, state: str) -> str:
        return self.tokens.seal(verifier.encode(), state, _VERIFIER)

    def open_verifier(self, sealed: str, state: str) -> str:
        return self.tokens.open(sealed, state, _VERIFIER).decode()

    def seal_upload(self, reference: str, oa_id: str) -> str:
        return self.tokens.seal(reference.encode(), oa_id, _UPLOAD)

    def open_upload(self, sealed: str, oa_id: str) -> str:
        return self.tokens.open(sealed, oa_id, _UPLOAD).decode()
