"""Finds traffic cameras by the name of a road, or nearest to a position."""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.text import fold_words
from services.chatbot.content.models.place import Camera
from services.chatbot.content.search.geo import PointIndex, on_earth


@dataclass(frozen=True)
class Cameras:
    all: tuple[Camera, ...]
    points: PointIndex
    names: tuple[str, ...]

    @classmethod
    def of(cls, cameras: Iterable[Camera]) -> "Cameras":
        listed = tuple(cameras)
        return cls(
            listed, PointIndex.of(listed), tuple(f" {fold_words(f'{camera.name} {camera.road}')} " for camera in listed)
        )

    def get(self, camera_id: str) -> Camera | None:
        """Returns the camera with this id, or None."""
        return next((camera for camera in self.all if camera.id == camera_id), None)

    def search(self, words: str, limit: int = 5) -> list[Camera]:
        """Returns the cameras whose name or road has all of the words, in the order of the file."""
        words_sought = fold_words(words).split()
        if not words_sought:
            return []
        hits = (
            camera
            for camera, name in zip(self.all, self.names, strict=True)
            if all(f" {word} " in name for word in words_sought)
        )
        return list(hits)[:limit]

    def nearest(self, lat: float, lon: float, limit: int = 3) -> list[tuple[Camera, float]]:
        """Returns the nearest cameras with their metres; none when the position is not on earth."""
        if not on_earth(lat, lon):
            return []
        return [(self.all[index], metres) for index, metres in self.points.nearest(lat, lon, limit)]
