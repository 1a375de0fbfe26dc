"""The programs that may use the services' HTTP APIs: named keys with scopes, hashed at rest, rotated without a gap.

A key is 256 random bits, so its plain SHA-256 cannot be searched: a slow password hash would add nothing but load.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from chassis.watched_file import WatchedFile
from contracts.scopes import Scope

FOLDER = "api-access"  # A folder, since a container that mounts a single file keeps seeing the one it started with.
FILE = "api-clients"
_REMEDY = "`loa clients add` makes it"

OaId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,32}$")]


class ClientKey(BaseModel):
    """One key of one client, without the key itself. A client has two live keys while it is rotated."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    client: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    key_id: str = Field(pattern=r"^[0-9a-f]{8}$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", repr=False)
    scopes: frozenset[Scope] = Field(min_length=1)
    oa_ids: frozenset[OaId] | None = None  # None: every OA.
    created_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    rotated_by: str | None = None  # The id of the key that takes this one's place.

    def is_live(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at


def new_key() -> str:
    """Returns a fresh key. Its prefix lets secret scanners recognise it."""
    return f"loa_{token_urlsafe(32)}"


def digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def parse(text: str) -> dict[str, ClientKey]:
    """Returns the keys by their SHA-256. Raises ValueError that names the line and quotes nothing of it."""
    keys: dict[str, ClientKey] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                key = ClientKey.model_validate_json(line)
            except ValidationError as fault:
                error = fault.errors(include_input=False, include_url=False)[0]
                where = ".".join(map(str, error["loc"]))
                raise ValueError(f"line {number}: {where}: {error['msg']}") from None
            keys[key.sha256] = key
    return keys


def render(keys: Iterable[ClientKey]) -> str:
    """Returns the file's text: one JSON object a line, by client and age, sets in order so that a diff means something."""
    ordered = sorted(keys, key=lambda key: (key.client, key.created_at))
    return "".join(f"{json.dumps(_in_order(key.model_dump(mode='json')))}\n" for key in ordered)


def _in_order(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, list) else value for name, value in fields.items()}


class ApiClients:
    """The file `api-access/api-clients` of SECRETS_DIR."""

    def __init__(self, secrets_dir: Path) -> None:
        self._file: WatchedFile[Mapping[str, ClientKey]] = WatchedFile(secrets_dir / FOLDER / FILE, parse, _REMEDY)

    def find(self, key: str) -> ClientKey | None:
        """Returns the entry of a key, expired or not. Raises MisconfiguredError when the file cannot be read."""
        return self._file.read().get(digest(key))
