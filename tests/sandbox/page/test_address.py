"""A page that is loaded again shows the same people."""

import pytest

from sandbox.page.address import ColumnAddress, read, written

ENTRIES = [
    ColumnAddress("c1", "4100000000000000012"),
    ColumnAddress("c2"),
    ColumnAddress("4100000000000000012", "c1", officer=True),
]


def test_what_is_written_is_read_again() -> None:
    assert read(written(ENTRIES)) == ENTRIES


@pytest.mark.parametrize("address", ["", ".", "<script>", "c1_", "c1_a_b", "c 1", "x" * 100, "." * 10_000])
def test_what_cannot_be_read_is_left_out(address: str) -> None:
    assert read(address) == []


def test_nobody_is_there_twice() -> None:
    assert read("c1.c1") == [ColumnAddress("c1")]
