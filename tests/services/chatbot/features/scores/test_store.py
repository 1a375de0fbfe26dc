"""A score file on its way in: bad rows told, nothing half-loaded seen, resumed where it stopped."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from loa.clients.imports import ChatbotClient, send
from loa.runtime.errors import SetupError
from services.chatbot.features.scores.effects import FindScore, ScoresHaveNames
from services.chatbot.features.scores.store import Scores
from services.chatbot.lookups.store.datasets import Datasets
from tests.doubles import NOON, PEPPER
from tests.services.chatbot.features.import_files import load, score_file

pytestmark = pytest.mark.live


async def test_bad_rows_are_told_by_line_and_the_good_ones_are_there(
    import_client: ChatbotClient, datasets: Datasets, tmp_path: Path
) -> None:
    outcome = await load(import_client, "scores", score_file(tmp_path / "diem.csv", 12_000, broken=2))
    assert outcome.rows == 12_000
    assert [bad["line"] for bad in outcome.bad] == [12_002, 12_003]
    assert "mười" not in str(outcome.bad), "a reason never quotes the row"
    scores = Scores(datasets, PEPPER)
    query = FindScore("37000007")
    result = (await scores.answer([query]))[query]
    assert result is not None
    assert set(result.value.marks) == {"Toán", "Ngữ văn"}, "a subject that was not taken is left out"


async def test_nothing_half_loaded_is_seen_and_a_load_goes_on_where_it_stopped(
    datasets: Datasets, import_client: ChatbotClient, tmp_path: Path
) -> None:
    await load(import_client, "scores", score_file(tmp_path / "cu.csv", 100))
    path = score_file(tmp_path / "moi.csv", 12_000)
    steps = 0

    def stop(_: int) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await send(import_client, "scores", path, source="Sở", as_of=NOON, step=stop)
    scores, new = Scores(datasets, PEPPER), FindScore("37000500")
    assert (await scores.answer([new]))[new] is None, "the old file is what everybody sees"
    outcome = await load(import_client, "scores", path)
    assert outcome.resumed_at == 2
    assert outcome.rows == 12_000
    assert (await scores.answer([new]))[new] is not None


async def test_the_same_number_twice_in_a_file_is_a_bad_row(import_client: ChatbotClient, tmp_path: Path) -> None:
    path = tmp_path / "diem.csv"
    path.write_text("Số báo danh;Toán\n37000001;5\n37000001;9,5\n", encoding="utf-8")
    outcome = await load(import_client, "scores", path)
    assert [(bad["line"], bad["reason"]) for bad in outcome.bad] == [(3, "trùng với một dòng trước đó")]


async def test_a_workbook_is_read_like_a_csv(import_client: ChatbotClient, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["SBD", "Họ tên", "Toán"])
    sheet.append(["37000001", "Lê Thị Thử", 0])
    book.save(tmp_path / "diem.xlsx")
    assert (await load(import_client, "scores", tmp_path / "diem.xlsx")).rows == 1


async def test_where_names_are_known_the_name_has_to_fit(
    import_client: ChatbotClient, datasets: Datasets, tmp_path: Path
) -> None:
    path = tmp_path / "diem.csv"
    path.write_text("sbd,ho_ten,toan\n37000001,Lê Thị Thử,9\n", encoding="utf-8")
    await load(import_client, "scores", path)
    scores = Scores(datasets, PEPPER)
    right, wrong = FindScore("37000001", "le thi thu"), FindScore("37000001", "ai khac")
    results = await scores.answer([right, wrong])
    assert await scores.have_names(ScoresHaveNames())
    assert results[right] is not None
    assert results[wrong] is None


async def test_a_wrong_file_or_token_is_refused_with_the_remedy(import_client: ChatbotClient, tmp_path: Path) -> None:
    path = tmp_path / "rac.csv"
    path.write_bytes(b"\xff\xfe\x00rubbish")
    with pytest.raises(SetupError):
        await load(import_client, "scores", path)
    good = score_file(tmp_path / "diem.csv", 3)
    with pytest.raises(SetupError, match="mã truy cập"):
        await load(ChatbotClient(import_client.url, "wrong"), "scores", good)
    async with import_client.session() as http, http.post("/api/imports", json={"kind": "scores"}) as answer:
        assert answer.status == 422
