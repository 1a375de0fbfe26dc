"""Traffic cameras: all of them, by the name of a road, or nearest to a position."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.chatbot.content.folding import fold
from services.chatbot.content.geo import Map, on_earth
from services.chatbot.content.models.place import Camera


@dataclass(frozen=True)
class Cameras:
    all: tuple[Camera, ...]
    where: Map
    names: tuple[str, ...]

    @classmethod
    def of(cls, cameras: Iterable[Camera]) -> "Cameras":
        listed = tuple(cameras)
        return cls(listed, Map.of(listed), tuple(f" {fold(f'{one.name} {one.road}')} " for one in listed))

    def get(self, camera_id: str) -> Camera | None:
        return next((one for one in self.all if one.id == camera_id), None)

    def named(self, words: str, limit: int = 5) -> list[Camera]:
        """Cameras whose name or road has all of the words, in the order of the file."""
        wanted = fold(words).split()
        if not wanted:
            return []
        hits = (one for one, name in zip(self.all, self.names, strict=True) if all(f" {w} " in name for w in wanted))
        return list(hits)[:limit]

    def nearest(self, lat: float, lon: float, limit: int = 3) -> list[tuple[Camera, float]]:
        """With metres; nothing when the position is no position on earth."""
        if not on_earth(lat, lon):
            return []
        return [(self.all[nth], metres) for nth, metres in self.where.nearest(lat, lon, limit)]
