"""Crash-safe writing: content grows under a temporary name beside its place and appears there whole.

The temporary name follows from the final one and is locked while in use, so that a retry after a crash clears
what was left, and two writers of one file meet at the lock.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bot import crossing
from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools.descent import Seat, sync
from bot.tools.paths import legible
from bot.tools.renaming import rename_new

_PREFIX, _SUFFIX = ".cowork-", ".part"
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_SYNC_EVERY = 32 * 1024 * 1024


class Stage:
    """A file that is being written; `publish_new` or `publish_over` puts it in its place.

    It can be halted until it is put there, and not any more from then on.
    """

    def __init__(self, seat: Seat, fd: int, name: str, halt: Halt) -> None:
        self.fd = fd
        self._seat, self._name, self._halt = seat, name, halt
        self._unsynced = 0

    def write(self, content: bytes | memoryview) -> None:
        """What is large goes to the disk bit by bit: at its end a single wait for all of it could not be halted."""
        rest = memoryview(content)
        while rest:
            self._halt.check()
            count = os.write(self.fd, rest)
            self._unsynced += count
            rest = rest[count:]
            if self._unsynced >= _SYNC_EVERY:
                os.fsync(self.fd)
                self._unsynced = 0

    def publish_new(self) -> None:
        """Only if nothing has the name; `FileExistsError` otherwise."""
        os.fsync(self.fd)
        with crossing.outside("file.publish"):
            self._halt.check()
            rename_new(self._seat.folder, self._name, self._seat.folder, self._seat.name)
        sync(self._seat.folder)

    def publish_over(self) -> None:
        """In place of what has the name (a link is replaced, never followed)."""
        os.fsync(self.fd)
        with crossing.outside("file.publish"):
            self._halt.check()
            os.replace(
                self._name, self._seat.name, src_dir_fd=self._seat.folder, dst_dir_fd=self._seat.folder
            )
        sync(self._seat.folder)


@contextmanager
def staged(seat: Seat, halt: Halt) -> Iterator[Stage]:
    """A stage for the name at a seat; what was not published is gone afterwards."""
    name = stage_name(seat)
    fd = _opened(seat, name)
    try:
        yield Stage(seat, fd, name, halt)
    finally:
        if _is_ours(fd, seat.folder, name):
            os.unlink(name, dir_fd=seat.folder)
        os.close(fd)


def stage_name(seat: Seat) -> str:
    """What it is called, beside its place, until it is whole."""
    return f"{_PREFIX}{hashlib.sha256(os.fsencode(seat.name)).hexdigest()[:16]}{_SUFFIX}"


def is_stage(name: str) -> bool:
    """Whether a name in a listing is one of ours, half-written."""
    return name.startswith(_PREFIX) and name.endswith(_SUFFIX)


def _opened(seat: Seat, name: str) -> int:
    for _ in range(100):
        try:
            fd = os.open(name, _CREATE, 0o666, dir_fd=seat.folder)
        except FileExistsError:
            _clear_abandoned(seat, name)
            continue
        if _locked(fd) and _is_ours(fd, seat.folder, name):
            return fd
        os.close(fd)
    raise _busy(seat)


def _clear_abandoned(seat: Seat, name: str) -> None:
    try:
        fd = os.open(name, _LOOK, dir_fd=seat.folder)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        os.unlink(name, dir_fd=seat.folder)
        return
    try:
        if not _locked(fd):
            raise _busy(seat)
        if _is_ours(fd, seat.folder, name):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=seat.folder)
    finally:
        os.close(fd)


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP):
            raise
    return True


def _is_ours(fd: int, folder: int, name: str) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.stat(name, dir_fd=folder, follow_symlinks=False))
    except FileNotFoundError:
        return False


def _busy(seat: Seat) -> ToolError:
    return ToolError(
        f"'{legible(seat.spot.shown)}' is being written by someone else right now. Nothing was changed. "
        f"Try again in a moment."
    )
