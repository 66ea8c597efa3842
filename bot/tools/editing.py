"""Finished documents changed in place: what the edits name, and nothing else of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from bot.documents import apart, editing
from bot.documents.content import Image
from bot.documents.decks.edits import AddSlide
from bot.documents.edits import Edit
from bot.domain.approval import Detail
from bot.domain.call import Result
from bot.domain.effect import Access, Effect
from bot.domain.label import Source
from bot.domain.receipt import Receipt
from bot.errors import ToolError
from bot.sdk.tool import tool
from bot.tools.desk import Desk
from bot.tools.putting import inverse, is_done
from bot.tools.taking import opened, pictures

_LARGEST = 50_000_000
_MOST_EDITS = 200
_MOST_LOST = 30


def _accesses(desk: Desk, path: str, edits: Sequence[Edit], **_: object) -> tuple[Access, ...]:
    read = [one for picture in _pictures(edits) for one in desk.reading(picture)]
    return (desk.access(Effect.CHANGE, path), *read)


def _sources(desk: Desk, edits: Sequence[Edit], **_: object) -> tuple[Source, ...]:
    """What comes back is how much was changed, and no word of the file."""
    return tuple(desk.source(picture, is_carried=True) for picture in _pictures(edits))


def _preview(desk: Desk, path: str, edits: Sequence[Edit]) -> str:
    return f"Edit {desk.name(path)} ({len(edits)} {'edit' if len(edits) == 1 else 'edits'})"


def _detail(desk: Desk, path: str, edits: Sequence[Edit]) -> str | Detail:
    """Each edit with what it comes to in the file as it is now, and the words that go.

    One that cannot be made is put to nobody.
    """
    if not desk.workspace.exists(path):  # something before it is to put it there
        return "\n\n".join(edit.words for edit in edits)
    try:
        made = _made(desk, path, edits)
    except ToolError as error:
        raise ToolError(f"{error} Nobody was asked. All edits of a file belong into one call.") from error
    said = "\n\n".join(f"{edit.words}\n→ {told}" for edit, told in zip(edits, made.told, strict=False))
    if not made.lost:
        return said
    more = len(made.lost) - _MOST_LOST
    lines = [f"- {one}" for one in made.lost[:_MOST_LOST]] + (
        [f"and {more:,} more lines"] if more > 0 else []
    )
    going = desk.veil.masked("\n".join(["These lines of it go, or become others:", *lines]))
    return Detail(text=f"{said}\n\n{going}", audience=desk.source(path).audience)


def _was_edited(desk: Desk, path: str, edits: Sequence[Edit]) -> Result | None:
    return _edited(desk, path, edits, []) if is_done(desk, path) else None


@tool(
    accesses=_accesses,
    sources=_sources,
    preview=_preview,
    detail=_detail,
    inverse=inverse,
    settled=_was_edited,
)
def edit_document(
    desk: Desk,
    path: Annotated[str, "A docx, xlsx or pptx that exists."],
    edits: Annotated[list[Edit], Field(description="In their order.", min_length=1, max_length=_MOST_EDITS)],
) -> Result:
    """Change parts of a Word, Excel or PowerPoint file that exists, and leave all else in it as it is.

    Use it to revise a document, rather than making it anew: styles, pictures, comments and other parts are kept. Read
    the file first: texts to be found must be as they stand, without Markdown's marks. Either all edits are made or
    none; the result says what each came to. Files with macros, passwords or signatures are refused.
    """
    digest = desk.workspace.digest(path)
    made = _made(desk, path, edits)
    was_own = desk.is_own(path)
    desk.workspace.write_replacing(path, made.file, expected=digest)
    told = [f"{number}. {one}" for number, one in enumerate(made.told, 1)]
    return _edited(desk, path, edits, [*told, *made.notes], mark=desk.claim(path) if was_own else "")


def _made(desk: Desk, path: str, edits: Sequence[Edit]) -> editing.Edited:
    """The file as it would be, which is put nowhere yet."""
    if path.lower().endswith(".pdf"):
        raise ToolError(
            "A PDF is not edited. Make it anew with make_document, or edit what it was made from."
        )
    with opened(desk, path, _LARGEST) as file, pictures(desk, _pictures(edits)) as images:
        order = editing.Order.model_construct(file=file, edits=list(edits), images=images)
        return apart.done("editing", order, editing.Edited, desk.halt, files=[file, *images.values()])


def _edited(desk: Desk, path: str, edits: Sequence[Edit], told: Sequence[str], *, mark: str = "") -> Result:
    spot = desk.workspace.locate(path)
    count = f"{len(edits)} {'edit' if len(edits) == 1 else 'edits'}"
    undo = desk.inverse("Put back the old content")
    receipt = Receipt(effect=Effect.CHANGE, what="Edited", where=spot.real, after=count, undo=undo, mark=mark)
    return Result(text="\n".join([f"Edited {spot.shown} ({count})", *told]), receipt=receipt)


def _pictures(edits: Sequence[Edit]) -> list[str]:
    """The paths of all images in them, each once."""
    return list(dict.fromkeys(block.path for block in _blocks(edits) if isinstance(block, Image)))


def _blocks(edits: Sequence[Edit]) -> Iterator[object]:
    for edit in edits:
        yield from getattr(edit, "blocks", ())
        if isinstance(edit, AddSlide):
            yield edit.content.image
