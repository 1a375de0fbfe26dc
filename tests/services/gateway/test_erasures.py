"""Erasures that are under way, in a real MongoDB."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from chassis.mongo import database
from contracts.gateway import CitizenWithdrew
from loa.testkit.servers import LiveMongo
from services.gateway.store.erasures import Erasures
from tests.doubles import make_event


async def test_an_erasure_is_kept_once_and_found_until_it_is_done(mongo: LiveMongo) -> None:
    async with database(mongo.url, f"gateway_{uuid4().hex[:8]}") as db:
        erasures, event = Erasures(db, 14), make_event(CitizenWithdrew, address="sealed")
        await erasures.prepare()
        for _ in range(2):
            await erasures.add(event)
        later = datetime.now(UTC) + timedelta(minutes=1)
        assert await erasures.due(datetime.now(UTC) - timedelta(minutes=1), (), 10) == [], "its own process is at it"
        assert await erasures.due(later, (), 10) == [event]
        assert await erasures.due(later, (str(event.id),), 10) == []
        await erasures.delete(event)
        assert await erasures.due(later, (), 10) == []
        await db.client.drop_database(db.name)
