"""Sends one delivery: checked, addressed, encoded and sent; every result is an Outcome. Nothing is stored or retried here."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from chassis.crypto import DecryptionError
from chassis.errors import TransientError
from contracts.message import MessagePart
from services.notify.assets import Assets, Unfetched, Unsendable, Uploaded
from services.notify.decide import Ended, Refresh, Retry, Reupload, SendOutcome, Sent, Situation, decide, in_time
from services.notify.delivery import Delivery, Status
from services.notify.dispatch.reconcile import Reconciler
from services.notify.keys import Keys
from services.notify.metrics import UNCERTAIN_SENDS
from services.notify.split import split
from services.notify.tokens import NoToken, Token, TokenProvider
from services.notify.window import Window
from services.notify.zalo.answer import Allowance, Answer, Refused, Taken
from services.notify.zalo.client import OpenApi
from services.notify.zalo.payload import message_payload

_TOKEN_WAIT_MS, _OPERATOR_WAIT_MS, _TRANSIENT_WAIT_MS = 2_000, 60_000, 1_000
_MAX_RECONCILE_ATTEMPTS = (
    4  # Times Zalo may refuse to say whether an uncertain message arrived: then it is sent again, and marked.
)


@dataclass(frozen=True, slots=True)
class SendRules:
    window: Window
    max_attempts: int
    call_ms: int  # How long one call may take: the claim must outlast it.
    uncertain_ms: int
    late_ms: int
    card_image: str = ""


@dataclass(slots=True)
class Sender:
    keys: Keys
    tokens: TokenProvider
    api: OpenApi
    assets: Assets
    reconciler: Reconciler
    rules: SendRules
    learn: Callable[[str, Allowance], None]  # (oa_id, what Zalo's headers stated).
    now_ms: Callable[[], int]

    async def send(self, delivery: Delivery) -> SendOutcome:
        """Returns an Outcome for every fault of a dependency or the delivery; raises only for bugs."""
        now = self.now_ms()
        if not delivery.uncertain and now > delivery.deadline_ms:
            return Ended(Status.EXPIRED, delivery.code, "too_late")
        closed_reason = self.rules.window.closed_reason(delivery.last_interaction_ms, now)
        if closed_reason and not delivery.uncertain:
            return Ended(Status.SUPPRESSED, 0, closed_reason)
        try:
            return await self._send(delivery)
        except NoToken as fault:
            wait = _OPERATOR_WAIT_MS if fault.why == "needs_person" else _TOKEN_WAIT_MS
            return self._retry_later(delivery, wait, fault.why)
        except (TransientError, Unfetched):
            return self._retry_later(delivery, _TRANSIENT_WAIT_MS * 2 ** min(delivery.attempts, 6), None)
        except Unsendable as fault:
            return Ended(Status.FAILED, 0, fault.why)
        except (DecryptionError, ValueError, IndexError):
            return Ended(Status.FAILED, 0, "unreadable")  # Sealed for another purpose, or not a message of ours.

    async def _send(self, delivery: Delivery) -> SendOutcome:
        user_id = self.keys.open_user_id(delivery.address, delivery.oa_id, delivery.conversation)
        if delivery.part is None:
            delivery.part = split(self.keys.open_message(delivery.body, delivery.place))[delivery.index]
        token = await self.tokens.access(delivery.oa_id)
        if delivery.uncertain:
            settled = await self._reconcile(delivery, delivery.part, user_id, token)
            if settled is not None:
                return settled
        delivery.attempts += 1
        outcome, uploaded = await self._attempt(delivery, delivery.part, user_id, token)
        if isinstance(outcome, Refresh):
            token = await self.tokens.renew(delivery.oa_id, token.version)
            outcome, uploaded = await self._attempt(delivery, delivery.part, user_id, token)
        if isinstance(outcome, Reupload):
            if uploaded is not None:
                await self.assets.invalidate(delivery.oa_id, uploaded)
            outcome, _ = await self._attempt(delivery, delivery.part, user_id, token)
        if isinstance(outcome, Refresh | Reupload):  # It did not help.
            return self._retry_later(
                delivery, _OPERATOR_WAIT_MS, "token" if isinstance(outcome, Refresh) else None, outcome.code
            )
        if isinstance(outcome, Retry) and not outcome.counted:
            delivery.attempts -= 1
        return outcome

    async def _attempt(
        self, delivery: Delivery, part: MessagePart, user_id: str, token: Token
    ) -> tuple[SendOutcome, Uploaded | None]:
        uploaded = await self.assets.upload(part, delivery.oa_id, token.text)
        if uploaded is not None and not isinstance(uploaded, Uploaded):
            return self._upload_outcome(delivery, uploaded), None
        reference, size = (uploaded.reference, uploaded.size) if uploaded else ("", None)
        if delivery.due_ms - self.now_ms() < self.rules.call_ms:  # Uploading took long, or this process stood still.
            return self._retry_later(delivery, _TRANSIENT_WAIT_MS, None), None
        payload = message_payload(part, reference, size, self.rules.card_image)
        answer = await self.api.send(token.text, user_id, payload)
        if isinstance(answer, Taken | Refused) and answer.allowance.limit:
            self.learn(delivery.oa_id, answer.allowance)
        return decide(answer, self._situation(delivery)), uploaded

    def _upload_outcome(self, delivery: Delivery, answer: Answer) -> SendOutcome:
        """An upload that went unanswered leaves no doubt about the message: it was not sent."""
        outcome = decide(answer, self._situation(delivery))
        return replace(outcome, uncertain=False) if isinstance(outcome, Retry) else outcome

    async def _reconcile(self, delivery: Delivery, part: MessagePart, user_id: str, token: Token) -> SendOutcome | None:
        """Returns Sent, or when to ask again; None when it is not there, so that it may be sent."""
        asked_ms = self.now_ms()
        delivery.uncertain_until_ms = delivery.uncertain_until_ms or asked_ms + self.rules.uncertain_ms
        arrival = await self.reconciler.find_message(delivery, part, user_id, token.text)
        now = self.now_ms()
        if isinstance(arrival, str):
            UNCERTAIN_SENDS.labels("arrived").inc()
            return Sent(reference=arrival)
        if arrival is None and asked_ms < delivery.uncertain_until_ms:
            return Retry(max(now, delivery.uncertain_until_ms), delivery.code, counted=False, uncertain=True)
        if arrival is None:
            UNCERTAIN_SENDS.labels("not_there").inc()
            delivery.uncertain, delivery.resent = False, True
            return self._end_if_too_late(delivery, now)
        return await self._history_not_read(delivery, arrival, token)

    def is_exhausted(self, delivery: Delivery) -> bool:
        return delivery.attempts >= self.rules.max_attempts

    def _end_if_too_late(self, delivery: Delivery, now: int) -> SendOutcome | None:
        if now > delivery.deadline_ms:
            return Ended(Status.EXPIRED, delivery.code, "too_late")
        return Ended(Status.FAILED, delivery.code, "attempts") if self.is_exhausted(delivery) else None

    async def _history_not_read(self, delivery: Delivery, answer: Answer, token: Token) -> SendOutcome | None:
        delivery.reconcile_attempts += 1
        outcome = decide(answer, self._situation(delivery))
        if isinstance(outcome, Refresh):
            await self.tokens.renew(delivery.oa_id, token.version)
        now = self.now_ms()
        refused_for_good = isinstance(answer, Refused) and delivery.reconcile_attempts >= _MAX_RECONCILE_ATTEMPTS
        if refused_for_good and now >= delivery.uncertain_until_ms:
            UNCERTAIN_SENDS.labels("not_told").inc()
            delivery.uncertain, delivery.resent = False, True
            return self._end_if_too_late(delivery, now)
        at_ms = outcome.at_ms if isinstance(outcome, Retry) else now + _TRANSIENT_WAIT_MS
        # Whether Zalo shows a conversation says nothing about whether it takes messages: only its silence holds up others.
        waits = isinstance(outcome, Retry) and outcome.pause_reason in ("unreached", "rate_limited")
        pause_reason = outcome.pause_reason if isinstance(outcome, Retry) and waits else None
        return Retry(at_ms, delivery.code, counted=False, uncertain=True, pause_reason=pause_reason)

    def _situation(self, delivery: Delivery) -> Situation:
        return Situation(
            self.now_ms(),
            delivery.deadline_ms,
            delivery.attempts,
            self.rules.max_attempts,
            random.random(),  # noqa: S311 — jitter.
            self.rules.uncertain_ms,
            self.rules.late_ms,
        )

    def _retry_later(self, delivery: Delivery, wait_ms: int, pause_reason: str | None, code: int = 0) -> SendOutcome:
        situation = self._situation(delivery)
        at_ms = situation.now_ms + int(wait_ms * (0.5 + situation.dice))
        return in_time(
            Retry(at_ms, code, counted=False, uncertain=delivery.uncertain, pause_reason=pause_reason), situation
        )
