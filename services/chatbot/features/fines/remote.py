"""Traffic fines from the police's own system (FINES_URL): /find. The proof goes with the question."""

from services.chatbot.features.fines.effects import FindFines, Offence
from services.chatbot.lookups.answers import FinesAnswer
from services.chatbot.lookups.http import RemoteSystem
from services.chatbot.lookups.result import LookupResult
from services.chatbot.lookups.source import Source
from services.chatbot.lookups.store.last_known import StaleCache


def remote_fines(system: RemoteSystem, stale_cache: StaleCache) -> Source[FindFines, FinesAnswer]:
    return Source(
        system,
        stale_cache,
        "/find",
        FinesAnswer,
        _find_body,
        lambda query, answer: answer.plate == query.plate,
        _find_result,
    )


def _find_body(query: FindFines) -> dict[str, str]:
    return {"plate": query.plate, "proof": query.proof, "kind": query.kind}


def _find_result(answer: FinesAnswer, stale: bool) -> LookupResult[tuple[Offence, ...]]:
    return LookupResult(tuple(payload.offence_found() for payload in answer.fines), answer.source, answer.as_of, stale)
