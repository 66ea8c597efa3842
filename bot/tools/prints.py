"""The print of what stands at a seat: what changes when anybody changes it, at a bounded cost.

Of a file up to 8 MiB it is the SHA-256 of all of it. A larger one is known by its first and last MiB, its size, its
inode and the nanosecond of its last change, which a write cannot leave as it was. A folder is known by a list of all
that is in it, none of it opened.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO

from bot.domain.basis import Basis
from bot.sdk.halt import Halt
from bot.tools import entries, transfer
from bot.tools.descent import Seat
from bot.tools.paths import Spot

LARGE = 8 * 1024 * 1024
MOST_KEPT = 16_000

Skip = Callable[[Spot], bool]


def basis(seat: Seat, place: str, *, halt: Halt, skip: Skip, is_read: bool = False) -> Basis:
    """All that is to be known of what stands there. With `is_read` a link raises `LinkMet`."""
    found = seat.stat()
    if found is None:
        return Basis(place=place, is_read=is_read)
    if is_read:
        seat.refuse_link(found)
    match entries.kind_of(found):
        case "folder":
            listed, count = _manifest(seat.spot, halt, skip)
            return Basis(place=place, print=listed, count=count, is_read=is_read)
        case "link":
            return Basis(place=place, print=f"link:{os.readlink(seat.name, dir_fd=seat.folder)!r}")
        case "device":
            return Basis(place=place, print="device:")
        case "file":
            return _file(seat, place, found, halt, is_read)


def of_top(spot: Spot, place: str, *, halt: Halt, skip: Skip) -> Basis:
    """The same of a granted folder itself, which is taken whole."""
    listed, count = _manifest(spot, halt, skip)
    return Basis(place=place, print=listed, count=count)


def of_file(file: BinaryIO, halt: Halt) -> str:
    """The print of an open file, wherever it is read: its place is left as it is."""
    found, digest = os.fstat(file.fileno()), hashlib.sha256()
    size, piece = found.st_size, transfer.PIECE
    for start in range(0, size, piece) if size <= LARGE else (0, size - piece):
        halt.check()
        digest.update(os.pread(file.fileno(), piece, start))
    kind = f"file:{size}" if size <= LARGE else f"large:{_identity(found)}"
    return f"{kind}:{digest.hexdigest()}"


def _file(seat: Seat, place: str, found: os.stat_result, halt: Halt, is_read: bool) -> Basis:
    text = ""
    try:
        with transfer.opened(seat) as file:
            print_ = of_file(file, halt)
            if found.st_size <= MOST_KEPT:
                text = _text(os.pread(file.fileno(), MOST_KEPT, 0))
    except PermissionError:  # it can be moved and deleted all the same
        print_ = f"large:{_identity(found)}"
    changed = datetime.fromtimestamp(found.st_mtime, UTC)
    return Basis(
        place=place,
        print=print_,
        size=found.st_size,
        changed=f"{changed:%Y-%m-%d %H:%M}",
        text=text,
        is_read=is_read,
    )


def _manifest(spot: Spot, halt: Halt, skip: Skip) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    for here, entry in entries.below(spot, recursive=True, skip=skip):
        halt.check()
        count += 1
        # The time of a folder is that of what is in it, which is listed itself: a staged file would change it, too.
        times = "" if entry.kind == "folder" else f"{entry.modified_ns}:{entry.changed_ns}"
        name = "/".join(here.parts[len(spot.parts) :])
        size = 0 if entry.kind == "folder" else entry.size
        digest.update(repr((name, entry.kind, size, times, entry.target)).encode("utf-8", "surrogateescape"))
    return f"folder:{count}:{digest.hexdigest()}", count


def _identity(found: os.stat_result) -> str:
    return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"


def _text(content: bytes) -> str:
    """ "" where it is no text."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else text
