"""What a remote source may answer: parsed strictly, bounded in every field."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.chatbot.features.dossiers.effects import Dossier
from services.chatbot.features.fines.effects import Offence

_CONFIG = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
ShortText = Annotated[str, Field(max_length=300)]
LongText = Annotated[str, Field(max_length=1_000)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Stage = Annotated[str, Field(pattern="^(received|processing|needs_more|ready|returned|refused|withdrawn)$")]


class SourceAnswer(BaseModel):
    model_config = _CONFIG
    source: Annotated[str, Field(min_length=2, max_length=200)]
    as_of: AwareDatetime


class ApplicantAnswer(BaseModel):
    model_config = _CONFIG
    applicant: Annotated[str, Field(min_length=1, max_length=128)] = Field(repr=False)


class DossierPayload(BaseModel):
    model_config = _CONFIG
    code: Code = Field(repr=False)
    procedure: ShortText
    stage: Stage
    submitted: date | None = None
    due: date | None = None
    where: ShortText = ""
    owner: ShortText = Field(repr=False)
    missing: LongText = Field("", repr=False)

    def dossier(self) -> Dossier:
        return Dossier(
            self.code, self.procedure, self.stage, self.submitted, self.due, self.where, self.owner, self.missing
        )


class DossierAnswer(SourceAnswer):
    dossier: DossierPayload = Field(repr=False)


class DossiersAnswer(SourceAnswer):
    dossiers: tuple[DossierPayload, ...] = Field(max_length=100, repr=False)


class ScoreAnswer(SourceAnswer):
    number: Code = Field(repr=False)
    exam: ShortText
    marks: dict[ShortText, Annotated[float, Field(ge=0, le=10)]] = Field(max_length=30, repr=False)


class HasNamesAnswer(BaseModel):
    model_config = _CONFIG
    named: bool


class OffencePayload(BaseModel):
    model_config = _CONFIG
    time: ShortText
    place: LongText
    offence: LongText
    unit: ShortText
    phone: ShortText

    def offence_found(self) -> Offence:
        return Offence(self.time, self.place, self.offence, self.unit, self.phone)


class FinesAnswer(SourceAnswer):
    plate: Code = Field(repr=False)
    fines: tuple[OffencePayload, ...] = Field(max_length=100, repr=False)
