"""Where look-ups are answered: by what was imported, or, where the settings name one, by a province's own system."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from chassis.fetch import AllowedHosts, Fetcher, open_fetcher
from services.chatbot.lookups.http import RemoteSystem
from services.chatbot.settings import ChatbotSettings, read_token

FETCH_SECONDS = 2.2  # For one file of a citizen's: less than a batch of effects may take.


@dataclass(frozen=True, slots=True)
class ExternalSystems:
    """What lies outside: the systems that the settings name, by subject, and where citizens' files are fetched from."""

    fetcher: Fetcher
    systems: Mapping[str, RemoteSystem] = field(default_factory=dict)

    def get(self, subject: str) -> RemoteSystem | None:
        """Returns the system that answers for this subject, or None where what was imported does."""
        return self.systems.get(subject)


@asynccontextmanager
async def open_systems(settings: ChatbotSettings) -> AsyncIterator[ExternalSystems]:
    """No cookies, no proxies from the environment. Tokens are files in SECRETS_DIR: dossiers-token, scores-token, fines-token."""
    urls = {"dossiers": settings.dossiers_url, "scores": settings.scores_url, "fines": settings.fines_url}
    hosts = AllowedHosts.parse("MEDIA_HOSTS", settings.media_hosts)
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False) as session,
        open_fetcher(hosts, FETCH_SECONDS) as fetcher,
    ):
        systems = {
            name: RemoteSystem(name, url, session, read_token(settings.secrets_dir, f"{name}-token"))
            for name, url in urls.items()
            if url
        }
        yield ExternalSystems(fetcher, systems)
