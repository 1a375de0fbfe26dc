"""A citizen's column: the OAs they can talk to, and the conversation that is open."""

from collections.abc import Callable

from sandbox.page.chat import Chat
from sandbox.page.column import Column, Frame, Talk
from sandbox.page.listings import Listing, local_phone, oas


class Phone(Column):
    list_title = "Official Account"
    nothing_listed = "Không tìm thấy OA nào."
    invitation = "Chọn một Official Account trong danh sách để bắt đầu."

    def __init__(self, frame: Frame, citizen_id: str) -> None:
        """Raise UnknownError for a citizen who does not exist."""
        citizen = frame.platform.network.citizen(citizen_id)
        super().__init__(frame, citizen_id, citizen.name, local_phone(citizen) or "Người dân")

    def rows(self, query: str = "") -> Listing:
        return oas(self.frame.platform.network, self.key, query)

    def talk(self, other: str) -> Talk | None:
        if other not in self.frame.platform.network.accounts:
            return None
        contact = self.frame.platform.network.contact(self.key, other)
        return Chat(self.frame.platform, self.frame.subscriptions, contact, self.back, self.frame.looking)

    def subscribe(self) -> Callable[[], None]:
        return self.frame.subscriptions.subscribe(self.key, "", self.on_change)
