"""Nobody else's: another conversation, another paper, another minute."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chatbot.features.papers.effects import DropPaper, LinkPaper, MyPapers
from services.chatbot.features.papers.intake import PaperLinks
from tests.doubles import PEPPER, conversation
from tests.services.chatbot.chatbot_app import FILES, ChatbotApp
from tests.services.chatbot.citizen_chat import PORTAL
from tests.services.chatbot.fake_http import FileServer
from tests.services.chatbot.features.papers.paper_files import PDF_BYTES, SECRET, download, keep_paper, picture

pytestmark = pytest.mark.live


async def test_another_citizens_paper_is_not_there(chatbot_app: ChatbotApp, file_server: FileServer) -> None:
    lan, ke_la = chatbot_app.citizen("lan"), chatbot_app.citizen("ke_la")
    await keep_paper(lan, file_server.put("a", PDF_BYTES))
    (paper,) = await chatbot_app.papers.mine(MyPapers(conversation("lan", PORTAL)))
    await ke_la.says("#lam f_giay_to")
    await ke_la.says(f"#chon {paper.id}")
    assert SECRET not in ke_la.last
    stranger = conversation("ke_la", PORTAL)
    assert await chatbot_app.paper_links.link(LinkPaper(paper.id, stranger)) is None
    assert not await chatbot_app.papers.drop(DropPaper(paper.id, stranger))
    assert await chatbot_app.papers.opened(paper.id, stranger) is None


async def test_a_link_opens_one_paper_for_ten_minutes(
    chatbot_app: ChatbotApp, file_server: FileServer, chatbot_url: str
) -> None:
    lan = chatbot_app.citizen("lan")
    await keep_paper(lan, file_server.put("a", PDF_BYTES))
    await keep_paper(lan, file_server.put("b", picture()))
    papers, mine = chatbot_app.papers, conversation("lan", PORTAL)
    first, second = await papers.mine(MyPapers(mine))
    link = await chatbot_app.paper_links.link(LinkPaper(first.id, mine))
    assert link is not None
    url = link.url.replace("loa:", FILES)
    assert (await download(chatbot_url, url))[0] == 200
    paper, until, mac = url.rpartition("/")[2].split(".")
    longer = f"{paper}.{int(until) + 60}.{mac}"
    for forged in (f"{second.id.hex}.{until}.{mac}", longer, f"{paper}.{until}.{'0' * 32}", f"{paper}.{until}", "x"):
        assert (await download(chatbot_url, f"{FILES}/papers/{forged}"))[0] == 404, forged
    later = PaperLinks(papers, PEPPER, lambda: datetime.now(UTC) + timedelta(minutes=11))
    assert await later.open(f"{paper}.{until}.{mac}") is None
    await papers.drop(DropPaper(first.id, mine))
    assert (await download(chatbot_url, url))[0] == 404
