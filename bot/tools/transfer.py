"""Files of any size go from one seat to another: copied in pieces, or moved without ever overwriting."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO, Literal

from bot import crossing
from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools.descent import Seat, sync
from bot.tools.entries import kind_of, refuse_device
from bot.tools.kept import Thing
from bot.tools.renaming import rename_new
from bot.tools.staging import Stage, staged

PIECE = 1024 * 1024
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

Outcome = Literal["created", "changed", "moved"]


def opened(seat: Seat) -> BinaryIO:
    """The regular file at a seat, for reading. A link raises `LinkMet`; folders and devices are refused."""
    _refuse_all_but_files(seat, seat.present())
    try:
        fd = os.open(seat.name, READ, dir_fd=seat.folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            seat.refuse_link(seat.present())
        raise
    try:
        _refuse_all_but_files(seat, os.fstat(fd))
        return os.fdopen(fd, "rb")
    except BaseException:
        os.close(fd)
        raise


def written(seat: Seat, content: bytes, halt: Halt, *, sure: Callable[[], None] = lambda: None) -> Outcome:
    """Puts content at a seat, over the file that is there or as a new one; a reader sees all or nothing.

    `sure` is asked last, when all is written and only the name is to be changed: it raises when that may not be.
    """
    before = _replaceable(seat)
    with staged(seat, halt) as stage:
        if before is not None:
            _dress(stage.fd, before)
        stage.write(content)
        sure()
        return _publish(stage, seat, before)


def created(seat: Seat, content: bytes, halt: Halt, *, sure: Callable[[], None] = lambda: None) -> None:
    """Puts content at a seat where nothing is; `sure` as in `written`."""
    sure()
    found = seat.stat()
    if found is not None:
        raise taken(seat, found)
    with staged(seat, halt) as stage:
        stage.write(content)
        try:
            stage.publish_new()
        except FileExistsError:
            raise taken(seat, seat.present()) from None


def copied(
    file: BinaryIO, destination: Seat, halt: Halt, *, sure: Callable[[], None] = lambda: None
) -> Outcome:
    """Copies an open file with its mode and time, over the file that is there or as a new one; `sure` as above."""
    before = _replaceable(destination)
    if before is not None and os.path.samestat(before, os.fstat(file.fileno())):
        raise ToolError(f"'{destination.spot.shown}' is the source itself. Nothing to copy.")
    with staged(destination, halt) as stage:
        _stream(file, stage)
        sure()
        return _publish(stage, destination, before)


def restored(file: BinaryIO, seat: Seat, like: Thing, halt: Halt, *, sure: Callable[[], None]) -> None:
    """Puts a kept file at a seat as it was, with its mode and time, over the file that is there or as a new one.

    `sure` as in `written`.
    """
    before = _replaceable(seat)
    digest = hashlib.sha256()
    with staged(seat, halt) as stage:
        while piece := file.read(PIECE):
            digest.update(piece)
            stage.write(piece)
        if digest.hexdigest() != like.digest:
            raise ToolError(f"What was kept of '{seat.spot.shown}' is damaged, so it was left as it is.")
        dress(stage.fd, like)
        os.utime(stage.fd, ns=(like.modified_ns, like.modified_ns))
        sure()
        _publish(stage, seat, before)


def dress(fd: int, like: Thing) -> None:
    """Owner, where we may, and mode; never set-user-id."""
    with suppress(PermissionError):
        os.fchown(fd, *(like.owner or (-1, -1)))
    os.fchmod(fd, (like.mode or 0) & (0o777 if like.kind == "file" else 0o3777))


def moved(source: Seat, destination: Seat, halt: Halt) -> None:
    """Moves a file, a link itself, or (on one disk) a folder. What has the new name is never touched."""
    found = source.present()
    refuse_device(found, source.spot)
    there = _unless_itself(source, destination)
    try:
        with crossing.outside("file.move"):
            halt.check()
            rename_new(source.folder, source.name, there.folder, there.name)
    except FileExistsError:
        raise taken(there, there.present()) from None
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry(source, there, found, halt)
    sync(there.folder)
    sync(source.folder)


def digest_of(file: BinaryIO, halt: Halt) -> str:
    """SHA-256 in hex, read piece by piece."""
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        halt.check()
        digest.update(piece)
    return digest.hexdigest()


def taken(seat: Seat, found: os.stat_result) -> ToolError:
    """The refusal when something already has the name."""
    if kind_of(found) == "folder":
        remedy = f"It is a folder: give the full new path, such as '{seat.spot.child('name').shown}'."
    else:
        remedy = "Choose another name."
    return ToolError(f"'{seat.spot.shown}' already exists. It was kept, and nothing was changed. {remedy}")


def _refuse_all_but_files(seat: Seat, found: os.stat_result) -> None:
    seat.refuse_link(found)
    refuse_device(found, seat.spot)
    if kind_of(found) == "folder":
        raise ToolError(f"'{seat.spot.shown}' is a folder, not a file. Name a file in it.")


def _replaceable(seat: Seat) -> os.stat_result | None:
    found = seat.stat()
    if found is not None:
        _refuse_all_but_files(seat, found)
        if not os.access(seat.name, os.W_OK, dir_fd=seat.folder):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), seat.name)
    return found


def _publish(stage: Stage, seat: Seat, before: os.stat_result | None) -> Outcome:
    """In its place: of what somebody wrote there since it was looked at nothing is kept, so that stays."""
    if before is None:
        stage.publish_new()
        return "created"
    now = seat.stat()
    if now is None or not os.path.samestat(now, before) or _version(now) != _version(before):
        raise ToolError(
            f"'{seat.spot.shown}' was changed by someone just now. It was kept as it is. Try again."
        )
    stage.publish_over()
    return "changed"


def _version(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _dress(fd: int, like: os.stat_result) -> None:
    """Mode and, where we may, owner; never set-user-id and its kin."""
    with suppress(PermissionError):
        os.fchown(fd, like.st_uid, like.st_gid)
    os.fchmod(fd, stat.S_IMODE(like.st_mode) & 0o777)


def _stream(file: BinaryIO, stage: Stage) -> None:
    before = os.fstat(file.fileno())
    piece = memoryview(bytearray(PIECE))
    while count := os.readv(file.fileno(), [piece]):
        stage.write(piece[:count])
    after = os.fstat(file.fileno())
    if _version(before) != _version(after):
        raise ToolError("The source was written to while it was read. Nothing was changed. Try again.")
    _dress(stage.fd, before)
    os.utime(stage.fd, ns=(before.st_atime_ns, before.st_mtime_ns))


def _unless_itself(source: Seat, destination: Seat) -> Seat:
    """A move to the same name spelled otherwise keeps the spelling that was asked for."""
    same_folder = os.path.samestat(os.fstat(source.folder), os.fstat(destination.folder))
    if not same_folder or source.name != destination.name:
        return destination
    wanted = destination.wanted
    if wanted == source.name:
        raise ToolError(f"'{source.spot.shown}' is already there. Nothing to move.")
    return replace(destination, name=wanted)


def _carry(source: Seat, destination: Seat, found: os.stat_result, halt: Halt) -> None:
    """To another disk: a whole copy first, then the original goes. With the copy in its place it is not halted."""
    in_the_way = destination.stat()
    if in_the_way is not None:
        if not _is_finished_copy(source, destination, halt):
            raise taken(destination, in_the_way)
        _drop_source(source, found)
        return
    match kind_of(found):
        case "folder":
            raise ToolError(
                f"'{source.spot.shown}' is a folder, and '{destination.spot.shown}' is on another disk. Nothing "
                f"was changed. Make the folder there and move the files one by one."
            )
        case "link":
            os.symlink(
                os.readlink(source.name, dir_fd=source.folder), destination.name, dir_fd=destination.folder
            )
        case _:
            with opened(source) as file, staged(destination, halt) as stage:
                found = os.fstat(file.fileno())
                _stream(file, stage)
                _publish(stage, destination, None)
    sync(destination.folder)
    try:
        _drop_source(source, found)
    except OSError:
        os.unlink(destination.name, dir_fd=destination.folder)
        raise


def _drop_source(source: Seat, found: os.stat_result) -> None:
    now = source.stat()
    if now is None or not os.path.samestat(now, found):
        raise ToolError(
            f"'{source.spot.shown}' was replaced while it was moved. What it was is at the destination; the new "
            f"one was kept."
        )
    os.unlink(source.name, dir_fd=source.folder)


def _is_finished_copy(source: Seat, destination: Seat, halt: Halt) -> bool:
    """Whether an earlier move to this other disk was cut off just before it removed the original."""
    old, new = source.present(), destination.present()
    if old.st_dev == new.st_dev or {kind_of(old), kind_of(new)} != {"file"}:
        return False
    if _version(old) != _version(new):
        return False
    with opened(source) as file, opened(destination) as copy:
        return digest_of(file, halt) == digest_of(copy, halt)
