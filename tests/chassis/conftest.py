"""The worlds and the house the loop is tested in."""

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from chassis.log import _discreet
from tests.chassis.house import House
from tests.chassis.worlds import InMemory, OnKafka, World


@pytest.fixture(params=["memory", pytest.param("kafka", marks=[pytest.mark.live, pytest.mark.durable])])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The double first, then the real one."""
    if request.param == "memory":
        yield InMemory()
        return
    real = await OnKafka(request.getfixturevalue("kafka").servers).prepare()
    yield real
    await real.close()


@pytest.fixture
async def house(world: World) -> AsyncIterator[House]:
    one = House(world)
    yield one
    await one.close()


@pytest.fixture(autouse=True, scope="package")
def discreet_log() -> Iterator[None]:
    """Lines as in production: the pictures that structlog draws of faults by default take a quarter of a second each."""
    structlog.configure(processors=[_discreet, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()
