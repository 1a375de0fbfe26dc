"""Dossiers from the province's own system (DOSSIERS_URL): /prove, /find, /mine."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from services.chatbot.features.dossiers.effects import (
    Dossier,
    FindDossier,
    MyDossiers,
    ProveDossier,
    ProveIdentity,
    Proven,
)
from services.chatbot.lookups.http import Code, LongText, RemoteModel, RemoteSystem, ShortText, SourceAnswer
from services.chatbot.lookups.result import LookupResult
from services.chatbot.lookups.source import Source
from services.chatbot.lookups.store.last_known import StaleCache

Stage = Annotated[str, Field(pattern="^(received|processing|needs_more|ready|returned|refused|withdrawn)$")]


class ApplicantAnswer(RemoteModel):
    applicant: Annotated[str, Field(min_length=1, max_length=128)] = Field(repr=False)


class DossierPayload(RemoteModel):
    code: Code = Field(repr=False)
    procedure: ShortText
    stage: Stage
    submitted: date | None = None
    due: date | None = None
    where: ShortText = ""
    owner: ShortText = Field(repr=False)
    missing: LongText = Field("", repr=False)

    def dossier(self) -> Dossier:
        return Dossier(
            self.code, self.procedure, self.stage, self.submitted, self.due, self.where, self.owner, self.missing
        )


class DossierAnswer(SourceAnswer):
    dossier: DossierPayload = Field(repr=False)


class DossiersAnswer(SourceAnswer):
    dossiers: tuple[DossierPayload, ...] = Field(max_length=100, repr=False)


@dataclass(frozen=True, slots=True)
class RemoteDossiers:
    prove: Source[ProveDossier, ApplicantAnswer]
    identify: Source[ProveIdentity, ApplicantAnswer]
    find: Source[FindDossier, DossierAnswer]
    mine: Source[MyDossiers, DossiersAnswer]


def remote_dossiers(system: RemoteSystem, stale_cache: StaleCache) -> RemoteDossiers:
    return RemoteDossiers(
        Source(
            system, stale_cache, "/prove", ApplicantAnswer, _prove_body, lambda _query, _answer: True, _prove_result
        ),
        Source(
            system,
            stale_cache,
            "/identify",
            ApplicantAnswer,
            _identify_body,
            lambda query, answer: answer.applicant == query.applicant,
            _prove_result,
        ),
        Source(
            system,
            stale_cache,
            "/find",
            DossierAnswer,
            _find_body,
            lambda query, answer: answer.dossier.code == query.code,
            _find_result,
        ),
        Source(system, stale_cache, "/mine", DossiersAnswer, _mine_body, lambda _query, _answer: True, _mine_result),
    )


def _prove_body(query: ProveDossier) -> dict[str, str]:
    return {"code": query.code, "birthday": query.birthday} | ({"more": query.more} if query.more else {})


def _identify_body(query: ProveIdentity) -> dict[str, str]:
    return {"applicant": query.applicant, "digits": query.digits}


def _prove_result(answer: ApplicantAnswer, stale: bool) -> Proven:  # noqa: ARG001 — who somebody is does not age in a day.
    return Proven(answer.applicant)


def _find_body(query: FindDossier) -> dict[str, str]:
    return {"code": query.code, "applicant": query.applicant}


def _find_result(answer: DossierAnswer, stale: bool) -> LookupResult[Dossier]:
    return LookupResult(answer.dossier.dossier(), answer.source, answer.as_of, stale)


def _mine_body(query: MyDossiers) -> dict[str, str]:
    return {"applicant": query.applicant}


def _mine_result(answer: DossiersAnswer, stale: bool) -> LookupResult[tuple[Dossier, ...]]:
    return LookupResult(tuple(payload.dossier() for payload in answer.dossiers), answer.source, answer.as_of, stale)
