"""Each edition is understood by a model trained from its own words, whatever the files say by now."""

from pathlib import Path

from services.chatbot.content.archive import EditionArchive
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.registry import ModelRegistry
from tests.services.chatbot.nlu.small_content import small_content as write_small_content
from tests.waiting import until

PIGEONS = "cho hỏi thả bồ câu"


def _teach(folder: Path, key: str) -> None:
    path = folder / f"utterances/{key}.yaml"
    path.write_text(path.read_text() + f'  - "{PIGEONS}"\n  - "thả bồ câu"\n  - "em muốn thả bồ câu"\n')


async def test_an_edition_saved_over_before_training_starts_is_trained_from_its_own_words(tmp_path: Path) -> None:
    first = Content.load(write_small_content(tmp_path))
    _teach(tmp_path, "tam_tru")
    taught = Content.load(tmp_path)
    write_small_content(tmp_path)
    _teach(tmp_path, "ho_chieu")  # Saved again: this is what stands in the files when training starts.
    models = ModelRegistry()
    for edition in (first, taught, Content.load(tmp_path)):
        models.prepare(edition)
    queries = [Understand(PIGEONS, version) for version in models.versions]
    answers = await models.answer(queries)
    keys = [answers[query].key for query in queries]
    assert keys[1:] == ["tam_tru", "ho_chieu"]
    assert keys[0] not in {"tam_tru", "ho_chieu"}


async def test_an_archived_edition_is_trained_from_its_own_words_after_a_restart(tmp_path: Path) -> None:
    archive, folder = EditionArchive(tmp_path / "archive"), tmp_path / "content"
    _teach(write_small_content(folder), "tam_tru")
    archived = ContentEditions(Content.load(folder), archive).current.version
    models = ModelRegistry()
    editions = ContentEditions(Content.load(write_small_content(folder)), archive, models.prepare, models.release)
    await editions.load([archived])
    await until(lambda: archived in models.versions, seconds=30)
    queries = [Understand(PIGEONS, version) for version in (archived, editions.current.version)]
    answers = await models.answer(queries)
    assert answers[queries[0]].key == "tam_tru"
    assert answers[queries[1]].key != "tam_tru"


async def test_an_edition_without_a_model_is_understood_by_the_newest(small_content: Content) -> None:
    models = ModelRegistry()
    models.prepare(small_content)
    answers = await models.answer([Understand("làm hộ chiếu", "0" * 16)])
    assert [understood.key for understood in answers.values()] == ["ho_chieu"]
