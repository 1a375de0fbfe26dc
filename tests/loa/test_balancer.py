"""What stands before the gateway's replicas in chaos runs."""

import asyncio

from loa.runtime.ports import free_port
from loa.testkit.balancer import Balancer


async def replica(name: bytes) -> tuple[asyncio.Server, int]:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(name)
        await writer.drain()
        writer.close()

    port = free_port()
    return await asyncio.start_server(answer, "127.0.0.1", port), port


async def asked(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    return answer


async def test_connections_go_to_the_replicas_in_turn_and_past_one_that_is_down() -> None:
    (first, first_port), (second, second_port), port = await replica(b"one"), await replica(b"two"), free_port()
    balancer = Balancer(f"127.0.0.1:{first_port},127.0.0.1:{second_port}")
    serving = asyncio.create_task(balancer.serve("127.0.0.1", port))
    try:
        async with asyncio.timeout(30):
            while not (answers := await _first(port)):  # noqa: ASYNC110 - it begins to listen.
                await asyncio.sleep(0.01)
        answers += [await asked(port) for _ in range(3)]
        assert set(answers) == {b"one", b"two"}
        first.close()
        assert {await asked(port) for _ in range(4)} == {b"two"}
        second.close()
        assert await asked(port) == b"", "nobody is there: hung up on, not kept waiting"
    finally:
        serving.cancel()


async def _first(port: int) -> list[bytes]:
    try:
        return [await asked(port)]
    except OSError:
        return []
