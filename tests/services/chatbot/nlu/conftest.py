"""Models are trained once for all tests here: the small one anew, the real one kept between runs by its words' fingerprint."""

import pytest

from services.chatbot.content.content import Content
from services.chatbot.content.loader.snapshot import Snapshot
from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu import NluModel
from services.chatbot.nlu.normalise import Normaliser
from services.chatbot.nlu.training_set import build_normaliser
from tests.services.chatbot.content.content_files import SHIPPED
from tests.services.chatbot.nlu.small_content import small_files


@pytest.fixture(scope="session")
def shipped() -> Content:
    return Content.load(SHIPPED)


@pytest.fixture(scope="session")
def training_data(shipped: Content) -> TrainingData:
    return shipped.training_data


@pytest.fixture(scope="session")
def normal(training_data: TrainingData) -> Normaliser:
    return build_normaliser(training_data)


@pytest.fixture(scope="session")
def small_content() -> Content:
    return Content.of(Snapshot.of(small_files()))


@pytest.fixture(scope="session")
def small_model(small_content: Content) -> NluModel:
    return NluModel.train(small_content)


@pytest.fixture(scope="session")
def model(shipped: Content) -> NluModel:
    return NluModel.train(shipped, SHIPPED.parent / ".loa" / "understanding")
