"""Remarks on a file in Drive."""

from __future__ import annotations

from typing import Annotated

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.google import places, words
from plugins.google.client import part


def _taken_away(context: Context, receipt: Receipt, file: str, comment: str) -> Result:
    """Only while nobody answered it, and it says the same."""
    number = receipt.where.rpartition("disco=")[2]
    path = f"/drive/v3/files/{part(places.id_in(file))}/comments/{part(number)}"
    now = context.client.get("drive", path, fields="content,replies(id)")
    if now.get("replies") or now.get("content") != comment:
        raise ToolError("The comment was answered or changed since, so it stays.")
    context.client.delete("drive", path)
    return Result(text="Took the comment away.")


@action(
    effect=Effect.CREATE,
    items=places.touched("file"),
    preview=lambda _, file, comment: f"Comment on the file {words.short(file)} in Google Drive",
    detail=lambda context, file, comment: f"{places.named(context, file)}\n\n{comment}",
    example={"file": "notes-doc", "comment": "Is the budget still right?"},
    inverse=Inverse(words="Take the comment away", act=_taken_away),
    needs=places.WRITE,
)
def add_comment(
    context: Context,
    file: Annotated[str, "Id or link of the file.", Destination()],
    comment: Annotated[str, "Plain text."],
) -> Result:
    """Comment on a file in Google Drive as a whole, in the name of the connected account."""
    if not comment.strip():
        raise ToolError("The comment is empty.")
    found = places.about(context, file)
    path = f"/drive/v3/files/{part(found['id'])}/comments"
    made = context.client.post("drive", path, {"content": comment}, fields="id")
    link = words.link_of(found)
    where = f"{link}{'&' if '?' in link else '?'}disco={made['id']}"
    receipt = Receipt(
        effect=Effect.CREATE,
        what=f"Commented on “{found['name']}”",
        where=where,
        after=comment,
        undo="Take the comment away",
    )
    return Result(text=f"Commented: id {made['id']} · {where}", receipt=receipt)
