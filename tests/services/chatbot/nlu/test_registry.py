"""Each edition is understood by a model trained from its own words, whatever the files say by now."""

from pathlib import Path

from services.chatbot.content.content import Content
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.registry import ModelRegistry
from tests.services.chatbot.nlu.small_content import small_content

PIGEONS = "cho hỏi thả bồ câu"


def _teach(folder: Path, key: str) -> None:
    path = folder / f"utterances/{key}.yaml"
    path.write_text(path.read_text() + f'  - "{PIGEONS}"\n  - "thả bồ câu"\n  - "em muốn thả bồ câu"\n')


async def test_an_edition_saved_over_before_training_starts_is_trained_from_its_own_words(tmp_path: Path) -> None:
    first = Content.load(small_content(tmp_path))
    _teach(tmp_path, "tam_tru")
    taught = Content.load(tmp_path)
    small_content(tmp_path)
    _teach(tmp_path, "ho_chieu")  # Saved again: this is what stands in the files when training starts.
    models = ModelRegistry()
    for edition in (first, taught, Content.load(tmp_path)):
        models.prepare(edition)
    queries = [Understand(PIGEONS, version) for version in models.versions]
    answers = await models.answer(queries)
    keys = [answers[query].key for query in queries]
    assert keys[1:] == ["tam_tru", "ho_chieu"]
    assert keys[0] not in {"tam_tru", "ho_chieu"}
