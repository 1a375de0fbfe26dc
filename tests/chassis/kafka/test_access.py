"""Who may do what on a broker with accounts, tried with the real ones."""

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError

from chassis.errors import TransientError
from chassis.kafka import NOBODY, Account, KafkaProducer, ensure_rights, unfinished
from chassis.kafka.access import Operation, Resource, Right, _change, _Create, rights
from chassis.records import OutgoingRecord
from contracts import audit, chatbot, gateway, notify
from contracts.catalogue import DEAD, READERS, SERVICES, TABLES, TOPICS, WRITERS
from loa.runtime import accounts, launch, secrets
from loa.runtime.kafka import jars
from loa.runtime.kafka.server import Kafka
from loa.runtime.ports import free_port
from loa.runtime.settings import Settings
from loa.testkit.process import Running
from tests.servers.certificate import make_certificate

TOPIC_AUTHORISATION_FAILED = 29  # Kafka's error code.


def test_every_topic_has_a_writer_and_nobody_writes_what_is_in_no_catalogue() -> None:
    assert {topic for topics in WRITERS.values() for topic in topics} == set(TOPICS)
    assert {topic for topics in READERS.values() for topic in topics} <= set(TOPICS)


def test_what_was_looked_at_is_read_by_the_auditor_alone() -> None:
    readers = {right.service for right in rights() if right.operation is Operation.READ and right.name == audit.EVENTS}
    assert readers == {"auditor"}


def test_a_dead_letter_is_written_and_read_by_its_service_alone() -> None:
    for service, dead in DEAD.items():
        about = {(right.service, right.operation) for right in rights() if right.name == dead}
        assert about == {(service, operation) for operation in (Operation.WRITE, Operation.CREATE, Operation.READ)}


def test_a_group_is_its_services_own_and_names_carry_the_prefix() -> None:
    groups = {(right.service, right.name) for right in rights("p.") if right.resource is Resource.GROUP}
    assert groups == {(service, f"p.{service}") for service in READERS} | {("gateway", "p.tips")}
    watching = {right for right in rights("p.") if right.service == "gateway" and right.resource is Resource.GROUP}
    assert {right.operation for right in watching} == {Operation.DESCRIBE}, "it looks, and reads for nobody"
    assert all(right.name.startswith("p.") for right in rights("p."))


@pytest.mark.parametrize(
    ("account", "protocol"),
    [(NOBODY, "PLAINTEXT"), (Account("tips", "p"), "SASL_PLAINTEXT")],
)
def test_a_client_shows_its_account(account: Account, protocol: str) -> None:
    assert account.client_options()["security_protocol"] == protocol
    assert account.client_options().get("sasl_plain_username", "") == account.user
    assert "sasl_plain_password" in account.client_options() or not account.user


def test_a_password_is_in_no_text() -> None:
    assert "geheim" not in repr(Account("tips", "geheim"))


