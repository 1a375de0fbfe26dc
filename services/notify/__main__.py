"""notify as a process: `python -m services.notify`. Composition only."""

import asyncio
import os
from functools import partial

from chassis import metrics
from chassis.consumer_loop import ConsumerLoop
from chassis.heartbeat import watch_event_loop
from chassis.http import create_app, serve
from chassis.kafka import open_consumer, open_producer
from chassis.mongo import database, ping
from chassis.process import run
from contracts.catalogue import READERS
from services.notify.app import open_service
from services.notify.handle import CONSUMES
from services.notify.settings import NotifySettings

SERVICE = "notify"


async def main(settings: NotifySettings) -> None:
    topics = READERS[SERVICE]
    metrics.prepare(topics)
    async with (
        database(settings.mongo_url.get_secret_value(), settings.mongo_database or SERVICE) as db,
        open_consumer(settings, SERVICE, topics) as consumer,
        open_producer(settings) as producer,
        open_service(db, producer, settings) as service,
    ):
        loop = ConsumerLoop(SERVICE, consumer, producer, service.handler.handle, CONSUMES, prefix=settings.topic_prefix)
        app = create_app(SERVICE, loop.heartbeat.alive, {"mongo": partial(ping, db)}, service.routers)
        async with asyncio.TaskGroup() as tasks:
            for work in (
                loop.run(),
                serve(app, settings.http_host, settings.http_port),
                watch_event_loop(),
                *service.tasks(),
            ):
                tasks.create_task(work)


if __name__ == "__main__":
    settings = NotifySettings.read(os.environ)
    run(SERVICE, settings, partial(main, settings))
