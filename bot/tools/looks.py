"""Looking at one spot by open folders: any link that is met raises `LinkMet`, for a reader to go on beyond it."""

from __future__ import annotations

import os
from typing import BinaryIO

from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools import descent, entries, transfer
from bot.tools.entries import Entry
from bot.tools.paths import Spot


def found_at(spot: Spot) -> os.stat_result | None:
    """What has the name, be it a link; None where nothing has."""
    with descent.seat(spot) as seat:
        return seat.stat()


def entry_at(spot: Spot) -> Entry:
    """As in a listing; the top of a granted folder, too."""
    if not spot.parts:
        with descent.entered(spot) as folder:
            return entries.entry(spot, os.fstat(folder))
    with descent.seat(spot) as seat:
        found = seat.present()
        seat.refuse_link(found)
        return entries.entry(seat.spot, found)


def seen_at(spot: Spot) -> Spot:
    """The same spot, when something is there that is no link."""
    entry_at(spot)
    return spot


def folder_at(spot: Spot) -> Spot:
    """The same spot, once it was entered."""
    with descent.entered(spot):
        return spot


def file_at(spot: Spot) -> BinaryIO:
    """The file, open for reading; the caller closes it."""
    with descent.seat(spot) as seat:
        return transfer.opened(seat)


def refuse_changed(seat: descent.Seat, expected: str, halt: Halt) -> None:
    """Somebody else's work since it was read is not overwritten: `expected` is the SHA-256 it had then."""
    with transfer.opened(seat) as file:
        if transfer.digest_of(file, halt) != expected:
            raise ToolError(
                f"'{seat.spot.shown}' was changed by someone since it was read. It was kept as it is. Read it "
                f"again."
            )
