"""Finds offices by name, by ward (today's or a former one), or nearest to a position."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from contracts.text import fold_words
from services.chatbot.content.models.place import Office, OfficeKind
from services.chatbot.content.search.geo import PointIndex, on_earth
from services.chatbot.content.search.place_names import expand
from services.chatbot.content.search.wards import WardMatch, Wards

POLICE = frozenset((OfficeKind.POLICE_WARD, OfficeKind.POLICE_DISTRICT, OfficeKind.POLICE_PROVINCE))
_KINDS_BY_WORDS: Mapping[str, frozenset[OfficeKind]] = {
    "cong an": POLICE,
    "don": POLICE,
    "uy ban": frozenset((OfficeKind.PEOPLE_COMMITTEE, OfficeKind.ONE_STOP)),
    "ubnd": frozenset((OfficeKind.PEOPLE_COMMITTEE, OfficeKind.ONE_STOP)),
    "mot cua": frozenset((OfficeKind.ONE_STOP,)),
    "hanh chinh cong": frozenset((OfficeKind.ONE_STOP,)),
    "benh vien": frozenset((OfficeKind.HOSPITAL,)),
    "tram y te": frozenset((OfficeKind.HOSPITAL,)),
    "truong": frozenset((OfficeKind.SCHOOL,)),
}
ANY_KIND = frozenset(OfficeKind)


@dataclass(frozen=True, slots=True)
class OfficeMatch:
    """`place` is the ward through which it was found; `metres` the distance from the citizen's position."""

    office: Office
    ward_match: WardMatch | None = None
    metres: float | None = None


@dataclass(frozen=True)
class OfficeIndex:
    """All offices, indexed by name, ward and position."""

    offices: Mapping[str, Office]
    wards: Wards
    points: PointIndex
    aliases: tuple[tuple[str, Office], ...]  # Folded, longest first.
    by_ward: Mapping[str, tuple[Office, ...]]

    @classmethod
    def of(cls, offices: Iterable[Office], wards: Wards) -> "OfficeIndex":
        by_id = {office.id: office for office in offices}
        names = [(fold_words(name), office) for office in by_id.values() for name in (office.name, *office.aliases)]
        by_ward: dict[str, list[Office]] = {}
        for office in by_id.values():
            for code in office.wards:
                by_ward.setdefault(code, []).append(office)
        aliases = tuple(sorted(names, key=lambda alias: (-len(alias[0]), alias[1].id)))
        serving = {code: tuple(offices_of_ward) for code, offices_of_ward in by_ward.items()}
        return cls(by_id, wards, PointIndex.of(list(by_id.values())), aliases, serving)

    def search(self, question: str, limit: int = 5, home: str | None = None) -> list[OfficeMatch]:
        """Returns offices whose name or alias is in the text, then those that serve a ward in the text."""
        folded = expand(fold_words(question[:300]))
        kinds = kinds_named(folded)
        matches: dict[str, OfficeMatch] = {}
        for alias, office in self.aliases:
            if f" {alias} " in f" {folded} ":
                matches.setdefault(office.id, OfficeMatch(office))
        if not matches:
            for ward_match in self.wards.search(question, limit=limit, home=home):
                for office in self.responsible_for(ward_match.ward.code, kinds):
                    matches.setdefault(office.id, OfficeMatch(office, ward_match))
        return list(matches.values())[:limit]

    def search_explicit(self, question: str, limit: int = 5) -> list[OfficeMatch]:
        """Returns the same as `search`, but none for a ward alone: the text may be about anything."""
        matches = self.search(question, limit)
        return (
            matches
            if kinds_named(expand(fold_words(question[:300]))) != ANY_KIND
            else [match for match in matches if match.ward_match is None]
        )

    def responsible_for(self, ward: str, kinds: frozenset[OfficeKind] = ANY_KIND) -> list[Office]:
        """Returns the offices responsible for a ward, the most local first."""
        return sorted(
            (office for office in self.by_ward.get(ward, ()) if office.kind in kinds),
            key=lambda office: len(office.wards),
        )

    def nearest(
        self,
        lat: float,
        lon: float,
        kinds: frozenset[OfficeKind] = ANY_KIND,
        limit: int = 3,
        among: Container[str] | None = None,
    ) -> list[OfficeMatch]:
        """Returns the nearest offices with their metres; none when the position is not on earth. `among` limits them by id."""
        if not on_earth(lat, lon):
            return []
        listed = list(self.offices.values())
        distances = self.points.nearest(lat, lon, len(listed))
        matches = [
            OfficeMatch(listed[index], None, metres)
            for index, metres in distances
            if listed[index].kind in kinds and (among is None or listed[index].id in among)
        ]
        return matches[:limit]


def kinds_named(folded: str) -> frozenset[OfficeKind]:
    """Returns the kinds of office that a folded question names; all when it names none."""
    kinds_found = [kinds for words, kinds in _KINDS_BY_WORDS.items() if f" {words} " in f" {folded} "]
    return frozenset().union(*kinds_found) if kinds_found else ANY_KIND
