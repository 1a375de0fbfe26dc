"""Who may see an imported dossier: its applicant, proven by birthday, or by the year and something more."""

from pathlib import Path

import pytest

from loa.clients.imports import ChatbotClient
from services.chatbot.features.dossiers.effects import FindDossier, MyDossiers, ProveIdentity
from services.chatbot.features.dossiers.store.imported import Dossiers
from tests.services.chatbot.features.dossiers.test_rows import GOOD, load, proven, write

pytestmark = pytest.mark.live


async def test_the_embedded_source_answers_only_the_applicant(
    import_client: ChatbotClient, dossiers: Dossiers, tmp_path: Path
) -> None:
    await load(import_client, write(tmp_path / "a.csv", GOOD))
    proof = await proven(dossiers)
    assert proof is not None
    mine, theirs = FindDossier("H29.12-260201-0001", proof.applicant), FindDossier("H29.12-260201-0001", "ai khác")
    answers = await dossiers.find([mine, theirs])
    assert answers[mine] is not None
    assert answers[theirs] is None
    nobody = MyDossiers("ai khác")
    assert (await dossiers.mine([nobody]))[nobody] is None


async def test_a_year_alone_is_proven_with_the_end_of_the_number_or_the_name_where_there_is_none(
    import_client: ChatbotClient, dossiers: Dossiers, tmp_path: Path
) -> None:
    numbered = GOOD.replace("05/09/1990", "00/00/1938")
    nameless = numbered.replace("-0001", "-0002", 1).replace("000000000001", "")
    outcome = await load(import_client, write(tmp_path / "a.csv", numbered, nameless))
    assert (outcome.rows, outcome.bad) == (2, [])
    with_number, with_name = "H29.12-260201-0001", "H29.12-260201-0002"
    assert await proven(dossiers, with_number, "1938", "000001") is not None
    assert await proven(dossiers, with_name, "1938", "nguyen thu mot") is not None
    wrong = [
        (with_number, ""),
        (with_number, "000002"),
        (with_number, "nguyen thu mot"),
        (with_name, ""),
        (with_name, "000001"),
    ]
    assert [await proven(dossiers, code, "1938", more) for code, more in wrong] == [None] * len(wrong)


async def test_who_somebody_is_is_proven_by_the_end_of_their_own_number(
    import_client: ChatbotClient, dossiers: Dossiers, tmp_path: Path
) -> None:
    nameless = GOOD.replace("-0001", "-0002", 1).replace("000000000001", "")
    await load(import_client, write(tmp_path / "a.csv", GOOD, nameless))
    known, unknown = await proven(dossiers), await proven(dossiers, "H29.12-260201-0002")
    assert known is not None
    assert unknown is not None
    right, wrong, without = (
        ProveIdentity("1", "c", "p", person.applicant, digits)
        for person, digits in ((known, "000001"), (known, "000002"), (unknown, "000001"))
    )
    assert await dossiers.identify([right, wrong, without]) == {right: known, wrong: None, without: None}
