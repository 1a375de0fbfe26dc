"""Who can be talked to: the OAs a citizen sees, the citizens an officer sees, everybody a page can play. Bounded."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from contracts.text import fold
from sandbox.accounts import OaRecord
from sandbox.network import Network
from sandbox.page.words import kind_of, snippet, visible, when
from sandbox.people import Citizen, Contact, Message

MOST_ROWS = 50
MOST_LOOKED_AT = 20_000  # Among a million bench citizens, the latest are the ones a person means.


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: who, what they are, and the last message."""

    key: str
    name: str
    label: str = ""
    about: str = ""
    last: str = ""
    at: str = ""
    unread: int = 0
    follows: bool = False
    image: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    rows: tuple[Row, ...]
    more: int = 0  # How many were left out.


def oas(network: Network, citizen_id: str, query: str = "") -> Listing:
    """Conversations first, the latest on top; then those followed; then the others as the file has them."""
    contacts = network.by_citizen.get(citizen_id, {})
    wanted = [account.record for account in network.accounts.values() if _matches(query, account.record.name)]

    def sort_key(record: OaRecord) -> tuple[int, bool]:
        contact = contacts.get(record.oa_id)
        newest = last_of(contact) if contact else None
        return (-newest.seq if newest else 0, not (contact and contact.follows))

    wanted.sort(key=sort_key)
    rows = tuple(_oa(network, record, contacts.get(record.oa_id)) for record in wanted[:MOST_ROWS])
    return Listing(rows, len(wanted) - len(rows))


def talks(network: Network, oa_id: str, query: str = "") -> Listing:
    """The citizens who have a conversation with this OA, the latest on top."""
    conversations: list[tuple[Message, Contact]] = []
    for contact in islice(reversed(network.contacts.values()), MOST_LOOKED_AT):
        newest = last_of(contact) if contact.oa_id == oa_id else None
        if newest is not None and _matches(query, network.citizens[contact.citizen_id].name):
            conversations.append((newest, contact))
    conversations.sort(key=lambda each: -each[0].seq)
    now = network.clock.now_ms()
    rows = tuple(
        Row(
            contact.citizen_id,
            network.citizens[contact.citizen_id].name,
            "Đang quan tâm" if contact.follows else "Chưa quan tâm",
            last=_last_text(newest, by_oa="OA"),
            at=when(newest.at_ms, now),
            unread=0 if newest.from_oa else _waiting(contact),
            follows=contact.follows,
        )
        for newest, contact in conversations[:MOST_ROWS]
    )
    return Listing(rows, len(conversations) - len(rows))


def people(network: Network, query: str = "", without: Iterable[str] = ()) -> Listing:
    """Citizens who exist and are not on the page, the latest first."""
    excluded = set(without)
    latest = islice(reversed(network.citizens.values()), MOST_LOOKED_AT)
    citizens = [citizen for citizen in latest if citizen.citizen_id not in excluded and _matches(query, citizen.name)]
    rows = tuple(Row(citizen.citizen_id, citizen.name, local_phone(citizen)) for citizen in citizens[:MOST_ROWS])
    return Listing(rows, len(citizens) - len(rows))


def local_phone(citizen: Citizen) -> str:
    """84… as people write it at home: 0… instead."""
    return f"0{citizen.phone[2:]}" if citizen.phone.startswith("84") else citizen.phone


def last_of(contact: Contact) -> Message | None:
    return next((message for message in reversed(contact.history) if visible(message)), None)


def unread(contact: Contact) -> int:
    return sum(1 for message in contact.history if message.from_oa and not message.seen and visible(message))


def _waiting(contact: Contact) -> int:
    """How many messages of the citizen nobody has answered yet."""
    count = 0
    for message in reversed(contact.history):
        if message.from_oa:
            break
        count += visible(message)
    return count


def _oa(network: Network, record: OaRecord, contact: Contact | None) -> Row:
    newest = last_of(contact) if contact else None
    label, image = kind_of(record.kind)
    return Row(
        record.oa_id,
        record.name,
        label,
        record.description,
        _last_text(newest, by_citizen="Bạn") if newest else "",
        when(newest.at_ms, network.clock.now_ms()) if newest else "",
        unread(contact) if contact else 0,
        contact is not None and contact.follows,
        image,
    )


def _last_text(message: Message, by_oa: str = "", by_citizen: str = "") -> str:
    who = by_oa if message.from_oa else by_citizen
    return f"{who}: {snippet(message)}" if who else snippet(message)


def _matches(query: str, name: str) -> bool:
    """Found without diacritics too."""
    return not query or fold(query) in fold(name)
