"""Makes many training examples of few: the same subjects in many frames, with typing errors and inside stories. Deterministic."""

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.chatbot.content.models.training import OUT_OF_SCOPE, PLACE, STORIES, Intent, Language, TrainingData

FRAMES_PER_SUBJECT = 4  # Frames that every subject is put into.
ABROAD_INTERVAL = 2  # One in so many subjects is also asked for abroad, which is out of scope.
STORY_INTERVAL = 3  # One in so many sentences is also made into a story.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Example:
    """A training example."""

    text: str
    key: str
    origin: int  # Shared by examples made from one sentence, so that no fold is tested on what it was trained on.


def _random_for(text: str) -> random.Random:
    return random.Random(zlib.crc32(text.encode()))  # noqa: S311 - repeatable variety, not a secret


def _misspell(word: str, rng: random.Random) -> str:
    position = rng.randrange(len(word))
    match rng.randrange(4):
        case 0:
            return word[:position] + word[position + 1 :]
        case 1:
            return word[:position] + word[position] + word[position:]
        case 2 if position + 1 < len(word):
            return word[:position] + word[position + 1] + word[position] + word[position + 2 :]
        case _:
            row = next((row for row in _ROWS if word[position].lower() in row), word[position])
            return word[:position] + row[(row.find(word[position].lower()) + 1) % len(row)] + word[position + 1 :]


def mistyped(text: str) -> str:
    """Returns the text with a typing error in about every fifth longer word, at least one."""
    rng = _random_for("typo " + text)
    words = text.split()
    longer = [position for position, word in enumerate(words) if len(word) > 2]  # noqa: PLR2004 - two letters carry no error
    for position in rng.sample(longer, max(1, len(longer) // 5)) if longer else ():
        words[position] = _misspell(words[position], rng)
    return " ".join(words)


def as_story(text: str, language: Language) -> str:
    """Returns the question with sentences about something else before or after it."""
    rng = _random_for("story " + text)
    before = [rng.choice(language.openings)] if rng.random() < 0.6 else []  # noqa: PLR2004
    before += rng.sample(language.stories, rng.randint(0, STORIES))
    after = rng.sample(language.stories, 1) if rng.random() < 0.25 else []  # noqa: PLR2004
    after += [rng.choice(language.closings)] if rng.random() < 0.5 else []  # noqa: PLR2004
    return ", ".join([*before, text, *after])


def framed(subject: str, language: Language) -> Iterator[str]:
    """Returns the subject in some frames, of as many facets as possible."""
    rng = _random_for("frame " + subject)
    for facet in rng.sample(sorted(language.frames), min(FRAMES_PER_SUBJECT, len(language.frames))):
        yield rng.choice(language.frames[facet]).replace(PLACE, subject)


def _sentences(intent: Intent, language: Language) -> Iterator[tuple[str, str, int]]:
    yield intent.title, intent.key, 0
    for index, subject in enumerate(intent.asks, start=1):
        yield subject, intent.key, index
        for sentence in framed(subject, language):
            yield sentence, intent.key, index
        if intent.kind == "procedure" and language.abroad and index % ABROAD_INTERVAL == 0:
            yield _random_for("abroad " + subject).choice(language.abroad).replace(PLACE, subject), OUT_OF_SCOPE, index
    for index, phrase in enumerate(intent.says, start=len(intent.asks) + 1):
        yield phrase, intent.key, index
    for index, other in enumerate(intent.not_this, start=len(intent.asks) + len(intent.says) + 1):
        yield other, OUT_OF_SCOPE, index
        for sentence in list(framed(other, language))[:2]:
            yield sentence, OUT_OF_SCOPE, index


def examples(data: TrainingData) -> list[Example]:
    """Returns every sentence as it is, some mistyped, and some as stories."""
    result: list[Example] = []
    for number, intent in enumerate(data.intents):
        for index, (text, key, sentence) in enumerate(_sentences(intent, data.language)):
            origin = number * 10_000 + sentence
            variants: Sequence[str] = [text, mistyped(text)] if index % 2 else [text]
            if index % STORY_INTERVAL == 0:
                variants = [*variants, as_story(text, data.language)]
            result += [Example(variant, key, origin) for variant in variants]
    return result
