"""A file that a citizen sent, fetched at once from where Zalo keeps it: listed hosts only, bounded in size and time."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import aiohttp

FETCH_SECONDS = 2.2
_PORTS = {"http": 80, "https": 443}  # Zalo's own links come as either.
_HOPS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200


class TooLargeError(Exception):
    """More bytes than are kept."""


class FetchError(Exception):
    """It does not open, or leads where we do not follow."""


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Which links are followed: a forged message must not send us to an address of its own choosing."""

    domains: frozenset[str]  # With everything below them, on the usual ports.
    exact: frozenset[str]  # host:port

    @classmethod
    def parse(cls, text: str) -> "AllowedHosts":
        """From `zdn.vn,127.0.0.1:8020`."""
        entries = [entry.strip().lower() for entry in text.split(",") if entry.strip()]
        return cls(
            frozenset(entry.lstrip(".") for entry in entries if ":" not in entry),
            frozenset(entry for entry in entries if ":" in entry),
        )

    def allows(self, url: str) -> bool:
        try:
            split_url = urlsplit(url)
            port = split_url.port or _PORTS.get(split_url.scheme, 0)
        except ValueError:
            return False
        host = (split_url.hostname or "").rstrip(".")
        if (
            split_url.scheme not in _PORTS
            or not host
            or "@" in split_url.netloc
            or "\\" in url
            or not url.isprintable()
        ):
            return False
        if f"{host}:{port}" in self.exact:
            return True
        return port == _PORTS[split_url.scheme] and any(
            host == domain or host.endswith(f".{domain}") for domain in self.domains
        )


@dataclass(frozen=True, slots=True)
class Fetcher:
    session: aiohttp.ClientSession
    hosts: AllowedHosts

    async def fetch(self, url: str, max_bytes: int) -> bytes:
        """Raises TooBig or Unfetched; neither says anything about the link."""
        try:
            return await self._fetch(url, max_bytes)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise FetchError from None

    async def _fetch(self, url: str, max_bytes: int) -> bytes:
        timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
        plain = {"Accept-Encoding": "identity"}
        for _ in range(_HOPS + 1):
            if not self.hosts.allows(url):
                raise FetchError
            request = self.session.get(url, headers=plain, timeout=timeout, allow_redirects=False)
            async with request as response:
                if response.status in _REDIRECTS:
                    url = urljoin(url, response.headers.get("Location", ""))
                    continue
                if response.status != _OK:
                    raise FetchError
                return await _read_bounded(response, max_bytes)
        raise FetchError


async def _read_bounded(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    if (response.content_length or 0) > max_bytes:
        raise TooLargeError
    data = bytearray()
    async for chunk in response.content.iter_any():
        data += chunk
        if len(data) > max_bytes:
            raise TooLargeError
    return bytes(data)
