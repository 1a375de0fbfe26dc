"""The rows that training sees: normalised, each once, out of scope where two keys claim the same words... never silently."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.chatbot.understand.augment import OUT_OF_SCOPE, examples
from services.chatbot.understand.content import Content, ContentError
from services.chatbot.understand.normalise import Normaliser


@dataclass(frozen=True)
class Lessons:
    texts: Sequence[str]
    labels: npt.NDArray[np.int64]  # Into `keys`.
    origins: npt.NDArray[np.int64]
    keys: tuple[str, ...]  # Sorted; out of scope among them.


def taught_normaliser(content: Content) -> Normaliser:
    """The normaliser that knows the vocabulary of the content's own sentences."""
    plain = Normaliser.of(content.language)
    return plain.taught(
        plain(text) for lesson in content.lessons for text in (lesson.title, *lesson.asks, *lesson.says)
    )


def lessons(content: Content, normaliser: Normaliser) -> Lessons:
    """Raises ContentError if a sentence, once normalised, is said by two keys, or if nothing is out of scope."""
    keys = tuple(sorted(lesson.key for lesson in content.lessons))
    if OUT_OF_SCOPE not in keys or len(keys) < 3:  # noqa: PLR2004 - two keys and what is neither
        raise ContentError(f"utterances: {OUT_OF_SCOPE}.yaml and at least two other keys are needed")
    _no_quarrels(content, normaliser)
    rows: dict[tuple[str, str], int] = {}
    for example in examples(content):
        rows.setdefault((normaliser(example.text), example.key), example.origin)
    index = {key: at for at, key in enumerate(keys)}
    return Lessons(
        texts=[text for text, _ in rows],
        labels=np.array([index[key] for _, key in rows], dtype=np.int64),
        origins=np.array(list(rows.values()), dtype=np.int64),
        keys=keys,
    )


def _no_quarrels(content: Content, normaliser: Normaliser) -> None:
    claimed: dict[str, tuple[str, str]] = {}
    for lesson in content.lessons:
        for field in ("asks", "says"):
            for text in getattr(lesson, field):
                normal = normaliser(text)
                key, first = claimed.setdefault(normal, (lesson.key, text))
                if key != lesson.key:
                    raise ContentError(
                        f"utterances/{lesson.key}.yaml: {field}: {text!r} is also said by {key} ({first!r}); keep one"
                    )
