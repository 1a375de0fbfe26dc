"""A question travels the whole way: signed webhook, gateway, Kafka, chatbot, Kafka, notify, OpenAPI, the citizen's chat."""

import pytest

from loa.testkit.quiet import quiet
from loa.testkit.system import Citizen, FullSystem

pytestmark = pytest.mark.live


async def test_what_papers_an_identity_card_needs_is_answered_in_the_chat(citizen: Citizen) -> None:
    await citizen.says("làm căn cước cần giấy tờ gì")
    messages = await citizen.receives()
    assert "căn cước" in messages[0]["text"].casefold()
    assert "CC01" in messages[0]["text"]


async def test_without_diacritics_the_answer_is_the_same(citizen: Citizen) -> None:
    await citizen.says("lam can cuoc can giay to gi")
    messages = await citizen.receives()
    assert "CC01" in messages[0]["text"]


async def test_each_question_has_exactly_one_answer(citizen: Citizen, system: FullSystem) -> None:
    for text in ("#hoi ho_chieu fee", "#hoi tam_tru papers", "#menu"):
        await citizen.says(text)
    messages = await citizen.receives()
    while len(messages) < 3:
        messages += await citizen.receives()
    await quiet(system)
    assert await citizen.receives(0) == []
    assert "hộ chiếu" in messages[0]["text"].casefold()
    assert "tạm trú" in messages[1]["text"].casefold()


async def test_a_tip_is_thanked_with_a_receipt_code_and_the_chatbot_is_silent(
    citizen: Citizen, system: FullSystem
) -> None:
    await citizen.says("#tinbao")
    first = await citizen.receives()
    assert any("TB-" in message["text"] for message in first)
    await citizen.says("tối qua có nhóm đua xe trước cổng chợ")
    await citizen.says("#xong")
    await quiet(system)
    messages = await citizen.receives(0)
    assert messages
    assert all("thủ tục" not in message["text"] for message in messages)
