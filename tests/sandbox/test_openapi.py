"""The sandbox against its own OpenAPI page: whatever a generator sends, no 500, and answers of the shape that is told."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks
from schemathesis.core.result import Ok

from tests.sandbox.process import Running, running
from tests.zalo import OA

pytestmark = pytest.mark.slow

# These would hold the run up (a long poll, a hundred thousand citizens) or break it for the rest (faults).
APART = ("/sandbox/bulk", "/sandbox/faults", "/sandbox/citizens/{citizen_id}/inbox")
CHECKS: list[Any] = [checks.not_a_server_error, checks.content_type_conformance, checks.response_schema_conformance]

Operation = schemathesis.APIOperation[Any, Any, Any, Any]


@pytest.fixture(scope="module")
def zalo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("openapi")) as made:
        yield made


def operations(zalo: Running, *, control: bool) -> Iterator[Operation]:
    schema = schemathesis.openapi.from_url(f"{zalo.url}/openapi.json")
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if operation.path.startswith("/sandbox") is control and not operation.path.startswith(APART):
            yield operation


@pytest.mark.parametrize("control", [False, True], ids=["zalos own", "control"])
@pytest.mark.parametrize("examples", [2, pytest.param(10, marks=pytest.mark.verify)])
def test_every_operation_survives_whatever_is_sent(zalo: Running, *, control: bool, examples: int) -> None:
    """So many of each of more than a hundred operations."""
    count = 0
    for operation in operations(zalo, control=control):
        token = httpx.post(f"{zalo.url}/sandbox/oas/{OA}/token").json()["access_token"]
        fuzz(operation, token, examples)
        count += 1
    assert count > (30 if control else 60)


def fuzz(operation: Operation, token: str, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        response = case.call(headers={"access_token": token}, timeout=20)
        case.validate_response(response, checks=CHECKS)

    send()
