"""What a remote source may answer: parsed strictly, bounded in every field."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.chatbot.dossiers import Dossier
from services.chatbot.fines import Offence

_SHAPE = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
Line = Annotated[str, Field(max_length=300)]
Words = Annotated[str, Field(max_length=1_000)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Stage = Annotated[str, Field(pattern="^(received|processing|needs_more|ready|returned|refused|withdrawn)$")]


class Answer(BaseModel):
    model_config = _SHAPE
    source: Annotated[str, Field(min_length=2, max_length=200)]
    as_of: AwareDatetime


class ApplicantAnswer(BaseModel):
    model_config = _SHAPE
    applicant: Annotated[str, Field(min_length=1, max_length=128)] = Field(repr=False)


class DossierTold(BaseModel):
    model_config = _SHAPE
    code: Code = Field(repr=False)
    procedure: Line
    stage: Stage
    submitted: date | None = None
    due: date | None = None
    where: Line = ""
    owner: Line = Field(repr=False)
    missing: Words = Field("", repr=False)

    def dossier(self) -> Dossier:
        return Dossier(
            self.code, self.procedure, self.stage, self.submitted, self.due, self.where, self.owner, self.missing
        )


class DossierAnswer(Answer):
    dossier: DossierTold = Field(repr=False)


class DossiersAnswer(Answer):
    dossiers: tuple[DossierTold, ...] = Field(max_length=100, repr=False)


class ScoreAnswer(Answer):
    number: Code = Field(repr=False)
    exam: Line
    marks: dict[Line, Annotated[float, Field(ge=0, le=10)]] = Field(max_length=30, repr=False)


class NamedAnswer(BaseModel):
    model_config = _SHAPE
    named: bool


class OffenceTold(BaseModel):
    model_config = _SHAPE
    time: Line
    place: Words
    offence: Words
    unit: Line
    phone: Line

    def told(self) -> Offence:
        return Offence(self.time, self.place, self.offence, self.unit, self.phone)


class FinesAnswer(Answer):
    plate: Code = Field(repr=False)
    fines: tuple[OffenceTold, ...] = Field(max_length=100, repr=False)
