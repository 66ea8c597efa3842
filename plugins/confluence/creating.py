"""Creating a page, and putting it into the trash while nobody has touched it."""

from __future__ import annotations

from typing import Annotated, Any

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.confluence.client import v2
from plugins.confluence.page import Page, address, one_line, page_now, page_of, space_key_of, space_named
from plugins.confluence.storage import storage
from plugins.confluence.storage_reading import markdown


def _homes(context: Context, space: str, title: str, body: str = "", parent: str = "") -> tuple[str, ...]:
    keys = (space_named(context, space).key, *([space_key_of(context, parent)] if parent else ()))
    return tuple(dict.fromkeys(keys))


def _create_detail(context: Context, space: str, title: str, body: str = "", parent: str = "") -> str:
    below = f"Below: {page_now(context, parent).title}\n" if parent else ""
    return f"Space: {space_named(context, space).name}\n{below}Title: {one_line(title)}\n\n{body}".strip()


def _trash(context: Context, receipt: Receipt, **_: Any) -> Result:
    """Only one that nobody has touched since it was created."""
    found = page_now(context, receipt.where)
    children = context.client.get(v2("pages", found.id, "children"), limit=1).get("results")
    comments = context.client.get(v2("pages", found.id, "footer-comments"), limit=1).get("results")
    if found.version != 1 or children or comments:
        raise ToolError(
            f"“{found.title}” was changed, commented on or given pages since: it was left as it is."
        )
    context.client.send("DELETE", v2("pages", found.id), what=f"the page {found.id}")
    taken = Receipt(effect=Effect.DELETE, what=f"Put “{found.title}” into the trash", where=receipt.where)
    return Result(text=f"“{found.title}” is in the space's trash.", receipt=taken)


def _create_settled(
    context: Context, space: str, title: str, body: str = "", parent: str = ""
) -> Result | None:
    """A title is there once in a space: the page with it is this one, or Confluence would have refused it."""
    home = space_named(context, space)
    query: dict[str, Any] = {"title": one_line(title), "body-format": "storage", "status": ["current"]}
    rows = context.client.get(v2("spaces", home.id, "pages"), **query).get("results") or []
    if not rows:
        return None
    found = page_of(rows[0])
    if found.version != 1 or markdown(found.body) != markdown(storage(body)):
        raise ToolError(f"A page “{title}” is there; whether this call made it is not clear.")
    return _created(context, found, home.key)


@action(
    effect=Effect.CREATE,
    items=_homes,
    preview=lambda context, space, title, **_: f"Create a page in {space} (Confluence): “{one_line(title)}”",
    detail=_create_detail,
    inverse=Inverse(words="Put it into the trash", act=_trash),
    settled=_create_settled,
    needs=("write:page:confluence", "delete:page:confluence"),
    example={"space": "ENG", "title": "API of the billing service", "body": "# Calls\n\n- `GET /bills`"},
)
def create_page(
    context: Context,
    space: Annotated[str, "The space's key, such as ENG.", Destination()],
    title: Annotated[str, "No other page of the space may have it."],
    body: Annotated[str, "Markdown: headings, lists, tables, code."] = "",
    parent: Annotated[str, "The number of the page it stands below; the space's home without it."] = "",
) -> Result:
    """Create a page in a space. Everybody who may read the space can read it."""
    home = space_named(context, space)
    new = {
        "spaceId": home.id,
        "status": "current",
        "title": one_line(title),
        "body": {"representation": "storage", "value": storage(body)},
    }
    if parent:
        above = page_now(context, parent)
        if above.space_id != home.id:
            raise ToolError(
                f"“{above.title}” is not in the space {home.key}: name a page of it as the parent."
            )
        new["parentId"] = above.id
    context.halt.check()
    made = page_of(context.client.send("POST", v2("pages"), new, what=f"the space {space}"))
    return _created(context, made, home.key)


def _created(context: Context, page: Page, key: str) -> Result:
    link = address(context, page, key)
    receipt = Receipt(
        effect=Effect.CREATE,
        what=f"Created the page “{page.title}”",
        where=link,
        after="version 1",
        undo="Put it into the trash",
    )
    return Result(text=f"Created “{page.title}”, page {page.id}: {link}", receipt=receipt, ids=(page.id,))
