"""What is too much: of one case, of one reporter in a day, of the disk."""

from dataclasses import dataclass

from chassis.daily_quota import DailyQuota
from chassis.disk import DatabaseDisk
from services.tips.media.missing import Missing
from services.tips.store.files import MediaFile
from services.tips.store.media import Media
from services.tips.store.reporters import Reporters


@dataclass(frozen=True, slots=True)
class MediaLimits:
    media: Media
    reporters: Reporters
    files_a_day: DailyQuota
    bytes_a_day: DailyQuota
    disk: DatabaseDisk
    files_of_a_case: int

    async def refusal(self, file: MediaFile) -> Missing | None:
        """Returns why a file is not to be fetched now; None when it is. Raises TransientError."""
        if await self.media.count_kept(file.case_id) >= self.files_of_a_case:
            return Missing.FILES
        person = await self._person(file)
        if await self.files_a_day.is_used_up(person) or await self.bytes_a_day.is_used_up(person):
            return Missing.TODAY
        return Missing.DISK if await self.disk.is_full() else None

    async def count(self, file: MediaFile, size: int) -> None:
        """A file is kept: its reporter has had one more today, and so many bytes. Raises TransientError."""
        person = await self._person(file)
        await self.files_a_day.add(person)
        await self.bytes_a_day.add(person, size)

    async def _person(self, file: MediaFile) -> str:
        """The reporter's pseudonym; the case itself where they withdrew: nothing leads to them any more."""
        return await self.reporters.person(file.case_id) or file.case_id
