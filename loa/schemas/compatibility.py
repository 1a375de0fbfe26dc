"""Whether a change of an event is compatible: two JSON Schemas compared for a consumer that reads old and new events."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_SAME = ("format", "const", "pattern")
_CEILINGS = ("maxLength", "maximum", "maxItems", "exclusiveMaximum")
_FLOORS = ("minLength", "minimum", "minItems", "exclusiveMinimum")


def breaking_changes(frozen: Schema, current: Schema) -> list[str]:
    """Returns a sentence for each way in which `current` refuses or misses what `frozen` promised."""
    return list(_compare(_resolved(frozen), _resolved(current), "fact"))


def _resolved(schema: Schema) -> Schema:
    """Returns the schema with every `$ref` written out, so that a moved definition is no change."""
    definitions = schema.get("$defs", {})

    def inline(part: Any) -> Any:
        if isinstance(part, list):
            return [inline(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return inline(definitions[part["$ref"].rpartition("/")[2]])
        return {key: inline(value) for key, value in part.items() if key != "$defs"}

    whole: Schema = inline(schema)
    return whole


def _compare(old: Schema, new: Schema, path: str) -> Iterator[str]:
    """Every variant the old schema allowed must still be allowed by one of the new."""
    for variant in old.get("anyOf", [old]):
        faults = [list(_compare_variant(variant, other, path)) for other in new.get("anyOf", [new])]
        if all(faults):
            yield from min(faults, key=len)


def _compare_variant(old: Schema, new: Schema, path: str) -> Iterator[str]:
    if old.get("type") != new.get("type"):
        yield f"{path}: type changed from {old.get('type')} to {new.get('type')}"
        return
    yield from _narrowed(old, new, path)
    yield from _properties(old, new, path)
    for part in ("items", "additionalProperties"):
        if isinstance(old.get(part), dict) and isinstance(new.get(part), dict):
            yield from _compare(old[part], new[part], f"{path}[]")


def _narrowed(old: Schema, new: Schema, path: str) -> Iterator[str]:
    for keyword in _SAME:
        if keyword in new and new[keyword] != old.get(keyword):
            yield f"{path}: {keyword} changed"
    for keyword in _CEILINGS:
        if keyword in new and new[keyword] < old.get(keyword, float("inf")):
            yield f"{path}: {keyword} is lower than it was"
    for keyword in _FLOORS:
        if keyword in new and new[keyword] > old.get(keyword, float("-inf")):
            yield f"{path}: {keyword} is higher than it was"
    if "enum" in new and (gone := sorted(set(map(str, old.get("enum", ["anything"]))) - set(map(str, new["enum"])))):
        yield f"{path}: no longer allows {', '.join(gone)}"


def _properties(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, now = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() - now.keys()):
        yield f"{path}.{name}: removed"
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{path}.{name}: newly required"
    for name in sorted(before.keys() & now.keys()):
        yield from _compare(before[name], now[name], f"{path}.{name}")
