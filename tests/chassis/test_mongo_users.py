"""A service that is taken over reads and writes its own database, and no other."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from chassis.mongo_users import ensure_users
from contracts.catalogue import SERVICES
from loa.runtime.accounts import mongo_url
from loa.testkit.servers import LiveMongo

UNAUTHORISED, WRONG_PASSWORD = 13, 18  # MongoDB's error codes.
Client = MongoClient[dict[str, Any]]


@pytest.fixture(scope="module")
def passwords(mongo: LiveMongo) -> dict[str, str]:
    made = {service: uuid4().hex for service in SERVICES}
    ensure_users(mongo.url, made)
    return made


@pytest.fixture
def chatbot(mongo: LiveMongo, passwords: dict[str, str]) -> Iterator[Client]:
    with log_in(mongo, "chatbot", passwords["chatbot"]) as client:
        yield client


def log_in(mongo: LiveMongo, user: str, password: str) -> Client:
    return Client(mongo_url(user, password, f"127.0.0.1:{mongo.kind.port}"))


def test_a_service_reads_writes_and_indexes_its_own_database(chatbot: Client) -> None:
    collection = chatbot["chatbot"][f"c{uuid4().hex}"]
    collection.create_index("at", expireAfterSeconds=60)
    collection.insert_one({"_id": "mine"})
    assert collection.find_one() == {"_id": "mine"}
    collection.drop()


@pytest.mark.parametrize("database", [*(name for name in SERVICES if name != "chatbot"), "local", "admin", "config"])
def test_it_reads_and_writes_no_other(chatbot: Client, database: str) -> None:
    """The oplog in `local` among them: it holds what every service wrote."""
    for attempt in (
        chatbot[database]["oplog.rs"].find_one,
        lambda: chatbot[database]["cases"].insert_one({}),
        lambda: chatbot[database].command("listCollections"),
    ):
        with pytest.raises(OperationFailure) as refused:
            attempt()
        assert refused.value.code == UNAUTHORISED


def test_it_makes_no_users_and_gives_itself_no_rights(chatbot: Client) -> None:
    for command in ({"createUser": "x", "pwd": "x", "roles": []}, {"grantRolesToUser": "chatbot", "roles": ["root"]}):
        with pytest.raises(OperationFailure) as refused:
            chatbot.admin.command(command)
        assert refused.value.code == UNAUTHORISED


def test_a_password_that_changed_is_the_only_good_one(mongo: LiveMongo, passwords: dict[str, str]) -> None:
    fresh = uuid4().hex
    ensure_users(mongo.url, {"auditor": fresh})
    with log_in(mongo, "auditor", fresh) as client:
        client["auditor"]["c"].find_one()
    with log_in(mongo, "auditor", passwords["auditor"]) as client, pytest.raises(OperationFailure) as refused:
        client["auditor"]["c"].find_one()
    assert refused.value.code == WRONG_PASSWORD
