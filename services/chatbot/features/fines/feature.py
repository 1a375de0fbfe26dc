"""Traffic fines: joined. Proofs are limited alike, whether what was imported answers or the police's own system."""

from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.fines.effects import FindFines
from services.chatbot.features.fines.flow import FINES
from services.chatbot.features.fines.remote import remote_fines
from services.chatbot.features.fines.rows import parse_fine
from services.chatbot.features.fines.store import KIND, Fines
from services.chatbot.lookups.proof_limits import ProofLimiter


def _build(deps: Deps) -> Parts:
    system = deps.systems.get(KIND)
    source = remote_fines(system, deps.stale_cache) if system else Fines(deps.datasets, deps.ring, deps.pepper)
    limiter = ProofLimiter(KIND, deps.attempts, deps.pepper, source.answer, lambda query: (query.plate, query.kind))
    return Parts(handlers={FindFines: limiter}, erasers=(limiter.forget,))


FEATURE = Feature(flows=(FINES,), rows={KIND: parse_fine}, build=_build)
