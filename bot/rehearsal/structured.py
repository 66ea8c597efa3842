"""Answers held to a JSON schema: what the service guarantees of them, and the answer that finds nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.rehearsal.answer import Answer, text


def is_structured(body: Mapping[str, Any]) -> bool:
    """The request asks for an answer of a given shape."""
    return bool((body.get("output_config") or {}).get("format"))


def nothing_found(body: Mapping[str, Any]) -> Answer:
    """The smallest answer of the shape: empty lists, empty texts, the first of several choices."""
    return text(json.dumps(_smallest(body["output_config"]["format"]["schema"])))


def held(answer: Answer, body: Mapping[str, Any]) -> Answer:
    """A whole answer is JSON of the shape; one that was cut off or refused need not be."""
    if answer.stop_reason in ("max_tokens", "refusal"):
        return answer
    said = "".join(block["text"] for block in answer.content if block["type"] == "text")
    if fault := _fault(json.loads(said), body["output_config"]["format"]["schema"], "answer"):
        raise ValueError(fault)
    return answer


def _smallest(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            required = schema.get("required") or ()
            return {name: _smallest(one) for name, one in schema["properties"].items() if name in required}
        case "array":
            return []
        case "boolean":
            return False
        case "integer" | "number":
            return 0
        case _:
            return ""


_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


def _fault(value: Any, schema: Mapping[str, Any], path: str) -> str:
    """Where a value is not of the schema, "" where it is."""
    kind = schema.get("type", "")
    if kind in _TYPES and not isinstance(value, _TYPES[kind]):
        return f"{path} is no {kind}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{path} is none of {schema['enum']}"
    if kind == "array":
        inner = [(f"{path}.{at}", one, schema.get("items") or {}) for at, one in enumerate(value)]
    elif kind == "object":
        names = schema.get("properties") or {}
        if set(value) - set(names) or set(schema.get("required") or ()) - set(value):
            return f"{path} has other keys than {sorted(names)}"
        inner = [(f"{path}.{name}", one, names[name]) for name, one in value.items()]
    else:
        inner = []
    return next(filter(None, (_fault(one, of, at) for at, one, of in inner)), "")
