"""The tip intake as a process: read the settings, open the connections, join the parts, listen. Nothing else."""

import asyncio
import os
from datetime import UTC, datetime

from chassis.auth import Auth
from chassis.consumer_loop import ConsumerLoop
from chassis.heartbeat import watch_event_loop
from chassis.http import create_app, serve
from chassis.kafka import open_consumer, open_producer
from chassis.metrics import prepare
from chassis.mongo import database, ping
from chassis.process import run
from chassis.publisher import Publisher
from chassis.used_tokens import MongoUsedTokens
from chassis.wake_up import WakeUp
from contracts.catalogue import READERS
from services.tips import metrics
from services.tips.api.cases import case_api
from services.tips.app import Secrets, build
from services.tips.handle import CONSUMES
from services.tips.media.fetch import fetcher
from services.tips.media.links import Hosts
from services.tips.media.worker import Worker
from services.tips.settings import TipsSettings


async def main(settings: TipsSettings) -> None:
    topics = READERS["tips"]
    prepare(topics)
    metrics.prepare()
    secrets = Secrets.load(settings.secrets_dir)
    hosts = Hosts.parse(settings.media_hosts)
    async with (
        database(settings.mongo_url.get_secret_value(), settings.mongo_database) as db,
        open_consumer(settings, "tips", topics) as consumer,
        open_producer(settings) as producer,
        fetcher(hosts, settings.media_bytes, settings.media_seconds) as media_fetcher,
    ):
        publisher = Publisher("tips", settings.topic_prefix, producer)
        wake_ups = WakeUp(), WakeUp()
        service = build(settings, secrets, db, publisher, wake_ups=wake_ups, now=lambda: datetime.now(UTC))
        await service.prepare()
        worker = Worker(service.media, service.cases, media_fetcher, wake_ups[1], service.now, settings.media_files)
        loop = ConsumerLoop(consumer, publisher, service.handler.handle, CONSUMES)
        auth = Auth("tips", settings.secrets_dir, MongoUsedTokens(db))
        routers = [case_api(service.cases, service.pieces, service.media, auth)]
        app = create_app("tips", loop.heartbeat.alive, {"mongo": lambda: ping(db)}, routers)
        async with asyncio.TaskGroup() as group:
            group.create_task(loop.run())
            group.create_task(service.sweeper.run())
            for _ in range(settings.media_workers):
                group.create_task(worker.run())
            group.create_task(serve(app, settings.http_host, settings.http_port))
            group.create_task(watch_event_loop())


if __name__ == "__main__":
    _settings = TipsSettings.read(os.environ)
    run("tips", _settings, lambda: main(_settings))
