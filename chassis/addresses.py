"""Addresses of servers, as settings name them. Pure."""

import ipaddress
from urllib.parse import parse_qs, urlsplit


def is_local(address: str) -> bool:
    """Returns whether `host` or `host:port` is this very machine by its name."""
    host = address.strip().rsplit("]", 1)[0].lstrip("[") if "[" in address else address.strip().split(":")[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def mongo_hosts(url: str) -> list[str]:
    """Returns the members that a connection string of MongoDB names, each with its port."""
    return urlsplit(url).netloc.rpartition("@")[2].split(",")


def mongo_has_tls(url: str) -> bool:
    """Returns whether it asks for TLS with a certificate that is verified."""
    parts = urlsplit(url)
    options = {name.lower(): values[-1].lower() for name, values in parse_qs(parts.query).items()}
    asked = options.get("tls", options.get("ssl", "true" if parts.scheme == "mongodb+srv" else "false"))
    careless = {"tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames"}
    return asked == "true" and not any(options.get(name) == "true" for name in careless)
