"""A page as Confluence tells it, parsed once; and in which space it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.sdk import Context, ToolError, minute
from plugins.confluence.client import Confluence, v1, v2

MOST_SPACES = 300


@dataclass(frozen=True, kw_only=True)
class Space:
    id: str
    key: str
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """`body` is in Confluence's storage format; `parent` is the id of what it stands below, "" for nothing."""

    id: str
    title: str
    space_id: str
    parent: str
    version: int
    changed: str
    author: str
    body: str


def page_of(raw: dict[str, Any]) -> Page:
    """Parsed from what the API gives."""
    version = raw.get("version") or {}
    body = (raw.get("body") or {}).get("storage") or {}
    return Page(
        id=str(raw.get("id", "")),
        title=str(raw.get("title", "")),
        space_id=str(raw.get("spaceId") or ""),
        parent=str(raw.get("parentId") or ""),
        version=int(version.get("number") or 0),
        changed=minute(version.get("createdAt")),
        author=str(raw.get("authorId") or ""),
        body=str(body.get("value") or ""),
    )


def space_of(raw: dict[str, Any]) -> Space:
    """Parsed from what the API gives."""
    given = (raw.get("id"), raw.get("key"), raw.get("name"), raw.get("type"))
    id, key, name, kind = (str(one or "") for one in given)
    return Space(id=id, key=key, name=name, kind=kind)


def page_id(text: str) -> str:
    """The number of a page, also of one named by its link. Raises `ToolError` for what is none."""
    in_link = re.fullmatch(r"https?://\S+?/pages/(\d{1,20})(?:[/?#]\S*)?", text.strip())
    found = in_link or re.fullmatch(r"(\d{1,20})", text.strip())
    if not found:
        raise ToolError(f"“{text}” is not a page, which is named by its number, such as 98310.")
    return found.group(1)


def page_now(context: Context, text: str, *, version: int | None = None) -> Page:
    """How the page stands now, or stood in that version, with its body."""
    number = page_id(text)
    query: dict[str, Any] = {"body-format": "storage", "version": version}
    return page_of(context.client.get(v2("pages", number), what=f"the page {number}", **query))


def space_key_of(context: Context, page: str) -> str:
    """The key of the space that the page is in now."""
    return space_key(context, page_now(context, page).space_id)


def space_key(context: Context, space_id: str) -> str:
    return space_of(context.client.get(v2("spaces", space_id), what=f"the space {space_id}")).key


def space_named(context: Context, key: str) -> Space:
    """The space with this key. Raises `ToolError` where there is none."""
    wanted = plain_key(key)
    found = context.client.get(v2("spaces"), keys=[wanted]).get("results") or []
    if not found:
        raise ToolError(f"Confluence shows this account no space with the key {wanted}.")
    return space_of(found[0])


def plain_key(key: str) -> str:
    """A space's key, such as ENG or ~ana. Raises `ToolError` for what is none."""
    if not re.fullmatch(r"~?[A-Za-z0-9_.:-]{1,255}", key.strip()):
        raise ToolError(f"“{key}” is not the key of a space, which is like ENG.")
    return key.strip()


def spaces_in_scope(context: Context) -> list[Space]:
    """Each that the grant covers, of the first 300, in the order of their keys."""
    patterns = context.scope.patterns
    exact = [one for one in patterns if not set(one) & set("*?[")]
    keys = exact if len(exact) == len(patterns) else []
    found = context.in_scope(all_spaces(context.client, keys), lambda one: one.key)
    return sorted(found, key=lambda one: one.key)


def all_spaces(client: Confluence, keys: list[str]) -> Iterator[Space]:
    """Those with these keys, or the first 300."""
    cursor, left = "", MOST_SPACES
    while left > 0:
        found = client.get(v2("spaces"), keys=keys, status="current", limit=min(left, 100), cursor=cursor)
        rows = found.get("results") or []
        yield from map(space_of, rows)
        left -= max(1, len(rows))
        cursor = next_cursor(found)
        if not cursor or not rows:
            return


def searched(client: Confluence, cql: str, *, cursor: str = "", limit: int = 20) -> dict[str, Any]:
    """What a query in Confluence's language finds."""
    query: dict[str, Any] = {
        "cql": cql,
        "limit": limit,
        "cursor": cursor,
        "expand": "content.space",
        "excerpt": "none",
    }
    found: dict[str, Any] = client.get(v1("search"), **query)
    return found


def next_cursor(found: dict[str, Any]) -> str:
    """Of the page after this one, "" where it is the last: it stands in the link that is given."""
    link = str((found.get("_links") or {}).get("next") or "")
    return parse_qs(urlsplit(link).query).get("cursor", [""])[0]


def address(context: Context, page: Page, key: str) -> str:
    """Where people open it."""
    return f"{context.client.site}/wiki/spaces/{key}/pages/{page.id}"


def one_line(title: str) -> str:
    """A title that Confluence takes. Raises `ToolError` for one that is empty or too long."""
    line = " ".join(title.split())
    if not 1 <= len(line) <= 255:
        raise ToolError("A title is one line of 1 to 255 characters.")
    return line
