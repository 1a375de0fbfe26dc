"""Dossiers: joined. What was imported answers, or the province's own system; what citizens file is the office's record.

`history` is not forgotten with a conversation: officers work by it.
"""

from services.chatbot.dialogue.effect_runner import EffectHandlers
from services.chatbot.dialogue.effects import Batched, Sequential
from services.chatbot.features.dossiers.api import dossier_router
from services.chatbot.features.dossiers.effects import (
    DossierHistory,
    FileRequest,
    FindDossier,
    IsSubscribed,
    MyDossiers,
    PendingRequests,
    ProveDossier,
    ProveIdentity,
    SetSubscription,
)
from services.chatbot.features.dossiers.jobs import ChangeNotices, StatusChanges
from services.chatbot.features.dossiers.remote import remote_dossiers
from services.chatbot.features.dossiers.rows import DOSSIER_ROWS
from services.chatbot.features.dossiers.store.history import History
from services.chatbot.features.dossiers.store.imported import KIND, Dossiers
from services.chatbot.features.dossiers.store.notices import Notices
from services.chatbot.features.dossiers.store.subscriptions import Subscriptions
from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.lookups.proof_limits import ProofLimiter


def _build(deps: Deps) -> Parts:
    changes = status_changes(deps)
    lookups = _lookups(deps, changes.dossiers)
    requests: EffectHandlers = {
        DossierHistory: Sequential(changes.history.of),
        PendingRequests: Sequential(changes.history.pending),
        FileRequest: Sequential(changes.history.file),
        IsSubscribed: Sequential(changes.subscriptions.is_subscribed),
        SetSubscription: Sequential(changes.subscriptions.set_subscription),
    }
    return Parts(
        handlers={**lookups, **requests},
        stores=(changes.dossiers, changes.history, changes.subscriptions, changes.notices),
        routers=(dossier_router(changes, deps.auth, deps.audit),),
        jobs=(changes.job(), change_notices(deps, changes).job()),
        erasers=(changes.subscriptions.forget,),
    )


def status_changes(deps: Deps) -> StatusChanges:
    return StatusChanges(
        deps.datasets,
        Dossiers(deps.db, deps.datasets, deps.ring, deps.pepper),
        History(deps.db, deps.ring, deps.pepper),
        Subscriptions(deps.db.watchers, deps.ring, deps.pepper),
        Notices(deps.db.dossier_notices),
    )


def change_notices(deps: Deps, changes: StatusChanges) -> ChangeNotices:
    return ChangeNotices(deps.editions, changes.subscriptions, changes.notices, deps.reminders)


def _lookups(deps: Deps, imported: Dossiers) -> EffectHandlers:
    system = deps.systems.get(KIND)
    if system is None:
        prove, identify, find, mine = imported.prove, imported.identify, imported.find, imported.mine
    else:
        remote = remote_dossiers(system, deps.stale_cache)
        prove, identify = remote.prove.answer, remote.identify.answer
        find, mine = remote.find.answer, remote.mine.answer
    shared = deps.attempts, deps.proofs, deps.pepper
    return {
        ProveDossier: ProofLimiter(KIND, *shared, prove, lambda query: (query.code,)),
        ProveIdentity: ProofLimiter("identities", *shared, identify, lambda query: (query.applicant,)),
        FindDossier: Batched(find),
        MyDossiers: Batched(mine),
    }


FEATURE = Feature(rows={KIND: DOSSIER_ROWS}, build=_build)
