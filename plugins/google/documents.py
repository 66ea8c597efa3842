"""Google Docs: made from Markdown, added to, and corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action, marked
from plugins.google import body, composing, making, places, prose, words
from plugins.google.client import part

_MADE = "Made a Google Doc"
_ADDED = "Added to a Google Doc"
_EDITED = "Changed a text in a Google Doc"
Folder = Annotated[str, "Id or link of the folder; empty for My Drive.", Destination()]
Document = Annotated[str, "Id or link of the Google Doc.", Destination()]


def _found_made(context: Context, title: str, content: str, folder: str = "") -> Result | None:
    """One that was made, but not filled, is filled when the call is made again."""
    file = making.found(context)
    if file is None or (prose.blocks(content) and body.is_empty(_document(context, file["id"]))):
        return None
    return making.result(file, _MADE)


@action(
    effect=Effect.CREATE,
    items=places.touched("folder"),
    preview=lambda _, title, folder="", **__: (
        f"Make a Google Doc in {places.into(folder)}: “{words.short(title)}”"
    ),
    detail=lambda context, title, content, folder="": (
        f"{places.where(context, folder)}\n{title}\n\n{content}"
    ),
    example={"title": "Minutes", "content": "# Minutes\n\n- **Ana**: budget", "folder": "meetings"},
    inverse=making.INTO_THE_BIN,
    settled=_found_made,
    needs=places.WRITE,
)
def create_document(
    context: Context, title: str, content: Annotated[str, "Markdown."], folder: Folder = ""
) -> Result:
    """Make a Google Doc from Markdown: headings, lists, bold, italic, code, links and tables.

    Images are not fetched: their words and address are written. Gives the link and the id.
    """
    file = making.empty(context, words.DOCUMENT, title, folder)
    document = _document(context, file["id"])
    if body.is_empty(document):
        _write(context, file["id"], document, composing.requests(prose.blocks(content), 1))
    return making.result(file, _MADE)


def _found_added(context: Context, document: str, content: str) -> Result | None:
    """By a name that was given to its first letter."""
    now = _document(context, places.id_in(document))
    if not any(body.named(now, marked(context.effect_id))):
        return None
    return _added(context, document, content)


def _taken_away(context: Context, receipt: Receipt, document: str, content: str) -> Result:
    """Only while it stands at the end as it was added."""
    file_id = places.id_in(document)
    now = _document(context, file_id)
    added = _letters(prose.plain(prose.blocks(content)))
    spot = next((one for one in body.named(now, marked("")) if _letters(body.text(now, one)) == added), None)
    if spot is None:
        raise ToolError("The end of the document is not what was added any more, so it stays as it is.")
    _write(context, file_id, now, [{"deleteContentRange": {"range": spot.range}}])
    return Result(text="Took away what was added.")


@action(
    effect=Effect.CHANGE,
    items=places.touched("document"),
    preview=lambda _, document, **__: f"Add to the end of the Google Doc {words.short(document)}",
    detail=lambda context, document, content: f"{places.named(context, document)}\n\n{content}",
    example={"document": "notes-doc", "content": "## Next steps\n\n1. Ask Ben"},
    inverse=Inverse(words="Take it away again", act=_taken_away),
    settled=_found_added,
    needs=places.WRITE,
)
def append_document(
    context: Context, document: Document, content: Annotated[str, "Markdown, as for create_document."]
) -> Result:
    """Add Markdown to the end of a Google Doc, as paragraphs of its own; what is there stays as it is."""
    blocks = prose.blocks(content)
    if not blocks:
        raise ToolError("There is nothing to add: content is empty.")
    file_id = places.id_in(document)
    now = _document(context, file_id)
    at, is_empty = body.end(now), body.is_empty(now)
    first = at if is_empty else at + 1
    name = {"name": marked(context.effect_id), "range": {"startIndex": first, "endIndex": first + 1}}
    requests = composing.requests(blocks, at, after_text=not is_empty)
    _write(context, file_id, now, [*requests, {"createNamedRange": name}])
    return _added(context, document, content)


def _found_edited(context: Context, document: str, old_text: str, new_text: str) -> Result | None:
    """By how the text is now: the old one is gone where the new one stands."""
    now = _document(context, places.id_in(document))
    written = prose.kept(new_text)
    new = body.spots(now, written) if written else []
    old = [
        one
        for one in body.spots(now, old_text)
        if not any(other.start <= one.start and one.end <= other.end for other in new)
    ]
    if len(old) == 1:
        return None
    if not old and new:
        return _edited(context, document, old_text, new_text)
    raise ToolError("The document was changed meanwhile: whether this change was made cannot be told.")


def _changed_back(context: Context, receipt: Receipt, document: str, old_text: str, new_text: str) -> Result:
    if not new_text:
        raise ToolError("Where the text stood is not known any more: write it in by hand.")
    _exchange(context, document, prose.kept(new_text), old_text)
    return Result(text="Put the old text back.")


@action(
    effect=Effect.CHANGE,
    items=places.touched("document"),
    preview=lambda _, document, **__: f"Change a text in the Google Doc {words.short(document)}",
    detail=lambda context, document, old_text, new_text: (
        f"{places.named(context, document)}\nNow:\n{old_text}\n\nThen:\n{new_text}"
    ),
    example={"document": "notes-doc", "old_text": "Friday", "new_text": "Monday"},
    inverse=Inverse(words="Put the old text back", act=_changed_back),
    settled=_found_edited,
    needs=places.WRITE,
)
def edit_document(
    context: Context,
    document: Document,
    old_text: Annotated[str, "Stands there exactly once, within a paragraph; no Markdown."],
    new_text: Annotated[str, "Plain text; empty takes the old one away."],
) -> Result:
    """Replace a text in a Google Doc; the new one looks as the old one did. Read the document first."""
    _exchange(context, document, old_text, new_text)
    return _edited(context, document, old_text, new_text)


def _exchange(context: Context, document: str, old: str, new: str) -> None:
    """The new text goes in after the first letter of the old one, so that it looks the same."""
    if not old:
        raise ToolError("old_text is empty: give the text that is there now.")
    file_id = places.id_in(document)
    now = _document(context, file_id)
    spot = body.only_spot(now, old)
    first = body.Spot(tab=spot.tab, start=spot.start, end=spot.start + composing.units(old[0]))
    after = body.Spot(tab=spot.tab, start=first.end, end=first.end)
    new = prose.kept(new)
    grown = composing.units(new)
    rest = body.Spot(tab=spot.tab, start=first.end + grown, end=spot.end + grown)
    requests: list[Any] = [{"insertText": {"text": new, "location": after.location}}] if new else []
    requests += [{"deleteContentRange": {"range": rest.range}}] if rest.start < rest.end else []
    requests.append({"deleteContentRange": {"range": first.range}})
    _write(context, file_id, now, requests)


def _document(context: Context, file_id: str) -> Any:
    return context.client.get("docs", f"/v1/documents/{part(file_id)}", includeTabsContent="true")


def _write(context: Context, file_id: str, read: Any, requests: Sequence[Any]) -> None:
    """All of it or nothing, and only into the document as it was read."""
    if requests:
        revision = {"requiredRevisionId": read["revisionId"]} if read.get("revisionId") else {}
        sent = {"requests": list(requests), "writeControl": revision}
        context.client.post("docs", f"/v1/documents/{part(file_id)}:batchUpdate", sent)


def _added(context: Context, document: str, content: str) -> Result:
    file = places.about(context, document)
    receipt = Receipt(
        effect=Effect.CHANGE,
        what=_ADDED,
        where=words.link_of(file),
        after=words.short(content, 300),
        undo="Take it away again",
    )
    return Result(text=f"Added to “{file['name']}”: {words.link_of(file)}", receipt=receipt)


def _edited(context: Context, document: str, old_text: str, new_text: str) -> Result:
    file = places.about(context, document)
    receipt = Receipt(
        effect=Effect.CHANGE,
        what=_EDITED,
        where=words.link_of(file),
        before=words.short(old_text, 300),
        after=words.short(new_text, 300),
        undo="Put the old text back" if new_text else "",
    )
    return Result(text=f"Changed “{file['name']}”: {words.link_of(file)}", receipt=receipt)


def _letters(text: str) -> str:
    return "".join(text.split())
