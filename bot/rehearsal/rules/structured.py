"""What a JSON schema may be made of that holds an answer: closed objects, no recursion, no bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

OPEN = "output_config.format.schema{path}: For 'object' type, 'additionalProperties' must be explicitly set to false"
BOUND = "output_config.format.schema{path}: property '{name}' is not supported"
RECURSIVE = "output_config.format.schema{path}: recursive schemas are not supported"
_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "maxItems", "multipleOf", "patternProperties")


def check(body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the schema of an answer, if one is given."""
    form = (body.get("output_config") or {}).get("format")
    if form:
        yield from _schema(form.get("schema") or {}, "")


def _schema(schema: Any, path: str) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    if str(schema.get("$ref", "")) == "#":
        yield RECURSIVE.format(path=path)
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield OPEN.format(path=path)
    yield from (BOUND.format(path=path, name=name) for name in _BOUNDS if name in schema)
    for name, inner in (schema.get("properties") or {}).items():
        yield from _schema(inner, f"{path}.properties.{name}")
    yield from _schema(schema.get("items"), f"{path}.items")
