"""What may still be done with a dossier depends on where it stands."""

from collections.abc import Container

from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import Finish, PromptResult
from services.chatbot.features.dossiers.effects import Dossier
from services.chatbot.features.dossiers.flow.proof import owned_dossier
from services.chatbot.lookups.result import LookupResult


def dossier_in_stage(
    ctx: Context, flow_state: FlowState, stages: Container[str], too_late: str
) -> EffectProcess[Dossier | PromptResult]:
    """Returns the proven person's dossier while it is in one of `stages`; otherwise where to go, or the phrase `too_late`."""
    result = yield from owned_dossier(ctx, flow_state)
    if not isinstance(result, LookupResult):
        return result
    dossier = result.value
    if dossier.stage not in stages:
        return Finish(ctx.say(too_late, ctx.menu_button, code=dossier.code), "refused")
    return dossier
