"""The chatbot as a process: read the settings, open the connections, join the parts, listen. Nothing else."""

import asyncio
import os

from chassis.door import door, serve
from chassis.guard import guard
from chassis.kafka import ear, mouth
from chassis.loop import Loop
from chassis.metrics import expect
from chassis.mongo import database, ping
from chassis.process import run, settle
from chassis.pulse import watch_event_loop
from chassis.sealing import Pepper, Ring
from contracts.catalogue import READERS
from services.chatbot.api import files, officers
from services.chatbot.api_dossiers import dossiers, kept_papers
from services.chatbot.changes import Changes
from services.chatbot.content.content import Content
from services.chatbot.content.shelf import Shelf
from services.chatbot.content.watch import Published, watch
from services.chatbot.drive import Driver
from services.chatbot.editions import published
from services.chatbot.flows.table import FLOWS
from services.chatbot.handle import WANTS, Chatbot
from services.chatbot.imports.api import imports
from services.chatbot.imports.rows import Sealer
from services.chatbot.lookups.sources import outside
from services.chatbot.lookups.understanding import Minds
from services.chatbot.offers import Offers
from services.chatbot.profile import Profiles
from services.chatbot.ringing import Ringing
from services.chatbot.settings import ChatbotSettings
from services.chatbot.timers import Timers
from services.chatbot.voice import Voice
from services.chatbot.wiring import wire


async def main(settings: ChatbotSettings) -> None:
    ring = Ring.load(settings.secrets_dir / "bodies.keys")
    pepper = Pepper.load(settings.secrets_dir / "chatbot-pepper")
    minds = Minds(settings.content_dir, settings.understanding_cache)
    shelf = Shelf(Content.load(settings.content_dir), settings.content_archive, minds.prepare)
    published(Published(shelf.current.version))
    topics = READERS["chatbot"]
    expect(topics)
    async with (
        database(settings.mongo_url.get_secret_value(), settings.mongo_database) as db,
        ear(settings, "chatbot", topics) as hearing,
        mouth(settings) as speaking,
        outside(settings) as beyond,
    ):
        wired = await wire(db, ring, pepper, minds, beyond)
        profiles, voice = Profiles(shelf, settings.default_pack), Voice(ring, settings.files_url)
        chatbot = Chatbot(wired.conversations, profiles, lambda: Driver(wired.ports), FLOWS, ring, voice, wired.forget)
        filed = wired.filing
        changes = Changes(shelf, wired.datasets, wired.lookups.dossiers, filed.history, filed.watchers, wired.bells)
        offers = Offers(shelf, wired.seats, wired.waiting, wired.bells)
        loop = Loop("chatbot", hearing, speaking, chatbot.on_batch, WANTS, prefix=settings.topic_prefix)
        keeper = guard(settings.secrets_dir, "chatbot-api-token")
        routers = [
            files(shelf),
            officers(wired.queue, wired.surveys, wired.seats, keeper),
            imports(wired.datasets, Sealer(ring, pepper), keeper),
            dossiers(changes, keeper),
            kept_papers(filed.links),
        ]
        app = door("chatbot", loop.pulse.alive, {"mongo": lambda: ping(db)}, routers)
        settle()
        async with asyncio.TaskGroup() as group:
            group.create_task(loop.run())
            group.create_task(serve(app, settings.http_host, settings.http_port))
            group.create_task(watch(shelf, settings.content_dir, published))
            group.create_task(Ringing(wired.bells, offers, voice, speaking, settings.topic_prefix).run())
            group.create_task(Timers(chatbot, speaking, settings.topic_prefix).run())
            group.create_task(changes.run())
            group.create_task(watch_event_loop())


if __name__ == "__main__":
    _settings = ChatbotSettings.read(os.environ)
    run("chatbot", _settings, lambda: main(_settings))
