"""notify as a process: `python -m services.notify`. Composition only."""

import asyncio
import os
from functools import partial

from chassis import metrics
from chassis.consumer_loop import ConsumerLoop
from chassis.heartbeat import watch_event_loop
from chassis.http import create_app, serve
from chassis.kafka import open_consumer, open_producer
from chassis.mongo import Database, database, ping
from chassis.process import run
from chassis.publisher import Publisher
from contracts.catalogue import READERS
from services.notify.app import Service, open_service
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
    ):
        publisher = Publisher(SERVICE, settings.topic_prefix, producer)
        async with open_service(db, publisher, settings) as service:
            await serve_all(settings, db, ConsumerLoop(consumer, publisher, service.handler.handle, CONSUMES), service)


async def serve_all(settings: NotifySettings, db: Database, loop: ConsumerLoop, service: Service) -> None:
    app = create_app(SERVICE, loop.heartbeat.alive, {"mongo": partial(ping, db)}, service.routers)
    work = loop.run(), serve(app, settings.http_host, settings.http_port), watch_event_loop(), *service.tasks()
    async with asyncio.TaskGroup() as tasks:
        for coroutine in work:
            tasks.create_task(coroutine)


if __name__ == "__main__":
    settings = NotifySettings.read(os.environ)
    run(SERVICE, settings, partial(main, settings))
