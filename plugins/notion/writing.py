"""Pages of Notion changed: their titles, their texts, and what is written at their ends."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action, part_of
from bot.sdk.answers import MOST_TEXT
from plugins.notion import values
from plugins.notion.pages import Markdown, headed
from plugins.notion.places import Page, around_page, plain_id


class Edit(BaseModel):
    """One replacement."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    old: str
    new: str


def _change(
    context: Context, page: str, title: str = "", content: str | None = None, edits: Any = None
) -> str:
    """What stands there now, and what will."""
    lines = [headed(context, page)]
    if title:
        lines.append(f"Its title becomes: {title}")
    for edit in edits or ():
        lines.append(f"Instead of:\n{edit.old}\nit says:\n{edit.new}")
    if content is not None:
        now = part_of(context.client.markdown(plain_id(page))["markdown"], most=MOST_TEXT // 4)
        lines.append(f"Its whole text becomes:\n{content}\n\nIt is now:\n{now}")
    return "\n\n".join(lines)


def _taken_back(context: Context, receipt: Receipt, page: str, title: str = "", **_: Any) -> Result:
    its_id, before = plain_id(page), receipt.before
    found = context.client.page(its_id)
    if title:
        old_title, _sep, before = before.partition("\n")
        if values.title_of(found) != title:
            raise ToolError(f"Its title was changed since, so it was left: {receipt.where}")
    if receipt.after and context.client.markdown(its_id)["markdown"] != receipt.after:
        raise ToolError(f"It was changed since, so it was left: {receipt.where}")
    if receipt.after:
        context.client.write(its_id, "replace_content", new_str=before)
    if title:
        context.client.update(its_id, properties=_titled(found, old_title))
    return Result(text=f"It is as it was: {receipt.where}")


REWRITTEN = Inverse(words="Write it back", act=_taken_back)


def _settled(
    context: Context, page: str, title: str = "", content: str | None = None, edits: Any = None
) -> Result | None:
    if content is not None or edits:
        raise ToolError(
            "Whether the page's text was changed cannot be told: Notion writes Markdown in its own way."
        )
    found = context.client.page(plain_id(page))
    return _changed(found, "", "") if values.title_of(found) == title else None


def _changed(
    page: dict[str, Any], before: str, after: str, *, undo: str = "", what: str = "Changed page"
) -> Result:
    return Result(
        text=f"{what}: {page['url']}",
        receipt=Receipt(
            effect=Effect.CHANGE, what=what, where=page["url"], before=before, after=after, undo=undo
        ),
    )


@action(
    effect=Effect.CHANGE,
    items=around_page,
    preview=lambda _, page, **__: f"Change the page {page} in Notion",
    detail=_change,
    example={"page": "59833787-2cf9-4fdf-8782-e53db20768a5", "edits": [{"old": "Monday", "new": "Tuesday"}]},
    inverse=REWRITTEN,
    settled=_settled,
)
def update_page(
    context: Context,
    page: Page,
    title: str = "",
    content: Annotated[str | None, "The whole new text, Markdown"] = None,
    edits: Annotated[list[Edit] | None, "Replacements of exact pieces of its Markdown"] = None,
) -> Result:
    """Change a page: its title, its whole text, or exact pieces of it (read it first). Subpages are never deleted."""
    if (not title and content is None and not edits) or (content is not None and edits):
        raise ToolError("Give a title, and either the whole new content or edits.")
    found = context.client.page(plain_id(page))
    before = context.client.markdown(found["id"]) if content is not None or edits else None
    context.halt.check()
    after = _written(context, found["id"], content, edits or [])
    if title:
        context.client.update(found["id"], properties=_titled(found, title))
    was = f"{values.title_of(found)}\n" if title else ""
    if before is None:
        return _changed(found, was, "", undo=REWRITTEN.words)
    return _rewritten(found, before, after, was=was)


@action(
    effect=Effect.CHANGE,
    items=around_page,
    preview=lambda _, page, **__: f"Write at the end of the page {page} in Notion",
    detail=lambda context, page, content: f"{headed(context, page)}\n\n{content}",
    example={"page": "59833787-2cf9-4fdf-8782-e53db20768a5", "content": "## Decisions\n\n- Ship it"},
    inverse=REWRITTEN,
)
def append_blocks(context: Context, page: Page, content: Markdown) -> Result:
    """Write Markdown at the end of a page; what stands there stays."""
    found = context.client.page(plain_id(page))
    before = context.client.markdown(found["id"])
    context.halt.check()
    after = context.client.write(found["id"], "insert_content", content=content, position={"type": "end"})
    return _rewritten(found, before, after, what="Wrote at the end of page")


def _rewritten(
    page: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    was: str = "",
    what: str = "Changed page",
) -> Result:
    """It can be written back when all of the old text is known, and not too long to keep."""
    is_whole = (
        not (before["truncated"] or before["unknown_block_ids"]) and len(before["markdown"]) <= MOST_TEXT
    )
    if not is_whole:
        return _changed(page, "", "", what=what)
    return _changed(page, was + before["markdown"], after["markdown"], undo=REWRITTEN.words, what=what)


def _written(context: Context, page_id: str, content: str | None, edits: list[Edit]) -> dict[str, Any]:
    if content is not None:
        return dict(context.client.write(page_id, "replace_content", new_str=content))
    if not edits:
        return {}
    updates = [{"old_str": edit.old, "new_str": edit.new} for edit in edits]
    return dict(context.client.write(page_id, "update_content", content_updates=updates))


def _titled(page: dict[str, Any], title: str) -> dict[str, Any]:
    """Rows call their title as the database does."""
    name = next(name for name, one in page["properties"].items() if one["type"] == "title")
    return {name: {"title": values.rich(title)}}
