"""What Slack published of its Web API as OpenAPI: its specification of 2020, and the shapes of answers since."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slack_sdk import WebClient

Node = dict[str, Any]

_FORM = "application/x-www-form-urlencoded"
_OF_REFUSALS = ("error", "needed", "provided", "warning", "detail")


def with_token_apart(source: str) -> Node:
    """The specification has the token among the arguments: it goes into a header today.

    What it gets, Slack takes by POST as well, and its own client sends nothing else.
    """
    document: Node = json.loads(source)
    for item in document["paths"].values():
        for operation in item.values():
            given = operation.get("parameters", [])
            operation["parameters"] = [one for one in given if one.get("name") != "token"]
        if "get" in item and "post" not in item:
            item["post"] = _posted(item["get"])
    return document


def _posted(operation: Node) -> Node:
    asked = operation["parameters"]
    schema = {
        "type": "object",
        "properties": {one["name"]: one.get("schema", {}) for one in asked},
        "required": [one["name"] for one in asked if one.get("required")],
    }
    body = {"required": bool(schema["required"]), "content": {_FORM: {"schema": schema}}}
    return operation | {"parameters": [], "requestBody": body}


def as_recorded(source: str) -> Node:
    """Methods by their recorded answers. `source` is a JSON object: the answers by the methods' names.

    What may be asked is what Slack's own client takes.
    """
    answers = json.loads(source)
    known = {name: parameters for name in answers if (parameters := _taken(name)) is not None}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Slack", "version": "recorded"},
        "paths": {f"/{name}": {"post": _method(answers[name], taken)} for name, taken in known.items()},
    }


def recorded(folder: Path, *, but: set[str]) -> str:
    """The answers in a folder, without those of some methods."""
    files = (file for file in sorted(folder.glob("*.json")) if file.stem not in but)
    return json.dumps({file.stem: json.loads(file.read_text("utf-8")) for file in files})


def _taken(name: str) -> list[inspect.Parameter] | None:
    method = getattr(WebClient, name.replace(".", "_"), None)
    if method is None:
        return None
    parameters = inspect.signature(method).parameters.values()
    return [one for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY]


def _method(answer: Node, taken: list[inspect.Parameter]) -> Node:
    asked = {
        "type": "object",
        "properties": {one.name: {} for one in taken},
        "required": [one.name for one in taken if one.default is inspect.Parameter.empty],
        "additionalProperties": False,
    }
    kinds = ("application/json", _FORM)
    good = dict(_of_success(answer))
    shown = {"schema": _shape(answer), "example": good}
    return {
        "requestBody": {
            "required": bool(asked["required"]),
            "content": {kind: {"schema": asked} for kind in kinds},
        },
        "responses": {"200": {"description": "", "content": {"application/json": shown}}},
    }


def _of_success(answer: Node) -> Iterator[tuple[str, Any]]:
    for key, value in answer.items():
        if key not in _OF_REFUSALS:
            yield key, True if key == "ok" else value


def _shape(value: Any) -> Node:
    """What such an answer may hold: nothing that was never seen."""
    if isinstance(value, dict):
        properties = {key: _shape(one) for key, one in value.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}
    if isinstance(value, list):
        return {"type": "array", "items": _shape(value[0]) if value else {}}
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return {"type": kinds[type(value)]} if type(value) in kinds else {}
