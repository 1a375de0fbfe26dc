"""A real Kafka of one's own topics, and the worst that can happen to it."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.chassis.worlds import OnKafka
from tests.servers.live import LiveBroker


@pytest.fixture
async def world(kafka: LiveBroker) -> AsyncIterator[OnKafka]:
    one = await OnKafka(kafka.servers).prepare()
    yield one
    await one.close()


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
