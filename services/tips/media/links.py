"""Which links are followed. A reporter's message, or a forged one, must not send us to an address of its own choosing."""

from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}  # Zalo's own links come as either.


@dataclass(frozen=True, slots=True)
class Hosts:
    domains: frozenset[str]  # With everything below them, on the usual ports.
    exact: frozenset[tuple[str, int]]

    @classmethod
    def parse(cls, text: str) -> "Hosts":
        """From `zdn.vn,127.0.0.1:8020`. Raises ValueError that names the entry."""
        domains, exact = set(), set()
        for entry in filter(None, (text_part.strip().lower() for text_part in text.split(","))):
            host, colon, port = entry.rpartition(":")
            if not colon:
                domains.add(entry.lstrip("."))
            elif host and port.isdigit():
                exact.add((host, int(port)))
            else:
                raise ValueError(f"MEDIA_HOSTS: {entry!r} is neither a domain nor host:port")
        return cls(frozenset(domains), frozenset(exact))

    def allow(self, url: str) -> bool:
        try:
            link = urlsplit(url)
            port = link.port
        except ValueError:
            return False
        host = (link.hostname or "").rstrip(".")
        if link.scheme not in _PORTS or not host or "@" in link.netloc or "\\" in url or not url.isprintable():
            return False
        port = port or _PORTS[link.scheme]
        if (host, port) in self.exact:
            return True
        return port == _PORTS[link.scheme] and any(
            host == domain or host.endswith(f".{domain}") for domain in self.domains
        )
