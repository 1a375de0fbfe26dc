"""A CONNECT proxy for Zalo's host names alone: clients that obey HTTPS_PROXY come here without touching /etc/hosts."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from sandbox.tls import HOSTS

HEAD_BYTES = 8_192
HEAD_SECONDS = 5.0
CHUNK = 65_536
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(slots=True)
class Proxy:
    """Tunnels CONNECT <zalo host>:443 to the sandbox's TLS port; refuses everything else, so it leads nowhere else."""

    host: str
    port: int
    tls_port: int
    _server: asyncio.Server | None = None
    _open: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._welcome, self.host, self.port, limit=HEAD_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            if not _allowed(head):
                writer.write(REFUSED)
                await writer.drain()
                return
            there, back = await asyncio.open_connection("127.0.0.1", self.tls_port)
            writer.write(ESTABLISHED)
            await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # A client that says nothing sensible, or is gone: nothing to answer.
        finally:
            writer.close()


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            sink.write(data)
            await sink.drain()
    with contextlib.suppress(OSError, RuntimeError):
        sink.close()


def _allowed(head: bytes) -> bool:
    """Whether the first line is CONNECT to one of Zalo's hosts on 443."""
    match head.split(b"\r\n", 1)[0].split(b" "):
        case [b"CONNECT", target, _]:
            return target.decode("latin-1") in {f"{host}:443" for host in HOSTS}
        case _:
            return False
