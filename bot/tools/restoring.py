"""A change is taken back: what it replaced is put in its place again, unless somebody changed it since."""

from __future__ import annotations

import errno
import os
from contextlib import AbstractContextManager, suppress
from functools import partial

from bot import crossing
from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools import descent, transfer
from bot.tools.descent import Seat
from bot.tools.kept import Change, Kept, Thing
from bot.tools.noting import is_at, is_back, thing_at, thing_in
from bot.tools.paths import Spot
from bot.tools.renaming import rename_new
from bot.tools.staging import stage_name
from bot.tools.trouble import told
from bot.tools.workspace import Workspace


class ChangedSince(ToolError):
    """It is not as the task left it: it stays as it is."""

    @classmethod
    def at(cls, spot: Spot) -> ChangedSince:
        is_gone = thing_at(spot).kind == "nothing"
        return cls("it was taken away since" if is_gone else "it was changed since, and that change is kept")


def take_back(workspace: Workspace, change: Change, kept: Kept, halt: Halt) -> tuple[str, ...]:
    """What was there before is there again; done twice it is the same. The folders that cannot go, as they are in use.

    Raises `ChangedSince` and touches nothing where a person would lose something by it.
    """
    spot = workspace.writable(change.path)
    with told(spot.shown, "It was left as it is."):
        if change.moved_to:
            _move_back(workspace.writable(change.moved_to), spot, change.before, halt)
        elif not is_back(spot, change.before, halt):
            _put_back(spot, change, kept, halt)
        return tuple(_unmade(workspace, change.made))


def _move_back(goal: Spot, start: Spot, thing: Thing, halt: Halt) -> None:
    if thing_at(goal).kind == "nothing" and is_at(start, thing, halt):
        return
    if not is_at(goal, thing, halt):
        raise ChangedSince.at(goal)
    if thing_at(start).kind != "nothing" and not is_at(start, thing, halt):
        raise ChangedSince("something else has its old name now")
    with descent.seat(goal) as there, _home(start) as seat:
        transfer.moved(there, seat, halt)


def _put_back(spot: Spot, change: Change, kept: Kept, halt: Halt) -> None:
    now = thing_at(spot)
    if not is_at(spot, change.after, halt):
        raise ChangedSince.at(spot)
    if not change.is_whole:
        raise ToolError("what was there before was too large to be kept")
    with _home(spot) as seat, crossing.outside("file.put_back"):
        halt.check()
        _refuse_newer(spot, seat, now)
        match change.before.kind:
            case "nothing":
                _remove(seat, change.after)
            case "folder":
                _make_folder(seat, change.before)
            case "link":
                os.symlink(change.before.target, seat.name, dir_fd=seat.folder)
            case "file":
                with kept.opened(change.before.digest) as file:
                    sure = partial(_refuse_newer, spot, seat, now)
                    transfer.restored(file, seat, change.before, halt, sure=sure)
        descent.sync(seat.folder)


def _refuse_newer(spot: Spot, seat: Seat, then: Thing) -> None:
    """The last look before it goes: it took a while to read what is there."""
    if thing_in(seat) != then:
        raise ChangedSince.at(spot)


def _home(spot: Spot) -> AbstractContextManager[Seat]:
    """The name again; where its folder is gone, somebody took that away."""
    folder = spot.up_to(-1)
    if descent.missing(spot):
        raise ChangedSince(f"its folder {folder.shown} is not there any more")
    return descent.seat(spot)


def _remove(seat: Seat, after: Thing) -> None:
    if after.kind != "folder":
        os.unlink(seat.name, dir_fd=seat.folder)
        return
    try:
        os.rmdir(seat.name, dir_fd=seat.folder)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        raise ChangedSince("something is in it now, so it stays") from None


def _make_folder(seat: Seat, like: Thing) -> None:
    """It appears with its mode, or not at all."""
    stage = stage_name(seat)
    with suppress(FileExistsError):
        os.mkdir(stage, dir_fd=seat.folder)
    folder = os.open(stage, descent.FOLDER, dir_fd=seat.folder)
    try:
        transfer.dress(folder, like)
    finally:
        os.close(folder)
    rename_new(seat.folder, stage, seat.folder, seat.name)


def _unmade(workspace: Workspace, made: tuple[str, ...]) -> list[str]:
    """The folders made on the way go, the inner ones first; one that is in use stays, and so do those around it."""
    for number, path in enumerate(reversed(made)):
        spot = workspace.writable(path)
        with suppress(descent.NotFound, FileNotFoundError), descent.seat(spot) as seat:
            try:
                os.rmdir(seat.name, dir_fd=seat.folder)
            except FileNotFoundError:
                continue
            except OSError:
                return [workspace.locate(name).shown for name in made[: len(made) - number]]
            descent.sync(seat.folder)
    return []
