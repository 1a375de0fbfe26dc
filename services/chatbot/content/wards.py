"""Every ward of the country, found by its name of today or of before the merger of 2025."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from services.chatbot.content.folding import fold
from services.chatbot.content.geo import Map, on_earth
from services.chatbot.content.models.place import OldWard, Province, Ward
from services.chatbot.content.names import WARD_TYPES, Mention, entry, expand, mentions, parted

NEAR = 86  # Of 100: how alike a misspelt name has to be.
TOO_SHORT = 5  # Letters; shorter names are like too many others.
NAMES_HAVE = (2, 3)  # Words, nearly all of them.


@dataclass(frozen=True, slots=True)
class Place:
    """A ward as it is now; `was` is the old one by which it was found. `score` only orders one search."""

    ward: Ward
    province: Province
    was: OldWard | None
    score: float


@dataclass(frozen=True, slots=True)
class _Filed:
    ward: Ward
    was: OldWard | None
    type: str
    context: tuple[str, ...]  # Folded names, any of which in the question speaks for this one.
    district: str


@dataclass(frozen=True)
class Wards:
    by_code: Mapping[str, Ward]
    provinces: Mapping[str, Province]
    where: Map
    filed: Mapping[str, tuple[_Filed, ...]]
    districts: Mapping[str, tuple[_Filed, ...]]
    names: tuple[str, ...]

    @classmethod
    def of(cls, provinces: Iterable[Province], wards: Iterable[Ward], old: Iterable[OldWard]) -> "Wards":
        """Every code in `wards` and `old` has to exist; the check of the content sees to that."""
        by_code, named = {one.code: one for one in wards}, {one.code: one for one in provinces}
        bare = {code: parted(fold(one.name))[1] for code, one in named.items()}
        filed: dict[str, list[_Filed]] = {}
        districts: dict[str, list[_Filed]] = {}
        folded: dict[str, str] = {}  # The same few districts thousands of times.
        for ward in by_code.values():
            name = fold(ward.name)
            filed.setdefault(entry(name), []).append(_Filed(ward, None, parted(name)[0], (bare[ward.province],), ""))
        for was in old:
            ward = by_code[was.code]
            district, province = (folded.setdefault(text, fold(text)) for text in (was.district, was.province))
            context = (bare[ward.province], parted(province)[1])
            name = fold(was.ward or was.district)
            one = _Filed(ward, was, parted(name)[0], context, entry(district))
            filed.setdefault(entry(name), []).append(one)
            for known_as in {district, entry(district)}:
                districts.setdefault(known_as, []).append(one)
        middles = Map.of(list(by_code.values()))
        return cls(by_code, named, middles, _fixed(filed), _fixed(districts), tuple(filed))

    def named(self, question: str, limit: int = 5, home: str | None = None) -> list[Place]:
        """Best first, each ward once. `home` is the code of the province that is meant when none is said."""
        asked = expand(fold(question[:300]))
        found: dict[str, Place] = {}
        for mention in mentions(asked):
            for one in self.filed.get(mention.name, ()):
                self._keep(found, one, _score(one, mention) + (1.5 if one.ward.province == home else 0.0))
        if not found:
            self._misspelt(found, asked, home)
        if not found:
            self._district(found, asked)
        best = sorted(found.values(), key=lambda place: (-place.score, place.ward.code))
        return [place for place in best if place.score >= best[0].score - 3][:limit]

    def nearest(self, lat: float, lon: float, limit: int = 1) -> list[tuple[Place, float]]:
        """Wards by the distance of their middle, with metres: a good guess near borders, and no more than that."""
        if not on_earth(lat, lon):
            return []
        wards = list(self.by_code.values())
        hits = self.where.nearest(lat, lon, limit)
        return [(self._place(wards[nth], None, -metres), metres) for nth, metres in hits]

    def _district(self, found: dict[str, Place], asked: str) -> None:
        """Only a district was named: all its wards, as far as there is room."""
        for mention in mentions(asked):
            for one in self.districts.get(mention.name, ()):
                self._keep(found, one, mention.words)

    def _misspelt(self, found: dict[str, Place], asked: str, home: str | None) -> None:
        may_be = (one for one in mentions(asked) if one.type in WARD_TYPES or one.rest.split() == ["|"])
        for mention in [one for one in may_be if len(one.name) >= TOO_SHORT and one.words in NAMES_HAVE][:3]:
            close = process.extract(mention.name, self.names, scorer=fuzz.ratio, score_cutoff=NEAR, limit=3)
            for name, likeness, _ in close:
                for one in self.filed[name]:
                    if mention.type in ("", one.type):
                        at_home = 1.5 if one.ward.province == home else 0.0
                        self._keep(found, one, _score(one, mention) * likeness / 100 + at_home)

    def _keep(self, found: dict[str, Place], one: _Filed, score: float) -> None:
        known = found.get(one.ward.code)
        if known is None or known.score < score:
            found[one.ward.code] = self._place(one.ward, one.was, score)

    def _place(self, ward: Ward, was: OldWard | None, score: float) -> Place:
        return Place(ward, self.provinces[ward.province], was, round(score, 3))


def _fixed(table: Mapping[str, list[_Filed]]) -> dict[str, tuple[_Filed, ...]]:
    return {key: tuple(ones) for key, ones in table.items()}


def _score(one: _Filed, mention: Mention) -> float:
    """Longer names, the right type of place, and a district or province said besides speak for a place."""
    score = 2.0 * mention.words + (0.5 if one.was is None else 0.0)
    if mention.type:
        score += 2.0 if mention.type == one.type else -1.0
    elif mention.words == 1 and mention.rest.split() != ["|"]:
        score -= 1.5  # One word in a sentence without `phường` is rarely a place.
    if one.district and f" {one.district} " in mention.rest:
        score += 3.0
    return score + max(2.0 if f" {name} " in mention.rest else 0.0 for name in one.context)
