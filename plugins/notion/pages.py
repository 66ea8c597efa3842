"""Pages of Notion: found, read as Markdown, made and commented on."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from bot.sdk import (
    EVERYWHERE,
    Context,
    Destination,
    Effect,
    Inverse,
    Receipt,
    Result,
    ToolError,
    action,
    listed,
    minute,
    part_of,
)
from bot.sdk import Page as Listing
from bot.sdk.answers import ROWS
from plugins.notion import values
from plugins.notion.places import Page, around_page, granted, is_granted, plain_id

Kind = Literal["any", "page", "database"]
Markdown = Annotated[str, "Markdown"]


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, query="", **__: f"Search Notion for “{query[:80]}”",
    example={"query": "Onboarding"},
)
def search_pages(context: Context, query: str = "", kind: Kind = "any", cursor: str = "") -> Result:
    """Search pages and databases by words in their titles, last changed first. Texts are not searched by Notion.

    A line each with kind, title, id and link. Without a query all that the connection sees.
    """
    asked: dict[str, Any] = {"query": query, "page_size": ROWS}
    asked |= {"start_cursor": cursor} if cursor else {}
    if kind != "any":
        value = "data_source" if kind == "database" else "page"
        asked["filter"] = {"property": "object", "value": value}
    answer = context.client.search(**asked)
    rows = [row for row in answer["results"] if "url" in row]
    context.client.learn(rows)
    kept = [row for row in rows if is_granted(context, row)]
    page = Listing(rows=kept, cursor=answer["next_cursor"] or "")
    ids, is_narrowed = [row["id"] for row in kept], not context.scope.is_all
    return listed(page, _line, what="pages and databases", ids=ids, is_narrowed=is_narrowed)


@action(
    effect=Effect.READ,
    items=around_page,
    preview=lambda _, page, **__: f"Read {page} in Notion",
    example={"page": "59833787-2cf9-4fdf-8782-e53db20768a5"},
)
def read_page(context: Context, page: Page, offset: int = 0) -> Result:
    """Read a page or a database's row as Markdown, with its properties. A long one goes on with offset."""
    found = context.client.page(plain_id(page))
    body = context.client.markdown(found["id"])
    held = [
        f"{name}: {values.shown(values.plain(one))}"
        for name, one in found["properties"].items()
        if one["type"] != "title" and values.plain(one) not in (None, "", [])
    ]
    head = [
        f"# {values.title_of(found)}",
        found["url"],
        f"Last changed {minute(found['last_edited_time'])}",
        *held,
    ]
    text = "\n".join(head) + f"\n\n{body['markdown']}"
    if body["truncated"] or body["unknown_block_ids"]:
        text += "\n\nNotion left parts out: the page is too long for it, or they were not shared with the connection."
    return Result(text=part_of(text, offset), ids=(found["id"],))


def _trashed(context: Context, receipt: Receipt, **_: Any) -> Result:
    its_id = plain_id(receipt.where)
    if _as_of(context.client.page(its_id)) != receipt.after:
        raise ToolError(f"It was changed since, so it was left: {receipt.where}")
    context.client.update(its_id, in_trash=True)
    return Result(text=f"Moved to Notion's bin, where it can be restored for 30 days: {receipt.where}")


IN_TRASH = Inverse(words="Move it to the bin", act=_trashed)


def made(page: dict[str, Any], what: str, title: str) -> Result:
    return Result(
        text=f"{what} “{title}”: {page['url']} (id {page['id']})",
        receipt=Receipt(
            effect=Effect.CREATE,
            what=what,
            where=page["url"],
            after=_as_of(page),
            undo=IN_TRASH.words,
        ),
        ids=(page["id"],),
    )


@action(
    effect=Effect.CREATE,
    items=lambda context, parent, **_: [granted(context, "page", plain_id(parent))],
    preview=lambda _, parent, title, **__: f"Make a page in Notion under {parent}: “{title[:80]}”",
    detail=lambda context, parent, title, content="": (
        f"{headed(context, parent, 'Under')}\nTitle: {title}\n\n{content}"
    ),
    example={
        "parent": "59833787-2cf9-4fdf-8782-e53db20768a5",
        "title": "Minutes",
        "content": "- **Ana**: budget",
    },
    inverse=IN_TRASH,
)
def create_page(
    context: Context,
    parent: Annotated[str, "Id or link of the page that it lies under", Destination()],
    title: str,
    content: Markdown = "",
) -> Result:
    """Make a page under another page. For a row of a database use notion_add_database_row."""
    sent = {"parent": {"page_id": plain_id(parent)}, "properties": {"title": {"title": values.rich(title)}}}
    context.halt.check()
    return made(
        context.client.create(**sent, **({"markdown": content} if content else {})), "Made page", title
    )


def _withdrawn(context: Context, receipt: Receipt, **_: Any) -> Result:
    context.client.delete_comment(receipt.where.rpartition("#")[2])
    return Result(text=f"Deleted the comment: {receipt.where}")


@action(
    effect=Effect.CREATE,
    items=around_page,
    preview=lambda _, page, **__: f"Comment on the page {page} in Notion",
    detail=lambda context, page, body: f"{headed(context, page)}\n\n{body}",
    example={"page": "59833787-2cf9-4fdf-8782-e53db20768a5", "body": "Looks **good**"},
    inverse=Inverse(words="Delete it", act=_withdrawn),
)
def add_comment(context: Context, page: Page, body: Markdown) -> Result:
    """Comment on a page or row. Those who follow the page are told by Notion."""
    found = context.client.page(plain_id(page))
    context.halt.check()
    comment = context.client.comment(found["id"], body)
    return Result(
        text=f"Commented on {found['url']}",
        receipt=Receipt(
            effect=Effect.CREATE, what="Commented", where=f"{found['url']}#{comment['id']}", undo="Delete it"
        ),
    )


def headed(context: Context, page: str, word: str = "Page") -> str:
    """Which page it is, for a card."""
    found = context.client.page(plain_id(page))
    return f"{word}: “{values.title_of(found)}” {found['url']}"


def _as_of(page: dict[str, Any]) -> str:
    """With when it was last changed: what was not touched since may go to the bin again."""
    return f"{values.title_of(page)} (as of {page['last_edited_time']})"


def _line(row: dict[str, Any]) -> str:
    kind = "database" if row["object"] == "data_source" else "page"
    return f"{kind} {values.title_of(row)} · id {row['id']} · changed {row['last_edited_time'][:10]} · {row['url']}"
