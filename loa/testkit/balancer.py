"""`python -m loa.testkit.balancer`: what stands before the gateway's replicas. Connections go to them in turn, as bytes.

TARGETS is `host:port,…`. A replica that refuses is passed over; one that hangs is the sender's to give up, as with any balancer
that knows no health.
"""

import asyncio
import itertools
import os
from contextlib import suppress

CONNECT_SECONDS = 1.0
CHUNK = 64 * 1024


class Balancer:
    def __init__(self, targets: str) -> None:
        self._targets = [target.rpartition(":") for target in targets.split(",")]
        self._turn = itertools.count()

    async def serve(self, host: str, port: int) -> None:
        server = await asyncio.start_server(self._forward, host, port)
        async with server:
            await server.serve_forever()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there_reader, there_writer = await self._connect()
        except OSError:
            writer.close()
            return
        pumps = [asyncio.create_task(_pump(reader, there_writer)), asyncio.create_task(_pump(there_reader, writer))]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        for end in (writer, there_writer):
            end.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Raises OSError when none of them listens."""
        first = next(self._turn)
        for number in range(len(self._targets)):
            host, _, port = self._targets[(first + number) % len(self._targets)]
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await asyncio.open_connection(host, int(port))
        raise ConnectionRefusedError


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(CHUNK):
            sink.write(data)
            await sink.drain()


if __name__ == "__main__":
    asyncio.run(Balancer(os.environ["TARGETS"]).serve(os.environ["HTTP_HOST"], int(os.environ["HTTP_PORT"])))
