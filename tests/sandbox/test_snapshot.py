"""A snapshot: what it keeps, what it refuses, and that life goes on while it is written."""

import asyncio
import time
from pathlib import Path

import pytest

from sandbox import snapshot
from sandbox.people import Draft
from tests.zalo import OA, SandboxHarness, sandbox_harness


async def test_a_snapshot_keeps_people_conversations_and_the_order_of_answers(
    play: SandboxHarness, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    network = play.platform.network
    for index in range(3):
        await play.send(f"đáp {index}")
    await snapshot.save_gently(path, network)
    snapshot.save_tokens(path, play.platform.tokens)
    async with sandbox_harness() as fresh:
        other = fresh.platform
        other.network.citizens.clear()
        snapshot.load(path, other.network, other.tokens)
        assert other.network.citizens == network.citizens
        assert other.network.history(play.citizen_id, OA) == network.history(play.citizen_id, OA)
        assert [m.seq for m in other.network.inboxes.answers] == [m.seq for m in network.inboxes.answers]
        assert other.network.seq == network.seq
        assert other.tokens.holder(play.token).oa_id == OA
        assert path.stat().st_mode & 0o077 == 0


async def test_a_file_that_is_no_snapshot_is_refused_by_name(play: SandboxHarness, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for words in ("{", "[]", '{"unknown": 1}', '{"citizen": {"name": "a"}}'):
        path.write_text(words)
        with pytest.raises(ValueError, match=r"state\.json is not a snapshot"):
            snapshot.load(path, play.platform.network, play.platform.tokens)


async def test_nobody_waits_long_while_a_big_world_is_written(play: SandboxHarness, tmp_path: Path) -> None:
    network = play.platform.network
    for index in range(5_000):
        citizen = network.new_citizen(f"Người {index}")
        network.add_message(network.contact(citizen.citizen_id, OA), from_oa=True, draft=Draft("text", "a" * 200))
    writing = asyncio.create_task(snapshot.save_gently(tmp_path / "state.json", network))
    longest = 0.0
    while not writing.done():
        begun = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, time.perf_counter() - begun)
    whole = time.perf_counter()
    snapshot.save(tmp_path / "other.json", network)
    assert longest < time.perf_counter() - whole  # Far less, on any machine: a hundredth of the work at a time.
