"""The registry of apps and OAs is changed while gateways run, over real HTTP, on a real broker and a real MongoDB."""

import asyncio

import pytest

from loa.runtime.errors import SetupError
from tests.services.gateway.gateway_parts import SECRET, raw
from tests.services.gateway.gateway_process import (
    GatewayProcesses,
    counted,
    http,
    message,
    send_event,
    until_outcome,
    until_served,
)
from tests.services.gateway.payloads import APP, OA

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]


async def test_a_change_of_the_registry_is_live_on_every_replica_within_five_seconds(scene: GatewayProcesses) -> None:
    first, second = scene.start(), scene.start()
    async with http() as session, scene.registry(first) as registry:
        await scene.register(first)
        waited = await asyncio.gather(until_served(session, first), until_served(session, second))
        assert max(waited) <= 5
        await registry.act("rotate", f"apps/{APP}", "the key after a rotation")
        for service in (first, second):
            await until_outcome(session, service, "accepted", b"the key after a rotation")
            before = await counted(session, service, 'outcome="accepted"')
            await send_event(session, service, message(f"old-{service.port}"), SECRET)
            await send_event(session, service, message(f"new-{service.port}"), b"the key after a rotation")
            assert await counted(session, service, 'outcome="accepted"') == before + 2
        await registry.act("settle", f"apps/{APP}")
        await registry.act("disable", f"oas/{OA}")
        for service in (first, second):
            await until_outcome(session, service, "disabled", b"the key after a rotation")
            before = await counted(session, service, 'outcome="bad_signature"')
            await send_event(session, service, message(f"older-{service.port}"), SECRET)
            assert await counted(session, service, 'outcome="bad_signature"') == before + 1
        assert (await registry.oa(OA))["enabled"] is False


async def test_the_api_wants_a_key_and_says_what_to_do_where_no_client_is_known(scene: GatewayProcesses) -> None:
    service = scene.start()
    async with http() as session:
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer wrong"}, 401),
            ({"Authorization": "Basic x"}, 401),
        ):
            async with session.get(f"{service.url}/api/oas", headers=headers) as answer:
                assert answer.status == status
        token_text = (scene.secrets / "gateway-api-token").read_text().strip()
        clients = scene.secrets / "api-access" / "api-clients"
        keys = clients.read_text()
        clients.unlink()
        async with session.get(f"{service.url}/api/oas", headers={"Authorization": f"Bearer {token_text}"}) as answer:
            assert answer.status == 503
            assert "api-clients" in await answer.text()
        clients.write_text(keys)
        async with scene.registry(service) as registry:
            assert await registry.oas() == []
            with pytest.raises(SetupError, match="not registered"):
                await registry.oa("41")


async def test_a_secret_that_was_reset_at_zalo_loses_nothing_once_it_is_entered_here(scene: GatewayProcesses) -> None:
    service = scene.start()
    await scene.register(service)
    async with http() as session, scene.registry(service) as registry:
        await until_served(session, service)
        lost = message("m-lost", text="tin nhắn khi khóa sai")
        await send_event(session, service, lost, b"the key after a reset")
        await registry.act("rotate", f"apps/{APP}", "the key after a reset")
        await asyncio.sleep(5)  # A change is live within this; asking sooner would leave rejects of its own.
        headers = {"Authorization": f"Bearer {(scene.secrets / 'gateway-api-token').read_text().strip()}"}
        async with session.get(f"{service.url}/api/rejects?why=bad_signature", headers=headers) as answer:
            (reject,) = (await answer.json())["rejects"]
        assert (reject["oa_id"], reject["event"]) == (OA, "user_send_text")
        async with session.get(f"{service.url}/api/rejects/{reject['id']}", headers=headers) as answer:
            assert (await answer.json())["body"] == raw(lost).decode()
        async with session.post(f"{service.url}/api/rejects/{reject['id']}/retry", headers=headers) as answer:
            assert await answer.json() == {"outcome": "accepted"}
        async with session.get(f"{service.url}/api/rejects?why=bad_signature", headers=headers) as answer:
            assert (await answer.json())["rejects"] == []
    assert "tin nhắn khi khóa sai" not in service.output()
