"""What goes wrong on demand: each fault alone, all together, and the same again from the same seed."""

import time
from typing import Any

from sandbox.faults import FaultPlan, Faults
from tests.zalo import OA, SandboxHarness


async def codes(play: SandboxHarness, count: int) -> list[int]:
    return [int((await play.send())["error"]) for _ in range(count)]


async def plan(play: SandboxHarness, **faults: Any) -> None:
    await play.control("PUT", "/faults", faults)


async def test_latency_is_added(play: SandboxHarness) -> None:
    await plan(play, latency={"min_ms": 60, "max_ms": 60})
    begun = time.perf_counter()
    assert await codes(play, 1) == [0]
    assert time.perf_counter() - begun >= 0.06


async def test_an_error_code_occurs_at_its_rate_and_nothing_is_delivered(play: SandboxHarness) -> None:
    await plan(play, errors=[{"code": -200, "rate": 0.3}])
    results = await codes(play, 200)
    assert 30 <= results.count(-200) <= 90
    assert len(play.platform.network.inbox(play.citizen_id)) == results.count(0)


async def test_an_error_code_may_be_for_one_path_alone(play: SandboxHarness) -> None:
    await plan(play, errors=[{"code": -200, "rate": 1, "path": "/v2.0/"}])
    assert await codes(play, 1) == [0]
    assert (await play.get("/v2.0/oa/getoa"))["error"] == -200


async def test_a_storm_of_429_says_when_to_come_back(play: SandboxHarness) -> None:
    await plan(play, storm={"kind": "429", "retry_after": 7})
    answer = await play.client.post("/v3.0/oa/message/cs", json={}, headers={"access_token": play.token})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


async def test_a_storm_of_minus_32_ends_by_itself(play: SandboxHarness) -> None:
    await plan(play, storm={"kind": "-32", "seconds": 0.15})
    assert await codes(play, 1) == [-32]
    time.sleep(0.2)  # noqa: ASYNC251  Nothing else runs here; the storm ends by the clock.
    assert await codes(play, 1) == [0]


async def test_tokens_expire_by_rate_or_all_at_once(play: SandboxHarness) -> None:
    await plan(play, token_expiry_rate=1)
    reply = await play.send()
    assert (reply["error"], "expired" in reply["message"]) == (-216, True)
    await plan(play)
    assert await codes(play, 1) == [0]
    await plan(play, expire_tokens=True)
    assert await codes(play, 1) == [-216]


async def test_a_hang_comes_after_the_message_was_accepted(play: SandboxHarness) -> None:
    await plan(play, hang={"rate": 1, "seconds": 0.2})
    begun = time.perf_counter()
    assert await codes(play, 1) == [0]
    assert time.perf_counter() - begun >= 0.2
    assert len(play.platform.network.inbox(play.citizen_id)) == 1


async def test_webhooks_are_doubled(play: SandboxHarness) -> None:
    await plan(play, webhooks={"double_rate": 1})
    await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "a"})
    await play.quiet()
    first, second = play.gateway.deliveries
    assert first.body == second.body


async def test_webhooks_are_delayed_and_overtaken(play: SandboxHarness) -> None:
    await plan(play, webhooks={"delay_rate": 0.5, "delay_ms": 50}, seed=3)
    messages = [{"citizen_id": play.citizen_id, "oa_id": OA, "text": str(n)} for n in range(40)]
    await play.control("POST", "/bulk/send", {"messages": messages})
    await play.quiet()
    order = [int(each.event["message"]["text"]) for each in play.gateway.deliveries]
    assert sorted(order) == list(range(40))
    assert order != list(range(40))


async def test_webhooks_are_reordered_and_none_is_lost(play: SandboxHarness) -> None:
    await plan(play, webhooks={"reorder_rate": 0.3}, seed=3)
    messages = [{"citizen_id": play.citizen_id, "oa_id": OA, "text": str(n)} for n in range(40)]
    await play.control("POST", "/bulk/send", {"messages": messages})
    await play.quiet()
    order = [int(each.event["message"]["text"]) for each in play.gateway.deliveries]
    assert sorted(order) == list(range(40))
    assert order != list(range(40))
    assert max(abs(index - number) for index, number in enumerate(order)) <= 2


async def test_all_faults_together_repeat_from_their_seed(play: SandboxHarness) -> None:
    together = {
        "seed": 11, "latency": {"rate": 0.2, "min_ms": 1, "max_ms": 2},
        "errors": [{"code": -200, "rate": 0.2}, {"code": -32, "rate": 0.1}],
        "storm": {"kind": "-32", "rate": 0.1}, "token_expiry_rate": 0.1, "hang": {"rate": 0.1, "seconds": 0.001},
        "webhooks": {"double_rate": 0.2, "delay_rate": 0.1, "delay_ms": 1, "reorder_rate": 0.1},
    }  # fmt: skip
    await plan(play, **together)
    first = await codes(play, 60)
    await plan(play, **together)
    assert await codes(play, 60) == first
    assert {0, -200, -32, -216} <= set(first)


def test_one_fault_more_does_not_change_what_the_others_do() -> None:
    def drawn(**more: Any) -> list[int]:
        faults = Faults(5)
        faults.use(FaultPlan.model_validate({"errors": [{"code": -200, "rate": 0.5}], **more}))
        return [faults.for_call("/v3.0/x").code for _ in range(50)]

    assert drawn() == drawn(token_expiry_rate=0.5, hang={"rate": 0.5, "seconds": 0})


async def test_an_empty_plan_is_calm(play: SandboxHarness) -> None:
    await plan(play, errors=[{"code": -200, "rate": 1}])
    await plan(play)
    assert play.platform.faults.calm
    assert await codes(play, 1) == [0]


async def test_nonsense_is_refused(play: SandboxHarness) -> None:
    for body in ({"latency": {"min_ms": 5, "max_ms": 1}}, {"errors": [{"code": 5, "rate": 1}]}, {"unknown": 1}):
        assert (await play.client.put("/sandbox/faults", json=body)).status_code == 422
