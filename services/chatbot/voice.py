"""Decisions into facts: sealed under the OA's key, addressed, with derived ids."""

from dataclasses import dataclass

from chassis.sealing import Ring
from contracts.chatbot import (
    ErrandEnded,
    PersonNeeded,
    PersonReleased,
    ReplyChosen,
    SubscriptionChanged,
    SurveyAnswered,
)
from contracts.event import Event
from contracts.message import Asset, Part
from services.chatbot.decision import CallPerson, Decision, EndErrand, Release, Say, TellSubscription, TellSurvey
from services.chatbot.speech import Fixed, travelling


@dataclass(frozen=True, slots=True)
class Voice:
    ring: Ring
    files_url: str  # Where notify reaches this house's files: `loa:/…` becomes `{files_url}/…`.

    def facts(self, cause: Event, decision: Decision) -> list[Event]:
        address = decision.after.address
        return [fact for nth, do in enumerate(decision.do) if (fact := self._fact(cause, nth, do, address)) is not None]

    def _fact(self, cause: Event, nth: int, do: object, address: str) -> Event | None:
        match do:
            case Say(outcome, parts, lane):
                if not address:
                    return None  # Nobody to say it to: the platform told us no return address.
                body = self.sealed(cause.oa_id, parts)
                return ReplyChosen.because(cause, nth, outcome=outcome, lane=lane, body=body, address=address)
            case CallPerson(reason):
                return PersonNeeded.because(cause, nth, reason=reason)
            case Release(why):
                return PersonReleased.because(cause, nth, reason=why)
            case EndErrand(errand, ending):
                return ErrandEnded.because(cause, nth, errand=errand, ending=ending)
            case TellSurvey(errand, stars, words):
                sealed = self.ring.seal(words.encode(), cause.oa_id, "body") if words else None
                return SurveyAnswered.because(cause, nth, errand=errand, stars=stars, words=sealed)
            case TellSubscription(subject, subscribed):
                return SubscriptionChanged.because(cause, nth, subject=subject, subscribed=subscribed)
            case _:
                raise TypeError(f"no fact for {type(do).__name__}")

    def sealed(self, oa_id: str, parts: tuple[Part, ...]) -> str:
        """The speech as it travels."""
        told = parts.travelling if isinstance(parts, Fixed) else travelling(tuple(map(self._reachable, parts)))
        return self.ring.seal(told, oa_id, "body")

    def _reachable(self, part: Part) -> Part:
        if part.image is None and part.file is None:
            return part
        return part.model_copy(update={"image": self._asset(part.image), "file": self._asset(part.file)})

    def _asset(self, asset: Asset | None) -> Asset | None:
        if asset is None or not asset.url.startswith("loa:"):
            return asset
        return asset.model_copy(update={"url": self.files_url + asset.url.removeprefix("loa:")})
