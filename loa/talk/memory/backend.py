"""All that answers: what is remembered lasts as long as the process."""

from dataclasses import dataclass, field

from loa.talk.memory.appointments import Appointments
from loa.talk.memory.dossiers import Dossiers, Grants
from loa.talk.memory.lookups import Fines, Scores
from loa.talk.memory.papers import Papers
from loa.talk.memory.people import People
from loa.talk.player import Handlers


@dataclass(slots=True)
class Backend:
    dossiers: Dossiers
    scores: Scores
    fines: Fines
    grants: Grants = field(default_factory=Grants)
    papers: Papers = field(default_factory=Papers)
    appointments: Appointments = field(default_factory=Appointments)
    people: People = field(default_factory=People)

    def handlers(self) -> Handlers:
        """Every kind of effect but the question to the language model."""
        parts = (
            self.dossiers, self.scores, self.fines, self.grants, self.papers, self.appointments, self.people,
        )  # fmt: skip
        return {kind: handler for part in parts for kind, handler in part.handlers().items()}
