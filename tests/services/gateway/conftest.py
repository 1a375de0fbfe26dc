"""Gateways as processes, for the tests that ask for them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from loa.testkit.servers import LiveBroker, LiveMongo
from tests.services.gateway.gateway_process import GatewayProcesses, gateway_processes


@pytest.fixture
async def scene(broker: LiveBroker, mongo: LiveMongo, tmp_path: Path) -> AsyncIterator[GatewayProcesses]:
    """A broker, a MongoDB, names of our own; replicas are started by the test."""
    async with gateway_processes(broker, mongo, tmp_path) as processes:
        yield processes
