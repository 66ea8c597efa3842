"""A whole file put where a call says, new or in place of what is there: with its receipt, and how it is taken back."""

from __future__ import annotations

from bot.domain.call import Result
from bot.domain.effect import Access, Effect
from bot.domain.receipt import Receipt
from bot.errors import ToolError
from bot.tools import noting
from bot.tools.desk import Desk


def writes(desk: Desk, path: str, **_: object) -> tuple[Access, ...]:
    return (desk.writing(path),)


def inverse(desk: Desk, path: str, **_: object) -> str:
    return desk.inverse_at(path, made="Delete the file", replaced="Put back the old content")


def put(desk: Desk, path: str, content: bytes) -> Result:
    """Folders on the way are made."""
    spot = desk.workspace.locate(path)
    size = f"{len(content):,} bytes"
    if not desk.workspace.exists(path):
        desk.workspace.write_new(path, content)
        receipt = Receipt(
            effect=Effect.CREATE,
            what="Created",
            where=spot.real,
            after=size,
            undo=desk.inverse("Delete the file"),
            mark=desk.claim(path),
        )
        return Result(text=f"Created {spot.shown} ({size})", receipt=receipt)
    before, was_own = desk.workspace.stat(path).size, desk.is_own(path)
    desk.workspace.write_replacing(path, content)
    receipt = Receipt(
        effect=Effect.CHANGE,
        what="Replaced",
        where=spot.real,
        before=f"{before:,} bytes",
        after=size,
        undo=desk.inverse("Put back the old content"),
        mark=desk.claim(path) if was_own else "",
    )
    return Result(text=f"Replaced {spot.shown} ({size}; was {before:,})", receipt=receipt)


def is_done(desk: Desk, path: str) -> bool:
    """After a crash: whether this call has put at a path what it was to put there, without making it anew.

    What was there before, and was to become, was written down before it was replaced. Raises `ToolError` where neither
    is there.
    """
    spot, change = desk.workspace.locate(path), desk.kept.change(desk.effect_id)
    if change is None or change.path != spot.real or noting.is_at(spot, change.before, desk.halt):
        return False
    if noting.is_at(spot, change.after, desk.halt):
        return True
    raise ToolError("The file holds neither what it was before nor what it was to become.")


def was_made(desk: Desk, path: str) -> Result | None:
    """The result after a crash of a call that makes what it puts; None where it has not put it."""
    return _wrote(desk, path, desk.workspace.stat(path).size) if is_done(desk, path) else None


def was_put(desk: Desk, path: str, content: bytes) -> Result | None:
    """The same of a call that was given what it puts: whether this content stands there now."""
    if not desk.workspace.exists(path) or not _holds(desk, path, content):
        return None
    return _wrote(desk, path, len(content))


def _wrote(desk: Desk, path: str, size: int) -> Result:
    """Of what was not there before the call, as `put` gives it: the file is the task's own."""
    spot, is_new = desk.workspace.locate(path), _is_new(desk, path)
    receipt = Receipt(
        effect=Effect.CREATE if is_new else Effect.CHANGE,
        what="Created" if is_new else "Wrote",
        where=spot.real,
        after=f"{size:,} bytes",
        undo=desk.inverse("Delete the file" if is_new else "Put back what was there"),
        mark=desk.claim(path) if is_new else "",
    )
    return Result(text=f"Wrote {spot.shown} ({size:,} bytes)", receipt=receipt)


def _is_new(desk: Desk, path: str) -> bool:
    spot, change = desk.workspace.locate(path), desk.kept.change(desk.effect_id)
    return (
        change is not None
        and (change.path, change.before.kind) == (spot.real, "nothing")
        and noting.is_at(spot, change.after, desk.halt)
    )


def _holds(desk: Desk, path: str, content: bytes) -> bool:
    with desk.workspace.open_read(path) as file:
        return file.read(len(content) + 1) == content
