"""`python -m services.gateway`."""

import asyncio
import gc
import os

from chassis.heartbeat import watch_event_loop
from chassis.http import serve
from chassis.kafka import open_producer
from chassis.mongo import database
from chassis.process import run
from services.gateway.app import build
from services.gateway.settings import GatewaySettings


async def main(settings: GatewaySettings) -> None:
    url = settings.mongo_url.get_secret_value()
    async with database(url, settings.mongo_database) as db, open_producer(settings) as producer:
        gateway = build(settings, db, producer)
        gc.freeze()  # What was built at the start stays: the collector need not look at it again.
        gc.set_threshold(20_000, 20, 50)  # Nor at every few webhooks: next to nothing of theirs is a cycle.
        async with asyncio.TaskGroup() as group:
            gateway.start(group)
            group.create_task(watch_event_loop())
            # Not a task beside the others: on a stop the HTTP port closes first, and every webhook in hand is answered.
            await serve(gateway, settings.http_host, settings.http_port)


if __name__ == "__main__":
    settings = GatewaySettings.read(os.environ)
    run("gateway", settings, lambda: main(settings))
