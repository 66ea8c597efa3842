"""Moving a page to below another one of its space."""

from __future__ import annotations

from typing import Annotated

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.confluence.client import v1
from plugins.confluence.page import Page, address, page_id, page_now, space_key, space_key_of
from plugins.confluence.reading import PageId


def _move_homes(context: Context, page: str, parent: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((space_key_of(context, page), space_key_of(context, parent))))


def _move_detail(context: Context, page: str, parent: str) -> str:
    found = page_now(context, page)
    old = page_now(context, found.parent).title if found.parent else "the top of the space"
    new = page_now(context, parent).title
    return (
        f"Page: {found.title}\nFrom below: {old}\nTo below: {new}\nThe pages below it move with it. "
        "Who may read them may change: what they stand below decides, too."
    )


def _move_back(context: Context, receipt: Receipt, page: str, parent: str) -> Result:
    found = page_now(context, page)
    if found.parent != page_id(parent):
        raise ToolError(f"“{found.title}” was moved on since: it was left where it is.")
    return _moved(context, found, page_now(context, receipt.before), undo="")


def _move_settled(context: Context, page: str, parent: str) -> Result | None:
    """It stands there: whoever moved it, nothing is left to do."""
    found, above = page_now(context, page), page_now(context, parent)
    return _moved_receipt(context, found, above, undo="") if found.parent == above.id else None


@action(
    effect=Effect.PUBLISH,
    items=_move_homes,
    preview=lambda context, page, parent: (
        f"Move the page {page_id(page)} to below the page {page_id(parent)} in Confluence"
    ),
    detail=_move_detail,
    inverse=Inverse(words="Move it back", act=_move_back),
    settled=_move_settled,
    needs=("write:page:confluence",),
    example={"page": "98310", "parent": "98320"},
)
def move_page(
    context: Context, page: PageId, parent: Annotated[str, "The number of the page it shall stand below."]
) -> Result:
    """Move a page, with all below it, to below another page of the same space, whose restrictions it then has."""
    found, above = page_now(context, page), page_now(context, parent)
    if found.space_id != above.space_id:
        raise ToolError(
            "The two pages are in different spaces, where others may read them: a page is moved within its space only."
        )
    context.halt.check()
    return _moved(context, found, above, undo="Move it back" if found.parent else "")


def _moved(context: Context, page: Page, parent: Page, *, undo: str) -> Result:
    path = v1("content", page.id, "move", "append", parent.id)
    context.client.send("PUT", path, what=f"the page {page.id} or {parent.id}")
    return _moved_receipt(context, page, parent, undo=undo)


def _moved_receipt(context: Context, page: Page, parent: Page, *, undo: str) -> Result:
    link = address(context, page, space_key(context, page.space_id))
    receipt = Receipt(
        effect=Effect.PUBLISH,
        what=f"Moved the page “{page.title}”",
        where=link,
        before=page.parent,
        after=parent.id,
        undo=undo,
    )
    return Result(text=f"The page {page.id} stands below the page {parent.id} now: {link}", receipt=receipt)
