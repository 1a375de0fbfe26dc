"""The tip intake as a process: read the settings, open the connections, join the parts, listen. Nothing else."""

import asyncio
import os
from datetime import UTC, datetime

from chassis.door import door, serve
from chassis.guard import guard
from chassis.kafka import ear, mouth
from chassis.loop import Loop
from chassis.metrics import expect
from chassis.mongo import database, ping
from chassis.process import run
from chassis.pulse import watch_event_loop
from contracts.catalogue import READERS
from services.tips import metrics
from services.tips.api import case_api
from services.tips.bell import Bell
from services.tips.handle import WANTS
from services.tips.house import Secrets, build
from services.tips.media.fetch import fetcher
from services.tips.media.links import Hosts
from services.tips.media.worker import Worker
from services.tips.settings import TipsSettings


async def main(settings: TipsSettings) -> None:
    topics = READERS["tips"]
    expect(topics)
    metrics.prepare()
    secrets = Secrets.load(settings.secrets_dir)
    keeper = guard(settings.secrets_dir, "tips-api-token")
    hosts = Hosts.parse(settings.media_hosts)
    async with (
        database(settings.mongo_url.get_secret_value(), settings.mongo_database) as db,
        ear(settings, "tips", topics) as hearing,
        mouth(settings) as speaking,
        fetcher(hosts, settings.media_bytes, settings.media_seconds) as fetching,
    ):
        bells = Bell(), Bell()
        house = build(settings, secrets, db, speaking, bells=bells, now=lambda: datetime.now(UTC))
        await house.prepare()
        worker = Worker(house.media, house.cases, fetching, bells[1], house.now, settings.media_files)
        loop = Loop("tips", hearing, speaking, house.tips.on_batch, WANTS, prefix=settings.topic_prefix)
        routers = [case_api(house.cases, house.pieces, house.media, keeper)]
        app = door("tips", loop.pulse.alive, {"mongo": lambda: ping(db)}, routers)
        async with asyncio.TaskGroup() as group:
            group.create_task(loop.run())
            group.create_task(house.sweeper.run())
            for _ in range(settings.media_workers):
                group.create_task(worker.run())
            group.create_task(serve(app, settings.http_host, settings.http_port))
            group.create_task(watch_event_loop())


if __name__ == "__main__":
    _settings = TipsSettings.read(os.environ)
    run("tips", _settings, lambda: main(_settings))
