"""What an officer's private key opens."""

from typing import Any

from nacl.public import PrivateKey

from services.tips.case_key import CaseKey, unwrap


def officer_keys(case: dict[str, Any], desk: PrivateKey) -> dict[int, CaseKey]:
    opened: dict[int, CaseKey] = {}
    for number, boxes in case["keys"].items():
        box = next(entry["box"] for entry in boxes if entry["for"] == "desk")
        opened[int(number)] = CaseKey(case["oa"], case["_id"], int(number), unwrap(bytes(box), desk))
    return opened
