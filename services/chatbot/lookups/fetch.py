"""A file that a citizen sent, fetched at once from where Zalo keeps it: listed hosts only, bounded in size and time."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import aiohttp

FETCH_SECONDS = 2.2
_PORTS = {"http": 80, "https": 443}  # Zalo's own links come as either.
_HOPS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200


class TooBig(Exception):  # noqa: N818 — the file's state.
    """More bytes than are kept."""


class Unfetched(Exception):  # noqa: N818 — the link's state.
    """It does not open, or leads where we do not follow."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """Which links are followed: a forged message must not send us to an address of its own choosing."""

    domains: frozenset[str]  # With everything below them, on the usual ports.
    exact: frozenset[str]  # host:port

    @classmethod
    def parse(cls, text: str) -> "Hosts":
        """From `zdn.vn,127.0.0.1:8020`."""
        entries = [entry.strip().lower() for entry in text.split(",") if entry.strip()]
        return cls(
            frozenset(entry.lstrip(".") for entry in entries if ":" not in entry),
            frozenset(entry for entry in entries if ":" in entry),
        )

    def allow(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            return False
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme not in _PORTS or not host or "@" in parts.netloc or "\\" in url or not url.isprintable():
            return False
        if f"{host}:{port}" in self.exact:
            return True
        return port == _PORTS[parts.scheme] and any(host == one or host.endswith(f".{one}") for one in self.domains)


@dataclass(frozen=True, slots=True)
class Fetcher:
    session: aiohttp.ClientSession
    hosts: Hosts

    async def fetch(self, url: str, most_bytes: int) -> bytes:
        """Raises TooBig or Unfetched; neither says anything about the link."""
        try:
            return await self._fetch(url, most_bytes)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise Unfetched from None

    async def _fetch(self, url: str, most_bytes: int) -> bytes:
        timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
        plain = {"Accept-Encoding": "identity"}
        for _ in range(_HOPS + 1):
            if not self.hosts.allow(url):
                raise Unfetched
            asked = self.session.get(url, headers=plain, timeout=timeout, allow_redirects=False)
            async with asked as answer:
                if answer.status in _REDIRECTS:
                    url = urljoin(url, answer.headers.get("Location", ""))
                    continue
                if answer.status != _OK:
                    raise Unfetched
                return await _bounded(answer, most_bytes)
        raise Unfetched


async def _bounded(answer: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    if (answer.content_length or 0) > most_bytes:
        raise TooBig
    data = bytearray()
    async for piece in answer.content.iter_any():
        data += piece
        if len(data) > most_bytes:
            raise TooBig
    return bytes(data)
