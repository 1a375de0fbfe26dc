"""Short notices at the edge of the page; screen readers read them aloud."""

from nicegui import Client, ui

SECONDS = 6


def bad(client: Client, text: str) -> None:
    """The page is named, for what led here may be gone from it: a bar that was put away, a dialog that was closed."""
    with client:
        ui.notify(
            text,
            type="negative",
            position="top",
            timeout=SECONDS * 1_000,
            attrs={"role": "alert"},
            close_button="Đóng",
            multi_line=True,
        )
