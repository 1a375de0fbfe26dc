"""Authorisations: joined. What happens to them is entered into the dossiers' history."""

from services.chatbot.dialogue.effects import Sequential
from services.chatbot.features.authorisations.effects import (
    AnswerInvite,
    LiveGrant,
    OfferGrant,
    ReadInvite,
    RevokeGrant,
)
from services.chatbot.features.authorisations.store import Grants
from services.chatbot.features.dossiers.store.history import History
from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.lookups.proof_limits import ProofLimiter


def _build(deps: Deps) -> Parts:
    history = History(deps.db, deps.ring, deps.pepper)
    grants = Grants(deps.db.grants, history, deps.reminders, deps.ring, deps.pepper)
    invites = ProofLimiter("invites", deps.attempts, deps.proofs, deps.pepper, grants.read, lambda _: ())
    return Parts(
        handlers={
            LiveGrant: Sequential(grants.find_live),
            OfferGrant: Sequential(grants.offer),
            ReadInvite: invites,
            AnswerInvite: Sequential(grants.answer),
            RevokeGrant: Sequential(grants.revoke),
        },
        stores=(grants,),
        erasers=(grants.forget,),
    )


FEATURE = Feature(build=_build)
