"""Nobody else's: another conversation, another paper, another minute."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chatbot.lookups.keeping import Links
from services.chatbot.papers import DropPaper, LinkPaper, MyPapers
from tests.doubles import PEPPER, conversation
from tests.services.chatbot.files import PDF_BYTES, SECRET, get, keeps, picture
from tests.services.chatbot.office import FILES, PORTAL, Office
from tests.services.chatbot.webs import Shelf

pytestmark = pytest.mark.live


async def test_another_citizens_paper_is_not_there(office: Office, shelf: Shelf) -> None:
    lan, ke_la = office.citizen("lan"), office.citizen("ke_la")
    await keeps(lan, shelf.put("a", PDF_BYTES))
    (paper,) = await office.wired.filing.papers.mine(MyPapers(conversation("lan", PORTAL)))
    await ke_la.says("#lam f_giay_to")
    await ke_la.says(f"#chon {paper.id}")
    assert SECRET not in ke_la.last
    stranger = conversation("ke_la", PORTAL)
    assert await office.wired.filing.links.link(LinkPaper(paper.id, stranger)) is None
    assert not await office.wired.filing.papers.drop(DropPaper(paper.id, stranger))
    assert await office.wired.filing.papers.opened(paper.id, stranger) is None


async def test_a_link_opens_one_paper_for_ten_minutes(office: Office, shelf: Shelf, door: str) -> None:
    lan = office.citizen("lan")
    await keeps(lan, shelf.put("a", PDF_BYTES))
    await keeps(lan, shelf.put("b", picture()))
    papers, mine = office.wired.filing.papers, conversation("lan", PORTAL)
    first, second = await papers.mine(MyPapers(mine))
    link = await office.wired.filing.links.link(LinkPaper(first.id, mine))
    assert link is not None
    url = link.url.replace("loa:", FILES)
    assert (await get(door, url))[0] == 200
    paper, until, mac = url.rpartition("/")[2].split(".")
    longer = f"{paper}.{int(until) + 60}.{mac}"
    for forged in (f"{second.id.hex}.{until}.{mac}", longer, f"{paper}.{until}.{'0' * 32}", f"{paper}.{until}", "x"):
        assert (await get(door, f"{FILES}/papers/{forged}"))[0] == 404, forged
    later = Links(papers, PEPPER, lambda: datetime.now(UTC) + timedelta(minutes=11))
    assert await later.open(f"{paper}.{until}.{mac}") is None
    await papers.drop(DropPaper(first.id, mine))
    assert (await get(door, url))[0] == 404
