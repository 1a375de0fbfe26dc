"""Minds are learnt once for all tests here: the small one anew, the real one kept between runs by the content's fingerprint."""

from pathlib import Path

import pytest

from services.chatbot.understand import Understanding
from services.chatbot.understand.content import Content, read_content
from services.chatbot.understand.lessons import taught_normaliser
from services.chatbot.understand.normalise import Normaliser
from tests.services.chatbot.understand.small import REAL, small_content


@pytest.fixture(scope="session")
def content() -> Content:
    return read_content(REAL)


@pytest.fixture(scope="session")
def normal(content: Content) -> Normaliser:
    return taught_normaliser(content)


@pytest.fixture(scope="session")
def small_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_content(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="session")
def small_mind(small_dir: Path) -> Understanding:
    return Understanding.train(small_dir)


@pytest.fixture(scope="session")
def mind() -> Understanding:
    return Understanding.train(REAL, REAL.parent / ".loa" / "understanding")
