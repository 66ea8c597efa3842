"""Where files are: copy, move, delete; none is ever overwritten by a move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from bot.domain.call import Call, Result
from bot.domain.effect import Access, Effect
from bot.domain.label import Source
from bot.domain.receipt import Receipt
from bot.errors import ToolError
from bot.sdk.tool import tool
from bot.tools.desk import Desk

_TARGETS = {"move_file": "destination", "copy_file": "destination", "write_file": "path"}
_MAY_REPLACE = ("copy_file", "write_file")


def _copies(desk: Desk, source: str, destination: str) -> tuple[Access, ...]:
    return *desk.reading(source), desk.writing(destination)


def _was_copied(desk: Desk, source: str, destination: str) -> Result | None:
    workspace = desk.workspace
    if workspace.exists(destination) and workspace.digest(source) == workspace.digest(destination):
        return _copied(desk, source, destination, Effect.CHANGE)
    return None


def _carried(desk: Desk, source: str, destination: str) -> tuple[Source, ...]:
    """Who may read a file is not forgotten with the folder that it came from."""
    return (desk.source(source, with_all_below=True, is_carried=True),)


@tool(
    accesses=_copies,
    sources=_carried,
    preview=lambda desk, source, destination: f"Copy {desk.name(source)} → {desk.name(destination)}",
    inverse=lambda desk, source, destination: desk.inverse_at(
        destination, made="Delete the copy", replaced="Put back what was there"
    ),
    settled=_was_copied,
)
def copy_file(
    desk: Desk,
    source: Annotated[str, "The file to copy."],
    destination: Annotated[str, "The new file, with its name; folders on the way are made."],
) -> Result:
    """Copy a file of any size. A file at the destination is replaced, which needs a person's word."""
    is_new = not desk.workspace.exists(destination)
    is_own = is_new or desk.is_own(destination)
    desk.workspace.copy(source, destination)
    mark = desk.claim(destination) if is_own else ""
    return _copied(desk, source, destination, Effect.CREATE if is_new else Effect.CHANGE, mark)


def _copied(desk: Desk, source: str, destination: str, effect: Effect, mark: str = "") -> Result:
    start, goal = desk.workspace.locate(source), desk.workspace.locate(destination)
    undo = desk.inverse("Delete the copy" if effect is Effect.CREATE else "Put back what was there")
    receipt = Receipt(effect=effect, what="Copied", where=goal.real, before=start.real, undo=undo, mark=mark)
    return Result(text=f"Copied {start.shown} → {goal.shown}", receipt=receipt)


def _moves(desk: Desk, source: str, destination: str) -> tuple[Access, ...]:
    """Into the task's own folder it is taken from people, who look for it where it was: as if it were deleted.

    A folder goes with all that is in it.
    """
    start, goal = desk.workspace.locate(source), desk.workspace.locate(destination)
    is_taken = goal.root.own and not start.root.own
    away = Effect.DELETE if is_taken else Effect.CHANGE
    moved = replace(desk.access(away, source), is_deep=True), desk.access(Effect.CREATE, destination)
    return tuple(replace(access, is_move=True) for access in moved)


def _was_moved(desk: Desk, source: str, destination: str) -> Result | None:
    workspace = desk.workspace
    if workspace.exists(source):
        return None
    if workspace.exists(destination):
        return _moved(desk, source, destination)
    raise ToolError(f"Neither {source} nor {destination} is there.")


@tool(
    accesses=_moves,
    sources=_carried,
    preview=lambda desk, source, destination: f"Move {desk.name(source)} → {desk.name(destination)}",
    inverse=lambda *_, **__: "Move it back",
    settled=_was_moved,
)
def move_file(
    desk: Desk,
    source: Annotated[str, "The file or folder to move."],
    destination: Annotated[str, "Its new path, with its name; folders on the way are made."],
) -> Result:
    """Move or rename a file or a folder. It never overwrites: a taken name is refused and nothing moves.

    To move many files put them all into one checkpoint as `actions`, so that a person sees and approves the
    whole list at once.
    """
    desk.workspace.move(source, destination)
    return _moved(desk, source, destination)


def _moved(desk: Desk, source: str, destination: str) -> Result:
    start, goal = desk.workspace.locate(source), desk.workspace.locate(destination)
    receipt = Receipt(
        effect=Effect.CHANGE,
        what="Moved",
        where=goal.real,
        before=start.real,
        after=goal.real,
        undo=desk.inverse("Move it back"),
    )
    return Result(text=f"Moved {start.shown} → {goal.shown}", receipt=receipt)


def _deletes(desk: Desk, path: str) -> tuple[Access, ...]:
    return (desk.access(Effect.DELETE, path),)


def _was_deleted(desk: Desk, path: str) -> Result | None:
    return None if desk.workspace.exists(path) else _deleted(desk, path)


@tool(
    accesses=_deletes,
    preview=lambda desk, path: f"Delete {desk.name(path)}",
    inverse=lambda desk, path: desk.inverse_at(path, replaced="Put it back"),
    settled=_was_deleted,
)
def delete_file(desk: Desk, path: Annotated[str, "A file, or an empty folder."]) -> Result:
    """Delete a file or an empty folder. A person is always asked first."""
    desk.workspace.delete(path)
    return _deleted(desk, path)


def _deleted(desk: Desk, path: str) -> Result:
    spot = desk.workspace.locate(path)
    undo = desk.inverse("Put it back")
    receipt = Receipt(effect=Effect.DELETE, what="Deleted", where=spot.real, undo=undo)
    return Result(text=f"Deleted {spot.shown}", receipt=receipt)


def faults_in_batch(desk: Desk, calls: Sequence[Call]) -> str:
    """Which names in a batch would collide on any disk people use; "" when none would. Checked before it is shown."""
    targets = [_target(call) for call in calls if call.tool in _TARGETS]
    leaving = [str(call.input["source"]) for call in calls if call.tool == "move_file"]
    leaving += [_target(call) for call in calls if call.tool in _MAY_REPLACE and _is_there(desk, call)]
    clashes = desk.workspace.clashes(targets, leaving)
    if not clashes:
        return ""
    told = "; ".join(f"{clash.target} and {clash.other}: {clash.reason}" for clash in clashes[:5])
    more = f" (and {len(clashes) - 5} more)" if len(clashes) > 5 else ""
    return f"Names in this batch would collide, so nobody was asked: {told}{more}. Choose other names."


def _target(call: Call) -> str:
    return str(call.input[_TARGETS[call.tool]])


def _is_there(desk: Desk, call: Call) -> bool:
    """Exactly this name is taken: the file there is replaced, as the card says."""
    return desk.workspace.exists(_target(call))
