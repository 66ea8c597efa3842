"""Google's discovery documents as OpenAPI, closed: what Google does not know is refused, as Google refuses it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

_KEPT = ("type", "format", "enum", "pattern", "description")


def as_openapi(source: str) -> Node:
    document = json.loads(source)
    openapi: Node = {
        "openapi": "3.0.3",
        "info": {"title": document["title"], "version": document["version"]},
        "security": [{"bearer": []}],
        "paths": {},
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {name: _schema(one) for name, one in document["schemas"].items()},
        },
    }
    for method in _methods(document):
        for path, operation in _operations(document, method):
            openapi["paths"].setdefault(path, {})[method["httpMethod"].lower()] = operation
    return openapi


def _methods(node: Node) -> Iterator[Node]:
    yield from node.get("methods", {}).values()
    for resource in node.get("resources", {}).values():
        yield from _methods(resource)


def _operations(document: Node, method: Node) -> Iterator[tuple[str, Node]]:
    """One, and another where the method takes a file."""
    shared = {
        "operationId": method["id"],
        "parameters": _parameters(document | method, document["parameters"] | method.get("parameters", {})),
        "responses": {"200": _answer(method)},
    }
    body = {"application/json": {"schema": _body(document, method)}} if "request" in method else {}
    yield _path(document["servicePath"] + method["path"]), _with_body(shared, body)
    for upload in method.get("mediaUpload", {}).get("protocols", {}).values():
        anything = {"schema": {}}
        yield (
            _path(upload["path"]),
            _with_body(shared, {"*/*": anything, "multipart/related": anything} | body),
        )


def _path(template: str) -> str:
    return "/" + template.lstrip("/").replace("{+", "{")


def _with_body(operation: Node, content: Node) -> Node:
    return operation | ({"requestBody": {"content": content}} if content else {})


def _parameters(method: Node, given: Node) -> list[Node]:
    named = re.findall(r"{\+?(\w+)}", method["path"])
    return [
        {
            "name": name,
            "in": one["location"],
            "required": bool(one.get("required")) or name in named,
            "schema": {"type": "array", "items": _schema(one)} if one.get("repeated") else _schema(one),
        }
        for name, one in given.items()
        if one["location"] == "query" or name in named
    ]


def _body(document: Node, method: Node) -> Node:
    """What a schema says is needed in this method's requests only."""
    name = method["request"]["$ref"]
    needed = [
        key
        for key, one in document["schemas"][name].get("properties", {}).items()
        if method["id"] in one.get("annotations", {}).get("required", [])
    ]
    closed: Node = {"$ref": f"#/components/schemas/{name}"}
    return {"allOf": [closed, {"type": "object", "required": needed}]} if needed else closed


def _answer(method: Node) -> Node:
    if "response" in method:
        schema: Node = {"$ref": f"#/components/schemas/{method['response']['$ref']}"}
        return {"description": "", "content": {"application/json": {"schema": schema}}}
    if method.get("supportsMediaDownload"):
        return {"description": "", "content": {"*/*": {"schema": {"type": "string"}}}}
    return {"description": ""}


def _schema(node: Node) -> Node:
    if "$ref" in node:
        return {"$ref": f"#/components/schemas/{node['$ref']}"}
    if node.get("type") == "any":
        return {}
    made = {key: node[key] for key in _KEPT if key in node}
    made |= {key: float(node[key]) for key in ("minimum", "maximum") if key in node}
    if "items" in node:
        made["items"] = _schema(node["items"])
    if node.get("type") == "object":
        made |= _object(node)
    return made


def _object(node: Node) -> Node:
    properties = {name: _schema(one) for name, one in node.get("properties", {}).items()}
    others = node.get("additionalProperties")
    return {"properties": properties, "additionalProperties": _schema(others) if others else False}
