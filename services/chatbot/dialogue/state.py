"""The state of one conversation. Sealed at rest; every field has a default, so that old states still open."""

from datetime import datetime, timedelta

from pydantic import Field

from chassis.model import StoredModel
from contracts.floor import Floor

REMIND_AFTER = timedelta(
    minutes=10
)  # A half-done flow is mentioned once, while the citizen still has the phone in hand.
ABANDON_AFTER = timedelta(days=3)  # Then it is dropped, and the citizen is informed on return.
OFFICER_SILENCE = timedelta(minutes=30)  # After an officer's last message the conversation is the bot's again.


class PastStep(StoredModel):
    """One step of a flow, to go back to."""

    name: str
    slots: dict[str, str] = Field(default_factory=dict, repr=False)


class OfferedChoice(StoredModel):
    """A button under the last message of a flow."""

    title: str = Field(repr=False)
    payload: str = Field(repr=False)


class FlowState(StoredModel):
    """A flow under way. It ends on the content version it began with."""

    flow: str
    step: str
    slots: dict[str, str] = Field(default_factory=dict, repr=False)
    tries: int = 0  # Answers in a row that the step could not use.
    trail: tuple[PastStep, ...] = ()
    shown: tuple[OfferedChoice, ...] = ()
    version: str = ""
    began_at: datetime
    touched_at: datetime
    reminded: bool = False


class OfficerSession(StoredModel):
    """An officer is requested, or is writing: the bot keeps silent."""

    since: datetime
    until: datetime
    ticket: str = ""
    answered: bool = False


class TranscriptLine(StoredModel):
    """One line of the conversation so far, for the officer who takes over."""

    at: datetime
    who: str  # citizen, bot, officer
    text: str = Field(repr=False)


class Conversation(StoredModel):
    floor: Floor = Floor()
    run: FlowState | None = None
    human: OfficerSession | None = None
    topic: str | None = None  # The procedure last answered: "lệ phí bao nhiêu?" asks about it.
    topic_at: datetime | None = None
    misses: int = 0
    offered: tuple[str, ...] = ()  # The choices last shown, so that "2" or "cái thứ hai" picks one.
    address: str = Field("", repr=False)  # Sealed; for messages that are sent without the citizen having written.
    talk: tuple[TranscriptLine, ...] = ()
    welcomed: bool = False
    subscriptions: tuple[str, ...] = ()
    known: dict[str, str] = Field(default_factory=dict, repr=False)  # What a step-up has proven, and until when.
    surveyed_at: datetime | None = None
    answers: int = 0  # Since the last survey.
    last_at: datetime | None = None

    def due(self) -> datetime | None:
        """Returns when something is due without a message from the citizen."""
        times = [self.human.until] if self.human else []
        if self.run:
            after = ABANDON_AFTER if self.run.reminded else REMIND_AFTER
            times.append(self.run.touched_at + after)
        return min(times, default=None)
