"""What a receipt opens to: which of our messages it is about. Travels only sealed."""

from pydantic import BaseModel, ConfigDict, Field


class Receipt(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    msg_ids: tuple[str, ...] = Field((), max_length=1_000, repr=False)
    tracking_id: str | None = Field(None, max_length=64, repr=False)  # Templates by phone carry ours back.
    text: str = Field("", max_length=20_000, repr=False)  # An echo's text: how an uncertain send is recognised.
