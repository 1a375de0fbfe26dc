"""What an errand brings along, and what it is given. Each folder beside this file has a `feature.py` that joins its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from fastapi import APIRouter

from chassis.audit import AuditLog
from chassis.auth import Auth
from chassis.crypto import KeyRing, Pepper
from chassis.jobs import Job
from chassis.mongo import Database
from chassis.records import Clock
from chassis.service import Store
from services.chatbot.content.editions import ContentEditions
from services.chatbot.dialogue.effect_runner import EffectHandlers
from services.chatbot.dialogue.effects import Eraser
from services.chatbot.lookups.import_rows import RowFormat
from services.chatbot.lookups.result import WINDOW_MINUTES
from services.chatbot.lookups.store.attempts import Attempts
from services.chatbot.lookups.store.datasets import Datasets
from services.chatbot.lookups.store.last_known import StaleCache
from services.chatbot.lookups.store.proofs import Proofs
from services.chatbot.lookups.systems import ExternalSystems
from services.chatbot.reminders.store import Reminders


@dataclass(frozen=True, slots=True)
class Deps:
    """What every errand may build on. `systems` are the province's own, where the settings name one."""

    db: Database
    ring: KeyRing
    pepper: Pepper
    editions: ContentEditions
    datasets: Datasets
    attempts: Attempts
    proofs: Proofs
    stale_cache: StaleCache
    reminders: Reminders
    systems: ExternalSystems
    auth: Auth
    audit: AuditLog
    clock: Clock

    @classmethod
    def over(
        cls,
        db: Database,
        *,
        ring: KeyRing,
        pepper: Pepper,
        editions: ContentEditions,
        systems: ExternalSystems,
        auth: Auth,
        audit: AuditLog,
        clock: Clock,
    ) -> Self:
        """Returns them with what all errands share in one database."""
        attempts, proofs = Attempts(db.attempts, timedelta(minutes=WINDOW_MINUTES)), Proofs(db.proofs)
        stale_cache, reminders = StaleCache(db.last_known, ring, pepper), Reminders(db.bells, ring)
        return cls(
            db,
            ring,
            pepper,
            editions,
            Datasets(db),
            attempts,
            proofs,
            stale_cache,
            reminders,
            systems,
            auth,
            audit,
            clock,
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """`handlers` answer the effects that flows yield; `erasers` forget a citizen."""

    handlers: EffectHandlers = field(default_factory=dict)
    stores: tuple[Store, ...] = ()
    routers: tuple[APIRouter, ...] = ()
    jobs: tuple[Job[Any], ...] = ()
    erasers: tuple[Eraser, ...] = ()


def nothing(_deps: Deps) -> Parts:
    """Returns the parts of an errand that answers from content alone."""
    return Parts()


@dataclass(frozen=True, slots=True)
class Feature:
    """`rows` (the format of an import, by its kind) are pure; `build` joins what is not. Flows: `flows.py`."""

    rows: Mapping[str, RowFormat] = field(default_factory=dict)
    build: Callable[[Deps], Parts] = nothing