def test_an_authority_makes_it_tls_with_a_certificate_that_is_verified(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    options = Account("tips", "p", tls_ca=tmp_path / "fullchain.pem").client_options()
    assert options["security_protocol"] == "SASL_SSL"
    assert options["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert options["ssl_context"].check_hostname


@dataclass(frozen=True)
class GuardedKafka:
    """A Kafka with accounts and the rights of the contracts, and a record on every topic."""

    servers: str
    folder: Path

    @property
    def administrator(self) -> Account:
        return accounts.broker_administrator("kafka", self.folder)

    def account(self, service: str) -> Account:
        return Account(service, secrets.read(self.folder, f"{service}-kafka-password"))

    async def writes(self, account: Account, topic: str) -> None:
        """Raises what the broker says."""
        producer = KafkaProducer(self.servers, account=account, timeout_seconds=20)
        try:
            await producer.send([OutgoingRecord(topic, b"k", b"v", {})])
        except TransientError as refused:
            raise refused.__cause__ or refused from None
        finally:
            await producer.close()

    async def reads(self, account: Account, topic: str) -> None:
        """Raises what the broker says."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.servers, **account.client_options())
        await admin.start()
        try:
            (seen,) = await admin.describe_topics([topic])
        finally:
            await admin.close()
        if seen["error_code"] == TOPIC_AUTHORISATION_FAILED:
            raise TopicAuthorizationFailedError
        reader = AIOKafkaConsumer(
            bootstrap_servers=self.servers, auto_offset_reset="earliest", **account.client_options()
        )
        reader.assign([TopicPartition(topic, number) for number in range(len(seen["partitions"]))])
        await reader.start()
        try:
            await asyncio.wait_for(reader.getone(), 30)
        finally:
            await reader.stop()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedKafka]:
    settings = Settings.model_validate({"loa_state": tmp_path_factory.mktemp("guarded")})
    secrets.generate(settings.secrets)
    file = accounts.write_kafka_accounts(settings.secrets)
    home = jars.bring(Settings.read({}).loa_cache)
    kind = Kafka(settings.loa_state / "kafka", free_port(), free_port(), home, file, partitions=2)
    process = Running(kind.program(), settings.loa_state / "kafka.log").start()
    try:
        launch.make_topics(kind, settings)
        made = GuardedKafka(kind.servers, settings.secrets)
        for topic in TOPICS:
            asyncio.run(made.writes(made.administrator, topic))
        yield made
    finally:
        process.stop()


@pytest.mark.live
async def test_each_service_writes_its_topics_and_reads_its_own(guarded: GuardedKafka) -> None:
    for service in SERVICES:
        for topic in (*WRITERS[service], *([DEAD[service]] if service in DEAD else [])):
            await guarded.writes(guarded.account(service), topic)
        for topic in (*READERS.get(service, ()), *TABLES.get(service, ())):
            await guarded.reads(guarded.account(service), topic)


@pytest.mark.live
@pytest.mark.parametrize("topic", [gateway.MESSAGES, notify.EVENTS, DEAD["notify"]])
async def test_the_chatbot_does_not_write_as_another(guarded: GuardedKafka, topic: str) -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        await guarded.writes(guarded.account("chatbot"), topic)


@pytest.mark.live
@pytest.mark.parametrize("topic", [notify.EVENTS, gateway.RECEIPTS, chatbot.EVENTS, DEAD["notify"], gateway.TIPS])
async def test_the_chatbot_reads_neither_what_others_read_nor_what_it_wrote(guarded: GuardedKafka, topic: str) -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        await guarded.reads(guarded.account("chatbot"), topic)


@pytest.mark.live
@pytest.mark.parametrize("service", [service for service in SERVICES if service != "auditor"])
async def test_nobody_but_the_auditor_reads_who_looked(guarded: GuardedKafka, service: str) -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        await guarded.reads(guarded.account(service), audit.EVENTS)


@pytest.mark.live
async def test_a_group_is_closed_to_others(guarded: GuardedKafka) -> None:
    """Who could commit for a group could make its service skip messages."""
    as_chatbot = guarded.account("chatbot")
    assert await unfinished(guarded.servers, "chatbot", [gateway.MESSAGES], as_chatbot) >= 1
    assert await unfinished(guarded.servers, "tips", [gateway.TIPS], guarded.account("gateway")) >= 1
    with pytest.raises(TransientError):
        await unfinished(guarded.servers, "notify", [gateway.MESSAGES], as_chatbot)


@pytest.mark.live
@pytest.mark.parametrize("account", [NOBODY, Account("chatbot", "not-its-password"), Account("stranger", "x")])
async def test_without_an_account_or_its_password_nobody_comes_in(guarded: GuardedKafka, account: Account) -> None:
    with pytest.raises((KafkaError, TimeoutError)):
        await guarded.writes(account, chatbot.EVENTS)


@pytest.mark.live
async def test_a_right_that_the_contracts_do_not_give_is_withdrawn(guarded: GuardedKafka) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=guarded.servers, **guarded.administrator.client_options())
    await admin.start()
    more = Right("tips", Operation.READ, Resource.TOPIC, notify.EVENTS)
    await _change(admin, _Create([more.entry()]))
    await admin.close()
    await guarded.reads(guarded.account("tips"), notify.EVENTS)
    await ensure_rights(guarded.servers, guarded.administrator)
    with pytest.raises(TopicAuthorizationFailedError):
        await guarded.reads(guarded.account("tips"), notify.EVENTS)
    await guarded.writes(guarded.account("tips"), audit.EVENTS)
