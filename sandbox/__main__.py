"""The sandbox as a process: read the settings, put the platform together, serve it until it is stopped."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator

import uvicorn
import uvloop
import yaml

from sandbox.app import build
from sandbox.fast_router import FastRouter
from sandbox.page.mount import mount_page
from sandbox.platform import Platform
from sandbox.proxy import Proxy
from sandbox.settings import Secrets, Settings
from sandbox.tls import HOSTS, Paths, certificates

HELP = """usage: python -m sandbox [--tls]

The fake Zalo. Settings come from the environment: see sandbox/README.md.
--tls   also serve TLS under Zalo's own host names, with a private CA, and a proxy that leads clients there"""


class Server(uvicorn.Server):
    """A uvicorn that leaves signals to this process: two servers run, and a stop on request is no failure."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def make_server(app: FastRouter, settings: Settings, port: int, paths: Paths | None = None) -> Server:
    """Only the plain one runs the app's start and stop."""
    return Server(
        uvicorn.Config(
            app,
            host=settings.http_host,
            port=port,
            http="httptools",
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=3,
            lifespan="off" if paths else "on",
            ssl_certfile=paths.cert if paths else None,
            ssl_keyfile=paths.key if paths else None,
        )
    )


async def serve(app: FastRouter, settings: Settings, *, tls: bool) -> bool:
    """Returns whether it started at all: uvicorn reports a taken port."""
    plain = make_server(app, settings, settings.http_port)
    servers = [plain]
    async with contextlib.AsyncExitStack() as stack:
        if tls:
            paths = certificates(settings.tls_dir)
            servers.append(make_server(app, settings, settings.tls_port, paths))
            proxy = await stack.enter_async_context(Proxy(settings.http_host, settings.proxy_port, settings.tls_port))
            announce(settings, paths, proxy.port)
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, stop, servers)
        tasks = [loop.create_task(each.serve()) for each in servers]
        await tasks[0]
        stop(servers)
        await asyncio.gather(*tasks)
    return plain.started


def stop(servers: list[Server]) -> None:
    for each in servers:
        each.should_exit = True


def announce(settings: Settings, paths: Paths, proxy_port: int) -> None:
    """Where the CA is, and what an unmodified client needs in its environment."""
    ca = paths.ca.resolve()
    sys.stdout.write(
        f"sandbox: TLS for {', '.join(HOSTS)} on port {settings.tls_port}\n"
        f"  CA file: {ca}\n"
        f"  clients: HTTPS_PROXY=http://{settings.http_host}:{proxy_port} REQUESTS_CA_BUNDLE={ca} SSL_CERT_FILE={ca}\n"
    )
    sys.stdout.flush()


def main(arguments: list[str]) -> None:
    if arguments not in ([], ["--tls"]):
        sys.exit(HELP)
    try:
        settings = Settings.read(os.environ)
        platform = Platform.build(settings, Secrets.load(settings.secrets_dir))
    except (OSError, ValueError, yaml.YAMLError) as lacking:
        sys.exit(f"sandbox: {lacking}\nSet SECRETS_DIR and OAS_FILE rightly, or start everything with `make up`.")
    if not uvloop.run(serve(build(platform, pages=(mount_page,)), settings, tls=bool(arguments))):
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
