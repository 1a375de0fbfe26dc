"""A gateway as a process, over real HTTP, on a real broker and a real MongoDB."""

import asyncio
import re

import aiohttp
import pytest

from chassis.crypto import KeyRing, Pepper
from contracts import gateway
from contracts.catalogue import read
from contracts.gateway import MessageReceived
from contracts.message import InboundMessage
from loa.runtime.errors import SetupError
from services.gateway.zalo.catalogue import DEMO_OA
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import SECRET, mac, raw
from tests.services.gateway.gateway_process import (
    KEY,
    GatewayProcesses,
    counted,
    http,
    message,
    metrics,
    post,
    send_event,
    until_outcome,
    until_served,
)
from tests.services.gateway.payloads import APP, OA, USER

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]

PLANTED = ("gói hàng lạ ở ngõ 5", "Người Thử Nghiệm", USER, payloads.PHONE, KEY)


async def test_what_zalo_may_send_and_what_it_is_answered(scene: GatewayProcesses) -> None:
    service = scene.start()
    await scene.register(service)
    text = message("m-1", text=PLANTED[0])
    payload = raw(text)
    right = mac(payload, APP, text["timestamp"])
    stranger = raw(text | {"app_id": "999"})
    demo = raw(text | {"recipient": {"id": DEMO_OA}})
    other_oa = raw(text | {"recipient": {"id": "4100000000000000998"}})
    unknown = raw(payloads.of_oa("oa_learned_to_sing", note=PLANTED[1]))
    table = [
        ("no signature", payload, None, "unsigned"),
        ("wrong signature", payload, b"mac=" + b"0" * 64, "bad_signature"),
        ("the probe", b"{}", None, "probe"),
        ("truncated", payload[:-5], right, "malformed"),
        ("an array", b"[1,2]", None, "not_an_object"),
        ("two megabytes", b'{"a":"' + b"x" * 2_000_000 + b'"}', None, "too_large"),
        ("unknown app", stranger, mac(stranger, "999", text["timestamp"]), "unknown_app"),
        ("unknown OA", other_oa, mac(other_oa, APP, text["timestamp"]), "unknown_oa"),
        ("the console's sample", demo, mac(demo, APP, text["timestamp"]), "sample"),
        ("an unknown event", unknown, mac(unknown, APP, text["timestamp"]), "accepted"),
        ("a good one", payload, right, "accepted"),
        ("the same again", payload, right, "repeat"),
    ]
    async with http() as session:
        await until_served(session, service)
        for name, body, signature, outcome in table:
            before = await counted(session, service, f'outcome="{outcome}"')
            answer = await post(session, service, body, signature)
            assert answer.status == 200, name
            assert await counted(session, service, f'outcome="{outcome}"') == before + 1, name
        async with session.get(f"{service.url}/webhooks/zalo") as seen:
            assert (seen.status, await seen.read()) == (200, b"")
        page = "\n".join(await metrics(session, service))
    for planted in PLANTED:
        assert planted not in service.output()
        assert planted not in page


async def test_the_event_on_the_log_is_sealed_and_opens_for_who_holds_the_keys(scene: GatewayProcesses) -> None:
    service = scene.start()
    await scene.register(service)
    async with http() as session:
        await until_served(session, service)
        await send_event(session, service, message("m-sealed", text=PLANTED[0]))
    pepper = Pepper.load(scene.secrets / "pepper")
    ring = KeyRing.load(scene.secrets / "bodies.keys")
    records = await scene.records(gateway.MESSAGES)
    last = max(records, key=lambda record: record.headers["ce_time"] + record.offset.to_bytes(8, "big"))
    assert last.key.decode() == pepper.pseudonym(OA, USER)
    for record in records:
        assert USER.encode() not in record.value + record.key
        assert "gói hàng".encode() not in record.value
    events = [read(gateway.MESSAGES, record.value) for record in records]
    texts = [
        InboundMessage.model_validate_json(ring.open(event.body, OA, "body")).text
        for event in events
        if isinstance(event, MessageReceived)
    ]
    assert PLANTED[0] in texts


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


async def test_a_webhook_on_two_replicas_is_the_same_event_in_the_same_partition(scene: GatewayProcesses) -> None:
    first, second = scene.start(), scene.start()
    await scene.register(first)
    async with http() as session:
        await asyncio.gather(until_served(session, first), until_served(session, second))
        doubled = message("m-doubled")
        answers = await asyncio.gather(
            *(send_event(session, service, doubled) for service in (first, second, first, second))
        )
        assert {answer.status for answer in answers} == {200}
    ids = [record.headers["ce_id"] for record in await scene.records(gateway.MESSAGES)]
    twice = [record for record in await scene.records(gateway.MESSAGES) if ids.count(record.headers["ce_id"]) > 1]
    assert len(twice) == 2  # One for each replica: what is behind the log ignores the second.
    assert len({(record.key, record.partition) for record in twice}) == 1


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


async def test_zalos_verifier_and_a_person_find_their_pages(scene: GatewayProcesses) -> None:
    service = scene.start()
    await scene.register(service)
    async with http() as session, scene.registry(service) as registry:
        await registry.put_app(APP, codes=["Loa-made-up_1"])
        await until_served(session, service)
        assert 'content="Loa-made-up_1"' in await _page(session, f"{service.url}/")
        assert "Loa-made-up_1" in await _page(session, f"{service.url}/zalo_verifierLoa-made-up_1.html")
        assert await _page(session, f"{service.url}/zalo_verifierother.html", 404) == ""
        assert "chưa được đăng ký" in await _page(session, f"{service.url}/onboarding/42", 404)
        page = await _page_with(
            session, f"{service.url}/onboarding/{OA}", "✓ Sự kiện: Người dùng gửi tin nhắn dạng văn bản"
        )
    assert re.search(r"○ Sự kiện: Người dùng quan tâm OA", page)


async def _page_with(session: aiohttp.ClientSession, url: str, words: str) -> str:
    """The page, once these words are on it: what was seen is written down every second."""
    async with asyncio.timeout(10):
        while words not in (page := await _page(session, url)):  # noqa: ASYNC110 - a page tells nobody.
            await asyncio.sleep(0.1)
    return page


async def _page(session: aiohttp.ClientSession, url: str, status: int = 200) -> str:
    async with session.get(url) as answer:
        assert answer.status == status
        return await answer.text()
