"""Finds procedures of the national catalogue by name: thousands, of which only name, agency and link are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu.ngrams import word_grams
from services.chatbot.nlu.normalise import Normaliser
from services.chatbot.nlu.result import CATALOGUE

FRAME_WEIGHT = 0.3  # Of the words citizens wrap any question in ("cần giấy tờ gì"): they name no procedure.
UNKNOWN_WEIGHT = 3.0  # Of a word that occurs in no name.
MATCH_SIMILARITY = 0.72  # Cosine from which a question names a procedure; chosen on the dev half and on abridged names.
SUGGEST_SIMILARITY = 0.5  # Cosine from which its name is worth offering.


@dataclass(frozen=True)
class CatalogueMatch:
    """A procedure whose name is similar to a text."""

    key: str  # Ours if the code is one of ours, else "tthc:<code>".
    similarity: float  # Cosine, 0..1.


@dataclass(frozen=True)
class Catalogue:
    """An index of the catalogue's names, by words weighted by rarity."""

    vocabulary: Mapping[str, int]
    frames: frozenset[str]  # Words of any question.
    weights: npt.NDArray[np.float32]
    names: csr_matrix  # Features by names.
    keys: tuple[str, ...]

    @classmethod
    def of(cls, data: TrainingData, normaliser: Normaliser) -> "Catalogue":
        """Returns the index; keys are content's own where a code is one of its intents'."""
        own_keys = {code: intent.key for intent in data.intents for code in intent.codes}
        texts = [normaliser(entry.name) for entry in data.catalogue]
        counts: dict[str, int] = {}
        for text in texts:
            for gram in set(word_grams(text)):
                counts[gram] = counts.get(gram, 0) + 1
        vocabulary = {gram: column for column, gram in enumerate(sorted(counts))}
        rarity = np.array(
            [np.log((1 + len(texts)) / (1 + counts[gram])) + 1 for gram in sorted(counts)], dtype=np.float32
        )
        frames = _frame_words(data, normaliser)
        rows = _rows(texts, vocabulary, rarity, frames)
        for gram in frames:
            if gram in vocabulary:
                rarity[vocabulary[gram]] *= FRAME_WEIGHT
        keys = tuple(own_keys.get(entry.code, CATALOGUE + entry.code) for entry in data.catalogue)
        return cls(vocabulary, frames, rarity, rows.T.tocsr(), keys)

    def without_entries(self) -> "Catalogue":
        """Returns an index that finds nothing."""
        return replace(self, keys=())

    def nearest(self, texts: Sequence[str], count: int = 3) -> list[tuple[CatalogueMatch, ...]]:
        """Returns the procedures whose names are most similar to each normalised text, best first."""
        if not self.keys:
            return [()] * len(texts)
        similarity = (_rows(texts, self.vocabulary, self.weights, self.frames) @ self.names).toarray()
        width = min(count, similarity.shape[1])
        top = np.argpartition(-similarity, width - 1, axis=1)[:, :width]
        matches: list[tuple[CatalogueMatch, ...]] = []
        for row, columns in zip(similarity, top, strict=True):
            ranked = sorted(columns, key=lambda column: (-row[column], column))
            matches.append(tuple(CatalogueMatch(self.keys[column], float(row[column])) for column in ranked))
        return matches


def _frame_words(data: TrainingData, normaliser: Normaliser) -> frozenset[str]:
    frames = (frame for frames in data.language.frames.values() for frame in frames)
    return frozenset(gram for frame in frames for gram in word_grams(normaliser(frame.replace("{x}", " . "))))


def _rows(
    texts: Sequence[str], vocabulary: Mapping[str, int], weights: npt.NDArray[np.float32], frames: frozenset[str]
) -> csr_matrix:
    """Returns rows of unit length. Words that no name has count in a row's length, as the text is about something else."""
    starts, columns, unknown = [0], list[int](), list[int]()
    for text in texts:
        columns += sorted({column for gram in word_grams(text) if (column := vocabulary.get(gram)) is not None})
        starts.append(len(columns))
        unknown.append(sum(word not in vocabulary and word not in frames for word in text.split()))
    column_array = np.array(columns, dtype=np.int32)
    rows = csr_matrix(
        (weights[column_array], column_array, np.array(starts)), shape=(len(texts), len(weights)), dtype=np.float32
    )
    squared = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    length = np.sqrt(squared + UNKNOWN_WEIGHT**2 * np.array(unknown, dtype=np.float32))
    rows.data /= np.repeat(np.maximum(length, 1e-9), np.diff(rows.indptr)).astype(np.float32)
    return rows
