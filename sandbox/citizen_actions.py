"""What a citizen can do: write, tap, look, react, take back, follow, call, hand over their details."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import events
from sandbox.media import Media
from sandbox.network import Change, Network, UnknownError
from sandbox.people import Contact, Draft, Json, Message
from sandbox.uploads_in import Sending, attachments
from sandbox.webhook_sender import NOT_SENT, FirstOutcome, OnOutcome, Outcome

QUERIES = ("oa.query.show", "oa.query.hide")


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of a deed: the message where one was written, and how the first attempt of its webhook ended."""

    message_id: str
    outcome: Outcome
    opens: Json | None = None  # A button that opens a link, the dialler or an SMS raises no event.


@dataclass(slots=True)
class CitizenActions:
    """Every deed waits for the first attempt of its webhook, so that the caller sees what the gateway answered."""

    network: Network
    media: Media

    async def send(self, citizen_id: str, sending: Sending) -> ActionResult:
        """Raise UnknownError for a citizen or OA that does not exist, ValueError for a kind without what it needs."""
        contact = self.network.contact(citizen_id, sending.oa_id)
        parts = attachments(sending, self.media)
        return await self.write(contact, Draft(sending.kind, sending.text, parts, quote=sending.quote_message_id))

    async def write(self, contact: Contact, draft: Draft, *, wanted: bool = True, hidden: bool = False) -> ActionResult:
        """One message of a citizen. Without `wanted` it does not wait for the gateway; `hidden`: the chat never shows it."""
        message = self.network.add_message(contact, from_oa=False, draft=draft)
        contact.last_interaction_ms = message.at_ms
        account = self.network.accounts[contact.oa_id]
        event = events.user_sent(account, message, self.network.by_app(contact))
        if hidden:
            message.kind = "hidden"  # The event says what it is to the OA: a text.

        def on_outcome(outcome: Outcome) -> None:
            """The first attempt or a later one: the tick comes when the gateway has it."""
            message.received = outcome.status == 200  # noqa: PLR2004  The one status Zalo takes for a yes.
            self.network.publish(Change("ticks", contact.oa_id, contact.citizen_id, message))

        if not wanted:
            self.network.webhooks.send(event, contact.oa_id, contact.user_id, on_outcome)
            return ActionResult(message.message_id, Outcome(NOT_SENT, 0.0))
        return ActionResult(message.message_id, await self.raised(event, contact, on_outcome=on_outcome))

    async def tap(self, citizen_id: str, oa_id: str, message_id: str, button: int | str) -> ActionResult:
        """Press a button, by its place (from 0) or its title. Raise UnknownError when there is no such button."""
        contact, message = self._message(citizen_id, oa_id, message_id)
        pressed = _button(message, button)
        kind, payload = str(pressed.get("type", "")), pressed.get("payload", "")
        if kind not in QUERIES:
            opens = payload if isinstance(payload, dict) else {"url": pressed.get("url", payload)}
            return ActionResult("", Outcome(NOT_SENT, 0.0), {"type": kind, **opens})
        return await self.write(contact, Draft("text", str(payload)), hidden=kind == "oa.query.hide")

    async def follow(self, citizen_id: str, oa_id: str, source: str = "oa_profile", *, on: bool = True) -> ActionResult:
        contact = self.network.contact(citizen_id, oa_id)
        contact.follows = on
        now = self.network.clock.now_ms()
        if on:
            contact.last_interaction_ms = now
        account, by_app = self.network.accounts[oa_id], self.network.by_app(contact)
        self.network.publish(Change("follow", oa_id, citizen_id))
        return await self.raise_event(events.followed(account, contact, by_app, source, now, on=on), contact)

    def see(self, citizen_id: str, oa_id: str) -> int:
        """Look at the chat: everything unseen is seen. Return how many messages that were."""
        contact = self.network.contact(citizen_id, oa_id)
        unseen = [message for message in contact.history if message.from_oa and not message.seen]
        for message in unseen:
            self.network.see(contact, message)
        return len(unseen)

    async def react(self, citizen_id: str, oa_id: str, message_id: str, icon: str) -> ActionResult:
        contact, message = self._message(citizen_id, oa_id, message_id)
        if icon == "/-remove":
            message.reactions = [each for each in message.reactions if each["from_oa"]]
        else:
            message.reactions.append({"icon": icon, "from_oa": False})
        self.network.publish(Change("reaction", oa_id, citizen_id, message))
        now, account = self.network.clock.now_ms(), self.network.accounts[oa_id]
        return await self.raise_event(events.reacted(account, message, icon, now, by_oa=False), contact)

    async def withdraw(self, citizen_id: str, oa_id: str) -> ActionResult:
        """user_withdraw: the citizen asks this OA's app to forget them. Their chat here is emptied too."""
        contact = self.network.contact(citizen_id, oa_id)
        by_app = self.network.by_app(contact)
        for message in contact.history:
            message.withdrawn = True
        contact.follows = False
        self.network.publish(Change("withdrawn", oa_id, citizen_id))
        fields = {"user_id": contact.user_id, "user_id_by_app": by_app}
        return await self.raise_event(self.rooted("user_withdraw", contact, fields), contact)

    async def call(self, citizen_id: str, oa_id: str, details: Mapping[str, Any]) -> ActionResult:
        """user_call_oa, sent at the end of the call."""
        contact = self.network.contact(citizen_id, oa_id)
        contact.last_interaction_ms = self.network.clock.now_ms()
        fields = {"user_id": contact.user_id, "call_id": self.network.ids.message(), **details}
        self.network.publish(Change("call", oa_id, citizen_id))
        return await self.raise_event(self.rooted("user_call_oa", contact, fields), contact)

    async def chat_now(self, citizen_id: str, oa_id: str) -> ActionResult:
        """Press "Nhắn tin" for the first time: user_click_chatnow, after which the OA may write first. Once only."""
        contact = self.network.contact(citizen_id, oa_id)
        if contact.clicked_chat_now:
            return ActionResult("", Outcome(NOT_SENT, 0.0))
        contact.clicked_chat_now = True
        contact.last_interaction_ms = self.network.clock.now_ms()
        fields = {"user_id": contact.user_id, "user_id_by_app": self.network.by_app(contact)}
        return await self.raise_event(self.rooted("user_click_chatnow", contact, fields), contact)

    async def submit_info(self, citizen_id: str, oa_id: str, info: Json) -> ActionResult:
        contact = self.network.contact(citizen_id, oa_id)
        contact.last_interaction_ms = self.network.clock.now_ms()
        self.network.citizen(citizen_id).info = info
        event = {
            "app_id": self.network.accounts[oa_id].record.app_id,
            "user_id_by_app": self.network.by_app(contact),
            "event_name": "user_submit_info",
            "timestamp": str(self.network.clock.now_ms()),
            "sender": {"id": contact.user_id},
            "recipient": {"id": oa_id},
            "info": info,
        }
        return await self.raise_event(event, contact)

    def rooted(self, name: str, contact: Contact, fields: Json) -> Json:
        """An event whose OA stands at the root as oa_id."""
        app_id = self.network.accounts[contact.oa_id].record.app_id
        now = str(self.network.clock.now_ms())
        return {"event_name": name, "oa_id": contact.oa_id, **fields, "app_id": app_id, "timestamp": now}

    async def raise_event(self, event: Json, contact: Contact, *, zns: bool = False) -> ActionResult:
        return ActionResult("", await self.raised(event, contact, zns=zns))

    async def raised(
        self, event: Json, contact: Contact, *, zns: bool = False, on_outcome: OnOutcome = lambda _: None
    ) -> Outcome:
        """Send one event of this conversation and wait for its first attempt; `hears` is called for the later ones too."""
        first = FirstOutcome(on_outcome)
        self.network.webhooks.send(event, contact.oa_id, contact.user_id, first, zns=zns)
        return await first.outcome

    def _message(self, citizen_id: str, oa_id: str, message_id: str) -> tuple[Contact, Message]:
        contact = self.network.contact(citizen_id, oa_id)
        message = contact.message(message_id)
        if message is None:
            raise UnknownError("no such message in this conversation")
        return contact, message


def _button(message: Message, button: int | str) -> Json:
    if isinstance(button, int) and 0 <= button < len(message.buttons):
        return message.buttons[button]
    for each in message.buttons:
        if each.get("title") == button:
            return each
    raise UnknownError("no such button on this message")
