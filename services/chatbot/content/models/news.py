"""News, warnings and clips, by topic."""

from datetime import date
from typing import Literal

from pydantic import Field

from services.chatbot.content.models.base import Key, Shape, Short, Text, Title, Url


class Topic(Shape):
    id: Key
    name: Short
    about: Text


class Article(Shape):
    id: Key
    topic: Key
    kind: Literal["warning", "news", "clip"]
    title: Title
    summary: Text
    body: tuple[Text, ...] = Field(default=(), max_length=10)
    date: date
    url: Url | None = None
    demo: bool = False
