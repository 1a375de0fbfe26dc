"""The rows that training sees: normalised, each once, out of scope where two keys claim the same words... never silently."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.chatbot.nlu.augment import OUT_OF_SCOPE, examples
from services.chatbot.nlu.normalise import Normaliser
from services.chatbot.nlu.training_data import TrainingData, TrainingDataError


@dataclass(frozen=True)
class TrainingSet:
    texts: Sequence[str]
    labels: npt.NDArray[np.int64]  # Into `keys`.
    origins: npt.NDArray[np.int64]
    keys: tuple[str, ...]  # Sorted; out of scope among them.


def build_normaliser(data: TrainingData) -> Normaliser:
    """The normaliser that knows the vocabulary of the content's own sentences."""
    base = Normaliser.of(data.language)
    return base.with_vocabulary(
        base(text) for intent in data.intents for text in (intent.title, *intent.asks, *intent.says)
    )


def build_training_set(data: TrainingData, normaliser: Normaliser) -> TrainingSet:
    """Raises ContentError if a sentence, once normalised, is said by two keys, or if nothing is out of scope."""
    keys = tuple(sorted(intent.key for intent in data.intents))
    if OUT_OF_SCOPE not in keys or len(keys) < 3:  # noqa: PLR2004 - two keys and what is neither
        raise TrainingDataError(f"utterances: {OUT_OF_SCOPE}.yaml and at least two other keys are needed")
    _check_contradictions(data, normaliser)
    rows: dict[tuple[str, str], int] = {}
    for example in examples(data):
        rows.setdefault((normaliser(example.text), example.key), example.origin)
    label_of = {key: label for label, key in enumerate(keys)}
    return TrainingSet(
        texts=[text for text, _ in rows],
        labels=np.array([label_of[key] for _, key in rows], dtype=np.int64),
        origins=np.array(list(rows.values()), dtype=np.int64),
        keys=keys,
    )


def _check_contradictions(data: TrainingData, normaliser: Normaliser) -> None:
    claimed: dict[str, tuple[str, str]] = {}
    for intent in data.intents:
        for field in ("asks", "says"):
            for text in getattr(intent, field):
                normal = normaliser(text)
                key, first = claimed.setdefault(normal, (intent.key, text))
                if key != intent.key:
                    raise TrainingDataError(
                        f"utterances/{intent.key}.yaml: {field}: {text!r} is also said by {key} ({first!r}); keep one"
                    )
