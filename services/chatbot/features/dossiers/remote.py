"""Dossiers from the province's own system (DOSSIERS_URL): /prove, /find, /mine."""

from dataclasses import dataclass

from services.chatbot.features.dossiers.effects import Dossier, FindDossier, MyDossiers, ProveDossier, Proven
from services.chatbot.lookups.answers import ApplicantAnswer, DossierAnswer, DossiersAnswer
from services.chatbot.lookups.http import RemoteSystem
from services.chatbot.lookups.result import LookupResult
from services.chatbot.lookups.source import Source
from services.chatbot.lookups.store.last_known import StaleCache


@dataclass(frozen=True, slots=True)
class RemoteDossiers:
    prove: Source[ProveDossier, ApplicantAnswer]
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
            "/find",
            DossierAnswer,
            _find_body,
            lambda query, answer: answer.dossier.code == query.code,
            _find_result,
        ),
        Source(system, stale_cache, "/mine", DossiersAnswer, _mine_body, lambda _query, _answer: True, _mine_result),
    )


def _prove_body(query: ProveDossier) -> dict[str, str]:
    return {"code": query.code, "birthday": query.birthday.isoformat()}


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
