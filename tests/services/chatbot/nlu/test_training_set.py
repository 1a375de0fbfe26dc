"""Words that cannot be learnt from are refused by file and line."""

import pytest

from services.chatbot.content import Content, ContentErrors
from services.chatbot.content.loader.snapshot import Snapshot
from services.chatbot.nlu import NluModel
from tests.services.chatbot.content.content_files import content
from tests.services.chatbot.nlu.small_content import small_files


def refusal(content: Content) -> str:
    with pytest.raises(ContentErrors) as refused:
        NluModel.train(content)
    return str(refused.value)


def test_every_sentence_that_two_keys_claim_is_refused_by_its_line() -> None:
    files = small_files()
    for key in ("tam_tru", "oos"):
        files[f"utterances/{key}.yaml"] += b'  - "lam passport"\n'
    reported = refusal(Content.of(Snapshot.of(files))).splitlines()
    assert reported[0].startswith("utterances/oos.yaml:13: câu «lam passport» trùng với «làm hộ chiếu»")
    assert reported[1].startswith("utterances/tam_tru.yaml:11: câu «lam passport» trùng với «làm hộ chiếu»")
    assert len(reported) == 2


def test_words_too_few_to_learn_from_are_refused_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_second_class(*_: object) -> None:
        raise ValueError("needs samples of at least 2 classes")

    monkeypatch.setattr("services.chatbot.nlu.training._logistic", no_second_class)
    assert refusal(content()).startswith("utterances:1: các câu mẫu còn quá ít")
