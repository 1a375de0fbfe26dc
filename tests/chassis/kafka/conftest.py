"""A real Kafka of one's own topics, and the worst that can happen to it."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from loa.testkit.servers import LiveBroker
from tests.chassis.brokers import KafkaBroker


@pytest.fixture
async def broker_env(kafka: LiveBroker) -> AsyncIterator[KafkaBroker]:
    environment = await KafkaBroker(kafka.servers).prepare()
    yield environment
    await environment.close()


@pytest.fixture
def frozen(kafka: LiveBroker) -> Callable[[], AbstractContextManager[None]]:
    """The broker neither answers nor hangs up."""

    @contextmanager
    def freeze() -> Iterator[None]:
        kafka.process.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            kafka.process.signal(signal.SIGCONT)

    return freeze
