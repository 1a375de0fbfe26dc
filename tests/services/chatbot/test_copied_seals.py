"""Who can write to the log, and has no key: the chatbot opens nothing for them."""

import pytest

from chassis.crypto import DecryptionError
from services.chatbot.handle import ChatbotHandler
from tests.doubles import message_received
from tests.services.chatbot.conftest import POLICE
from tests.services.chatbot.handlers import batch

pytestmark = pytest.mark.live
CITIZEN, ATTACKER = "9000000000000000001", "9000000000000000002"
CANARY = "tôi muốn tố giác người ở số nhà thử nghiệm"


async def test_another_citizens_words_copied_into_ones_own_message_do_not_open(handler: ChatbotHandler) -> None:
    theirs = message_received(CANARY, user=CITIZEN, oa_id=POLICE)
    forged = message_received(user=ATTACKER, oa_id=POLICE).model_copy(update={"body": theirs.body})
    with pytest.raises(DecryptionError) as fault:
        await handler.handle(batch(forged))
    assert CANARY not in str(fault.value)


async def test_the_same_citizens_words_do_not_open_in_a_second_message(handler: ChatbotHandler) -> None:
    first = message_received(CANARY, oa_id=POLICE)
    with pytest.raises(DecryptionError):
        await handler.handle(batch(message_received(oa_id=POLICE).model_copy(update={"body": first.body})))
