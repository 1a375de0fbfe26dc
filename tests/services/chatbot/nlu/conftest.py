"""Minds are learnt once for all tests here: the small one anew, the real one kept between runs by the content's fingerprint."""

from pathlib import Path

import pytest

from services.chatbot.nlu import NluModel
from services.chatbot.nlu.normalise import Normaliser
from services.chatbot.nlu.training_data import TrainingData, read_training_data
from services.chatbot.nlu.training_set import build_normaliser
from tests.services.chatbot.nlu.small_content import SHIPPED, small_content


@pytest.fixture(scope="session")
def content() -> TrainingData:
    return read_training_data(SHIPPED)


@pytest.fixture(scope="session")
def normal(content: TrainingData) -> Normaliser:
    return build_normaliser(content)


@pytest.fixture(scope="session")
def small_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_content(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="session")
def small_model(small_dir: Path) -> NluModel:
    return NluModel.train(small_dir)


@pytest.fixture(scope="session")
def model() -> NluModel:
    return NluModel.train(SHIPPED, SHIPPED.parent / ".loa" / "understanding")
