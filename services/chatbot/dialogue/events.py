"""Turns actions into events: sealed under the OA's key, addressed, with derived ids."""

from dataclasses import dataclass

from chassis.crypto import KeyRing, Place
from contracts.chatbot import (
    ErrandEnded,
    PersonNeeded,
    PersonReleased,
    ReplyChosen,
    SubscriptionChanged,
    SurveyAnswered,
)
from contracts.event import Event
from contracts.message import Asset, MessagePart
from services.chatbot.dialogue.actions import (
    Decision,
    EndFlow,
    ReleaseOfficer,
    Reply,
    ReportSubscription,
    ReportSurvey,
    RequestOfficer,
)
from services.chatbot.dialogue.messages import StaticMessage, encode_message


@dataclass(frozen=True, slots=True)
class EventMapper:
    ring: KeyRing
    files_url: str  # Where notify fetches this service's files: `loa:/…` becomes `{files_url}/…`.

    def events(self, cause: Event, decision: Decision, first_index: int = 0) -> list[Event]:
        """Returns what the decision publishes; ids are derived from the cause, the kind, and an index from `first_index` on."""
        address = decision.state.address
        return [
            event
            for index, action in enumerate(decision.actions, first_index)
            if (event := self._event(cause, index, action, address)) is not None
        ]

    def _event(self, cause: Event, index: int, action: object, address: str) -> Event | None:
        match action:
            case Reply(outcome, parts, lane):
                if not address:
                    return None  # No return address is known.
                reply_id = ReplyChosen.derived_id(cause, index)
                body = self.sealed_message(Place.body(cause.oa_id, cause.conversation, reply_id), parts)
                return ReplyChosen.derive(
                    cause, index, id=reply_id, outcome=outcome, lane=lane, body=body, address=address
                )
            case RequestOfficer(reason):
                return PersonNeeded.derive(cause, index, reason=reason)
            case ReleaseOfficer(release_reason):
                return PersonReleased.derive(cause, index, reason=release_reason)
            case EndFlow(flow, ending):
                return ErrandEnded.derive(cause, index, errand=flow, ending=ending)
            case ReportSurvey(flow, stars, words):
                survey_id = SurveyAnswered.derived_id(cause, index)
                place = Place.body(cause.oa_id, cause.conversation, survey_id)
                sealed = self.ring.seal(words.encode(), place) if words else None
                return SurveyAnswered.derive(cause, index, id=survey_id, errand=flow, stars=stars, words=sealed)
            case ReportSubscription(subject, subscribed):
                return SubscriptionChanged.derive(cause, index, subject=subject, subscribed=subscribed)
            case _:
                raise TypeError(f"no event for {type(action).__name__}")

    def sealed_message(self, place: Place, parts: tuple[MessagePart, ...]) -> str:
        """Returns the message as it travels in one event."""
        encoded = (
            parts.encoded if isinstance(parts, StaticMessage) else encode_message(tuple(map(self._reachable, parts)))
        )
        return self.ring.seal(encoded, place)

    def _reachable(self, part: MessagePart) -> MessagePart:
        if part.image is None and part.file is None:
            return part
        return part.model_copy(update={"image": self._asset(part.image), "file": self._asset(part.file)})

    def _asset(self, asset: Asset | None) -> Asset | None:
        if asset is None or not asset.url.startswith("loa:"):
            return asset
        return asset.model_copy(update={"url": self.files_url + asset.url.removeprefix("loa:")})
