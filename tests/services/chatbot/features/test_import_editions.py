"""What is visible changes only when it should: not by half a file, and back again with one command."""

from pathlib import Path

import pytest

from chassis.mongo import Database
from loa.clients import imports
from loa.clients.imports import ChatbotClient, editions, restore, send
from loa.runtime.errors import SetupError
from services.chatbot.lookups.store.datasets import Datasets
from tests.doubles import NOON
from tests.services.chatbot.features.import_files import load, score_file, score_of, write

pytestmark = pytest.mark.live


async def test_a_list_that_shrinks_by_half_wants_force_and_comes_back_with_one_command(
    import_client: ChatbotClient, datasets: Datasets, tmp_path: Path
) -> None:
    await load(import_client, "scores", score_file(tmp_path / "cu.csv", 100))
    small = score_file(tmp_path / "moi.csv", 50)
    assert "--force" in (await load(import_client, "scores", small)).refusal
    assert await score_of(datasets, "37000077") is not None, "the old file is what everybody sees"
    forced = await send(import_client, "scores", small, source="Sở", as_of=NOON, step=lambda _: None, force=True)
    assert (forced.rows, forced.refusal, await score_of(datasets, "37000077")) == (50, "", None)
    assert (await restore(import_client, "scores"))["rows"] == 100
    assert await score_of(datasets, "37000077") is not None
    again = await send(import_client, "scores", small, source="Sở", as_of=NOON, step=lambda _: None, force=True)
    assert (again.already, again.rows) == (False, 50), "what was undone can be loaded again"
    [scores] = [dataset for dataset in await editions(import_client) if dataset["kind"] == "scores"]
    assert (scores["current"]["rows"], scores["former"]["rows"]) == (50, 100)


async def test_only_the_former_edition_is_kept(db: Database, import_client: ChatbotClient, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="không có bản trước"):
        await restore(import_client, "scores")
    for count in (10, 11, 12):
        await load(import_client, "scores", score_file(tmp_path / f"{count}.csv", count))
    assert await db.scores.count_documents({}) == 11 + 12
    assert await db.imports.count_documents({}) == 2


async def test_a_file_that_was_cut_off_wants_force(import_client: ChatbotClient, tmp_path: Path) -> None:
    path = write(tmp_path, "SBD,Toán\n37000001,6\n37000002,7")
    with pytest.raises(SetupError, match="bị cắt"):
        await load(import_client, "scores", path)
    forced = await send(import_client, "scores", path, source="Sở", as_of=NOON, step=lambda _: None, force=True)
    assert forced.rows == 2


async def test_a_resumed_load_tells_what_was_wrong_before_it_stopped(
    import_client: ChatbotClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNK", 2)
    path = write(tmp_path, "SBD,Toán\n37000001,6\nrác,1\n37000002,7\nrác,2\n")

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await send(import_client, "scores", path, source="Sở", as_of=NOON, step=stop)
    outcome = await load(import_client, "scores", path)
    assert (outcome.resumed_at, [bad["line"] for bad in outcome.bad]) == (1, [3, 5])


async def test_a_chunk_of_a_load_that_nobody_began_is_refused(import_client: ChatbotClient) -> None:
    async with import_client.session() as http:
        async with http.put("/api/imports/scores-none/chunks/0", json={"rows": []}) as answer:
            assert answer.status == 404
        async with http.put("/api/imports/scores-none/chunks/0", json={"rows": [[1]]}) as answer:
            assert answer.status == 422
        async with http.post("/api/datasets/nothing/restore") as answer:
            assert answer.status == 404
