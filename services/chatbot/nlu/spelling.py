"""Corrects mistyped words, towards the words of the content. Vietnamese syllables and known words are never changed."""

from collections.abc import Container, Mapping

from rapidfuzz.distance import OSA

MIN_LENGTH = 3  # Shorter words have too many neighbours.
MIN_RUN_LENGTH = 6  # A run-on of two syllables is rarely shorter.


def _deletions(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


class Speller:
    """Finds words of the content's vocabulary that are one edit away, by symmetric deletion; frequent words first."""

    def __init__(self, frequency: Mapping[str, int]) -> None:
        self._frequency = {
            word: count for word, count in frequency.items() if len(word) >= MIN_LENGTH and word.isalpha()
        }
        self._near: dict[str, list[str]] = {}
        for word in sorted(
            self._frequency, key=lambda vocabulary_word: (-self._frequency[vocabulary_word], vocabulary_word)
        ):
            for key in _deletions(word) | {word}:
                self._near.setdefault(key, []).append(word)

    def corrected(self, word: str) -> str | None:
        """Returns the most frequent known word one edit away (insertion, deletion, substitution or swap), or None."""
        if len(word) < MIN_LENGTH:
            return None
        best: str | None = None
        for key in sorted(_deletions(word) | {word}):
            for candidate in self._near.get(key, ()):
                nearer = best is None or self._frequency[candidate] > self._frequency[best]
                if nearer and candidate[0] == word[0] and OSA.distance(word, candidate, score_cutoff=1) <= 1:
                    best = candidate
        return best


def split_run(word: str, syllables: Container[str], known_words: Mapping[str, int]) -> list[str] | None:
    """Returns the words of a run-on ("cancuoccongdan"), the fewest and most frequent, or None if it is none."""
    if not MIN_RUN_LENGTH <= len(word) <= 40 or not word.isalpha():  # noqa: PLR2004 - no run-on of a person is longer
        return None
    best: list[tuple[int, int, list[str]] | None] = [(0, 0, [])] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for start in range(max(0, end - 7), end - 1):
            before, piece = best[start], word[start:end]
            if before is None or piece not in known_words or piece not in syllables:
                continue
            candidate = (before[0] + 1, before[1] - known_words[piece], [*before[2], piece])
            current = best[end]
            if current is None or candidate[:2] < current[:2]:
                best[end] = candidate
    complete = best[-1]
    return complete[2] if complete is not None else None
