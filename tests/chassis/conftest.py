"""The brokers and the service that the loop is tested with."""

from collections.abc import AsyncIterator

import pytest

from tests.chassis.brokers import BrokerEnv, InMemoryBroker, KafkaBroker
from tests.chassis.loop_harness import LoopHarness


@pytest.fixture(params=["memory", pytest.param("kafka", marks=[pytest.mark.live, pytest.mark.durable])])
async def broker_env(request: pytest.FixtureRequest) -> AsyncIterator[BrokerEnv]:
    """The double first, then the real one."""
    if request.param == "memory":
        yield InMemoryBroker()
        return
    real = await KafkaBroker(request.getfixturevalue("kafka").servers).prepare()
    yield real
    await real.close()


@pytest.fixture
async def loop_harness(broker_env: BrokerEnv) -> AsyncIterator[LoopHarness]:
    harness = LoopHarness(broker_env)
    yield harness
    await harness.close()
