"""notify as a process: `python -m services.notify`. Composition only."""

import asyncio
import os
from functools import partial

from chassis import metrics
from chassis.door import door, serve
from chassis.kafka import ear, mouth
from chassis.loop import Loop
from chassis.mongo import database, ping
from chassis.process import run
from chassis.pulse import watch_event_loop
from contracts.catalogue import READERS
from services.notify.hear import WANTS
from services.notify.house import house
from services.notify.settings import Settings

HOUSE = "notify"


async def main(settings: Settings) -> None:
    topics = READERS[HOUSE]
    metrics.expect(topics)
    async with (
        database(settings.mongo_url.get_secret_value(), settings.mongo_database or HOUSE) as db,
        ear(settings, HOUSE, topics) as hears,
        mouth(settings) as says,
        house(db, says, settings) as ours,
    ):
        loop = Loop(HOUSE, hears, says, ours.listener.handle, WANTS, prefix=settings.topic_prefix)
        app = door(HOUSE, loop.pulse.alive, {"mongo": partial(ping, db)}, ours.routers)
        async with asyncio.TaskGroup() as tasks:
            for work in (
                loop.run(),
                serve(app, settings.http_host, settings.http_port),
                watch_event_loop(),
                *ours.tasks(),
            ):
                tasks.create_task(work)


if __name__ == "__main__":
    ours = Settings.read(os.environ)
    run(HOUSE, ours, partial(main, ours))
