"""What every page for a browser is sent with: it loads nothing, is framed by nobody and kept nowhere.

That browsers stay with TLS is said by the proxy that ends it (deploy/proxy/nginx.conf).
"""

from collections.abc import Mapping
from types import MappingProxyType

PAGE_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
)
