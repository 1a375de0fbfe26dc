"""Names of cases: the same for the same message, telling nothing to who lacks the pepper, and easy to read aloud."""

import re
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.sealing import Pepper
from services.tips.names import Names
from tests.facts import PEPPER, conversation

NAMES = Names(PEPPER)


def message(nth: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"message {nth}")


def test_the_same_message_gives_the_same_names() -> None:
    assert NAMES.of(message(1)) == NAMES.of(message(1))


def test_no_two_messages_and_no_two_uses_share_a_name() -> None:
    named = [NAMES.of(message(nth)) for nth in range(2_000)]
    names = [name for one in named for name in (one.case_id, one.piece_id, one.code)]
    assert len(set(names)) == len(names)


def test_a_code_has_no_letter_that_is_mistaken_for_another() -> None:
    codes = [NAMES.of(message(nth)).code for nth in range(2_000)]
    assert all(re.fullmatch(r"TB-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    assert {letter for code in codes for letter in code[3:]} - {"-"} == set("23456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_another_pepper_gives_other_names() -> None:
    one, other = NAMES.of(message(1)), Names(Pepper(b"q" * 32)).of(message(1))
    assert not {one.case_id, one.code, one.piece_id} & {other.case_id, other.code, other.piece_id}


def test_a_code_is_looked_up_under_something_else() -> None:
    code = NAMES.of(message(1)).code
    assert code not in NAMES.receipt(code)
    assert NAMES.receipt(code) == NAMES.receipt(code)


def test_a_person_in_the_vault_is_not_the_conversation_of_the_log() -> None:
    assert NAMES.person(conversation()) != conversation()


def test_the_code_is_in_no_representation() -> None:
    named = NAMES.of(message(1))
    assert named.code not in repr(named)
