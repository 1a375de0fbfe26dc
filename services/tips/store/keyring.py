"""The key of an open case as long as we need it: sealed under the intake ring, which is kept outside the database."""

from chassis.mongo import Document
from chassis.sealing import NotOurs, Ring
from services.tips.casekey import CaseKey

_PURPOSE = "case key"


class InHand:
    def __init__(self, ring: Ring) -> None:
        self._ring = ring

    def seal(self, key: CaseKey) -> Document:
        return {"number": key.number, "key": self._ring.seal(key.secret, key.case_id, _PURPOSE)}

    def open(self, case: Document) -> CaseKey | None:
        """None when the case is closed, or the ring was rotated past it."""
        held = case.get("intake")
        if held is None:
            return None
        try:
            secret = self._ring.open(held["key"], case["_id"], _PURPOSE)
        except NotOurs:
            return None
        return CaseKey(case["oa"], case["_id"], held["number"], secret)
