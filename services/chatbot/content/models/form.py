"""Forms: their names and, for our own templates, their contents."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from services.chatbot.content.models.base import ContentModel, FormId, Key, Name, Title

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FormFile = Annotated[str, StringConstraints(pattern=r"^files/[A-Za-z0-9_.-]{1,80}\.(docx|pdf)$")]


class Form(ContentModel):
    """`official`: the agency's own file; otherwise our template, which says so on the page and in the chat."""

    id: FormId
    name: Name
    file: FormFile
    procedures: tuple[Key, ...] = Field(default=(), max_length=20, description="Besides those that name it themselves.")
    official: bool = False


class Item(ContentModel):
    """One entry on a page, of exactly one kind: a line to write on, boxes, choices, a table, a heading or a sentence."""

    label: Name | None = None
    lines: int = Field(default=1, ge=1, le=12)
    boxes: int | None = Field(default=None, ge=2, le=16)
    choices: tuple[Title, ...] = Field(default=(), max_length=12)
    table: tuple[Title, ...] = Field(default=(), max_length=8)
    rows: int = Field(default=4, ge=1, le=15)
    heading: Name | None = None
    sentence: Annotated[str, StringConstraints(max_length=1_000)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_label(cls, value: object) -> object:
        return {"label": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _exactly_one_kind(self) -> Self:
        unlabelled = self.heading or self.sentence
        if bool(self.label) == bool(unlabelled):
            raise ValueError("mỗi phần cần đúng một trong: label, heading, sentence")
        if sum(map(bool, (self.boxes, self.choices, self.table))) > (0 if unlabelled else 1):
            raise ValueError("mỗi phần chỉ dùng một trong: boxes, choices, table")
        return self


class Template(ContentModel):
    """The contents of our own form. Only the generator and the check read it; citizens get the file made from it."""

    form: FormId
    title: Name
    to: Name | None = None
    items: tuple[Item, ...] = Field(min_length=3, max_length=80)
    signers: tuple[Title, ...] = Field(min_length=1, max_length=4)
