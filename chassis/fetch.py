"""Fetches a file from an address that somebody else chose: a message, a citizen, another service.

Only listed hosts are asked, at addresses that are checked when they are resolved and then used as they are, so that a name cannot
lead to another address a moment later. A domain leads to public addresses only; whoever lies inside is listed as host:port.
Nothing is unpacked: the bytes are counted as they travel, and an encoded answer is no answer.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from socket import AF_UNSPEC, AddressFamily
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from chassis.errors import MisconfiguredError

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_IPV6 = re.compile(r"\[([0-9a-f:]+)\]")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_READ_BYTES = 64 * 1024
_CONNECT_SECONDS, _SILENCE_SECONDS = 5, 15
_PLAIN = {"Accept-Encoding": "identity"}

Put = Callable[[bytes], Awaitable[None]]


class FetchRefusedError(Exception):
    """It will never be fetched. The text is `host` or `size`, and quotes nothing of the address."""


class FetchFailedError(Exception):
    """Not now. The text is `network`, `redirects`, `encoding` or `status`; `status` is the answer's, 0 without one."""

    def __init__(self, why: str, status: int = 0) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Which addresses are followed."""

    domains: frozenset[str] = frozenset()  # With everything below them, on the usual ports.
    exact: frozenset[tuple[str, int]] = frozenset()  # Wherever they lie, inside as well.

    @classmethod
    def parse(cls, setting: str, text: str) -> Self:
        """Returns the hosts in `zdn.vn,127.0.0.1:8020`. Raises MisconfiguredError that names both setting and entry."""
        domains, exact = set(), set()
        for entry in filter(None, (part.strip().lower() for part in text.split(","))):
            host, colon, port = entry.rpartition(":")
            if not colon and _HOST.fullmatch(entry.removeprefix(".")):
                domains.add(entry.removeprefix("."))
            elif port.isdecimal() and 0 < int(port) < 1 << 16 and (_HOST.fullmatch(host) or _IPV6.fullmatch(host)):
                exact.add((host.strip("[]"), int(port)))
            else:
                raise MisconfiguredError(
                    f"{setting}: {entry!r} is neither a domain (zdn.vn) nor host:port (10.0.0.5:8020)"
                )
        return cls(frozenset(domains), frozenset(exact))

    def allow(self, text: str) -> bool:
        """Returns whether this address may be asked. Raises nothing, whatever the text is."""
        try:
            url = URL(text)
            host, port = (url.host or "").rstrip("."), url.port
        except ValueError:
            return False
        odd = url.user is not None or url.password is not None or "\\" in text or not text.isprintable()
        if url.scheme not in _PORTS or not host or port is None or odd:
            return False
        if (host, port) in self.exact:
            return True
        return port == _PORTS[url.scheme] and any(
            host == domain or host.endswith(f".{domain}") for domain in self.domains
        )


class _CheckedResolver(AbstractResolver):
    """Gives the client only addresses that it may connect to; the client connects to what it was given."""

    def __init__(self, hosts: AllowedHosts) -> None:
        self._hosts, self._resolver = hosts, ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_UNSPEC) -> list[ResolveResult]:
        results = await self._resolver.resolve(host, port, family)
        if (host.rstrip("."), port) in self._hosts.exact:
            return results
        public = [result for result in results if is_public(result["host"])]
        if not public:
            raise OSError("no public address")
        return public

    async def close(self) -> None:
        await self._resolver.close()


def is_public(address: str) -> bool:
    """Returns whether an IP address is one of the Internet's: not private, loopback, link-local, multicast or reserved."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed.sixtofour or parsed
    return parsed.is_global and not parsed.is_multicast


@dataclass(frozen=True, slots=True)
class Fetcher:
    session: aiohttp.ClientSession
    hosts: AllowedHosts
    max_redirects: int

    async def read(self, url: str, max_bytes: int) -> bytes:
        """Returns all of it. Raises FetchRefusedError, FetchFailedError."""
        data = bytearray()

        async def put(chunk: bytes) -> None:
            data.extend(chunk)

        await self.stream(url, max_bytes, put)
        return bytes(data)

    async def stream(self, url: str, max_bytes: int, put: Put) -> int:
        """Hands the bytes to `put` as they come; returns how many. Raises FetchRefusedError, FetchFailedError, or `put`'s."""
        try:
            async with self._answer(url) as answer:
                return await _copy(answer, max_bytes, put)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            raise FetchFailedError("network") from fault

    @asynccontextmanager
    async def _answer(self, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
        for _ in range(self.max_redirects + 1):
            if not self.hosts.allow(url):
                raise FetchRefusedError("host")
            async with self.session.get(URL(url), headers=_PLAIN, allow_redirects=False) as answer:
                if answer.status not in _REDIRECTS:
                    yield answer
                    return
                url = str(URL(url).join(URL(answer.headers.get("Location", ""))))
        raise FetchFailedError("redirects")


async def _copy(answer: aiohttp.ClientResponse, max_bytes: int, put: Put) -> int:
    if answer.status != _OK:
        raise FetchFailedError("status", answer.status)
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise FetchFailedError("encoding")
    if (answer.content_length or 0) > max_bytes:
        raise FetchRefusedError("size")
    size = 0
    async for data in answer.content.iter_chunked(_READ_BYTES):
        size += len(data)
        if size > max_bytes:
            raise FetchRefusedError("size")
        await put(data)
    return size


@asynccontextmanager
async def open_fetcher(hosts: AllowedHosts, seconds: float, max_redirects: int = 3) -> AsyncIterator[Fetcher]:
    """Yields a fetcher without cookies and proxies; no file may take longer than `seconds`."""
    limits = aiohttp.ClientTimeout(total=seconds, sock_connect=_CONNECT_SECONDS, sock_read=_SILENCE_SECONDS)
    async with aiohttp.ClientSession(
        timeout=limits,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        connector=aiohttp.TCPConnector(resolver=_CheckedResolver(hosts)),
    ) as session:
        yield Fetcher(session, hosts, max_redirects)
