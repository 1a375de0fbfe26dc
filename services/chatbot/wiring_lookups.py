"""Scores, fines and dossiers: what was imported answers, or the province's own system; proofs are limited before either."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.mongo import Database
from chassis.sealing import Pepper, Ring
from services.chatbot.dossiers import ATTEMPTS, WINDOW_MINUTES, FindDossier, MyDossiers, ProveDossier
from services.chatbot.drive import Ports
from services.chatbot.fines import WINDOW_MINUTES as FINE_MINUTES
from services.chatbot.fines import FindFines
from services.chatbot.lookups.dossiers_http import remote_dossiers
from services.chatbot.lookups.fines_http import remote_fines
from services.chatbot.lookups.guard import Guard
from services.chatbot.lookups.scores_http import remote_scores
from services.chatbot.lookups.sources import Outside
from services.chatbot.ports import Forget, OneByOne, Prepared, Together
from services.chatbot.scores import FindScore, ScoresNamed
from services.chatbot.store import Attempts, Datasets, Dossiers, Fines, LastKnown, Scores


@dataclass(frozen=True, slots=True)
class Lookups:
    ports: Ports
    dossiers: Dossiers
    attempts: Attempts
    stores: tuple[Prepared, ...]
    forget: tuple[Forget, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    datasets: Datasets
    attempts: Attempts
    known: LastKnown
    dossiers: Dossiers
    ring: Ring
    pepper: Pepper


def lookups(db: Database, datasets: Datasets, ring: Ring, pepper: Pepper, outside: Outside) -> Lookups:
    attempts = Attempts(db.attempts, ATTEMPTS, timedelta(minutes=WINDOW_MINUTES))
    known, dossiers = LastKnown(db.last_known, ring, pepper), Dossiers(db, datasets, ring, pepper)
    kept = _Kept(datasets, attempts, known, dossiers, ring, pepper)
    fine_ports, fine_forget = _fines(db, kept, outside)
    dossier_ports, dossier_forget = _dossiers(kept, outside)
    ports = {**_scores(kept, outside), **fine_ports, **dossier_ports}
    return Lookups(ports, dossiers, attempts, (attempts, known, dossiers), (fine_forget, dossier_forget))


def _scores(kept: _Kept, outside: Outside) -> Ports:
    remote = outside.remotes.get("scores")
    if remote is None:
        scores = Scores(kept.datasets, kept.pepper)
        return {FindScore: scores, ScoresNamed: OneByOne(scores.named)}
    away = remote_scores(remote, kept.known)
    return {FindScore: away.find, ScoresNamed: away.named}


def _fines(db: Database, kept: _Kept, outside: Outside) -> tuple[Ports, Forget]:
    remote = outside.remotes.get("fines")
    if remote is None:
        fines = Fines(kept.datasets, db.attempts, kept.ring, kept.pepper)
        return {FindFines: OneByOne(fines.find)}, fines.forget
    find = remote_fines(remote, kept.known).answer
    guard = Guard("fines", kept.attempts, kept.pepper, FINE_MINUTES, find, lambda one: (one.plate, one.kind))
    return {FindFines: guard}, guard.forget


def _dossiers(kept: _Kept, outside: Outside) -> tuple[Ports, Forget]:
    remote = outside.remotes.get("dossiers")
    if remote is None:
        prove, find, mine = kept.dossiers.prove, kept.dossiers.find, kept.dossiers.mine
    else:
        away = remote_dossiers(remote, kept.known)
        prove, find, mine = away.prove.answer, away.find.answer, away.mine.answer
    guard = Guard("dossiers", kept.attempts, kept.pepper, WINDOW_MINUTES, prove, lambda one: (one.code,))
    ports: Ports = {ProveDossier: guard, FindDossier: Together(find), MyDossiers: Together(mine)}
    return ports, guard.forget
