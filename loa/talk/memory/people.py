"""The officers' queue, answers to surveys, and messages that are due later."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from loa.talk.player import Handlers
from services.chatbot.features.officer.effects import JoinQueue, LeaveQueue
from services.chatbot.features.survey.effects import FileSurvey
from services.chatbot.reminders.effects import CancelReminders, ScheduleReminder


@dataclass(slots=True)
class People:
    is_waiting: bool = False
    surveys: dict[UUID, FileSurvey] = field(default_factory=dict)
    reminders: dict[UUID, ScheduleReminder] = field(default_factory=dict)

    def handlers(self) -> Handlers:
        return {
            JoinQueue: self.join,
            LeaveQueue: self.leave,
            FileSurvey: self.file,
            ScheduleReminder: self.schedule,
            CancelReminders: self.cancel,
        }

    def join(self, _: JoinQueue) -> int:
        self.is_waiting = True
        return 1

    def leave(self, _: LeaveQueue) -> bool:
        was_waiting, self.is_waiting = self.is_waiting, False
        return was_waiting

    def file(self, effect: FileSurvey) -> bool:
        self.surveys[effect.id] = effect
        return True

    def schedule(self, effect: ScheduleReminder) -> bool:
        self.reminders[effect.id] = effect
        return True

    def cancel(self, effect: CancelReminders) -> bool:
        cancelled = [self.reminders.pop(reminder, None) for reminder in effect.ids]
        return any(reminder is not None for reminder in cancelled)

    def due(self, now: datetime) -> list[ScheduleReminder]:
        """Returns what is due, once."""
        due = [reminder for reminder in self.reminders.values() if reminder.due <= now]
        for reminder in due:
            del self.reminders[reminder.id]
        return due
