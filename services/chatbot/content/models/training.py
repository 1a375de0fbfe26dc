"""Training data of the language model: how citizens ask for each key, and how they write Vietnamese."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from contracts.text import fold_words
from services.chatbot.content.models.base import ContentModel, Key
from services.chatbot.content.models.procedure import CatalogueEntry, Code

OUT_OF_SCOPE = "oos"  # The key of questions that none of our services answers.
PLACE = "{x}"  # Where training puts what a citizen wants.
STORIES = 3  # At most so many sentences surround a question in training, so the file needs as many.


def _empty_list(value: object) -> object:
    """Returns an empty tuple for None: an empty YAML list is often written as nothing at all."""
    return () if value is None else value


def _folded(text: str) -> str:
    if fold_words(text) != text:
        raise ValueError(f"«{text[:60]}» phải viết thường, không dấu, các từ cách nhau một dấu cách")
    return text


def _expression(pattern: str) -> str:
    """Returns a valid pattern. It is compiled inside a group, as the patterns of one name are joined later. Raises ValueError."""
    try:
        compiled = re.compile(f"(?:{pattern})")
    except re.error as error:
        place = f" ở ký tự {max(error.pos - 2, 1)}" if error.pos is not None else ""
        raise ValueError(f"biểu thức chính quy sai{place}: «{pattern[:60]}»") from None
    if compiled.groupindex:
        raise ValueError(f"biểu thức chính quy không được đặt tên nhóm (?P<…>): «{pattern[:60]}»")
    return pattern


def _frame(text: str) -> str:
    if PLACE not in text:
        raise ValueError(f"«{text[:60]}» cần có {PLACE}, chỗ của điều người dân muốn hỏi")
    return text


Phrase = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
Phrases = Annotated[tuple[Phrase, ...], BeforeValidator(_empty_list)]
SomePhrases = Annotated[tuple[Phrase, ...], Field(min_length=1)]
Folded = Annotated[Phrase, AfterValidator(_folded)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(_expression)]
Expressions = Annotated[tuple[Expression, ...], BeforeValidator(_empty_list)]
Frame = Annotated[Phrase, AfterValidator(_frame)]


class Intent(ContentModel):
    """`utterances/<key>.yaml`: how citizens ask for one key, and sentences that only look like it."""

    key: Key
    kind: Literal["procedure", "knowledge", "flow", "none"]
    title: Phrase
    codes: Annotated[tuple[Code, ...], BeforeValidator(_empty_list)] = ()
    objects: Annotated[tuple[Folded, ...], BeforeValidator(_empty_list)] = ()
    asks: Phrases = ()
    says: Phrases
    not_this: Phrases = ()


class Signs(ContentModel):
    """Patterns of danger to life and of tip-offs, and their exceptions. All four are required; an empty list means none."""

    danger: Expressions
    not_danger: Expressions
    tip: Expressions
    not_tip: Expressions


class WishEdges(ContentModel):
    before: Expression
    after: Expression


class Language(ContentModel):
    """`language/*.yaml`, joined: each field is written in one of the files."""

    words: dict[str, Phrase]
    phrases: dict[str, Phrase]
    onsets: tuple[str, ...]
    rimes: tuple[str, ...]
    frames: dict[str, Annotated[tuple[Frame, ...], Field(min_length=1)]]
    openings: SomePhrases
    stories: Annotated[tuple[Phrase, ...], Field(min_length=STORIES)]
    closings: SomePhrases
    facets: dict[str, Expressions]
    facet_order: Phrases
    facet_words: dict[Expression, str]
    signs: Signs
    wishes: dict[str, Expressions]
    wish_edges: WishEdges
    bare: dict[Folded, Phrases]
    bare_small: Phrases
    abroad: Annotated[tuple[Frame, ...], BeforeValidator(_empty_list)]

    @field_validator("facet_order")
    @classmethod
    def _names_every_facet(cls, order: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        differing = set(order) ^ set(info.data.get("facets", order))
        if differing:
            raise ValueError(f"phải kể đúng những tên có trong «facets»; lệch nhau: {', '.join(sorted(differing))}")
        return order

    @field_validator("facet_words")
    @classmethod
    def _can_be_written(cls, rewritings: dict[str, str]) -> dict[str, str]:
        for pattern, replacement in rewritings.items():
            try:
                re.sub(f"(?:{pattern})|", replacement, "")
            except re.error:
                raise ValueError(f"«{replacement[:60]}» nhắc tới nhóm mà «{pattern[:60]}» không có") from None
        return rewritings


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What training an edition's model depends on, and the national catalogue, which needs no training."""

    intents: tuple[Intent, ...]
    language: Language
    catalogue: tuple[CatalogueEntry, ...]
