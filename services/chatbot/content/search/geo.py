"""Distances on the earth, for a few points or for thousands at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

EARTH_METRES = 6_371_008.8  # Mean radius.
POLE, DATE_LINE = 90, 180  # Degrees; beyond them there is no place.


def on_earth(lat: float, lon: float) -> bool:
    """Returns False for coordinates that do not exist, NaN among them."""
    return abs(lat) <= POLE and abs(lon) <= DATE_LINE


class Located(Protocol):
    @property
    def lat(self) -> float: ...

    @property
    def lon(self) -> float: ...


@dataclass(frozen=True)
class PointIndex:
    """Coordinates of many points, prepared for many queries."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]

    @classmethod
    def of(cls, points: Sequence[Located]) -> "PointIndex":
        return cls(np.radians([point.lat for point in points]), np.radians([point.lon for point in points]))

    def metres_from(self, lat: float, lon: float) -> NDArray[np.float64]:
        """Returns the great-circle metres (haversine) from a place in degrees to every point, in their order."""
        here_lat, here_lon = np.radians(lat), np.radians(lon)
        half = np.sin((self.lat - here_lat) / 2) ** 2
        half = half + np.cos(here_lat) * np.cos(self.lat) * np.sin((self.lon - here_lon) / 2) ** 2
        metres: NDArray[np.float64] = 2 * EARTH_METRES * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
        return metres

    def nearest(self, lat: float, lon: float, limit: int) -> list[tuple[int, float]]:
        """Returns (index, metres) of the nearest points, nearest first; ties in the order given."""
        metres = self.metres_from(lat, lon)
        order = np.argsort(metres, kind="stable")[:limit]
        return [(int(index), float(metres[index])) for index in order]


def distance(metres: float) -> str:
    """Returns a distance as people say it: `350 m`, `2,4 km`."""
    return f"{round(metres / 10) * 10:.0f} m" if metres < 1_000 else f"{metres / 1_000:.1f} km".replace(".", ",")  # noqa: PLR2004
