"""The rows of training: normalised examples, each once; two keys with the same words are refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.chatbot.content import Content
from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu.augment import examples
from services.chatbot.nlu.normalise import Normaliser


@dataclass(frozen=True)
class TrainingSet:
    """Texts with their labels and origins, row by row."""

    texts: Sequence[str]
    labels: npt.NDArray[np.int64]  # Into `keys`.
    origins: npt.NDArray[np.int64]
    keys: tuple[str, ...]  # Sorted; out of scope among them.


def build_normaliser(data: TrainingData) -> Normaliser:
    """Returns a normaliser with the vocabulary of the content's own sentences."""
    base = Normaliser.of(data.language)
    return base.with_vocabulary(
        base(text) for intent in data.intents for text in (intent.title, *intent.asks, *intent.says)
    )


def build_training_set(content: Content, normaliser: Normaliser) -> TrainingSet:
    """Returns every example once. Raises ContentErrors when sentences of two keys are the same once normalised."""
    _check_contradictions(content, normaliser)
    rows: dict[tuple[str, str], int] = {}
    for example in examples(content.training_data):
        rows.setdefault((normaliser(example.text), example.key), example.origin)
    keys = tuple(sorted(intent.key for intent in content.training_data.intents))
    label_of = {key: label for label, key in enumerate(keys)}
    return TrainingSet(
        texts=[text for text, _ in rows],
        labels=np.array([label_of[key] for _, key in rows], dtype=np.int64),
        origins=np.array(list(rows.values()), dtype=np.int64),
        keys=keys,
    )


def _check_contradictions(content: Content, normaliser: Normaliser) -> None:
    faults = Faults()
    claims: dict[str, tuple[str, str]] = {}
    for intent in content.training_data.intents:
        for field, texts in (("asks", intent.asks), ("says", intent.says)):
            for index, text in enumerate(texts):
                key, earlier = claims.setdefault(normaliser(text), (intent.key, text))
                if key != intent.key:
                    file = f"utterances/{intent.key}.yaml"
                    reason = (
                        f"câu «{text[:80]}» trùng với «{earlier[:80]}» của utterances/{key}.yaml; chỉ giữ ở một nơi"
                    )
                    faults.add(file, content.snapshot.line_of(file, field, index), reason)
    faults.raise_if_any()
