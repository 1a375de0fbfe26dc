"""The sandbox as a process: read the settings, put the platform together, serve it."""

import os
import sys

import uvicorn

from sandbox.app import build
from sandbox.platform import Platform
from sandbox.settings import Secrets, Settings


def main() -> None:
    settings = Settings.read(os.environ)
    try:
        platform = Platform.build(settings, Secrets.load(settings.secrets_dir))
    except (OSError, ValueError) as lacking:
        sys.exit(f"sandbox: {lacking}. Set SECRETS_DIR and OAS_FILE, or start everything with `make up`.")
    uvicorn.run(
        build(platform),
        host=settings.http_host,
        port=settings.http_port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


main()
