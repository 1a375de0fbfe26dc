"""What stands around an API in tests: a console that signs acting tokens, files that let a key in, an audit trail."""

import json
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import OKPKey

from chassis.acting_tokens import body_hash
from chassis.api_clients import FOLDER, ClientKey, digest, render
from chassis.auth import SIGNERS_FILE
from chassis.errors import TransientError
from contracts.audit import AuditRecorded
from contracts.event import Event
from contracts.scopes import Scope


@dataclass
class Console:
    key_id: str = "c1"
    key: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519"))

    @property
    def signers(self) -> str:
        """Its line of the file `console-signers`."""
        public = urlsafe_b64decode(str(self.key.as_dict(private=False)["x"]) + "=")
        return f"{self.key_id}:{b64encode(public).decode()}\n"

    def token(self, service: str, method: str, target: str, body: bytes = b"", **changes: Any) -> str:
        """An officer's token for one call. `changes` replace claims; None leaves one out."""
        now = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": "console",
            "aud": service,
            "sub": "officer-1",
            "roles": ["officer"],
            "oa_ids": ["1001"],
            "unit": "unit-1",
            "iat": now,
            "exp": now + 60,
            "jti": uuid4().hex,
            "htm": method,
            "htu": target,
            "bh": body_hash(body),
        } | changes
        return self.sign({name: claim for name, claim in claims.items() if claim is not None})

    def sign(self, claims: dict[str, Any], algorithm: str = "Ed25519") -> str:
        header = {"alg": algorithm, "kid": self.key_id}
        return jws.serialize_compact(header, json.dumps(claims).encode(), self.key, algorithms=[algorithm])


@dataclass
class UsedInMemory:
    """Stands in for the collection of used tokens."""

    ids: set[str] = field(default_factory=set)

    async def use(self, token_id: str, until: datetime) -> bool:
        del until
        fresh = token_id not in self.ids
        self.ids.add(token_id)
        return fresh


def allow(secrets: Path, key: str, *scopes: Scope, oa_ids: frozenset[str] | None = None, console: str = "") -> None:
    """Write the files of SECRETS_DIR that let one key, and one console, in."""
    folder = secrets / FOLDER
    folder.mkdir(exist_ok=True)
    hashed = digest(key)
    entry = ClientKey(
        client="a-test",
        key_id=hashed[:8],
        sha256=hashed,
        scopes=frozenset(scopes),
        oa_ids=oa_ids,
        created_at=datetime.now(UTC),
    )
    (folder / "api-clients").write_text(render([entry]))
    if console:
        (folder / SIGNERS_FILE).write_text(console)


@dataclass
class AuditTrail:
    """Stands in for the log that audit records go to."""

    records: list[AuditRecorded] = field(default_factory=list)
    is_away: bool = False

    async def publish(self, events: Sequence[Event]) -> None:
        if self.is_away:
            raise TransientError("the broker is away, says the test")
        self.records += [event for event in events if isinstance(event, AuditRecorded)]
