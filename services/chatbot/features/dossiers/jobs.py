"""Records a dossier's new status in its history and notifies its subscribers. May be repeated at any point.

Two ways lead here: another provincial system pushes a change, or a new import differs from what was known before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from chassis.jobs import Job, periodic
from services.chatbot.content.editions import ContentEditions
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.features.dossiers.effects import STAGES, HistoryEntry
from services.chatbot.features.dossiers.store.history import History
from services.chatbot.features.dossiers.store.imported import KIND, Dossiers
from services.chatbot.features.dossiers.store.notices import Notice, Notices
from services.chatbot.features.dossiers.store.subscriptions import Subscriber, Subscriptions
from services.chatbot.lookups.store.datasets import Datasets
from services.chatbot.reminders.effects import ScheduleReminder
from services.chatbot.reminders.store import Reminders

EVERY_SECONDS = 5.0
NOTICE_SECONDS = 2.0
PAGE = 200
COMPARE_SECONDS = 900.0  # A province's dossiers, compared page by page. A comparison that is cut off begins anew.


@dataclass(frozen=True, slots=True)
class StatusChange:
    """`id` is the pushing system's own, so that its repeats are known."""

    id: str
    code: str = field(repr=False)
    stage: str
    at: datetime
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class StatusChanges:
    datasets: Datasets
    dossiers: Dossiers
    history: History
    subscriptions: Subscriptions
    notices: Notices

    def job(self) -> Job[None]:
        return replace(periodic("dossier_changes", EVERY_SECONDS, self.sweep), call_seconds=COMPARE_SECONDS)

    async def push(self, change: StatusChange) -> bool:
        """Returns whether it moved the dossier; a late or repeated one only stands in the history. The status is stored last."""
        key, event = self.history.key(change.code), uuid5(NAMESPACE_OID, f"push|{change.id}")
        fields = (("stage", change.stage), ("note", change.note))
        await self.history.append([(key, HistoryEntry(event, change.at, "status", "system", fields))])
        current = (await self.history.stages([key])).get(key)
        if current is not None and (current.stage == change.stage or current.at > change.at):
            return False
        await self._publish({key: (event, change.stage)}, change.at, imported=False)
        return True

    async def _publish(self, moved: Mapping[str, tuple[UUID, str]], at: datetime, *, imported: bool) -> None:
        """`{pseudonym: (event, stage)}`: notify, then store; a crash in between notifies again under the same ids."""
        if not moved:
            return
        subscriptions = await self.subscriptions.ids_of(list(moved))
        await self.notices.add(
            [Notice(moved[key][0], subscription, moved[key][1], at) for subscription, key in subscriptions]
        )
        await self.history.release(list(moved))
        await self.history.set_stages({key: stage for key, (_, stage) in moved.items()}, at, imported=imported)

    async def sweep(self) -> int:
        """Compare a new edition with what was known: how many dossiers it moved. Nothing to do is one read."""
        current, before = await self.datasets.current(KIND), await self.history.compared_version()
        if current is None or before == current.version:
            return 0
        change = f"{before}|{current.version}"  # An edition that is brought back moves dossiers a second time.
        count = 0
        async for page in self.dossiers.pages(current.version):
            count += await self._compare(page, change, current.as_of)
        await self.history.set_compared_version(current.version)
        return count

    async def _compare(self, page: Mapping[str, str], change: str, as_of: datetime) -> int:
        stages = await self.history.stages(list(page))
        moved = {
            key: (uuid5(NAMESPACE_OID, f"import|{change}|{key}"), stage)
            for key, stage in page.items()
            if key in stages and stages[key].stage != stage and (stages[key].imported or stages[key].at <= as_of)
        }
        await self.history.append(_entries(moved, as_of))
        await self._publish(moved, as_of, imported=True)
        new = {key: stage for key, stage in page.items() if key not in stages}
        await self.history.set_stages(new, as_of, imported=True)
        return len(moved)


def _entries(moved: Mapping[str, tuple[UUID, str]], at: datetime) -> Sequence[tuple[str, HistoryEntry]]:
    return [
        (key, HistoryEntry(event, at, "status", "system", (("stage", stage), ("note", ""))))
        for key, (event, stage) in moved.items()
    ]


@dataclass(frozen=True, slots=True)
class ChangeNotices:
    """Notifies subscribers one by one: a subscription that does not open keeps no other waiting."""

    editions: ContentEditions
    subscriptions: Subscriptions
    notices: Notices
    reminders: Reminders

    def job(self) -> Job[Notice]:
        return Job("dossier_notices", NOTICE_SECONDS, self.claim, self.remind, key=lambda notice: notice.id, page=PAGE)

    async def claim(self, parked: frozenset[str]) -> Sequence[Notice]:
        return await self.notices.waiting(PAGE, without=parked)

    async def remind(self, notices: Sequence[Notice]) -> None:
        """Raises DecryptionError when the key of a subscription is gone: then none of these is set."""
        subscribers = await self.subscriptions.find([notice.subscription for notice in notices])
        reminders = [
            self._reminder(subscribers[notice.subscription], notice)
            for notice in notices
            if notice.subscription in subscribers
        ]
        if reminders:
            await self.reminders.answer(reminders)
        await self.notices.remove(notices)

    def _reminder(self, subscriber: Subscriber, notice: Notice) -> ScheduleReminder:
        content = self.editions.current
        oa = content.oas.get(subscriber.oa_id)
        texts = content.texts_of(oa.pack) if oa else content.texts
        text = texts.render("dossier.changed", code=subscriber.code, status=STAGES[notice.stage])
        buttons = [tap(texts.render("button.whole"), f"#lam f_ho_so {subscriber.code}")]
        reminder_id = uuid5(notice.event, subscriber.conversation)
        return ScheduleReminder(
            reminder_id,
            subscriber.conversation,
            subscriber.oa_id,
            subscriber.address,
            notice.at,
            compose(text, buttons),
        )
