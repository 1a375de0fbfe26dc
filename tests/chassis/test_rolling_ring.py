"""The ring that a service rolls by itself: a line a day, and nothing opens once its line is gone."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from chassis.crypto import DecryptionError, Place
from chassis.errors import MisconfiguredError, TransientError
from chassis.rolling_ring import RollingRing

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
PLACE = Place.stored("tips.transit_keys", "tips-2026030212")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transit" / "tips.keys"


def test_each_day_has_a_line_and_replicas_share_it(path: Path) -> None:
    ring, other = RollingRing(path, 2 * DAY), RollingRing(path, 2 * DAY)
    assert [ring.roll(TODAY), other.roll(TODAY), ring.roll(TODAY)] == [True, False, False]
    assert other.current().open(ring.current().seal(b"key", PLACE), PLACE) == b"key"
    assert path.stat().st_mode & 0o077 == 0


def test_what_was_sealed_stays_readable_for_its_days_and_no_longer(path: Path) -> None:
    ring = RollingRing(path, 2 * DAY)
    ring.roll(TODAY)
    sealed = ring.current().seal(b"key", PLACE)
    for days in (1, 2):
        ring.roll(TODAY + days * DAY)
        assert ring.current().open(sealed, PLACE) == b"key"
    ring.roll(TODAY + 3 * DAY)
    with pytest.raises(DecryptionError, match="not on this ring any more"):
        ring.current().open(sealed, PLACE)


def test_a_clock_that_runs_backwards_makes_no_second_line_and_drops_none(path: Path) -> None:
    ring = RollingRing(path, 2 * DAY)
    ring.roll(TODAY)
    assert not ring.roll(TODAY - DAY)


def test_before_it_is_made_it_is_waited_for(path: Path) -> None:
    with pytest.raises(TransientError, match="not there yet"):
        RollingRing(path, DAY).current()


def test_a_file_that_is_none_of_ours_is_named_with_the_remedy(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("xx:AAAA\n")
    with pytest.raises(MisconfiguredError, match="TRANSIT_RING"):
        RollingRing(path, DAY).roll(TODAY)
