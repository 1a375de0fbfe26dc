"""What the registry's API does: seals what goes in, shows what may be seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import HTTPException

from chassis.crypto import KeyRing
from services.gateway.registry.cache import LIVE_SECRETS
from services.gateway.registry.schemas import AppInput, AppView, NewSecret, OaInput, OaView, app_view, oa_view
from services.gateway.store.accounts import Accounts


@dataclass(frozen=True, slots=True)
class RegistryService:
    store: Accounts
    ring: KeyRing

    async def oas(self, after: str, limit: int) -> list[OaView]:
        return [oa_view(document) for document in await self.store.page(after, limit)]

    async def put_oas(self, oas: Sequence[OaInput]) -> None:
        await self.store.put("accounts", {oa.oa_id: self._fields(oa) for oa in oas})

    async def oa(self, oa_id: str) -> OaView:
        document = await self.store.get("accounts", oa_id)
        if document is None:
            raise HTTPException(404, "this OA is not registered: `loa oa add` registers it")
        return oa_view(document)

    async def switch_oa(self, oa_id: str, *, on: bool) -> OaView:
        await self.oa(oa_id)
        await self.store.put("accounts", {oa_id: {"on": on}})
        return await self.oa(oa_id)

    async def rotate_oa(self, oa_id: str, secret: NewSecret) -> OaView:
        await self.store.rotate("accounts", oa_id, self._seal("accounts", oa_id, secret), LIVE_SECRETS)
        return await self.oa(oa_id)

    async def settle_oa(self, oa_id: str) -> OaView:
        await self.store.only_newest("accounts", oa_id)
        return await self.oa(oa_id)

    async def app(self, app_id: str) -> AppView:
        document = await self.store.get("apps", app_id)
        if document is None:
            raise HTTPException(404, "this app is not registered: `loa oa app` registers it")
        return app_view(document)

    async def put_app(self, app_id: str, app: AppInput) -> AppView:
        secret = {} if app.secret is None else {"s": [self._seal("apps", app_id, app.secret)]}
        codes = {} if app.verifications is None else {"codes": app.verifications}
        await self.store.put("apps", {app_id: {**secret, **codes}})
        return await self.app(app_id)

    async def rotate_app(self, app_id: str, secret: NewSecret) -> AppView:
        await self.store.rotate("apps", app_id, self._seal("apps", app_id, secret), LIVE_SECRETS)
        return await self.app(app_id)

    async def settle_app(self, app_id: str) -> AppView:
        await self.store.only_newest("apps", app_id)
        return await self.app(app_id)

    def _fields(self, oa: OaInput) -> dict[str, object]:
        fields: dict[str, object] = {"app": oa.app_id, "name": oa.name, "kind": oa.kind, "pack": oa.pack}
        if oa.enabled is not None:
            fields["on"] = oa.enabled
        if oa.secret is not None:
            fields["s"] = [self._seal("accounts", oa.oa_id, oa.secret)]
        return fields

    def _seal(self, collection: str, owner: str, secret: NewSecret) -> str:
        return self.ring.seal(secret.value.get_secret_value().encode(), self.store.place(collection, owner))
