"""Before a call changes a name on the disk: what has it now, and which folders will be made, written down."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace

from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools import descent, transfer
from bot.tools.descent import Seat
from bot.tools.entries import kind_of
from bot.tools.kept import NOTHING, Change, Kept, Thing
from bot.tools.paths import Spot

_GRAINS = (1, 100, 1_000, 1_000_000, 1_000_000_000, 2_000_000_000)
"""How finely disks tell time, in nanoseconds: a copy may have its time cut to the grain of its disk."""


class Notes:
    """Of one call, known by its effect id: the same when it is made again."""

    def __init__(self, kept: Kept, effect_id: str) -> None:
        self._kept = kept
        self._effect_id = effect_id
        self._held: tuple[str, Thing] | None = None

    def take(self, spot: Spot, halt: Halt, *, after: Thing = NOTHING, goal: Spot | None = None) -> None:
        """What is at `spot` becomes `after`, or goes to `goal`.

        Of a call that is made again it is known what was there before the first time.
        """
        earlier = self._kept.change(self._effect_id)
        if earlier is not None and earlier.path == spot.real and is_at(spot, earlier.after, halt):
            if earlier.after != after:
                self._kept.note(self._effect_id, replace(earlier, after=after))
            return
        made = tuple(folder.real for folder in descent.missing(goal or spot))
        change = Change(
            path=spot.real,
            before=thing_at(spot) if goal is not None else self._kept_at(spot, halt),
            after=after,
            moved_to="" if goal is None else goal.real,
            made=tuple(dict.fromkeys((*(earlier.made if earlier else ()), *made))),
        )
        self._kept.note(self._effect_id, change)
        self._held = spot.real, replace(change.before, digest="")

    def hold(self, spot: Spot, seat: Seat) -> None:
        """The last look before it goes: what somebody wrote since it was kept would be lost for good."""
        if self._held is not None and self._held[0] == spot.real and thing_in(seat) != self._held[1]:
            raise ToolError(
                f"'{spot.shown}' was changed by someone just now. It was kept as it is, and nothing was changed. "
                "Try again."
            )

    def _kept_at(self, spot: Spot, halt: Halt) -> Thing:
        """What is there, with its content where that is not too large."""
        thing = thing_at(spot)
        if thing.kind != "file" or not self._kept.takes(thing.size):
            return thing
        with descent.seat(spot) as seat, transfer.opened(seat) as file:
            digest = self._kept.content(file, halt)
            if _thing(seat, os.fstat(file.fileno())) != thing:
                raise ToolError(f"'{spot.shown}' is being written to. Nothing was changed. Try again.")
        return replace(thing, digest=digest)


def thing_at(spot: Spot) -> Thing:
    """What has this name now; of a file without a digest."""
    try:
        with descent.seat(spot) as seat:
            return thing_in(seat)
    except descent.NotFound:
        return NOTHING


def thing_in(seat: Seat) -> Thing:
    """The same, by its open folder."""
    found = seat.stat()
    return NOTHING if found is None else _thing(seat, found)


def is_at(spot: Spot, thing: Thing, halt: Halt) -> bool:
    """Whether this is what has the name: its content where that is known, otherwise its size and time."""
    now = thing_at(spot)
    if now.kind != thing.kind or now.target != thing.target:
        return False
    if thing.kind != "file":
        return True
    if now.size != thing.size or thing.mode not in (None, now.mode):
        return False
    if not thing.digest:
        return _is_time(now, thing)
    with descent.seat(spot) as seat, transfer.opened(seat) as file:
        return transfer.digest_of(file, halt) == thing.digest


def is_back(spot: Spot, thing: Thing, halt: Halt) -> bool:
    """Whether it is there again as it was, its time included."""
    return is_at(spot, thing, halt) and (thing.kind != "file" or _is_time(thing_at(spot), thing))


def file_of(content: bytes) -> Thing:
    """A file with this content, whenever it was written."""
    return Thing(kind="file", size=len(content), digest=hashlib.sha256(content).hexdigest())


def file_like(found: os.stat_result) -> Thing:
    """A copy of that file, as it will be."""
    return Thing(kind="file", size=found.st_size, mode=_mode(found) & 0o777, modified_ns=found.st_mtime_ns)


def _is_time(now: Thing, then: Thing) -> bool:
    return any(now.modified_ns == then.modified_ns // grain * grain for grain in _GRAINS)


def _thing(seat: Seat, found: os.stat_result) -> Thing:
    match kind_of(found):
        case "link":
            return Thing(kind="link", target=os.readlink(seat.name, dir_fd=seat.folder))
        case "folder":
            return Thing(kind="folder", mode=_mode(found), owner=(found.st_uid, found.st_gid))
        case _:
            return Thing(
                kind="file",
                size=found.st_size,
                mode=_mode(found),
                modified_ns=found.st_mtime_ns,
                owner=(found.st_uid, found.st_gid),
            )


def _mode(found: os.stat_result) -> int:
    return stat.S_IMODE(found.st_mode)
