"""All that a task may do with files: by path, inside its granted folders and its own, and nowhere else."""

from __future__ import annotations

import copy
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar

from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools import clashes, descent, entries, search, transfer
from bot.tools.entries import Entry
from bot.tools.paths import Ground, NotGranted, Root, Spot, legible
from bot.tools.trouble import told

MOST_LINKS = 16
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a write did: where, whether the file is new or was changed, and which folders it had to make."""

    path: str
    outcome: transfer.Outcome
    folders_made: tuple[str, ...] = ()


class Workspace:
    """The granted folders of a task and its own folder (always writable, made by the caller).

    Reading follows a link that stays inside; nothing else follows any link. Errors are `ToolError`s; what is large
    can be halted, and then leaves nothing behind.
    """

    def __init__(self, roots: Sequence[Root], own: Path, closed: Iterable[Path] = ()) -> None:
        self._ground = Ground(roots, own, closed)
        self._halt = Halt()

    def under(self, halt: Halt) -> Workspace:
        """The same for one call, which ends when it is halted."""
        workspace = copy.copy(self)
        workspace._halt = halt
        return workspace

    @property
    def granted(self) -> str:
        """The granted folders, in words."""
        return self._ground.granted

    def locate(self, path: str) -> Spot:
        """The place a path names; `NotGranted` if it is not inside. Opens nothing."""
        return self._ground.locate(path)

    def listing(self, path: str, recursive: bool = False, limit: int | None = 5000) -> list[Entry]:
        """What is in a folder, by name; at most `limit` entries, all for None."""
        return self._read(path, lambda spot: [entry for _, entry in self._below(spot, recursive, limit)])

    def stat(self, path: str) -> Entry:
        """What a reader of the path would get: links inside are followed."""
        return self._read(path, _entry_at)

    def exists(self, path: str) -> bool:
        """Whether anything has the name, be it a link that leads nowhere."""
        try:
            return self._read(path, lambda spot: not spot.parts or _found_at(spot) is not None)
        except descent.NotFound:
            return False

    def open_read(self, path: str) -> BinaryIO:
        """The file, open for reading; the caller closes it."""
        return self._read(path, _file_at)

    def digest(self, path: str) -> str:
        """SHA-256 of a file in hex, read piece by piece."""
        with self.open_read(path) as file, told(path):
            return transfer.digest_of(file, self._halt)

    def write_new(self, path: str, content: bytes) -> Done:
        """A new file; refused if the name is taken. Folders on the way are made."""
        with self._target(path) as seat:
            transfer.created(seat, content, self._halt)
            return _done(seat, "created")

    def write_replacing(self, path: str, content: bytes, expected: str | None = None) -> Done:
        """A file with this content. With `expected`, only if the old content has that SHA-256."""
        with self._target(path, "The old content was kept.") as seat:
            if expected is not None:
                _refuse_changed(seat, expected, self._halt)
            return _done(seat, transfer.written(seat, content, self._halt))

    def make_folder(self, path: str) -> Done:
        """A folder, and those on the way to it; refused if the name is taken."""
        with self._target(path) as seat:
            self._halt.check()
            try:
                os.mkdir(seat.name, dir_fd=seat.folder)
            except FileExistsError:
                raise transfer.taken(seat, seat.present()) from None
            descent.sync(seat.folder)
            return _done(seat, "created")

    def copy(self, source: str, destination: str) -> Done:
        """A copy of a file, new or in place of the file there. Folders on the way are made."""
        kept = "What was at the destination was kept."
        with self.open_read(source) as file, self._target(destination, kept) as seat:
            return _done(seat, transfer.copied(file, seat, self._halt))

    def move(self, source: str, destination: str) -> Done:
        """Moves a file, a link itself or a folder; refused if the new name is taken."""
        start = self._writable(source)
        self._refuse_root(start)
        with self._name(start) as seat:
            seat.present()
        with (
            self._target(destination, f"'{start.shown}' is where it was.") as goal,
            descent.seat(start) as seat,
        ):
            transfer.moved(seat, goal, self._halt)
            return _done(goal, "moved")

    def identity(self, path: str) -> str:
        """What tells this very file or folder after a move: to be noted before, for `moved`."""
        with self._name(self._ground.locate(path)) as seat:
            found = seat.present()
            return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"

    def moved(self, source: str, destination: str, identity: str) -> bool:
        """Read off the disk: what `identity` (or a digest) tells is at the destination, not the source."""
        return self._is_at(destination, identity) and not self._is_at(source, identity)

    def delete(self, path: str) -> None:
        """Removes a file, a link itself or an empty folder."""
        spot = self._writable(path)
        self._refuse_root(spot)
        with self._name(spot) as seat:
            found = seat.present()
            entries.refuse_device(found, seat.spot)
            self._halt.check()
            remove = os.rmdir if stat.S_ISDIR(found.st_mode) else os.unlink
            remove(seat.name, dir_fd=seat.folder)
            descent.sync(seat.folder)

    def search(self, query: str, path: str | None = None) -> search.Found:
        """The first 100 names and lines with the query, in one folder or in all."""
        found = self._walk(path) if path is not None else self._everything()
        return search.search(query, found, _file_at)

    def clashes(self, targets: Sequence[str], leaving: Sequence[str] = ()) -> list[clashes.Clash]:
        """Which files to be made would collide by name, when those at `leaving` have moved away."""
        locate = self._ground.locate
        return clashes.clashes([locate(path) for path in targets], [locate(path) for path in leaving])

    def _below(self, spot: Spot, recursive: bool, limit: int | None) -> Iterator[tuple[Spot, Entry]]:
        for found in islice(entries.below(spot, recursive=recursive, skip=self._ground.is_closed), limit):
            self._halt.check()
            yield found

    def _everything(self) -> Iterator[tuple[Spot, Entry]]:
        for root in self._ground.tops:
            with suppress(ToolError):  # a granted folder that is gone hides no other
                yield from self._walk("." if root.own else str(root.path))

    def _walk(self, path: str) -> Iterator[tuple[Spot, Entry]]:
        start = self._read(path, _folder_at)
        with told(start.shown, kept=""):
            yield from self._below(start, True, None)

    def _read(self, path: str, act: Callable[[Spot], T]) -> T:
        """Does a read at a path, going on where a link leads as long as that is inside."""
        spot = self._ground.locate(path)
        for _ in range(MOST_LINKS):
            try:
                with told(spot.shown, kept=""):
                    return act(spot)
            except descent.LinkMet as link:
                spot = self._ground.beyond(link.at, link.target, link.rest)
        raise ToolError(f"'{legible(path)}' is a link that leads in a circle. It was not read.")

    def _writable(self, path: str) -> Spot:
        spot = self._ground.locate(path)
        if not spot.root.writable:
            raise NotGranted(
                f"'{spot.shown}' is granted read only. Nothing was changed. Granted: {self.granted}."
            )
        return spot

    def _refuse_root(self, spot: Spot) -> None:
        if self._ground.holds_a_root(spot):
            raise NotGranted(f"'{spot.shown}' is or holds a granted folder and stays where it is.")

    @contextmanager
    def _name(self, spot: Spot) -> Iterator[descent.Seat]:
        with told(spot.shown), descent.seat(spot) as seat:
            yield seat

    @contextmanager
    def _target(self, path: str, kept: str = "Nothing was changed.") -> Iterator[descent.Seat]:
        spot = self._writable(path)
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in spot.name):
            raise ToolError("A new name cannot hold line breaks or control characters. Choose another name.")
        with told(spot.shown, kept), descent.seat(spot, make=True) as seat:
            try:
                yield seat
            except BaseException:
                descent.remove_made(seat.made)
                raise

    def _is_at(self, path: str, identity: str) -> bool:
        try:
            if ":" not in identity:
                return self.digest(path) == identity
            found = [int(number) for number in self.identity(path).split(":")]
        except ToolError:
            return False
        noted = [int(number) for number in identity.split(":")]
        return found[:2] == noted[:2] or (found[0] != noted[0] and found[2:] == noted[2:])


def _found_at(spot: Spot) -> os.stat_result | None:
    with descent.seat(spot) as seat:
        return seat.stat()


def _entry_at(spot: Spot) -> Entry:
    if not spot.parts:
        with descent.entered(spot) as folder:
            return entries.entry(spot, os.fstat(folder))
    with descent.seat(spot) as seat:
        found = seat.present()
        seat.refuse_link(found)
        return entries.entry(seat.spot, found)


def _folder_at(spot: Spot) -> Spot:
    with descent.entered(spot):
        return spot


def _file_at(spot: Spot) -> BinaryIO:
    with descent.seat(spot) as seat:
        return transfer.opened(seat)


def _refuse_changed(seat: descent.Seat, expected: str, halt: Halt) -> None:
    with transfer.opened(seat) as file:
        if transfer.digest_of(file, halt) != expected:
            raise ToolError(
                f"'{seat.spot.shown}' was changed by someone since it was read. It was kept as it is. Read it "
                f"again."
            )


def _done(seat: descent.Seat, outcome: transfer.Outcome) -> Done:
    return Done(path=seat.spot.shown, outcome=outcome, folders_made=tuple(made.shown for made in seat.made))
