"""A service in miniature: answers /ready once it may, and tells what it was told, so that the launcher has something to start."""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

WORKS_AFTER = time.monotonic() + float(os.environ.get("READY_AFTER", "0"))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        ready = time.monotonic() >= WORKS_AFTER
        self.send_response(200 if ready or self.path != "/ready" else 503)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


fragile = os.environ.get("FAILS_ONCE")  # A file: the first start leaves it and dies.
if fragile and not Path(fragile).exists():
    Path(fragile).touch()
    sys.exit("not yet")
if last_words := os.environ.get("LAST_WORDS"):
    sys.exit(last_words)
HTTPServer(("127.0.0.1", int(os.environ["HTTP_PORT"])), Handler).serve_forever()
