"""The worlds and the house the loop is tested in."""

from collections.abc import AsyncIterator

import pytest

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
