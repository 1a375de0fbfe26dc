"""The indexes, made before anything is read. Those on open entries stay small however long the ledger grows."""

from pymongo import IndexModel

from chassis.mongo import Database, translate_errors

_OPEN = {"open": True}
_INDEXES: dict[str, list[IndexModel]] = {
    "deliveries": [
        IndexModel([("line", 1), ("ord", 1)], name="line", partialFilterExpression=_OPEN),
        IndexModel([("lane", 1), ("due", 1), ("oa", 1)], name="due_by_lane", partialFilterExpression=_OPEN),
        IndexModel([("ref", 1)], name="ref", partialFilterExpression={"ref": {"$exists": True}}),
        IndexModel([("done", 1)], name="untold", partialFilterExpression={"tell": {"$exists": True}}),
        IndexModel([("c", 1)], name="conversation"),
        IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0),
    ],
    "early": [
        IndexModel([("next", 1)], name="next"),
        IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0),
    ],
    "windows": [IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)],
    "uploads": [IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)],
    "oauth": [IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)],
    "tokens": [IndexModel([("exp", 1)], name="fades")],
}


async def ensure(db: Database) -> None:
    """Idempotent. Raises TransientError."""
    with translate_errors():
        for name, models in _INDEXES.items():
            await db[name].create_indexes(models)
