"""Names of cases: the same for the same message, telling nothing to who lacks the pepper, and easy to read aloud."""

import re
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.crypto import Pepper
from services.tips.identifiers import Identifiers
from tests.events import PEPPER, conversation

IDENTIFIERS = Identifiers(PEPPER)


def message(number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"message {number}")


def test_the_same_message_gives_the_same_names() -> None:
    assert IDENTIFIERS.for_event(message(1)) == IDENTIFIERS.for_event(message(1))


def test_no_two_messages_and_no_two_uses_share_a_name() -> None:
    all_ids = [IDENTIFIERS.for_event(message(number)) for number in range(2_000)]
    names = [name for ids in all_ids for name in (ids.case_id, ids.piece_id, ids.code)]
    assert len(set(names)) == len(names)


def test_a_code_has_no_letter_that_is_mistaken_for_another() -> None:
    codes = [IDENTIFIERS.for_event(message(number)).code for number in range(2_000)]
    assert all(re.fullmatch(r"TB-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    assert {letter for code in codes for letter in code[3:]} - {"-"} == set("23456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_another_pepper_gives_other_names() -> None:
    first, other = IDENTIFIERS.for_event(message(1)), Identifiers(Pepper(b"q" * 32)).for_event(message(1))
    assert not {first.case_id, first.code, first.piece_id} & {other.case_id, other.code, other.piece_id}


def test_a_code_is_looked_up_under_something_else() -> None:
    code = IDENTIFIERS.for_event(message(1)).code
    assert code not in IDENTIFIERS.receipt(code)
    assert IDENTIFIERS.receipt(code) == IDENTIFIERS.receipt(code)


def test_a_person_in_the_store_of_reporters_is_not_the_conversation_of_the_log() -> None:
    assert IDENTIFIERS.person(conversation()) != conversation()


def test_the_code_is_in_no_representation() -> None:
    ids = IDENTIFIERS.for_event(message(1))
    assert ids.code not in repr(ids)
