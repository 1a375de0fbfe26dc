"""What the registry's API does: seals what goes in, shows what may be seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import HTTPException

from chassis.sealing import Ring
from services.gateway.registry.directory import LIVE_SECRETS
from services.gateway.registry.shapes import AppGiven, AppShown, NewSecret, OaGiven, OaShown, app_shown, oa_shown
from services.gateway.registry.watcher import SECRET
from services.gateway.store.accounts import Accounts


@dataclass(frozen=True, slots=True)
class Desk:
    store: Accounts
    ring: Ring

    async def oas(self, after: str, limit: int) -> list[OaShown]:
        return [oa_shown(one) for one in await self.store.page(after, limit)]

    async def put_oas(self, given: Sequence[OaGiven]) -> None:
        await self.store.put("accounts", {oa.oa_id: self._fields(oa) for oa in given})

    async def oa(self, oa_id: str) -> OaShown:
        found = await self.store.one("accounts", oa_id)
        if found is None:
            raise HTTPException(404, "this OA is not registered: `loa oa add` registers it")
        return oa_shown(found)

    async def switch_oa(self, oa_id: str, *, on: bool) -> OaShown:
        await self.oa(oa_id)
        await self.store.put("accounts", {oa_id: {"on": on}})
        return await self.oa(oa_id)

    async def rotate_oa(self, oa_id: str, given: NewSecret) -> OaShown:
        await self.store.rotate("accounts", oa_id, self._seal(oa_id, given), LIVE_SECRETS)
        return await self.oa(oa_id)

    async def settle_oa(self, oa_id: str) -> OaShown:
        await self.store.only_newest("accounts", oa_id)
        return await self.oa(oa_id)

    async def app(self, app_id: str) -> AppShown:
        found = await self.store.one("apps", app_id)
        if found is None:
            raise HTTPException(404, "this app is not registered: `loa oa app` registers it")
        return app_shown(found)

    async def put_app(self, app_id: str, given: AppGiven) -> AppShown:
        secret = {} if given.secret is None else {"s": [self._seal(app_id, given.secret)]}
        codes = {} if given.verifications is None else {"codes": given.verifications}
        await self.store.put("apps", {app_id: {**secret, **codes}})
        return await self.app(app_id)

    async def rotate_app(self, app_id: str, given: NewSecret) -> AppShown:
        await self.store.rotate("apps", app_id, self._seal(app_id, given), LIVE_SECRETS)
        return await self.app(app_id)

    async def settle_app(self, app_id: str) -> AppShown:
        await self.store.only_newest("apps", app_id)
        return await self.app(app_id)

    def _fields(self, oa: OaGiven) -> dict[str, object]:
        fields: dict[str, object] = {"app": oa.app_id, "name": oa.name, "kind": oa.kind, "pack": oa.pack}
        if oa.enabled is not None:
            fields["on"] = oa.enabled
        if oa.secret is not None:
            fields["s"] = [self._seal(oa.oa_id, oa.secret)]
        return fields

    def _seal(self, owner: str, given: NewSecret) -> str:
        return self.ring.seal(given.value.get_secret_value().encode(), owner, SECRET)
