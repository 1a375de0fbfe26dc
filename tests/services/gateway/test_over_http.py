"""A gateway as a process, over real HTTP, on a real broker and a real MongoDB."""

import asyncio
import re

import aiohttp
import pytest

from chassis.crypto import KeyRing, Pepper, Place
from contracts import gateway
from contracts.catalogue import read
from contracts.gateway import MessageReceived
from contracts.message import InboundMessage
from services.gateway.zalo.catalogue import DEMO_OA
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import mac, raw
from tests.services.gateway.gateway_process import (
    KEY,
    GatewayProcesses,
    counted,
    http,
    message,
    metrics,
    post,
    send_event,
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
        ("signed as it is, and unreadable", payload + b"}", mac(payload + b"}", APP, text["timestamp"]), "kept"),
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
        async with session.get(f"{service.public_url}/webhooks/zalo") as seen:
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
        InboundMessage.model_validate_json(ring.open(event.body, Place.body_of(event))).text
        for event in events
        if isinstance(event, MessageReceived)
    ]
    assert PLANTED[0] in texts


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


async def test_zalos_verifier_and_a_person_find_their_pages(scene: GatewayProcesses) -> None:
    service = scene.start()
    await scene.register(service)
    async with http() as session, scene.registry(service) as registry:
        await registry.put_app(APP, codes=["Loa-made-up_1"])
        await until_served(session, service)
        assert 'content="Loa-made-up_1"' in await _page(session, f"{service.public_url}/")
        assert "Loa-made-up_1" in await _page(session, f"{service.public_url}/zalo_verifierLoa-made-up_1.html")
        assert await _page(session, f"{service.public_url}/zalo_verifierother.html", 404) == ""
        assert "chưa được đăng ký" in await _page(session, f"{service.public_url}/onboarding/42", 404)
        page = await _page_with(
            session, f"{service.public_url}/onboarding/{OA}", "✓ Sự kiện: Người dùng gửi tin nhắn dạng văn bản"
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
