"""My dossiers: all of the person who has proven themselves; one of them is chosen to be looked at."""

from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.flow import Flow, GoTo, HandleResult, PromptResult, Step, pure
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.dossiers.flow.proof import CHOICE_STEPS, handle_which, prompt_which, proof_steps, proven
from services.chatbot.features.dossiers.flow.status import STATUS_STEPS


def _first(ctx: Context, flow_state: FlowState) -> PromptResult:
    return GoTo("which") if proven(ctx, flow_state) else GoTo("code")


def _chosen(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    result = yield from handle_which(ctx, flow_state, turn)
    return GoTo("show", result.slots) if isinstance(result, GoTo) and result.step == "look" else result


MY_DOSSIERS = Flow(
    "f_ho_so_cua_toi",
    {
        **proof_steps("which"),
        **STATUS_STEPS,
        "begin": Step(pure(_first), CHOICE_STEPS["begin"].handle),
        "which": Step(prompt_which, _chosen),
    },
    "begin",
)
