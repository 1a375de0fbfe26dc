"""The unit directory: which office, by name, by ward old or new, or nearest to where a citizen stands."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from services.chatbot.content.folding import fold
from services.chatbot.content.geo import Map, on_earth
from services.chatbot.content.models.place import Office, OfficeKind
from services.chatbot.content.names import expand
from services.chatbot.content.wards import Place, Wards

POLICE = frozenset((OfficeKind.POLICE_WARD, OfficeKind.POLICE_DISTRICT, OfficeKind.POLICE_PROVINCE))
_SAID: Mapping[str, frozenset[OfficeKind]] = {
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
ANY = frozenset(OfficeKind)


@dataclass(frozen=True, slots=True)
class OfficeHit:
    """`place`: the ward through which it was found. `metres`: from the position asked from."""

    office: Office
    place: Place | None = None
    metres: float | None = None


@dataclass(frozen=True)
class Directory:
    offices: Mapping[str, Office]
    wards: Wards
    where: Map
    aliases: tuple[tuple[str, Office], ...]  # Folded, longest first.
    by_ward: Mapping[str, tuple[Office, ...]]

    @classmethod
    def of(cls, offices: Iterable[Office], wards: Wards) -> "Directory":
        by_id = {one.id: one for one in offices}
        names = [(fold(name), one) for one in by_id.values() for name in (one.name, *one.aliases)]
        by_ward: dict[str, list[Office]] = {}
        for one in by_id.values():
            for code in one.wards:
                by_ward.setdefault(code, []).append(one)
        aliases = tuple(sorted(names, key=lambda named: (-len(named[0]), named[1].id)))
        serving = {code: tuple(ones) for code, ones in by_ward.items()}
        return cls(by_id, wards, Map.of(list(by_id.values())), aliases, serving)

    def named(self, question: str, limit: int = 5, home: str | None = None) -> list[OfficeHit]:
        """Offices whose name or alias is said; then those that serve a ward that is said, by its old or new name."""
        asked = expand(fold(question[:300]))
        kinds = kinds_said(asked)
        found: dict[str, OfficeHit] = {}
        for alias, office in self.aliases:
            if f" {alias} " in f" {asked} ":
                found.setdefault(office.id, OfficeHit(office))
        if not found:
            for place in self.wards.named(question, limit=limit, home=home):
                for office in self.serving(place.ward.code, kinds):
                    found.setdefault(office.id, OfficeHit(office, place))
        return list(found.values())[:limit]

    def asked_for(self, question: str, limit: int = 5) -> list[OfficeHit]:
        """As `named`, for words that may be about anything: a ward alone is no question for an office."""
        hits = self.named(question, limit)
        return hits if kinds_said(expand(fold(question[:300]))) != ANY else [hit for hit in hits if hit.place is None]

    def serving(self, ward: str, kinds: frozenset[OfficeKind] = ANY) -> list[Office]:
        """Offices responsible for a ward, the most local first."""
        return sorted((one for one in self.by_ward.get(ward, ()) if one.kind in kinds), key=lambda one: len(one.wards))

    def nearest(
        self,
        lat: float,
        lon: float,
        kinds: frozenset[OfficeKind] = ANY,
        limit: int = 3,
        among: Container[str] | None = None,
    ) -> list[OfficeHit]:
        """Nearest first, with metres; nothing when the position is no position on earth. `among`: ids of offices."""
        if not on_earth(lat, lon):
            return []
        listed = list(self.offices.values())
        hits = self.where.nearest(lat, lon, len(listed))
        ours = [
            OfficeHit(listed[nth], None, metres)
            for nth, metres in hits
            if listed[nth].kind in kinds and (among is None or listed[nth].id in among)
        ]
        return ours[:limit]


def kinds_said(asked: str) -> frozenset[OfficeKind]:
    """The kinds of office that a folded question asks for; all when it names none."""
    said = [kinds for words, kinds in _SAID.items() if f" {words} " in f" {asked} "]
    return frozenset().union(*said) if said else ANY
