"""Traffic fines: joined. Proofs are limited alike, whether what was imported answers or the police's own system."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from chassis.crypto import Pepper
from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.fines.effects import FindFines
from services.chatbot.features.fines.remote import remote_fines
from services.chatbot.features.fines.rows import FINE_ROWS
from services.chatbot.features.fines.store import KIND, Fines
from services.chatbot.lookups.proof_limits import ProofLimiter
from services.chatbot.lookups.store.attempts import Attempts
from services.chatbot.lookups.store.proofs import Proofs


class FinesSource(Protocol):
    """What was imported, or the police's own system."""

    async def answer(self, queries: Sequence[FindFines]) -> Mapping[FindFines, Any]: ...


def limit_proofs(attempts: Attempts, proofs: Proofs, pepper: Pepper, source: FinesSource) -> ProofLimiter:
    """Returns the source behind the limit. Counted are person and vehicle, so that another source changes no count."""
    return ProofLimiter(KIND, attempts, proofs, pepper, source.answer, lambda query: (query.plate, query.kind))


def _build(deps: Deps) -> Parts:
    system = deps.systems.get(KIND)
    source = remote_fines(system, deps.stale_cache) if system else Fines(deps.datasets, deps.ring, deps.pepper)
    return Parts(handlers={FindFines: limit_proofs(deps.attempts, deps.proofs, deps.pepper, source)})


FEATURE = Feature(rows={KIND: FINE_ROWS}, build=_build)
