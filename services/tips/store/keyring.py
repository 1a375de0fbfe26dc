"""The service's own copy of an open case's key: sealed under the intake ring, which lies outside the database."""

from chassis.crypto import DecryptionError, KeyRing, Place
from chassis.mongo import Document
from services.tips.case_key import CaseKey


class IntakeKeys:
    def __init__(self, ring: KeyRing, collection: str) -> None:
        self._ring, self._collection = ring, collection

    def seal(self, key: CaseKey) -> Document:
        return {"number": key.number, "key": self._ring.seal(key.secret, self._place(key.case_id, key.number))}

    def open(self, case: Document) -> CaseKey | None:
        """None when the case is closed, or the ring was rotated past it."""
        sealed_key = case.get("intake")
        if sealed_key is None:
            return None
        try:
            secret = self._ring.open(sealed_key["key"], self._place(case["_id"], sealed_key["number"]))
        except DecryptionError:
            return None
        return CaseKey(case["oa"], case["_id"], sealed_key["number"], secret)

    def _place(self, case_id: str, number: int) -> Place:
        return Place.stored(self._collection, case_id, number)
