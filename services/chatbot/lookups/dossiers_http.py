"""Dossiers from the province's own system (DOSSIERS_URL): /prove, /find, /mine."""

from dataclasses import dataclass

from services.chatbot.dossiers import Dossier, FindDossier, MyDossiers, ProveDossier, Proven
from services.chatbot.lookup import Found
from services.chatbot.lookups.answers import ApplicantAnswer, DossierAnswer, DossiersAnswer
from services.chatbot.lookups.remote import Remote
from services.chatbot.lookups.source import Source
from services.chatbot.store.lastknown import LastKnown


@dataclass(frozen=True, slots=True)
class RemoteDossiers:
    prove: Source[ProveDossier, ApplicantAnswer]
    find: Source[FindDossier, DossierAnswer]
    mine: Source[MyDossiers, DossiersAnswer]


def remote_dossiers(remote: Remote, known: LastKnown) -> RemoteDossiers:
    return RemoteDossiers(
        Source(remote, known, "/prove", ApplicantAnswer, _proof, lambda _one, _told: True, _proven),
        Source(remote, known, "/find", DossierAnswer, _one, lambda one, told: told.dossier.code == one.code, _found),
        Source(remote, known, "/mine", DossiersAnswer, _mine, lambda _one, _told: True, _all),
    )


def _proof(one: ProveDossier) -> dict[str, str]:
    return {"code": one.code, "birthday": one.birthday.isoformat()}


def _proven(told: ApplicantAnswer, stale: bool) -> Proven:  # noqa: ARG001 — who somebody is does not age in a day.
    return Proven(told.applicant)


def _one(one: FindDossier) -> dict[str, str]:
    return {"code": one.code, "applicant": one.applicant}


def _found(told: DossierAnswer, stale: bool) -> Found[Dossier]:
    return Found(told.dossier.dossier(), told.source, told.as_of, stale)


def _mine(one: MyDossiers) -> dict[str, str]:
    return {"applicant": one.applicant}


def _all(told: DossiersAnswer, stale: bool) -> Found[tuple[Dossier, ...]]:
    return Found(tuple(one.dossier() for one in told.dossiers), told.source, told.as_of, stale)
