"""What the colleague may read of spaces, pages, comments and attachments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Annotated, Any

from bot.sdk import (
    EVERYWHERE,
    ROWS,
    Context,
    Cursor,
    Destination,
    Effect,
    Offset,
    Page,
    Result,
    ToolError,
    action,
    line,
    listed,
    minute,
    part_of,
)
from bot.sdk import page_of as rows_of
from bot.sdk.query import bounded, one_of
from plugins.confluence.client import v2
from plugins.confluence.page import (
    address,
    next_cursor,
    page_id,
    page_now,
    page_of,
    searched,
    space_key,
    space_key_of,
    spaces_in_scope,
)
from plugins.confluence.storage_reading import lost, markdown

PageId = Annotated[str, "The page's number, such as 98310, or its link.", Destination()]


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda context, cql, cursor="": f"Search Confluence: {cql}",
    example={"cql": 'text ~ "deployment" AND lastmodified > now("-4w")'},
)
def search_pages(
    context: Context,
    cql: Annotated[str, 'CQL, such as: title ~ "release" OR text ~ "rollback".'],
    cursor: Cursor = "",
) -> Result:
    """Find pages with CQL, Confluence's query language.

    A line per page: title, number, space, date, link. 20 a page. Read one whole with read_page.
    """
    found = searched(context.client, _within_scope(context, cql), cursor=cursor, limit=ROWS)
    rows = found.get("results") or []
    shown = context.in_scope(rows, _space_of_found)
    return listed(
        Page(rows=shown, cursor=next_cursor(found)),
        lambda one: _found_line(context, one),
        what="pages",
        ids=[_id_of_found(one) for one in shown],
        hidden=len(rows) - len(shown),
    )


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda context, search="", cursor="": "List spaces in Confluence",
    example={},
)
def list_spaces(
    context: Context,
    search: Annotated[str, "Part of a name or key; all without it."] = "",
    cursor: Cursor = "",
) -> Result:
    """List spaces with their keys, which other calls take."""
    wanted = search.casefold()
    spaces = [one for one in spaces_in_scope(context) if wanted in f"{one.key} {one.name}".casefold()]
    found, site = rows_of(spaces, cursor), context.client.site
    return listed(
        found,
        lambda one: f"- {one.key} {one.name} · {one.kind} · {site}/wiki/spaces/{one.key}",
        what="spaces",
        ids=[one.key for one in found.rows],
    )


@action(
    effect=Effect.READ,
    items=lambda context, page, offset=0: (space_key_of(context, page),),
    preview=lambda context, page, offset=0: f"Read the page {page_id(page)} in Confluence",
    example={"page": "98310"},
)
def read_page(context: Context, page: PageId, offset: Offset = 0) -> Result:
    """Read a page as Markdown, with its version, which update_page takes.

    What Markdown cannot say (macros, images, mentions) is named in brackets, and listed.
    """
    found = page_now(context, page)
    key = space_key(context, found.space_id)
    others = lost(found.body)
    facts = (
        found.title,
        address(context, found, key),
        f"Space {key} · page {found.id} · version {found.version} · {found.changed}",
        f"Below page {found.parent}" if found.parent else "",
        f"Not told in full: {', '.join(others)}" if others else "",
    )
    text = "\n".join(filter(None, facts)) + f"\n\n{markdown(found.body)}"
    return Result(text=part_of(text, offset), ids=(found.id,))


@action(
    effect=Effect.READ,
    items=lambda context, page, cursor="": (space_key_of(context, page),),
    preview=lambda context, page, cursor="": f"List the pages below {page_id(page)} in Confluence",
    example={"page": "98310"},
)
def list_children(context: Context, page: PageId, cursor: Cursor = "") -> Result:
    """List the pages right below a page, in their order."""
    parent = page_now(context, page)
    key = space_key(context, parent.space_id)
    path = v2("pages", parent.id, "children")
    found = context.client.get(path, limit=ROWS, cursor=cursor, what=f"the page {parent.id}")
    pages = [page_of(one) for one in found.get("results") or ()]
    return listed(
        Page(rows=pages, cursor=next_cursor(found)),
        lambda one: f"- {one.title} · page {one.id} · {address(context, one, key)}",
        what="pages",
        ids=[one.id for one in pages],
    )


@action(
    effect=Effect.READ,
    items=lambda context, page, cursor="": (space_key_of(context, page),),
    preview=lambda context, page, cursor="": f"List the comments on {page_id(page)} in Confluence",
    example={"page": "98310"},
)
def list_comments(context: Context, page: PageId, cursor: Cursor = "") -> Result:
    """List the comments on a page as Markdown: first open ones on passages of it, then those below it, oldest first."""
    number = page_id(page)
    query = {"body-format": "storage", "limit": ROWS, "what": f"the page {number}"}
    inline: list[dict[str, Any]] = []
    if not cursor:
        path = v2("pages", number, "inline-comments")
        inline = context.client.get(path, **query | {"resolution-status": ["open"]}).get("results") or []
    found = context.client.get(
        v2("pages", number, "footer-comments"), sort="created-date", cursor=cursor, **query
    )
    comments = [*inline, *(found.get("results") or ())]
    names = _names(context, comments)
    return listed(
        Page(rows=comments, cursor=next_cursor(found)), lambda one: _comment(one, names), what="comments"
    )


@action(
    effect=Effect.READ,
    items=lambda context, page, cursor="": (space_key_of(context, page),),
    preview=lambda context, page, cursor="": f"List the attachments of {page_id(page)} in Confluence",
    example={"page": "98310"},
)
def list_attachments(context: Context, page: PageId, cursor: Cursor = "") -> Result:
    """List the files attached to a page, with size, kind and link."""
    number = page_id(page)
    path = v2("pages", number, "attachments")
    found = context.client.get(path, limit=ROWS, cursor=cursor, what=f"the page {number}")
    files = found.get("results") or []
    return listed(
        Page(rows=files, cursor=next_cursor(found)),
        lambda one: _file_line(context, one),
        what="attachments",
        ids=[str(one.get("id", "")) for one in files],
    )


def _within_scope(context: Context, cql: str) -> str:
    """The query, kept to pages, and to the spaces of the grant."""
    bound = "type = page"
    if not context.scope.is_all:
        keys = [one.key for one in spaces_in_scope(context)]
        if not keys:
            raise ToolError(f"Confluence shows this account no space of {', '.join(context.scope.patterns)}.")
        bound = f"{bound} AND {one_of('space', keys)}"
    return bounded(cql, bound, order="")


def _space_of_found(raw: dict[str, Any]) -> str:
    """Its key, from the page itself, or else from its address."""
    key = ((raw.get("content") or {}).get("space") or {}).get("key")
    in_address = re.match(r"/spaces/([^/]+)/", str(raw.get("url") or ""))
    return str(key or (in_address.group(1) if in_address else ""))


def _id_of_found(raw: dict[str, Any]) -> str:
    return str((raw.get("content") or {}).get("id") or "")


def _found_line(context: Context, raw: dict[str, Any]) -> str:
    number, key = _id_of_found(raw), _space_of_found(raw)
    link = f"{context.client.site}/wiki/spaces/{key}/pages/{number}"
    changed = minute(raw.get("lastModified"))[:10]
    return f"- {unescape(str(raw.get('title')))} · page {number} · {key} · {changed} · {link}"


def _names(context: Context, comments: Iterable[dict[str, Any]]) -> Mapping[str, str]:
    """Of those who wrote them, by account id."""
    ids = sorted({_author(one) for one in comments} - {""})
    if not ids:
        return {}
    found = context.client.send("POST", v2("users-bulk"), {"accountIds": ids}).get("results") or []
    return {str(one.get("accountId")): str(one.get("displayName") or "") for one in found}


def _author(comment: dict[str, Any]) -> str:
    return str((comment.get("version") or {}).get("authorId") or "")


def _comment(raw: dict[str, Any], names: Mapping[str, str]) -> str:
    version, properties = raw.get("version") or {}, raw.get("properties") or {}
    passage = properties.get("inlineOriginalSelection") or properties.get("inline-original-selection")
    about = f" on “{passage}”" if passage else ""
    who = names.get(_author(raw)) or _author(raw) or "somebody"
    text = markdown(str(((raw.get("body") or {}).get("storage") or {}).get("value") or ""))
    return f"### {who}{about}, {minute(version.get('createdAt'))} (comment {raw.get('id')})\n{text}"


def _file_line(context: Context, raw: dict[str, Any]) -> str:
    link = str(raw.get("webuiLink") or (raw.get("_links") or {}).get("webui") or "")
    told = line(
        str(raw.get("title")),
        str(raw.get("mediaType") or ""),
        f"{int(raw.get('fileSize') or 0):,} bytes",
        minute(raw.get("createdAt")),
        str(raw.get("comment") or ""),
        f"{context.client.site}/wiki{link}",
    )
    return f"- {told}"
