"""An administrative procedure, and what a citizen needs to know about it."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from services.chatbot.content.models.base import MESSAGE, ContentModel, FormId, Key, Name, Short, Text, Title, Url
from services.chatbot.content.models.place import OfficeKind

Code = Annotated[str, StringConstraints(pattern=r"^[0-9]\.[0-9]{6}$")]  # In the national catalogue: 1.014063


class Paper(ContentModel):
    name: Text
    form: FormId | None = None
    copies: Name | None = None
    note: Text | None = None


class Online(ContentModel):
    label: Title
    url: Url


class Source(ContentModel):
    title: Name
    code: Code | None = None
    url: Url | None = None
    date: date


class CatalogueEntry(ContentModel):
    """A row of the national catalogue: name and agency of a procedure of which content may know nothing more."""

    code: Code
    name: Annotated[str, StringConstraints(min_length=3, max_length=2_000)]
    field: str = ""
    level: str = ""
    agency: str = ""


class Procedure(ContentModel):
    """None and empty fields mean that the source does not say; the bot tells the citizen so."""

    key: Key
    name: Name
    short: Short
    codes: tuple[Code, ...] = Field(default=(), max_length=20)
    who: Text | None = None
    papers: tuple[Paper, ...] = Field(default=(), max_length=30)
    steps: tuple[Text, ...] = Field(default=(), max_length=20)
    fee: Text | None = None
    time: Text | None = None
    where: Text | None = None
    done_at: tuple[OfficeKind, ...] = Field(default=(), max_length=8)  # Kinds of office that accept it.
    online: Online | None = None
    forms: tuple[FormId, ...] = Field(default=(), max_length=10)
    result: Text | None = None
    legal: tuple[Name, ...] = Field(default=(), max_length=20)
    notes: tuple[Text, ...] = Field(default=(), max_length=20)
    related: tuple[Key, ...] = Field(default=(), max_length=5)
    sources: tuple[Source, ...] = Field(min_length=1, max_length=20)
    appointment: bool = False

    @model_validator(mode="after")
    def _fits_one_message(self) -> Self:
        """Raises ValueError when a facet does not fit into the one message that answers it."""
        papers = [f"{paper.name}{paper.copies or ''}{paper.note or ''}" for paper in self.papers]
        facets = {"papers": papers, "steps": self.steps, "notes": self.notes, "legal": self.legal}
        for name, texts in facets.items():
            length = sum(len(text) + 8 for text in texts)  # Eight for the bullet, the brackets and the line break.
            if length > MESSAGE - 200:
                raise ValueError(f"mục «{name}» dài {length} ký tự, một tin nhắn chỉ chứa {MESSAGE - 200}")
        if len(set(self.related)) < len(self.related) or self.key in self.related:
            raise ValueError("mục «related» có thủ tục lặp lại hoặc chính thủ tục này")
        return self


class Knowledge(ContentModel):
    """Something citizens ask about that is not a procedure: who to call, what a fine is."""

    key: Key
    name: Name
    short: Short
    sections: tuple["Section", ...] = Field(min_length=1, max_length=10)
    sources: tuple[Source, ...] = Field(min_length=1, max_length=20)


class Section(ContentModel):
    title: Title
    text: Text
