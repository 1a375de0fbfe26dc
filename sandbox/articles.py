"""Articles of an OA: made, processed for a moment, then broadcast."""

from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.errors import ZaloError
from sandbox.ids import Ids
from sandbox.people import Json

PROCESSING_MS = 2_000  # Between `create` and an article that can be sent.


@dataclass(slots=True)
class Article:
    article_id: str
    oa_id: str
    kind: str  # normal or video
    content: Json
    at_ms: int
    views: int = 0
    token: str = ""


@dataclass(slots=True)
class Articles:
    clock: Clock
    ids: Ids
    by_id: dict[str, Article] = field(default_factory=dict)
    _by_token: dict[str, str] = field(default_factory=dict)
    videos: dict[str, tuple[str, int, str]] = field(default_factory=dict)  # token -> (oa, at_ms, url)

    def create(self, oa_id: str, kind: str, content: Json) -> str:
        """The token with which the article's id can be asked for."""
        article = Article(self.ids.message(), oa_id, kind, content, self.clock.now_ms(), token=self.ids.message())
        self.by_id[article.article_id] = article
        self._by_token[article.token] = article.article_id
        return article.token

    def by_token(self, oa_id: str, token: str) -> Article:
        """Raise ZaloError -201 for a token of nobody's, -214 while the article is being processed."""
        return self.ready(oa_id, self._by_token.get(token, ""), "token")

    def ready(self, oa_id: str, article_id: str, member: str = "attachment_id") -> Article:
        article = self.find(oa_id, article_id, member)
        if self.clock.now_ms() - article.at_ms < PROCESSING_MS:
            raise ZaloError(-214)
        return article

    def find(self, oa_id: str, article_id: str, member: str = "id") -> Article:
        article = self.by_id.get(article_id)
        if article is None or article.oa_id != oa_id:
            raise ZaloError(-201, member)
        return article

    def of(self, oa_id: str, kind: str) -> list[Article]:
        """Newest first."""
        return [each for each in reversed(self.by_id.values()) if each.oa_id == oa_id and each.kind == kind]
