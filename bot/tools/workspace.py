"""All that a task may do with files: by path, inside its granted folders and its own, and nowhere else."""

from __future__ import annotations

import copy
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar

from bot.domain.basis import Basis
from bot.domain.veil import Veil
from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools import clashes, descent, entries, looks, noting, prints, search, transfer
from bot.tools.entries import Entry
from bot.tools.footing import Footing
from bot.tools.kept import NOTHING, Thing
from bot.tools.noting import Notes
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
    can be halted, and then leaves nothing behind. With `Notes` what a change replaces is kept first.
    """

    def __init__(self, roots: Sequence[Root], own: Path, closed: Iterable[Path] = ()) -> None:
        self.ground = Ground(roots, own, closed)
        self._halt = Halt()
        self._footing = Footing((), self._halt, self.ground.is_closed)
        self._notes: Notes | None = None

    def under(self, halt: Halt, basis: Iterable[Basis] = (), notes: Notes | None = None) -> Workspace:
        """The same for one call, which ends when it is halted, and changes only what is as its `basis` says."""
        workspace = copy.copy(self)
        workspace._halt, workspace._notes = halt, notes
        workspace._footing = Footing(basis, halt, self.ground.is_closed)
        return workspace

    @property
    def granted(self) -> str:
        """The granted folders, in words."""
        return self.ground.granted

    @property
    def tops(self) -> list[str]:
        """The folders that hold all others, as the model writes them: what a search without a folder goes through."""
        return ["." if root.own else str(root.path) for root in self.ground.tops]

    def locate(self, path: str) -> Spot:
        """The place a path names; `NotGranted` if it is not inside. Opens nothing."""
        return self.ground.locate(path)

    def writable(self, path: str) -> Spot:
        """The place a path names, if it may be changed; `NotGranted` otherwise."""
        spot = self.ground.locate(path)
        if not spot.root.writable:
            raise NotGranted(
                f"'{spot.shown}' is granted read only. Nothing was changed. Granted: {self.granted}."
            )
        return spot

    def listing(self, path: str, recursive: bool = False, limit: int | None = 5000) -> list[Entry]:
        """What is in a folder, by name; at most `limit` entries, all for None."""
        return self._read(path, lambda spot: [entry for _, entry in self._below(spot, recursive, limit)])

    def stat(self, path: str) -> Entry:
        """What a reader of the path would get: links inside are followed."""
        return self._read(path, looks.entry_at)

    def exists(self, path: str) -> bool:
        """Whether anything has the name, be it a link that leads nowhere."""
        try:
            return self._read(path, lambda spot: not spot.parts or looks.found_at(spot) is not None)
        except descent.NotFound:
            return False

    def reached(self, path: str) -> Spot:
        """Where a reader of the path comes out, by all links; `NotFound` where nothing is there."""
        return self._read(path, looks.seen_at)

    def below(self, path: str) -> Iterator[str]:
        """The real paths of all that is in a folder, and in its folders."""
        return (spot.real for spot, _ in self._walk(path))

    def open_read(self, path: str) -> BinaryIO:
        """The file, open for reading; the caller closes it."""
        return self._read(path, looks.file_at)

    def digest(self, path: str) -> str:
        """SHA-256 of a file in hex, read piece by piece."""
        with self.open_read(path) as file, told(path):
            return transfer.digest_of(file, self._halt)

    def basis(self, path: str, *, is_read: bool = False) -> Basis:
        """What stands at a path now. What cannot be looked at is told from all that can."""
        place = self.ground.locate(path).real

        def at(spot: Spot) -> Basis:
            skip = self.ground.is_closed
            if not spot.parts and not is_read:
                return prints.of_top(spot, place, halt=self._halt, skip=skip)
            with descent.seat(spot) as seat:
                return prints.basis(seat, place, halt=self._halt, skip=skip, is_read=is_read)

        try:
            if is_read:
                return self._read(path, at)
            with told(path, kept=""):
                return at(self.ground.locate(path))
        except descent.NotFound:
            return Basis(place=place, is_read=is_read)
        except ToolError:
            return Basis(place=place, print="unreachable:", is_read=is_read)

    def write_new(self, path: str, content: bytes) -> Done:
        """A new file; refused if the name is taken. Folders on the way are made."""
        self._note(path, noting.file_of(content))
        with self._target(path) as seat:
            transfer.created(seat, content, self._halt, sure=self._sure(path, seat))
            return _done(seat, "created")

    def write_replacing(self, path: str, content: bytes, expected: str | None = None) -> Done:
        """A file with this content. With `expected`, only if the old content has that SHA-256."""
        self._note(path, noting.file_of(content))
        with self._target(path, "The old content was kept.") as seat:
            if expected is not None:
                looks.refuse_changed(seat, expected, self._halt)
            return _done(seat, transfer.written(seat, content, self._halt, sure=self._sure(path, seat)))

    def make_folder(self, path: str) -> Done:
        """A folder, and those on the way to it; refused if the name is taken."""
        self._note(path, Thing(kind="folder"))
        with self._target(path) as seat:
            self._halt.check()
            self._sure(path, seat)()
            try:
                os.mkdir(seat.name, dir_fd=seat.folder)
            except FileExistsError:
                raise transfer.taken(seat, seat.present()) from None
            descent.sync(seat.folder)
            return _done(seat, "created")

    def copy(self, source: str, destination: str) -> Done:
        """A copy of a file, new or in place of the file there. Folders on the way are made."""
        kept = "What was at the destination was kept."
        with self.open_read(source) as file:
            self._note(destination, noting.file_like(os.fstat(file.fileno())))
            with self._target(destination, kept) as seat:
                self._footing.hold_source(self.ground.locate(source), file)
                sure = self._sure(destination, seat)
                return _done(seat, transfer.copied(file, seat, self._halt, sure=sure))

    def move(self, source: str, destination: str) -> Done:
        """Moves a file, a link itself or a folder; refused if the new name is taken."""
        start = self.writable(source)
        self._refuse_root(start)
        with self._name(start) as seat:
            seat.present()
        self._note(source, goal=self.writable(destination))
        with (
            self._target(destination, f"'{start.shown}' is where it was.") as goal,
            descent.seat(start) as seat,
        ):
            self._sure(destination, goal)()
            self._sure(source, seat)()
            transfer.moved(seat, goal, self._halt)
            return _done(goal, "moved")

    def identity(self, path: str) -> str:
        """What tells this very file or folder after a move: to be noted before, for `moved`."""
        with self._name(self.ground.locate(path)) as seat:
            found = seat.present()
            return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"

    def moved(self, source: str, destination: str, identity: str) -> bool:
        """Read off the disk: what `identity` (or a digest) tells is at the destination, not the source."""
        return self._is_at(destination, identity) and not self._is_at(source, identity)

    def delete(self, path: str) -> None:
        """Removes a file, a link itself or an empty folder."""
        spot = self.writable(path)
        self._refuse_root(spot)
        with self._name(spot) as seat:
            found = seat.present()
            entries.refuse_device(found, seat.spot)
            self._note(path)
            self._halt.check()
            self._sure(path, seat)()
            remove = os.rmdir if stat.S_ISDIR(found.st_mode) else os.unlink
            remove(seat.name, dir_fd=seat.folder)
            descent.sync(seat.folder)

    def search(self, query: str, path: str | None = None, veil: Veil = Veil()) -> search.Found:
        """The first 100 names and lines with the query, in one folder or in all."""
        found = self._walk(path) if path is not None else self._everything()
        return search.search(query, found, looks.file_at, veil)

    def clashes(self, targets: Sequence[str], leaving: Sequence[str] = ()) -> list[clashes.Clash]:
        """Which files to be made would collide by name, when those at `leaving` have moved away."""
        locate = self.ground.locate
        return clashes.clashes([locate(path) for path in targets], [locate(path) for path in leaving])

    def _below(self, spot: Spot, recursive: bool, limit: int | None) -> Iterator[tuple[Spot, Entry]]:
        for found in islice(entries.below(spot, recursive=recursive, skip=self.ground.is_closed), limit):
            self._halt.check()
            yield found

    def _everything(self) -> Iterator[tuple[Spot, Entry]]:
        for top in self.tops:
            with suppress(ToolError):  # a granted folder that is gone hides no other
                yield from self._walk(top)

    def _walk(self, path: str) -> Iterator[tuple[Spot, Entry]]:
        start = self._read(path, looks.folder_at)
        with told(start.shown, kept=""):
            yield from self._below(start, True, None)

    def _read(self, path: str, act: Callable[[Spot], T]) -> T:
        """Does a read at a path, going on where a link leads as long as that is inside."""
        spot = self.ground.locate(path)
        for _ in range(MOST_LINKS):
            try:
                with told(spot.shown, kept=""):
                    return act(spot)
            except descent.LinkMet as link:
                spot = self.ground.beyond(link.at, link.target, link.rest)
        raise ToolError(f"'{legible(path)}' is a link that leads in a circle. It was not read.")

    def _note(self, path: str, after: Thing = NOTHING, goal: Spot | None = None) -> None:
        if self._notes is not None:
            spot = self.writable(path)
            with told(spot.shown, "What is there could not be kept for Undo, so nothing was changed."):
                self._notes.take(spot, self._halt, after=after, goal=goal)

    def _refuse_root(self, spot: Spot) -> None:
        if self.ground.holds_a_root(spot):
            raise NotGranted(f"'{spot.shown}' is or holds a granted folder and stays where it is.")

    def _sure(self, path: str, seat: descent.Seat) -> Callable[[], None]:
        return partial(self._hold, self.ground.locate(path), seat)

    def _hold(self, spot: Spot, seat: descent.Seat) -> None:
        self._footing.hold(spot, seat)
        if self._notes is not None:
            self._notes.hold(spot, seat)

    @contextmanager
    def _name(self, spot: Spot) -> Iterator[descent.Seat]:
        with told(spot.shown), descent.seat(spot) as seat:
            yield seat

    @contextmanager
    def _target(self, path: str, kept: str = "Nothing was changed.") -> Iterator[descent.Seat]:
        spot = self.writable(path)
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


def _done(seat: descent.Seat, outcome: transfer.Outcome) -> Done:
    return Done(path=seat.spot.shown, outcome=outcome, folders_made=tuple(made.shown for made in seat.made))
