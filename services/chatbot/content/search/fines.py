"""Finds what an offence costs, by the words a driver would use."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from contracts.text import fold_words, is_digits
from services.chatbot.content.models.fine import Fine, Measure, Vehicle

_VEHICLES_BY_WORDS: Mapping[str, Vehicle] = {  # Folded words to the vehicle they mean; longer ones are looked for first.
    "xe dap": Vehicle.BICYCLE, "xe dap dien": Vehicle.BICYCLE, "xe tho so": Vehicle.BICYCLE,
    "xe may": Vehicle.MOTORCYCLE, "mo to": Vehicle.MOTORCYCLE, "xe gan may": Vehicle.MOTORCYCLE,
    "xe may dien": Vehicle.MOTORCYCLE, "xe tay ga": Vehicle.MOTORCYCLE, "xm": Vehicle.MOTORCYCLE,
    "o to": Vehicle.CAR, "oto": Vehicle.CAR, "xe hoi": Vehicle.CAR, "xe con": Vehicle.CAR, "xe tai": Vehicle.CAR,
    "xe khach": Vehicle.CAR, "di bo": Vehicle.PEDESTRIAN, "nguoi di bo": Vehicle.PEDESTRIAN,
    "nguoi ngoi sau": Vehicle.PASSENGER, "ngoi sau": Vehicle.PASSENGER, "hanh khach": Vehicle.PASSENGER,
}  # fmt: skip
_FILLER_WORDS = (
    "bi phat bao nhieu tien muc loi vi pham thi sao la gi toi em minh cho hoi a the nao nhu voi va cua "
    "may nhieu khong ko k dc duoc nay xe nguoi dieu khien di tren giao thong muon biet xin anh chi ad con km h kmh mg"
)
_FILLERS = frozenset(_FILLER_WORDS.split())  # In every question, so not significant.
_SPEED = re.compile(r"(?<![\d.,/])(\d{1,3})\s*(?:km|k\b|cây|cay)", re.IGNORECASE)
_ALCOHOL = re.compile(r"(?<!\d)(0[.,]\d{1,3})(?!\d)")
MIN_COVERAGE = 0.45  # Share of the question's weight that an entry has to cover.
MAX_LAG = 0.35  # An entry that covers so much less than the best is no answer beside it.


@dataclass(frozen=True, slots=True)
class FineMatch:
    """A fine that was found."""

    fine: Fine
    score: float  # 0 to 1: how much of the question it covers.


@dataclass(frozen=True)
class FineBook:
    """An index by terms: folded words and pairs of neighbours, which tell `vượt đèn đỏ` from `đến độ`."""

    fines: tuple[Fine, ...]
    by_term: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, fines: Iterable[Fine]) -> "FineBook":
        listed = tuple(fines)
        by_term: dict[str, list[int]] = {}
        for index, fine in enumerate(listed):
            for term in {*_terms(fold_words(fine.offence)), *_terms(fold_words(fine.words or ""))}:
                by_term.setdefault(term, []).append(index)
        return cls(listed, {term: tuple(indexes) for term, indexes in by_term.items()})

    def search(self, question: str, vehicle: Vehicle | None = None, limit: int = 5) -> list[FineMatch]:
        """Returns the best matches first: of the vehicle named in the question, else of `vehicle`, else of any.

        Nothing is guessed: an entry has to cover most of the question.
        """
        text = question[:500]
        named_vehicle, rest = _vehicle(fold_words(text))
        scores = self._coverage(_terms(rest))
        candidates = {index: score for index, score in scores.items() if score >= MIN_COVERAGE}
        matching = {
            index: score for index, score in candidates.items() if _fits(self.fines[index], named_vehicle or vehicle)
        }
        if not matching:
            matching = {} if named_vehicle else candidates
        figures = _figures(text)
        matching = {index: score + _figure_bonus(self.fines[index], figures) for index, score in matching.items()}
        best = max(matching.values(), default=0.0)
        order = sorted(
            (index for index in matching if matching[index] >= best - MAX_LAG),
            key=lambda index: (-matching[index], index),
        )
        return [FineMatch(self.fines[index], round(min(scores[index], 1.0), 4)) for index in order[:limit]]

    def _coverage(self, terms: list[str]) -> dict[int, float]:
        """Returns, by entry, the share of the question's weight that it covers. Rare words weigh more, unknown ones most."""
        weights = {term: self._weight(term) for term in terms}
        whole = sum(weights.values())
        scores: dict[int, float] = {}
        for term, weight in weights.items():
            for index in self.by_term.get(term, ()):
                scores[index] = scores.get(index, 0.0) + weight / whole
        return scores

    def _weight(self, term: str) -> float:
        pair = " " in term
        occurrences = len(self.by_term.get(term, ()))
        if pair and not occurrences:
            return 0.0  # People put words in any order; only a known pair carries information.
        return math.log(1 + len(self.fines) / (occurrences or 0.5)) * (0.5 if pair else 1.0)


def _terms(folded: str) -> list[str]:
    """Returns the significant words, and the pairs of neighbours with at least one of them."""
    words = folded.split()
    pairs = [f"{a} {b}" for a, b in pairwise(words) if not (a in _FILLERS and b in _FILLERS)]
    return list(dict.fromkeys([*(word for word in words if word not in _FILLERS and not is_digits(word)), *pairs]))


def _vehicle(folded: str) -> tuple[Vehicle | None, str]:
    padded = f" {folded} "
    for words in sorted(_VEHICLES_BY_WORDS, key=len, reverse=True):
        if f" {words} " in padded:
            return _VEHICLES_BY_WORDS[words], padded.replace(f" {words} ", " ").strip()
    return None, folded


def _fits(fine: Fine, vehicle: Vehicle | None) -> bool:
    """Returns whether the fine concerns the vehicle; fines for its owner and for everybody do."""
    return vehicle in (None, fine.vehicle) or fine.vehicle in (Vehicle.ANYONE, f"chu_{vehicle}")


def _figures(question: str) -> dict[Measure, float]:
    """Returns the measurements in a question: `quá tốc độ 15km`, `nồng độ cồn 0,3`."""
    speed, alcohol = _SPEED.search(question), _ALCOHOL.search(question)
    figures = {Measure.EXCESS_SPEED: float(speed[1])} if speed else {}
    return figures | ({Measure.ALCOHOL: float(alcohol[1].replace(",", "."))} if alcohol else {})


def _figure_bonus(fine: Fine, figures: Mapping[Measure, float]) -> float:
    value = figures.get(fine.measure) if fine.measure else None
    return 0.0 if value is None else 0.5 if fine.applies_to(value) else -0.5
