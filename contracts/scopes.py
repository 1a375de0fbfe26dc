"""What may be allowed on the services' HTTP APIs: scopes for programs, and what each role of an officer comes to in scopes."""

from collections.abc import Mapping
from enum import StrEnum


class Scope(StrEnum):
    """One kind of access. A route demands exactly one; a client key names the ones it has."""

    REGISTRY_READ = "registry:read"  # Which OAs and apps there are. Never their secrets.
    REGISTRY_WRITE = "registry:write"
    QUARANTINE_LIST = "quarantine:list"  # What was put aside, without its content.
    QUARANTINE_OPEN = "quarantine:open"  # With its content: personal.
    QUEUE_READ = "queue:read"  # Who waits for an officer, with the talk so far: personal.
    SURVEYS_READ = "surveys:read"
    APPOINTMENTS_CHECK_IN = "appointments:check-in"
    IMPORTS_WRITE = "imports:write"  # A province's data, whole.
    DOSSIERS_PUSH = "dossiers:push"
    DOSSIERS_READ = "dossiers:read"  # A dossier's history: personal.
    CASES_READ = "cases:read"  # A tip's state and counts.
    DELIVERIES_READ = "deliveries:read"  # What became of a message to a person.
    LEDGER_READ = "ledger:read"  # Sums over the ledger.
    AUTHORISATIONS_READ = "authorisations:read"  # Which OAs may send. Never their tokens.
    AUTHORISATIONS_WRITE = "authorisations:write"  # Make the link by which an OA's administrator lets us send.
    JOBS_MANAGE = "jobs:manage"  # Which background jobs run, what they parked, and to try it again.


_OFFICER = frozenset({Scope.QUEUE_READ, Scope.APPOINTMENTS_CHECK_IN, Scope.DOSSIERS_READ, Scope.CASES_READ})

ROLES: Mapping[str, frozenset[Scope]] = {
    "officer": _OFFICER,
    "supervisor": _OFFICER | {Scope.SURVEYS_READ, Scope.DELIVERIES_READ},
    # Nobody reads what citizens wrote by being an administrator.
    "it": frozenset(
        {
            Scope.REGISTRY_READ,
            Scope.REGISTRY_WRITE,
            Scope.QUARANTINE_LIST,
            Scope.LEDGER_READ,
            Scope.AUTHORISATIONS_READ,
            Scope.AUTHORISATIONS_WRITE,
            Scope.JOBS_MANAGE,
        }
    ),
}
