"""The suite's own servers: started by the first test that asks, shared, and stopped with everything they wrote."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from loa.runtime import secrets
from loa.testkit.servers import LiveBroker, LiveMongo, make_kafka, make_mongo, make_tansu
from tests import swallowed

swallowed.watch()
# A busy machine is slow to make examples and slow to run them; that says nothing about what is tested.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

# A busy machine is no fault of a property, and what `make test` says today it says tomorrow: `make verify` draws anew.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", settings.get_profile("search"), derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def no_error_is_swallowed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test in which an error was logged that it does not expect (tests/swallowed.py)."""
    expected = {name for marker in request.node.iter_markers("expects_errors") for name in marker.args}
    with swallowed.swallowed_errors() as errors:
        yield
    unexpected = sorted(set(errors) - expected)
    assert not unexpected, f"swallowed errors: {', '.join(unexpected)} (expected ones are named by expects_errors)"


@pytest.fixture(scope="session")
def servers_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Data and logs of the suite's servers: hundreds of megabytes, so not left for later."""
    home = tmp_path_factory.mktemp("servers")
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def mongo(servers_home: Path) -> Iterator[LiveMongo]:
    """A real MongoDB, a replica set of one, with kill() and restart()."""
    live = make_mongo(servers_home)
    live.start()
    yield live
    live.process.stop()


@pytest.fixture(scope="session")
def mongo_url(mongo: LiveMongo) -> str:
    return mongo.url


@pytest.fixture(scope="session")
def kafka(servers_home: Path) -> Iterator[LiveBroker]:
    """A real Apache Kafka: remembers. For what is marked `durable`."""
    live = make_kafka(servers_home)
    live.start()
    yield live
    live.process.stop()


@pytest.fixture(scope="session")
def tansu(servers_home: Path) -> Iterator[LiveBroker]:
    """A real Tansu: forgets."""
    live = make_tansu(servers_home)
    live.start()
    yield live
    live.process.stop()


@pytest.fixture(scope="session")
def broker(request: pytest.FixtureRequest) -> LiveBroker:
    """The broker of this run: BROKER=kafka (the default) or BROKER=tansu."""
    live: LiveBroker = request.getfixturevalue(os.environ.get("BROKER") or "kafka")
    return live


@pytest.fixture(scope="session")
def secrets_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with freshly made secrets, as SECRETS_DIR names it."""
    folder = tmp_path_factory.mktemp("service") / "secrets"
    secrets.generate(folder)
    return folder


SLOW = {"play"}  # Builds the sandbox, with its hundred and twenty routes, for each test.
REAL = {"mongo", "mongo_url", "kafka", "tansu", "broker"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who asks for a real server is `live`, without having to say so: `make check` leaves those out."""
    for item in items:
        if REAL & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.live)
        if SLOW & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
