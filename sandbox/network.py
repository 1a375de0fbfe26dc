"""All citizens, OAs and messages, in memory. Watchers are called for each change, in process."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from sandbox import events
from sandbox.accounts import Account
from sandbox.clock import Clock
from sandbox.ids import Ids
from sandbox.inboxes import Inboxes
from sandbox.people import Citizen, Contact, Draft, Json, Message
from sandbox.webhooks import Webhooks

ChangeKind = Literal["message", "ticks", "reaction", "withdrawn", "follow", "call", "citizen", "oa", "group"]


class UnknownError(LookupError):
    """No such citizen, OA or message. The text names the kind, never the person."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a watcher gets: the kind of change, whom it concerns, and the message where there is one."""

    kind: ChangeKind
    oa_id: str = ""
    citizen_id: str = ""
    message: Message | None = None


Subscriber = Callable[[Change], None]


@dataclass(slots=True)
class Network:
    accounts: dict[str, Account]
    clock: Clock
    ids: Ids
    webhooks: Webhooks
    reads: bool = True
    citizens: dict[str, Citizen] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)  # 84… -> citizen_id
    hashes: dict[str, str] = field(default_factory=dict)  # SHA-256 of 84… -> citizen_id
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)  # (oa_id, user_id)
    by_citizen: dict[str, dict[str, Contact]] = field(default_factory=dict)  # citizen_id -> oa_id -> contact
    inboxes: Inboxes = field(default_factory=Inboxes)
    by_oa: dict[str, list[Contact]] = field(default_factory=dict)  # oa_id -> its contacts
    seq: int = 0
    _subscribers: list[Subscriber] = field(default_factory=list)

    def account(self, oa_id: str) -> Account:
        try:
            return self.accounts[oa_id]
        except KeyError:
            raise UnknownError("no such OA") from None

    def citizen(self, citizen_id: str) -> Citizen:
        try:
            return self.citizens[citizen_id]
        except KeyError:
            raise UnknownError("no such citizen") from None

    def new_citizen(self, name: str, phone: str = "", *, reads: bool | None = None) -> Citizen:
        """`phone` in any Vietnamese form; kept as 84…. A number already taken moves to the newcomer."""
        citizen_id = f"c{len(self.citizens) + 1}"
        citizen = Citizen(citizen_id, name, international(phone), self.reads if reads is None else reads)
        self.citizens[citizen_id] = citizen
        self.list_phone(citizen)
        self.publish(Change("citizen", "", citizen_id))
        return citizen

    def list_phone(self, citizen: Citizen) -> None:
        """Let the citizen be found by number and by its hash."""
        if citizen.phone:
            self.phones[citizen.phone] = citizen.citizen_id
            self.hashes[hashlib.sha256(citizen.phone.encode()).hexdigest()] = citizen.citizen_id

    def contact(self, citizen_id: str, oa_id: str) -> Contact:
        """Returns the conversation of the two; a new, empty one where there was none."""
        theirs = self.by_citizen.get(citizen_id)
        if theirs is not None and oa_id in theirs:
            return theirs[oa_id]
        self.citizen(citizen_id)
        self.account(oa_id)
        return self.adopt(Contact(oa_id, citizen_id, self.ids.user(citizen_id, oa_id)))

    def adopt(self, contact: Contact) -> Contact:
        """Enter a contact made elsewhere: by `contact`, or by a snapshot."""
        self.by_citizen.setdefault(contact.citizen_id, {})[contact.oa_id] = contact
        self.contacts[contact.oa_id, contact.user_id] = contact
        self.by_oa.setdefault(contact.oa_id, []).append(contact)
        return contact

    def age(self) -> tuple[int, int, int]:
        """Grows with every change: the same age twice means there is nothing new to save."""
        return self.seq, len(self.citizens), len(self.contacts)

    def people_of(self, oa_id: str) -> list[Contact]:
        """Everybody this OA has ever been in contact with."""
        return self.by_oa.get(oa_id, [])

    def followed(self, citizen_id: str) -> list[str]:
        """The OAs this citizen follows."""
        return [oa_id for oa_id, contact in self.by_citizen.get(citizen_id, {}).items() if contact.follows]

    def history(self, citizen_id: str, oa_id: str) -> list[Message]:
        """Both sides' messages, oldest first."""
        return list(self.contact(citizen_id, oa_id).history)

    def inbox(self, citizen_id: str, oa_id: str | None = None, after: int = 0) -> list[Message]:
        """What OAs sent to this citizen with a seq above `after`, in order."""
        return self.inboxes.inbox(citizen_id, oa_id, after)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` for every change, in the event loop's thread, until the returned function is called."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber) if subscriber in self._subscribers else None

    def publish(self, change: Change) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber(change)

    def by_app(self, contact: Contact) -> str:
        return self.ids.by_app(contact.citizen_id, self.accounts[contact.oa_id].record.app_id)

    def add_message(self, contact: Contact, *, from_oa: bool, draft: Draft, admin_id: str = "") -> Message:
        """Store a message and wake the callers that wait for it."""
        self.seq += 1
        message = Message(
            self.seq, self.ids.message(), contact.oa_id, contact.citizen_id, contact.user_id, from_oa,
            draft.kind, draft.text, self.clock.now_ms(), list(draft.attachments), list(draft.buttons), draft.quote,
            admin_id, draft.template,
        )  # fmt: skip
        contact.history.append(message)
        if from_oa:
            self.inboxes.deliver(message)
        if self._subscribers:
            self.publish(Change("message", contact.oa_id, contact.citizen_id, message))
        return message

    def send(self, contact: Contact, draft: Draft, admin_id: str = "") -> Message:
        """An OA's message reaches the citizen: echo, then the receipts their phone gives."""
        account = self.accounts[contact.oa_id]
        message = self.add_message(contact, from_oa=True, draft=draft, admin_id=admin_id)
        self.emit(f"oa_send_{message.kind}", contact, lambda: events.oa_sent(account, message))
        citizen = self.citizens[contact.citizen_id]
        if citizen.mobile:
            message.received = True
            now = self.clock.now_ms()
            self.emit("user_received_message", contact, lambda: events.received(account, message, now))
            if citizen.reads:
                self.see(contact, message)
        return message

    def see(self, contact: Contact, message: Message) -> None:
        """The citizen has the message before their eyes. Seeing it twice changes nothing."""
        if message.seen or not message.from_oa:
            return
        message.seen = True
        account, now = self.accounts[contact.oa_id], self.clock.now_ms()
        self.emit("user_seen_message", contact, lambda: events.seen(account, message, now))
        if self._subscribers:
            self.publish(Change("ticks", contact.oa_id, contact.citizen_id, message))

    def reaction(self, contact: Contact, message: Message) -> None:
        self.publish(Change("reaction", contact.oa_id, contact.citizen_id, message))

    def hashed_phone(self, hashed: str) -> str | None:
        """The citizen whose number 84… has this SHA-256."""
        return self.hashes.get(hashed)

    def emit(self, name: str, contact: Contact, build: Callable[[], Json]) -> None:
        """Raise an event of this conversation, built only where it is wanted."""
        if self.webhooks.wants(name, contact.oa_id):
            self.webhooks.send(build(), contact.oa_id, contact.user_id)


def international(phone: str) -> str:
    """84…, as Zalo writes numbers; what has no digits becomes empty."""
    digits = "".join(c for c in phone if c.isascii() and c.isdigit())
    return f"84{digits[1:]}" if digits.startswith("0") else digits
