"""Mistyped words: only a word that is no Vietnamese syllable and no known word is repaired, towards the words of our content."""

from collections.abc import Container, Mapping

from rapidfuzz.distance import OSA

SHORTEST = 3  # Shorter words have too many neighbours.
SHORTEST_RUN = 6  # A run-on of two syllables is rarely shorter.


def _without_one(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


class Speller:
    """Symmetric deletion over the content's vocabulary: one edit away, the more frequent word first."""

    def __init__(self, frequency: Mapping[str, int]) -> None:
        self._frequency = {word: count for word, count in frequency.items() if len(word) >= SHORTEST and word.isalpha()}
        self._near: dict[str, list[str]] = {}
        for word in sorted(self._frequency, key=lambda known: (-self._frequency[known], known)):
            for key in _without_one(word) | {word}:
                self._near.setdefault(key, []).append(word)

    def corrected(self, word: str) -> str | None:
        """The most frequent known word one edit away (insertion, deletion, substitution or swap), or None."""
        if len(word) < SHORTEST:
            return None
        best: str | None = None
        for key in sorted(_without_one(word) | {word}):
            for known in self._near.get(key, ()):
                nearer = best is None or self._frequency[known] > self._frequency[best]
                if nearer and known[0] == word[0] and OSA.distance(word, known, score_cutoff=1) <= 1:
                    best = known
        return best


def split_run(word: str, syllables: Container[str], known: Mapping[str, int]) -> list[str] | None:
    """A run-on ("cancuoccongdan") as known words, the fewest and most frequent, or None if it is none."""
    if not SHORTEST_RUN <= len(word) <= 40 or not word.isalpha():  # noqa: PLR2004 - no run-on of a person is longer
        return None
    best: list[tuple[int, int, list[str]] | None] = [(0, 0, [])] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for start in range(max(0, end - 7), end - 1):
            before, piece = best[start], word[start:end]
            if before is None or piece not in known or piece not in syllables:
                continue
            found = (before[0] + 1, before[1] - known[piece], [*before[2], piece])
            current = best[end]
            if current is None or found[:2] < current[:2]:
                best[end] = found
    whole = best[-1]
    return whole[2] if whole is not None else None
