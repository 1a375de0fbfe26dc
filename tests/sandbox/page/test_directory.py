"""Lists: conversations first, found without diacritics, bounded however many there are."""

import pytest

from sandbox.accounts import Account, OaRecord
from sandbox.page.directory import MOST_ROWS, oas, people, talks
from sandbox.people import Draft
from sandbox.platform import Platform
from sandbox.world import World
from tests.zalo import APP_ID, OA, OTHER_OA, SECRETS, settings


@pytest.fixture
def world() -> World:
    return Platform.build(settings(), SECRETS).world


def write(world: World, citizen_id: str, oa_id: str, text: str, *, from_oa: bool = False, kind: str = "text") -> None:
    world.keep(world.contact(citizen_id, oa_id), from_oa=from_oa, draft=Draft(kind, text))


def test_an_oa_is_shown_with_its_kind_and_description(world: World) -> None:
    row = oas(world, world.new_citizen("A").citizen_id).rows[0]
    assert (row.name, row.label) == ("Công an Quận 12", "Công an quận")
    assert "an ninh" in row.about


def test_the_latest_conversation_is_on_top_with_what_was_said_and_what_is_unread(world: World) -> None:
    citizen = world.new_citizen("A").citizen_id
    write(world, citizen, OA, "trước")
    write(world, citizen, OTHER_OA, "Xin chào")
    write(world, citizen, OTHER_OA, "Chào bạn", from_oa=True)
    write(world, citizen, OTHER_OA, "#menu", kind="hidden")
    first, second = oas(world, citizen).rows[:2]
    assert (first.key, first.last, first.unread) == (OTHER_OA, "Chào bạn", 1)
    assert (second.key, second.last, second.unread) == (OA, "Bạn: trước", 0)


def test_names_are_found_without_diacritics(world: World) -> None:
    citizen = world.new_citizen("Đỗ Thị Ví Dụ").citizen_id
    assert [row.name for row in oas(world, citizen, "cong an quan").rows] == ["Công an Quận 12"]
    assert [row.key for row in people(world, "do thi").rows] == [citizen]


def test_thousands_of_oas_are_a_bounded_list_that_says_how_many_are_left_out(world: World) -> None:
    for nth in range(6_000):
        record = OaRecord(oa_id=str(5 * 10**18 + nth), name=f"OA {nth}", kind="police_ward", app_id=APP_ID)
        world.accounts[record.oa_id] = Account(record)
    listing = oas(world, world.new_citizen("A").citizen_id)
    assert len(listing.rows) == MOST_ROWS
    assert listing.more == len(world.accounts) - MOST_ROWS


def test_an_officer_sees_who_wrote_to_this_oa_and_what_waits_for_an_answer(world: World) -> None:
    one, two, silent = (world.new_citizen(name).citizen_id for name in ("Một", "Hai", "Ba"))
    world.contact(silent, OA)
    write(world, one, OA, "hỏi")
    write(world, two, OTHER_OA, "nơi khác")
    write(world, one, OA, "hỏi nữa")
    rows = talks(world, OA).rows
    assert [(row.key, row.last, row.unread) for row in rows] == [(one, "hỏi nữa", 2)]
    write(world, one, OA, "đáp", from_oa=True)
    assert [(row.last, row.unread) for row in talks(world, OA).rows] == [("OA: đáp", 0)]


def test_those_already_on_the_page_are_not_offered_again(world: World) -> None:
    one, two = world.new_citizen("Một").citizen_id, world.new_citizen("Hai", "0900000001").citizen_id
    listing = people(world, without={one})
    assert [(row.key, row.label) for row in listing.rows] == [(two, "0900000001")]
