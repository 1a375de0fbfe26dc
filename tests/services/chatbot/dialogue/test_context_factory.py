"""A flow in progress sees the edition it began with, read from the archive before anything is decided."""

from pathlib import Path

from services.chatbot.content.archive import EditionArchive
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.state import Conversation, FlowState
from tests.events import NOON, message_received
from tests.services.chatbot.content.content_files import FILES, OA, write


async def test_a_flow_begun_before_a_restart_sees_its_own_edition(tmp_path: Path) -> None:
    archive = EditionArchive(tmp_path / "archive")
    began = ContentEditions(Content.load(write(tmp_path / "content")), archive).current.version
    renamed = FILES["topics.yaml"].replace('name: "An ninh"', 'name: "Mới"')
    current = Content.load(write(tmp_path / "content", topics_dot_yaml=renamed))
    contexts = ContextFactory(ContentEditions(current, archive), "phuong")
    state = Conversation(run=FlowState(flow="f_dat_lich", step="s", version=began, began_at=NOON, touched_at=NOON))
    event = message_received("tiếp", oa_id=OA, at=NOON)
    await contexts.load_editions([state, Conversation()])
    assert contexts.create(event, NOON, state).content.topics["an_ninh"].name == "An ninh"
    assert contexts.create(event, NOON, Conversation()).content.topics["an_ninh"].name == "Mới"
