"""The service's own copy of an open case's key: sealed under the intake ring, which lies outside the database."""

from chassis.crypto import DecryptionError, KeyRing
from chassis.mongo import Document
from services.tips.case_key import CaseKey

_PURPOSE = "case key"


class IntakeKeys:
    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def seal(self, key: CaseKey) -> Document:
        return {"number": key.number, "key": self._ring.seal(key.secret, key.case_id, _PURPOSE)}

    def open(self, case: Document) -> CaseKey | None:
        """None when the case is closed, or the ring was rotated past it."""
        sealed_key = case.get("intake")
        if sealed_key is None:
            return None
        try:
            secret = self._ring.open(sealed_key["key"], case["_id"], _PURPOSE)
        except DecryptionError:
            return None
        return CaseKey(case["oa"], case["_id"], sealed_key["number"], secret)
