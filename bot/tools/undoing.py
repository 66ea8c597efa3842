"""The step of an Undo: one earlier call is taken back. People ask for it; the model is never given it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.domain.call import Result
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.receipt import Receipt
from bot.errors import ToolError
from bot.sdk.tool import tool
from bot.tools import restoring
from bot.tools.desk import Desk
from bot.tools.kept import Change

STAYS = "it stays, as something else is in it now"


def _accesses(desk: Desk, change: str) -> tuple[Access, ...]:
    """Those of the call that is taken back: what allowed it then, or forbids it since, holds for its undoing too."""
    found = desk.kept.change(change)
    if found is None:
        return ()
    if found.moved_to:
        moved = (
            _access(desk, Effect.CHANGE, found.path, existed=True),
            _access(desk, Effect.CREATE, found.moved_to, existed=False),
        )
        return tuple(replace(access, is_move=True) for access in moved)
    return (_access(desk, _effect(found), found.path, existed=found.before.kind != "nothing"),)


def _access(desk: Desk, effect: Effect, path: str, *, existed: bool) -> Access:
    own = desk.workspace.locate(path).root.own
    return Access(effect=effect, resource=Resource(realm=Realm.FOLDER, name=path, existed=existed, own=own))


def _effect(change: Change) -> Effect:
    if change.before.kind == "nothing":
        return Effect.CREATE
    return Effect.DELETE if change.after.kind == "nothing" else Effect.CHANGE


@tool(accesses=_accesses, preview=lambda desk, change: "Take back an earlier change", is_keyed=True)
def undo_change(desk: Desk, change: Annotated[str, "The effect id of the call to take back."]) -> Result:
    """Put back what an earlier call of this task replaced, unless somebody changed it since."""
    found = desk.kept.change(change)
    if found is None:
        raise ToolError("what it replaced is not kept (any more)")
    in_use = restoring.take_back(desk.workspace, found, desk.kept, desk.halt)
    return _taken_back(desk, change, found, in_use)


def _taken_back(desk: Desk, change: str, found: Change, in_use: tuple[str, ...]) -> Result:
    shown = desk.name(found.path)
    what = _said(found)
    receipt = Receipt(
        effect=_effect(found),
        what=what,
        where=found.path,
        before=found.moved_to,
        after=found.path if found.moved_to else "",
        takes_back=change,
    )
    stays = f". {', '.join(in_use)}: {STAYS}" if in_use else ""
    return Result(text=f"{what} {shown}{stays}", receipt=receipt)


def _said(change: Change) -> str:
    if change.moved_to:
        return "Moved back"
    if change.before.kind == "nothing":
        return "Took away again"
    return "Put back" if change.after.kind == "nothing" else "Put back as it was"
