"""The gateway against its own OpenAPI page: whatever a generator sends, no 500, and answers as the page tells."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks
from schemathesis.core.result import Ok

from tests.services.gateway.gateway_process import GatewayProcesses

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]

CHECKS: list[Any] = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
Operation = schemathesis.APIOperation[Any, Any, Any, Any]


def operations(url: str) -> Iterator[Operation]:
    for result in schemathesis.openapi.from_url(f"{url}/openapi.json").get_all_operations():
        assert isinstance(result, Ok)
        yield result.ok()


@pytest.mark.parametrize("examples", [5, pytest.param(25, marks=pytest.mark.verify)])
async def test_every_operation_survives_whatever_is_sent(scene: GatewayProcesses, examples: int) -> None:
    """So many of each of more than twenty operations."""
    service = scene.start()
    await scene.register(service)
    token = (scene.secrets / "gateway-api-token").read_text().strip()
    fuzzed = [fuzz(operation, token, examples) for operation in operations(service.url)]
    assert len(fuzzed) > 14
    assert service.alive()


def fuzz(operation: Operation, token: str, examples: int) -> str:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {token}"}, timeout=20)
        case.validate_response(response, checks=CHECKS)

    send()
    return operation.path
