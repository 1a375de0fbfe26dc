"""More lessons from few: the same wishes in many frames, with typing errors and inside stories. Deterministic."""

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.chatbot.understand.content import Content, Language, Lesson

OUT_OF_SCOPE = "oos"
FRAMES_EACH = 4  # Frames that every wish is put into.
ABROAD_EVERY = 2  # One in so many wishes is also wished in another country, which is none of ours.
STORIES_EVERY = 3  # One in so many sentences is also told as a story.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    key: str
    origin: int  # Examples made from one sentence of content share it, so that a fold never tests what it taught.


def _chance(text: str) -> random.Random:
    return random.Random(zlib.crc32(text.encode()))  # noqa: S311 - repeatable variety, not a secret


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2 if at + 1 < len(word):
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            row = next((row for row in _ROWS if word[at].lower() in row), word[at])
            return word[:at] + row[(row.find(word[at].lower()) + 1) % len(row)] + word[at + 1 :]


def mistyped(text: str) -> str:
    """The same text with an error in about every fifth longer word, at least one."""
    chance = _chance("typo " + text)
    spoken = text.split()
    longer = [at for at, word in enumerate(spoken) if len(word) > 2]  # noqa: PLR2004 - two letters carry no error
    for at in chance.sample(longer, max(1, len(longer) // 5)) if longer else ():
        spoken[at] = _slip(spoken[at], chance)
    return " ".join(spoken)


def as_story(text: str, language: Language) -> str:
    """The same question with a life around it, before or after it."""
    chance = _chance("story " + text)
    before = [chance.choice(language.openings)] if chance.random() < 0.6 else []  # noqa: PLR2004
    before += chance.sample(language.stories, chance.randint(0, 3))
    after = chance.sample(language.stories, 1) if chance.random() < 0.25 else []  # noqa: PLR2004
    after += [chance.choice(language.closings)] if chance.random() < 0.5 else []  # noqa: PLR2004
    return ", ".join([*before, text, *after])


def framed(wish: str, language: Language) -> Iterator[str]:
    """The wish in some frames, of as many facets as possible."""
    chance = _chance("frame " + wish)
    for facet in chance.sample(sorted(language.frames), min(FRAMES_EACH, len(language.frames))):
        yield chance.choice(language.frames[facet]).replace("{x}", wish)


def _sentences(lesson: Lesson, language: Language) -> Iterator[tuple[str, str, int]]:
    yield lesson.title, lesson.key, 0
    for nth, wish in enumerate(lesson.asks, start=1):
        yield wish, lesson.key, nth
        for sentence in framed(wish, language):
            yield sentence, lesson.key, nth
        if lesson.kind == "procedure" and language.abroad and nth % ABROAD_EVERY == 0:
            yield _chance("abroad " + wish).choice(language.abroad).replace("{x}", wish), OUT_OF_SCOPE, nth
    for nth, said in enumerate(lesson.says, start=len(lesson.asks) + 1):
        yield said, lesson.key, nth
    for nth, other in enumerate(lesson.not_this, start=len(lesson.asks) + len(lesson.says) + 1):
        yield other, OUT_OF_SCOPE, nth
        for sentence in list(framed(other, language))[:2]:
            yield sentence, OUT_OF_SCOPE, nth


def examples(content: Content) -> list[Example]:
    """Every sentence as it is, mistyped, and some as stories."""
    made: list[Example] = []
    for number, lesson in enumerate(content.lessons):
        for nth, (text, key, sentence) in enumerate(_sentences(lesson, content.language)):
            origin = number * 10_000 + sentence
            told: Sequence[str] = [text, mistyped(text)] if nth % 2 else [text]
            if nth % STORIES_EVERY == 0:
                told = [*told, as_story(text, content.language)]
            made += [Example(variant, key, origin) for variant in told]
    return made
