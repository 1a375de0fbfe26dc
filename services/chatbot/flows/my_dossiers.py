"""My dossiers: all of the person who has proven themselves; one of them is chosen to be looked at."""

from services.chatbot.asks import Asking
from services.chatbot.context import Context
from services.chatbot.flows.dossier import SHOW
from services.chatbot.flows.kit import Entered, Flow, Go, StepTable, Taken, at_once
from services.chatbot.flows.stepup import CHOICE, proof, proven, which, which_chosen
from services.chatbot.state import Run
from services.chatbot.turn import Turn


def _first(ctx: Context, run: Run) -> Entered:
    return Go("which") if proven(ctx, run) else Go("code")


def _chosen(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    taken = yield from which_chosen(ctx, run, turn)
    return Go("show", taken.slots) if isinstance(taken, Go) and taken.step == "look" else taken


MY_DOSSIERS = Flow(
    "f_ho_so_cua_toi",
    {
        **proof("which"),
        **SHOW,
        "begin": StepTable(at_once(_first), CHOICE["begin"].take),
        "which": StepTable(which, _chosen),
    },
    "begin",
)
