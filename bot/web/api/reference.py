"""What the API says of itself: its problems in the OpenAPI document, and that document as a page without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

from bot.web import pages
from bot.web.problems import MEDIA_TYPE

_PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457), and what to do about it.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "remedy": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}
_SAID = {
    "400": "The body is no JSON.",
    "401": "No token, or none that is good.",
    "403": "Not theirs to do, or outside the token's scopes.",
    "404": "There is none, or it is not theirs to see.",
    "409": "Somebody decided before, or the `Idempotency-Key` came with another request.",
    "413": "Too large.",
    "422": "The request is not as it should be.",
    "429": "Asked too often: `Retry-After` says when it may again.",
    "503": "Something that it takes does not answer now.",
}


def with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """Every operation may end in a problem; of which kind depends on it."""
    schemas = document["components"]["schemas"]
    schemas["Problem"] = _PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for _, _, operation in _named(document):
        for status, said in _SAID.items():
            operation["responses"][status] = {
                "description": said,
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
    return document


def page(app: FastAPI) -> Callable[[], Response]:
    def docs() -> Response:
        document = app.openapi()
        about = [pages.said(part) for part in document["info"]["description"].strip().split("\n\n")]
        listed = [_folded(path, method, one) for path, method, one in _named(document)]
        link = '<p><a href="openapi.json">The whole of it as an OpenAPI document</a></p>'
        return pages.page("Cowork: the HTTP API", *about, link, *listed)

    return docs


def _folded(path: str, method: str, operation: dict[str, Any]) -> str:
    said = operation.get("description", "")
    given = [f"{one['name']} ({one['in']})" for one in operation.get("parameters", [])]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    lines = [
        *([f"<p>{escape(said)}</p>"] if said else []),
        *([f"<p>Takes: {escape(', '.join(given))}</p>"] if given else []),
        *([f"<p>Body: {escape(_type(body))}</p>"] if body else []),
    ]
    title = f"<code>{escape(method.upper())} {escape(path)}</code> {escape(operation.get('summary', ''))}"
    return f"<details><summary>{title}</summary>{''.join(lines)}</details>"


def _type(schema: dict[str, Any]) -> str:
    several = schema.get("anyOf") or [schema]
    return " or ".join(str(one.get("$ref", one.get("type", ""))).rpartition("/")[2] for one in several)


def _named(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation
