"""News, warnings and clips, by topic."""

from datetime import date
from typing import Literal

from pydantic import Field

from services.chatbot.content.models.base import ContentModel, Key, Short, Text, Title, Url


class Topic(ContentModel):
    id: Key
    name: Short
    about: Text


class Article(ContentModel):
    id: Key
    topic: Key
    kind: Literal["warning", "news", "clip"]
    title: Title
    summary: Text
    body: tuple[Text, ...] = Field(default=(), max_length=10)
    date: date
    url: Url | None = None
    demo: bool = False
