"""Google Slides made from an outline: a slide for each heading, its text below."""

from __future__ import annotations

from typing import Annotated, Any

from bot.sdk import Context, Destination, Effect, Result, ToolError, action
from plugins.google import making, places, prose, slides, words
from plugins.google.client import part

_MADE = "Made a Google Slides presentation"


def _found_made(context: Context, title: str, outline: str, folder: str = "") -> Result | None:
    """One that was made, but not filled, is filled when the call is made again."""
    file = making.found(context)
    if file is None or not slides.is_filled(_presentation(context, file["id"])):
        return None
    return making.result(file, _MADE)


@action(
    effect=Effect.CREATE,
    items=places.touched("folder"),
    preview=lambda _, title, folder="", **__: (
        f"Make a Google Slides presentation in {places.into(folder)}: “{words.short(title)}”"
    ),
    detail=lambda context, title, outline, folder="": (
        f"{places.where(context, folder)}\n{title}\n\n{outline}"
    ),
    example={"title": "Sprint 7", "outline": "# Done\n\n- Search\n  - faster\n\n# Next\n\nCheckout"},
    inverse=making.INTO_THE_BIN,
    settled=_found_made,
    needs=places.WRITE,
)
def create_presentation(
    context: Context,
    title: Annotated[str, "The file's name, and what stands on the first slide."],
    outline: Annotated[str, "Markdown: each heading begins a slide, lists and text stand on it."],
    folder: Annotated[str, "Id or link of the folder; empty for My Drive.", Destination()] = "",
) -> Result:
    """Make a Google Slides presentation: a title slide, then one for each heading of an outline.

    About six short lines fit on a slide. Gives the link and the id.
    """
    planned = slides.planned(prose.blocks(outline))
    if not planned:
        raise ToolError("The outline has no slides. Begin each with a heading (# Title).")
    file = making.empty(context, words.PRESENTATION, title, folder)
    now = _presentation(context, file["id"])
    if not slides.is_filled(now):
        revision = {"requiredRevisionId": now["revisionId"]} if now.get("revisionId") else {}
        sent = {"requests": slides.requests(now, title, planned), "writeControl": revision}
        context.client.post("slides", f"/v1/presentations/{part(file['id'])}:batchUpdate", sent)
    return making.result(file, _MADE)


def _presentation(context: Context, file_id: str) -> Any:
    return context.client.get(
        "slides", f"/v1/presentations/{part(file_id)}", fields="revisionId,slides(objectId)"
    )
