"""Traffic fines from the police's own system (FINES_URL): /find. The proof goes with the question."""

from pydantic import Field

from services.chatbot.features.fines.effects import FindFines, Offence
from services.chatbot.lookups.http import Code, LongText, RemoteModel, RemoteSystem, ShortText, SourceAnswer
from services.chatbot.lookups.result import LookupResult
from services.chatbot.lookups.source import Source
from services.chatbot.lookups.store.last_known import StaleCache


class OffencePayload(RemoteModel):
    time: ShortText
    place: LongText
    offence: LongText
    unit: ShortText
    phone: ShortText

    def offence_found(self) -> Offence:
        return Offence(self.time, self.place, self.offence, self.unit, self.phone)


class FinesAnswer(SourceAnswer):
    plate: Code = Field(repr=False)
    fines: tuple[OffencePayload, ...] = Field(max_length=100, repr=False)


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
