"""The national catalogue by name: thousands of procedures we do not explain, but whose name, agency and link we can give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from services.chatbot.understand.content import Content
from services.chatbot.understand.ngrams import word_grams
from services.chatbot.understand.normalise import Normaliser
from services.chatbot.understand.understood import CATALOGUE

FRAME_WEIGHT = 0.3  # Of the words citizens wrap any question in ("cần giấy tờ gì"): they name no procedure.
STRANGE_WEIGHT = 3.0  # Of a word that occurs in no name.
CERTAIN = 0.72  # Cosine from which a question names a procedure; chosen on the dev half and on abridged names.
SUGGESTED = 0.5  # Cosine from which its name is worth offering.


@dataclass(frozen=True)
class Named:
    key: str  # Ours if the code is one of ours, else "tthc:<code>".
    likeness: float  # Cosine, 0..1.


@dataclass(frozen=True)
class Catalogue:
    vocabulary: Mapping[str, int]
    frames: frozenset[str]  # Words of any question.
    weights: npt.NDArray[np.float32]
    names: csr_matrix  # Features by names.
    keys: tuple[str, ...]

    @classmethod
    def of(cls, content: Content, normaliser: Normaliser) -> "Catalogue":
        ours = {code: lesson.key for lesson in content.lessons for code in lesson.codes}
        texts = [normaliser(entry.name) for entry in content.catalogue]
        seen: dict[str, int] = {}
        for text in texts:
            for gram in set(word_grams(text)):
                seen[gram] = seen.get(gram, 0) + 1
        vocabulary = {gram: at for at, gram in enumerate(sorted(seen))}
        rarity = np.array([np.log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in sorted(seen)], dtype=np.float32)
        frames = _frame_words(content, normaliser)
        rows = _rows(texts, vocabulary, rarity, frames)
        for gram in frames:
            if gram in vocabulary:
                rarity[vocabulary[gram]] *= FRAME_WEIGHT
        keys = tuple(ours.get(entry.code, CATALOGUE + entry.code) for entry in content.catalogue)
        return cls(vocabulary, frames, rarity, rows.T.tocsr(), keys)

    def emptied(self) -> "Catalogue":
        return replace(self, keys=())

    def nearest(self, texts: Sequence[str], count: int = 3) -> list[tuple[Named, ...]]:
        """The best-named procedures for each normalised text, best first."""
        if not self.keys:
            return [()] * len(texts)
        likeness = (_rows(texts, self.vocabulary, self.weights, self.frames) @ self.names).toarray()
        few = min(count, likeness.shape[1])
        top = np.argpartition(-likeness, few - 1, axis=1)[:, :few]
        found: list[tuple[Named, ...]] = []
        for row, columns in zip(likeness, top, strict=True):
            ranked = sorted(columns, key=lambda column: (-row[column], column))
            found.append(tuple(Named(self.keys[column], float(row[column])) for column in ranked))
        return found


def _frame_words(content: Content, normaliser: Normaliser) -> frozenset[str]:
    frames = (frame for frames in content.language.frames.values() for frame in frames)
    return frozenset(gram for frame in frames for gram in word_grams(normaliser(frame.replace("{x}", " . "))))


def _rows(
    texts: Sequence[str], vocabulary: Mapping[str, int], weights: npt.NDArray[np.float32], frames: frozenset[str]
) -> csr_matrix:
    """Rows of unit length. Words that no name has make a row longer before it is scaled: they speak of something else."""
    starts, columns, strange = [0], list[int](), list[int]()
    for text in texts:
        columns += sorted({found for gram in word_grams(text) if (found := vocabulary.get(gram)) is not None})
        starts.append(len(columns))
        strange.append(sum(word not in vocabulary and word not in frames for word in text.split()))
    at = np.array(columns, dtype=np.int32)
    rows = csr_matrix((weights[at], at, np.array(starts)), shape=(len(texts), len(weights)), dtype=np.float32)
    known = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    length = np.sqrt(known + STRANGE_WEIGHT**2 * np.array(strange, dtype=np.float32))
    rows.data /= np.repeat(np.maximum(length, 1e-9), np.diff(rows.indptr)).astype(np.float32)
    return rows
