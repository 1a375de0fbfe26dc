"""The file of client keys, as `loa clients` and `make up` change it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chassis.api_clients import FILE, FOLDER, ClientKey, digest, new_key, parse, render
from contracts.scopes import Scope
from loa.runtime.errors import SetupError
from loa.runtime.whole_file import write_whole

# What the operator's own key for each service may do: what `loa` and the demonstration need, and no more.
OPERATOR: Mapping[str, frozenset[Scope]] = {
    "gateway": frozenset(
        {
            Scope.REGISTRY_READ,
            Scope.REGISTRY_WRITE,
            Scope.QUARANTINE_LIST,
            Scope.QUARANTINE_OPEN,
            Scope.JOBS_MANAGE,
        }
    ),
    "chatbot": frozenset(
        {
            Scope.IMPORTS_WRITE,
            Scope.QUEUE_READ,
            Scope.SURVEYS_READ,
            Scope.APPOINTMENTS_CHECK_IN,
            Scope.DOSSIERS_PUSH,
            Scope.DOSSIERS_READ,
            Scope.JOBS_MANAGE,
        }
    ),
    "tips": frozenset({Scope.CASES_READ, Scope.JOBS_MANAGE}),
    "auditor": frozenset({Scope.JOBS_MANAGE}),
    "notify": frozenset(
        {
            Scope.DELIVERIES_READ,
            Scope.LEDGER_READ,
            Scope.AUTHORISATIONS_READ,
            Scope.AUTHORISATIONS_WRITE,
            Scope.JOBS_MANAGE,
        }
    ),
}


class ClientFile:
    """All keys of a deployment. Every change is on disk, whole, when the method returns."""

    def __init__(self, secrets: Path, now: datetime | None = None) -> None:
        self._path, self._now = secrets / FOLDER / FILE, now or datetime.now(UTC)

    def entries(self) -> list[ClientKey]:
        """Raises SetupError when the file was written by hand and cannot be read."""
        try:
            return list(parse(self._path.read_text("utf-8")).values())
        except FileNotFoundError:
            return []
        except ValueError as fault:
            raise SetupError(f"{self._path}: {fault}.", "Correct that line, or remove it.") from None

    def add(self, client: str, scopes: frozenset[Scope], oa_ids: frozenset[str] | None, days: int | None) -> str:
        """Returns the key, which is stored nowhere. Raises SetupError for a client that has one."""
        if self._live(client):
            raise SetupError(f"The client {client} has a key.", "`loa clients rotate` makes the next one.")
        key = new_key()
        self._write([*self._others(client), self._entry(client, key, scopes, oa_ids, days)])
        return key

    def rotate(self, client: str, overlap_hours: float, days: int | None) -> str:
        """Returns a new key; the one before stays good for the overlap, any older one ends now. Raises SetupError."""
        live = sorted(self._live(client), key=lambda entry: entry.created_at)
        if not live:
            raise SetupError(f"There is no client {client} with a live key.", "`loa clients list` shows all.")
        key, last = new_key(), live[-1]
        entry = self._entry(client, key, last.scopes, last.oa_ids, days)
        end = self._now + timedelta(hours=overlap_hours)
        ending = min(end, last.expires_at) if last.expires_at else end
        self._write(
            [*self._others(client), last.model_copy(update={"expires_at": ending, "rotated_by": entry.key_id}), entry]
        )
        return key

    def remove(self, client: str) -> None:
        """All its keys, at once. Raises SetupError for a client that is not there."""
        if len(self._others(client)) == len(self.entries()):
            raise SetupError(f"There is no client {client}.", "`loa clients list` shows all.")
        self._write(self._others(client))

    def ensure(self, client: str, key: str, scopes: frozenset[Scope]) -> None:
        """`client` has exactly this key and these scopes, for every OA."""
        entry = self._entry(client, key, scopes, None, None)
        mine = [existing for existing in self.entries() if existing.client == client]
        if [(existing.sha256, existing.scopes) for existing in mine] != [(entry.sha256, entry.scopes)]:
            self._write([*self._others(client), entry])

    def _entry(
        self, client: str, key: str, scopes: frozenset[Scope], oa_ids: frozenset[str] | None, days: int | None
    ) -> ClientKey:
        hashed = digest(key)
        expires = self._now + timedelta(days=days) if days else None
        return ClientKey(
            client=client,
            key_id=hashed[:8],
            sha256=hashed,
            scopes=scopes,
            oa_ids=oa_ids,
            created_at=self._now,
            expires_at=expires,
        )

    def _live(self, client: str) -> list[ClientKey]:
        return [entry for entry in self.entries() if entry.client == client and entry.is_live(self._now)]

    def _others(self, client: str) -> list[ClientKey]:
        return [entry for entry in self.entries() if entry.client != client]

    def _write(self, keys: list[ClientKey]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._path, render(keys))
