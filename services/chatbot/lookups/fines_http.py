"""Traffic fines from the police's own system (FINES_URL): /find. The proof goes with the question."""

from services.chatbot.fines import FindFines, Offence
from services.chatbot.lookup import Found
from services.chatbot.lookups.answers import FinesAnswer
from services.chatbot.lookups.remote import Remote
from services.chatbot.lookups.source import Source
from services.chatbot.store.lastknown import LastKnown


def remote_fines(remote: Remote, known: LastKnown) -> Source[FindFines, FinesAnswer]:
    return Source(remote, known, "/find", FinesAnswer, _asked, lambda one, told: told.plate == one.plate, _found)


def _asked(one: FindFines) -> dict[str, str]:
    return {"plate": one.plate, "proof": one.proof, "kind": one.kind}


def _found(told: FinesAnswer, stale: bool) -> Found[tuple[Offence, ...]]:
    return Found(tuple(one.told() for one in told.fines), told.source, told.as_of, stale)
