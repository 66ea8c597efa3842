"""Replacing what stands on a page: of the version that was approved and no other."""

from __future__ import annotations

from dataclasses import replace
from difflib import unified_diff
from typing import Annotated, Any

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.confluence.client import v2
from plugins.confluence.page import Page, address, one_line, page_id, page_now, space_key, space_key_of
from plugins.confluence.reading import PageId
from plugins.confluence.storage import storage
from plugins.confluence.storage_reading import lost, markdown


def _at_version(context: Context, page: str, version: int) -> Page:
    """The page, if it is as it was read. Raises `ToolError` where somebody has changed it."""
    found = page_now(context, page)
    if found.version != version:
        raise ToolError(
            f"“{found.title}” is at version {found.version} by now, not {version}: read it again, "
            "and write what it shall be then."
        )
    return found


def _update_preview(
    context: Context, page: str, version: int, body: str | None = None, title: str = ""
) -> str:
    if body is None and title:
        return f"Rename the page {page_id(page)} in Confluence: “{one_line(title)}”"
    return f"Update the page {page_id(page)} in Confluence, version {version} → {version + 1}"


def _update_detail(
    context: Context, page: str, version: int, body: str | None = None, title: str = ""
) -> str:
    found = _at_version(context, page, version)
    parts = [f"Title: {found.title} → {one_line(title)}" if title else f"Title stays: {found.title}"]
    if body is not None:
        others = lost(found.body)
        parts.append(f"Will be gone: {', '.join(others)}" if others else "")
        parts.append(f"What changes:\n{_difference(markdown(found.body), body)}")
        parts.append(f"The whole new text:\n{body}")
    return "\n\n".join(filter(None, parts))


def _difference(old: str, new: str) -> str:
    lines = unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm="")
    return "\n".join(line for line in list(lines)[2:] if not line.startswith("@@")) or "nothing"


def _restore(context: Context, receipt: Receipt, page: str, version: int, **_: Any) -> Result:
    """The version before, as it was kept, if nobody has changed the page since."""
    found = _at_version(context, page, version + 1)
    old = page_now(context, page, version=version)
    _put(context, found, old.title, old.body, f"Back to version {version}")
    return _updated(context, replace(found, title=old.title), version + 1, version + 2, undo="")


def _update_settled(
    context: Context, page: str, version: int, body: str | None = None, title: str = ""
) -> Result | None:
    found = page_now(context, page)
    if found.version == version:
        return None
    is_text = body is None or markdown(found.body) == markdown(storage(body))
    is_title = not title or found.title == one_line(title)
    if found.version == version + 1 and is_text and is_title:
        return _updated(context, found, version, version + 1, undo="Restore the version before")
    raise ToolError(f"“{found.title}” was changed meanwhile; whether by this call, too, is not clear.")


@action(
    effect=Effect.CHANGE,
    items=lambda context, page, version, body=None, title="": (space_key_of(context, page),),
    preview=_update_preview,
    detail=_update_detail,
    inverse=Inverse(words="Restore the version before", act=_restore),
    settled=_update_settled,
    needs=("write:page:confluence",),
    example={"page": "98310", "version": 2, "body": "# Calls\n\n- `GET /bills`\n- `POST /bills`"},
)
def update_page(
    context: Context,
    page: PageId,
    version: Annotated[int, "That read_page gave: if the page has changed since, nothing is written."],
    body: Annotated[str | None, "The whole new text, in Markdown; left out, it stays."] = None,
    title: Annotated[str, "The new title; left out, it stays."] = "",
) -> Result:
    """Replace a page's text or title. Read it first: macros and images that Markdown cannot say get lost."""
    if body is None and not title:
        raise ToolError("Say what to change: the body or the title.")
    found = _at_version(context, page, version)
    name = one_line(title) if title else found.title
    context.halt.check()
    _put(context, found, name, found.body if body is None else storage(body), "")
    return _updated(
        context, replace(found, title=name), version, version + 1, undo="Restore the version before"
    )


def _put(context: Context, page: Page, title: str, body: str, message: str) -> None:
    """Confluence refuses a version that is not the next one (409)."""
    version: dict[str, Any] = {"number": page.version + 1} | ({"message": message} if message else {})
    new = {
        "id": page.id,
        "status": "current",
        "title": title,
        "body": {"representation": "storage", "value": body},
        "version": version,
    }
    context.client.send("PUT", v2("pages", page.id), new, what=f"the page {page.id}")


def _updated(context: Context, page: Page, before: int, after: int, *, undo: str) -> Result:
    link = address(context, page, space_key(context, page.space_id))
    receipt = Receipt(
        effect=Effect.CHANGE,
        what=f"Updated the page “{page.title}”",
        where=link,
        before=f"version {before}",
        after=f"version {after}",
        undo=undo,
    )
    return Result(text=f"“{page.title}” is at version {after} now: {link}", receipt=receipt)
