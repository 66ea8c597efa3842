"""Pages and databases of Notion as its API gives them, told to prism, which holds them to Notion's own types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.counterparts.prism import Call, Prism

OFTEN = 6
"""How many times an answer is given: an action may read a page for its card, its scope and itself."""
USER = {"object": "user", "id": "6794760a-1f15-45cd-9c65-0dfe42f5135a"}
CHANGED = "2026-11-20T09:00:00.000Z"


def its_id(number: int) -> str:
    return str(UUID(int=number, version=4))


PLAIN = {
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "code": False,
    "color": "default",
}


def rich(text: str, **marks: bool) -> list[dict[str, Any]]:
    return [
        {
            "type": "text",
            "text": {"content": text, "link": None},
            "plain_text": text,
            "href": None,
            "annotations": PLAIN | marks,
        }
    ]


def titled(title: str) -> dict[str, Any]:
    return {"title": {"id": "title", "type": "title", "title": rich(title)}}


def page(
    number: int, title: str = "Home", parent: Any = None, properties: Any = None, **more: Any
) -> dict[str, Any]:
    return {
        "object": "page",
        "id": its_id(number),
        "created_time": CHANGED,
        "last_edited_time": CHANGED,
        "in_trash": False,
        "archived": False,
        "is_archived": False,
        "is_locked": False,
        "url": f"https://www.notion.so/{title.replace(' ', '-')}-{UUID(its_id(number)).hex}",
        "public_url": None,
        "parent": parent or {"type": "workspace", "workspace": True},
        "properties": properties or titled(title),
        "icon": None,
        "cover": None,
        "created_by": USER,
        "last_edited_by": USER,
        **more,
    }


def under(number: int) -> dict[str, Any]:
    return {"type": "page_id", "page_id": its_id(number)}


def in_source(source: int, database: int) -> dict[str, Any]:
    return {"type": "data_source_id", "data_source_id": its_id(source), "database_id": its_id(database)}


def database(number: int, *sources: int, parent: Any = None) -> dict[str, Any]:
    shared = page(number, "Tasks", parent)
    kept = {
        name: one for name, one in shared.items() if name not in ("properties", "is_archived", "created_by")
    }
    del kept["last_edited_by"]
    return kept | {
        "object": "database",
        "title": rich("Tasks"),
        "description": [],
        "is_inline": False,
        "data_sources": [{"id": its_id(one), "name": f"Tasks {one}"} for one in sources],
    }


def source(number: int, database: int, properties: dict[str, Any]) -> dict[str, Any]:
    shared = page(number, "Tasks", {"type": "database_id", "database_id": its_id(database)})
    kept = {name: one for name, one in shared.items() if name not in ("is_archived", "is_locked")}
    return kept | {
        "object": "data_source",
        "title": rich("Tasks"),
        "description": [],
        "is_inline": False,
        "database_parent": {"type": "workspace", "workspace": True},
        "properties": properties,
    }


def markdown(number: int, text: str, **more: Any) -> dict[str, Any]:
    known = {"object": "page_markdown", "id": its_id(number), "markdown": text}
    return known | {"truncated": False, "unknown_block_ids": []} | more


def rows(*found: dict[str, Any], cursor: str | None = None) -> dict[str, Any]:
    return {
        "type": "page_or_data_source",
        "page_or_data_source": {},
        "object": "list",
        "next_cursor": cursor,
        "has_more": cursor is not None,
        "results": list(found),
    }


@dataclass
class World:
    """What Notion knows in a test."""

    prism: Prism
    told: list[str] = field(default_factory=list)

    def has(self, *things: dict[str, Any], times: int = OFTEN) -> None:
        """Pages, databases, data sources and Markdown, each to be read under its id."""
        paths = {"page": "pages/{}", "database": "databases/{}", "data_source": "data_sources/{}"}
        for thing in things:
            path = paths.get(thing["object"], "pages/{}/markdown").format(thing["id"])
            for _ in range(times):
                self.prism.answer("GET", f"/v1/{path}", thing)

    def answers(self, method: str, path: str, body: Any) -> None:
        self.prism.answer(method, f"/v1/{path}", body)

    @property
    def writes(self) -> list[Call]:
        """What was sent to be changed, each right by Notion's types."""
        calls = self.prism.calls
        assert [call.violations for call in calls if call.violations] == []
        reading = ("/v1/search", "/query")
        return [call for call in calls if call.method != "GET" and not call.path.endswith(reading)]

    def asked(self, path: str) -> Any:
        """The body of the last request there."""
        return next(call.body for call in reversed(self.prism.calls) if call.path.endswith(path))
