"""Finds wards by today's name or by the name before the merger of 2025."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from contracts.text import fold_words
from services.chatbot.content.models.place import OldWard, Province, Ward
from services.chatbot.content.search.geo import PointIndex, on_earth
from services.chatbot.content.search.place_names import WARD_TYPES, Mention, expand, index_key, mentions, split_type

MIN_SIMILARITY = 86  # Of 100: how alike a misspelt name has to be.
MIN_LETTERS = 5  # Letters; shorter names are like too many others.
NAME_WORDS = (2, 3)  # Words, nearly all of them.


@dataclass(frozen=True, slots=True)
class WardMatch:
    """A ward of today; `old_ward` is the former one by which it was found. `score` only orders the results of one search."""

    ward: Ward
    province: Province
    old_ward: OldWard | None
    score: float


@dataclass(frozen=True, slots=True)
class _WardName:
    ward: Ward
    old_ward: OldWard | None
    type: str
    context: tuple[str, ...]  # Folded names, any of which in the question speaks for this one.
    district: str


@dataclass(frozen=True)
class Wards:
    """All wards, indexed by today's and former names and by position."""

    by_code: Mapping[str, Ward]
    provinces: Mapping[str, Province]
    points: PointIndex
    by_name: Mapping[str, tuple[_WardName, ...]]
    by_district: Mapping[str, tuple[_WardName, ...]]
    names: tuple[str, ...]

    @classmethod
    def of(cls, provinces: Iterable[Province], wards: Iterable[Ward], old: Iterable[OldWard]) -> "Wards":
        """Returns the index. The codes have to exist, which the check of the content ensures."""
        by_code, provinces_by_code = {unit.code: unit for unit in wards}, {unit.code: unit for unit in provinces}
        province_names = {
            code: split_type(fold_words(province.name))[1] for code, province in provinces_by_code.items()
        }
        by_name: dict[str, list[_WardName]] = {}
        by_district: dict[str, list[_WardName]] = {}
        folded: dict[str, str] = {}  # The same few districts thousands of times.
        for ward in by_code.values():
            name = fold_words(ward.name)
            by_name.setdefault(index_key(name), []).append(
                _WardName(ward, None, split_type(name)[0], (province_names[ward.province],), "")
            )
        for old_ward in old:
            ward = by_code[old_ward.code]
            district, province = (
                folded.setdefault(text, fold_words(text)) for text in (old_ward.district, old_ward.province)
            )
            context = (province_names[ward.province], split_type(province)[1])
            name = fold_words(old_ward.ward or old_ward.district)
            ward_name = _WardName(ward, old_ward, split_type(name)[0], context, index_key(district))
            by_name.setdefault(index_key(name), []).append(ward_name)
            for key in {district, index_key(district)}:
                by_district.setdefault(key, []).append(ward_name)
        centres = PointIndex.of(list(by_code.values()))
        return cls(by_code, provinces_by_code, centres, _frozen(by_name), _frozen(by_district), tuple(by_name))

    def search(self, question: str, limit: int = 5, home: str | None = None) -> list[WardMatch]:
        """Returns each ward once, best first. `home` is the code of the province to prefer when the text names none."""
        folded = expand(fold_words(question[:300]))
        matches: dict[str, WardMatch] = {}
        for mention in mentions(folded):
            for ward_name in self.by_name.get(mention.name, ()):
                self._add(
                    matches, ward_name, _score(ward_name, mention) + (1.5 if ward_name.ward.province == home else 0.0)
                )
        if not matches:
            self._search_misspelt(matches, folded, home)
        if not matches:
            self._search_district(matches, folded)
        best = sorted(matches.values(), key=lambda match: (-match.score, match.ward.code))
        return [match for match in best if match.score >= best[0].score - 3][:limit]

    def nearest(self, lat: float, lon: float, limit: int = 1) -> list[tuple[WardMatch, float]]:
        """Returns wards with the metres to their centre; near borders that is only a good guess."""
        if not on_earth(lat, lon):
            return []
        wards = list(self.by_code.values())
        distances = self.points.nearest(lat, lon, limit)
        return [(self._match(wards[index], None, -metres), metres) for index, metres in distances]

    def _search_district(self, matches: dict[str, WardMatch], folded: str) -> None:
        """Returns the wards of a district, up to the limit, when only the district is named."""
        for mention in mentions(folded):
            for ward_name in self.by_district.get(mention.name, ()):
                self._add(matches, ward_name, mention.words)

    def _search_misspelt(self, matches: dict[str, WardMatch], folded: str, home: str | None) -> None:
        candidates = (
            candidate
            for candidate in mentions(folded)
            if candidate.type in WARD_TYPES or candidate.rest.split() == ["|"]
        )
        for mention in [
            candidate
            for candidate in candidates
            if len(candidate.name) >= MIN_LETTERS and candidate.words in NAME_WORDS
        ][:3]:
            close = process.extract(mention.name, self.names, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY, limit=3)
            for name, similarity, _ in close:
                for ward_name in self.by_name[name]:
                    if mention.type in ("", ward_name.type):
                        at_home = 1.5 if ward_name.ward.province == home else 0.0
                        self._add(matches, ward_name, _score(ward_name, mention) * similarity / 100 + at_home)

    def _add(self, matches: dict[str, WardMatch], ward_name: _WardName, score: float) -> None:
        earlier = matches.get(ward_name.ward.code)
        if earlier is None or earlier.score < score:
            matches[ward_name.ward.code] = self._match(ward_name.ward, ward_name.old_ward, score)

    def _match(self, ward: Ward, old_ward: OldWard | None, score: float) -> WardMatch:
        return WardMatch(ward, self.provinces[ward.province], old_ward, round(score, 3))


def _frozen(table: Mapping[str, list[_WardName]]) -> dict[str, tuple[_WardName, ...]]:
    return {key: tuple(ward_names) for key, ward_names in table.items()}


def _score(ward_name: _WardName, mention: Mention) -> float:
    """Returns a score that grows with the name's length, the right type of place, and a district or province in the text."""
    score = 2.0 * mention.words + (0.5 if ward_name.old_ward is None else 0.0)
    if mention.type:
        score += 2.0 if mention.type == ward_name.type else -1.0
    elif mention.words == 1 and mention.rest.split() != ["|"]:
        score -= 1.5  # One word in a sentence without `phường` is rarely a place.
    if ward_name.district and f" {ward_name.district} " in mention.rest:
        score += 3.0
    return score + max(2.0 if f" {name} " in mention.rest else 0.0 for name in ward_name.context)
