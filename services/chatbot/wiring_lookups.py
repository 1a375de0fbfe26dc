"""Scores, fines and dossiers: what was imported answers, or the province's own system; proofs are limited before either."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.crypto import KeyRing, Pepper
from chassis.mongo import Database
from services.chatbot.dialogue.effect_runner import EffectHandlers
from services.chatbot.dialogue.effects import Batched, Eraser, PreparedStore, Sequential
from services.chatbot.features.dossiers.effects import (
    MAX_ATTEMPTS,
    WINDOW_MINUTES,
    FindDossier,
    MyDossiers,
    ProveDossier,
)
from services.chatbot.features.dossiers.remote import remote_dossiers
from services.chatbot.features.dossiers.store.imported import Dossiers
from services.chatbot.features.fines.effects import WINDOW_MINUTES as FINE_MINUTES
from services.chatbot.features.fines.effects import FindFines
from services.chatbot.features.fines.remote import remote_fines
from services.chatbot.features.fines.store import Fines
from services.chatbot.features.scores.effects import FindScore, ScoresHaveNames
from services.chatbot.features.scores.remote import remote_scores
from services.chatbot.features.scores.store import Scores
from services.chatbot.lookups.proof_limits import ProofLimiter
from services.chatbot.lookups.store.attempts import Attempts
from services.chatbot.lookups.store.datasets import Datasets
from services.chatbot.lookups.store.last_known import StaleCache
from services.chatbot.lookups.systems import ExternalSystems


@dataclass(frozen=True, slots=True)
class Lookups:
    effect_handlers: EffectHandlers
    dossiers: Dossiers
    attempts: Attempts
    stores: tuple[PreparedStore, ...]
    erasers: tuple[Eraser, ...]


@dataclass(frozen=True, slots=True)
class _LookupStores:
    datasets: Datasets
    attempts: Attempts
    stale_cache: StaleCache
    dossiers: Dossiers
    ring: KeyRing
    pepper: Pepper


def wire_lookups(db: Database, datasets: Datasets, ring: KeyRing, pepper: Pepper, systems: ExternalSystems) -> Lookups:
    attempts = Attempts(db.attempts, MAX_ATTEMPTS, timedelta(minutes=WINDOW_MINUTES))
    stale_cache, dossiers = StaleCache(db.last_known, ring, pepper), Dossiers(db, datasets, ring, pepper)
    lookup_stores = _LookupStores(datasets, attempts, stale_cache, dossiers, ring, pepper)
    fine_handlers, fine_eraser = _fines(db, lookup_stores, systems)
    dossier_handlers, dossier_eraser = _dossiers(lookup_stores, systems)
    effect_handlers = {**_scores(lookup_stores, systems), **fine_handlers, **dossier_handlers}
    return Lookups(
        effect_handlers, dossiers, attempts, (attempts, stale_cache, dossiers), (fine_eraser, dossier_eraser)
    )


def _scores(stores: _LookupStores, systems: ExternalSystems) -> EffectHandlers:
    system = systems.systems.get("scores")
    if system is None:
        scores = Scores(stores.datasets, stores.pepper)
        return {FindScore: scores, ScoresHaveNames: Sequential(scores.have_names)}
    remote = remote_scores(system, stores.stale_cache)
    return {FindScore: remote.find, ScoresHaveNames: remote.named}


def _fines(db: Database, stores: _LookupStores, systems: ExternalSystems) -> tuple[EffectHandlers, Eraser]:
    system = systems.systems.get("fines")
    if system is None:
        fines = Fines(stores.datasets, db.attempts, stores.ring, stores.pepper)
        return {FindFines: Sequential(fines.find)}, fines.forget
    find = remote_fines(system, stores.stale_cache).answer
    limiter = ProofLimiter(
        "fines", stores.attempts, stores.pepper, FINE_MINUTES, find, lambda query: (query.plate, query.kind)
    )
    return {FindFines: limiter}, limiter.forget


def _dossiers(stores: _LookupStores, systems: ExternalSystems) -> tuple[EffectHandlers, Eraser]:
    system = systems.systems.get("dossiers")
    if system is None:
        prove, find, mine = stores.dossiers.prove, stores.dossiers.find, stores.dossiers.mine
    else:
        remote = remote_dossiers(system, stores.stale_cache)
        prove, find, mine = remote.prove.answer, remote.find.answer, remote.mine.answer
    limiter = ProofLimiter(
        "dossiers", stores.attempts, stores.pepper, WINDOW_MINUTES, prove, lambda query: (query.code,)
    )
    effect_handlers: EffectHandlers = {ProveDossier: limiter, FindDossier: Batched(find), MyDossiers: Batched(mine)}
    return effect_handlers, limiter.forget
