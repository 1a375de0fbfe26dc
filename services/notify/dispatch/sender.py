"""One entry, one message: checked, addressed, clothed and sent; every end is an Outcome. Nothing here remembers or retries."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from chassis.blame import Transient
from chassis.sealing import NotOurs
from contracts.message import Part
from services.notify.assets import Assets, Unfetched, Unsendable, Uploaded
from services.notify.decide import Again, Ended, Outcome, Refresh, Reupload, Sent, Situation, after, in_time
from services.notify.dispatch.doubts import Doubts
from services.notify.entry import Entry, Status
from services.notify.metrics import DOUBTS
from services.notify.plan import split
from services.notify.tokens import Keeper, NoToken, Token
from services.notify.vault import Vault
from services.notify.window import Window
from services.notify.zalo.answer import Allowance, Answer, Refused, Taken
from services.notify.zalo.client import OpenApi
from services.notify.zalo.shape import message

_TOKEN_WAIT_MS, _PERSON_WAIT_MS, _WORLD_WAIT_MS = 2_000, 60_000, 1_000
_ASKS_AT_MOST = 4  # Zalo refuses to tell whether a doubtful message arrived: then it is sent again, and marked.


@dataclass(frozen=True, slots=True)
class Rules:
    window: Window
    max_attempts: int
    doubt_ms: int
    card_image: str = ""


@dataclass(slots=True)
class Sender:
    vault: Vault
    keeper: Keeper
    api: OpenApi
    assets: Assets
    doubts: Doubts
    rules: Rules
    learn: Callable[[str, Allowance], None]  # (oa_id, what Zalo's headers told).
    now_ms: Callable[[], int]

    async def send(self, entry: Entry) -> Outcome:
        """Never raises for the world's or the entry's faults."""
        now = self.now_ms()
        if not entry.doubt and now > entry.deadline_ms:
            return Ended(Status.EXPIRED, entry.code, "too_late")
        shut = self.rules.window.shut(entry.spoken_ms, now)
        if shut and not entry.doubt:
            return Ended(Status.SUPPRESSED, 0, shut)
        try:
            return await self._send(entry)
        except NoToken as fault:
            wait = _PERSON_WAIT_MS if fault.why == "needs_person" else _TOKEN_WAIT_MS
            return self._later(entry, wait, fault.why)
        except (Transient, Unfetched):
            return self._later(entry, _WORLD_WAIT_MS * 2 ** min(entry.attempts, 6), None)
        except Unsendable as fault:
            return Ended(Status.FAILED, 0, fault.why)
        except (NotOurs, ValueError, IndexError):
            return Ended(Status.FAILED, 0, "unreadable")  # Sealed for somebody else, or no words of ours.

    async def _send(self, entry: Entry) -> Outcome:
        user_id = self.vault.user_id(entry.address, entry.oa_id)
        if entry.part is None:
            entry.part = split(self.vault.speech(entry.body, entry.oa_id))[entry.nth]
        token = await self.keeper.access(entry.oa_id)
        if entry.doubt:
            settled = await self._settle_doubt(entry, entry.part, user_id, token)
            if settled is not None:
                return settled
        entry.attempts += 1
        outcome, uploaded = await self._once(entry, entry.part, user_id, token)
        if isinstance(outcome, Refresh):
            token = await self.keeper.renew(entry.oa_id, token.version)
            outcome, uploaded = await self._once(entry, entry.part, user_id, token)
        if isinstance(outcome, Reupload):
            if uploaded is not None:
                await self.assets.drop(entry.oa_id, uploaded)
            outcome, _ = await self._once(entry, entry.part, user_id, token)
        if isinstance(outcome, Refresh | Reupload):  # It did not help.
            return self._later(entry, _PERSON_WAIT_MS, "token" if isinstance(outcome, Refresh) else None, outcome.code)
        if isinstance(outcome, Again) and not outcome.counted:
            entry.attempts -= 1
        return outcome

    async def _once(self, entry: Entry, part: Part, user_id: str, token: Token) -> tuple[Outcome, Uploaded | None]:
        uploaded = await self.assets.upload(part, entry.oa_id, token.text)
        if uploaded is not None and not isinstance(uploaded, Uploaded):
            return self._judge_upload(entry, uploaded), None
        reference, size = (uploaded.reference, uploaded.size) if uploaded else ("", None)
        told = message(part, reference, size, self.rules.card_image)
        answer = await self.api.send(token.text, user_id, told)
        if isinstance(answer, Taken | Refused) and answer.allowance.limit:
            self.learn(entry.oa_id, answer.allowance)
        return after(answer, self._situation(entry)), uploaded

    def _judge_upload(self, entry: Entry, answer: Answer) -> Outcome:
        """An upload that went unanswered leaves no doubt about the message: it was not sent."""
        outcome = after(answer, self._situation(entry))
        return replace(outcome, doubt=False) if isinstance(outcome, Again) else outcome

    async def _settle_doubt(self, entry: Entry, part: Part, user_id: str, token: Token) -> Outcome | None:
        """Sent, or when to ask again; None: it is not there, so it may be sent."""
        found = await self.doubts.arrived(entry, part, user_id, token.text)
        now = self.now_ms()
        entry.doubted_ms = entry.doubted_ms or now
        if isinstance(found, str):
            DOUBTS.labels("arrived").inc()
            return Sent(found)
        waited = now - entry.doubted_ms
        if found is None and waited < self.rules.doubt_ms:
            return Again(entry.doubted_ms + self.rules.doubt_ms, entry.code, counted=False, doubt=True)
        if found is None:
            DOUBTS.labels("not_there").inc()
            entry.doubt, entry.resent = False, True
            return self._too_late(entry, now)
        return await self._not_told(entry, found, token)

    def worn_out(self, entry: Entry) -> bool:
        return entry.attempts >= self.rules.max_attempts

    def _too_late(self, entry: Entry, now: int) -> Outcome | None:
        if now > entry.deadline_ms:
            return Ended(Status.EXPIRED, entry.code, "too_late")
        return Ended(Status.FAILED, entry.code, "attempts") if self.worn_out(entry) else None

    async def _not_told(self, entry: Entry, answer: Answer, token: Token) -> Outcome | None:
        entry.asked += 1
        outcome = after(answer, self._situation(entry))
        if isinstance(outcome, Refresh):
            await self.keeper.renew(entry.oa_id, token.version)
        if isinstance(answer, Refused) and entry.asked >= _ASKS_AT_MOST:
            DOUBTS.labels("not_told").inc()
            entry.doubt, entry.resent = False, True
            return self._too_late(entry, self.now_ms())
        at_ms = outcome.at_ms if isinstance(outcome, Again) else self.now_ms() + _WORLD_WAIT_MS
        holds = outcome.holds if isinstance(outcome, Again) else None
        return Again(at_ms, entry.code, counted=False, doubt=True, holds=holds)

    def _situation(self, entry: Entry) -> Situation:
        return Situation(
            self.now_ms(),
            entry.deadline_ms,
            entry.attempts,
            self.rules.max_attempts,
            random.random(),  # noqa: S311 — jitter.
            self.rules.doubt_ms,
        )

    def _later(self, entry: Entry, wait_ms: int, holds: str | None, code: int = 0) -> Outcome:
        situation = self._situation(entry)
        at_ms = situation.now_ms + int(wait_ms * (0.5 + situation.dice))
        return in_time(Again(at_ms, code, counted=False, doubt=entry.doubt, holds=holds), situation)
