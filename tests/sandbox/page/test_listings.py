"""Lists: conversations first, found without diacritics, bounded however many there are."""

import pytest

from sandbox.accounts import Account, OaRecord
from sandbox.network import Network
from sandbox.page.listings import MOST_ROWS, oas, people, talks
from sandbox.people import Draft
from sandbox.platform import Platform
from tests.zalo import APP_ID, OA, OTHER_OA, SECRETS, settings


@pytest.fixture
def network() -> Network:
    return Platform.build(settings(), SECRETS).network


def write(
    network: Network, citizen_id: str, oa_id: str, text: str, *, from_oa: bool = False, kind: str = "text"
) -> None:
    network.add_message(network.contact(citizen_id, oa_id), from_oa=from_oa, draft=Draft(kind, text))


def test_an_oa_is_shown_with_its_kind_and_description(network: Network) -> None:
    row = oas(network, network.new_citizen("A").citizen_id).rows[0]
    assert (row.name, row.label) == ("Công an Quận 12", "Công an quận")
    assert "an ninh" in row.about


def test_the_latest_conversation_is_on_top_with_what_was_said_and_what_is_unread(network: Network) -> None:
    citizen = network.new_citizen("A").citizen_id
    write(network, citizen, OA, "trước")
    write(network, citizen, OTHER_OA, "Xin chào")
    write(network, citizen, OTHER_OA, "Chào bạn", from_oa=True)
    write(network, citizen, OTHER_OA, "#menu", kind="hidden")
    first, second = oas(network, citizen).rows[:2]
    assert (first.key, first.last, first.unread) == (OTHER_OA, "Chào bạn", 1)
    assert (second.key, second.last, second.unread) == (OA, "Bạn: trước", 0)


def test_names_are_found_without_diacritics(network: Network) -> None:
    citizen = network.new_citizen("Đỗ Thị Ví Dụ").citizen_id
    assert [row.name for row in oas(network, citizen, "cong an quan").rows] == ["Công an Quận 12"]
    assert [row.key for row in people(network, "do thi").rows] == [citizen]


def test_thousands_of_oas_are_a_bounded_list_that_says_how_many_are_left_out(network: Network) -> None:
    for index in range(6_000):
        record = OaRecord(oa_id=str(5 * 10**18 + index), name=f"OA {index}", kind="police_ward", app_id=APP_ID)
        network.accounts[record.oa_id] = Account(record)
    listing = oas(network, network.new_citizen("A").citizen_id)
    assert len(listing.rows) == MOST_ROWS
    assert listing.more == len(network.accounts) - MOST_ROWS


def test_an_officer_sees_who_wrote_to_this_oa_and_what_waits_for_an_answer(network: Network) -> None:
    first, second, silent = (network.new_citizen(name).citizen_id for name in ("Một", "Hai", "Ba"))
    network.contact(silent, OA)
    write(network, first, OA, "hỏi")
    write(network, second, OTHER_OA, "nơi khác")
    write(network, first, OA, "hỏi nữa")
    rows = talks(network, OA).rows
    assert [(row.key, row.last, row.unread) for row in rows] == [(first, "hỏi nữa", 2)]
    write(network, first, OA, "đáp", from_oa=True)
    assert [(row.last, row.unread) for row in talks(network, OA).rows] == [("OA: đáp", 0)]


def test_those_already_on_the_page_are_not_offered_again(network: Network) -> None:
    first, second = network.new_citizen("Một").citizen_id, network.new_citizen("Hai", "0900000001").citizen_id
    listing = people(network, without={first})
    assert [(row.key, row.label) for row in listing.rows] == [(second, "0900000001")]
