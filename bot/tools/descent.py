"""Going down to a spot one descriptor at a time, never through a link.

Each step opens one name relative to the folder opened before it, so whoever swaps a folder for a link between
a check and its use gets a refusal, not a way out.
"""

from __future__ import annotations

import difflib
import errno
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.errors import ToolError
from bot.tools.paths import Spot, legible

PASS: int = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FOLDER: int = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class NotFound(ToolError):
    """Nothing is there; says which names are close."""


class LinkMet(ToolError):
    """A link is on the way. A reader may go on at the place it leads to; everyone else stops here."""

    def __init__(self, at: Spot, target: str, rest: tuple[str, ...]) -> None:
        super().__init__(
            f"'{at.shown}' is a link to '{legible(target)}'. Nothing was changed: nothing is written, made or "
            f"moved through a link. Use the place it leads to."
        )
        self.at, self.target, self.rest = at, target, rest


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A name in an open folder, as it is on the disk and as it was `wanted`; `made` are the folders that had
    to be made on the way."""

    folder: int
    name: str
    wanted: str
    spot: Spot
    made: tuple[Spot, ...] = ()

    def stat(self) -> os.stat_result | None:
        """What has this name now (a link is not followed), or None."""
        try:
            return os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def present(self) -> os.stat_result:
        """What has this name, else `NotFound`."""
        found = self.stat()
        if found is None:
            raise _not_found(self.folder, self.spot)
        return found

    def refuse_link(self, found: os.stat_result) -> None:
        if stat.S_ISLNK(found.st_mode):
            raise LinkMet(self.spot, os.readlink(self.name, dir_fd=self.folder), ())


@contextmanager
def entered(spot: Spot) -> Iterator[int]:
    """The folder at a spot, open for reading; no link was passed on the way."""
    way, _ = _descend(spot, len(spot.parts), make=False)
    try:
        folder = os.open(".", FOLDER, dir_fd=way)
    finally:
        os.close(way)
    try:
        yield folder
    finally:
        os.close(folder)


@contextmanager
def seat(spot: Spot, *, make: bool = False) -> Iterator[Seat]:
    """The name at a spot, in its open folder. With `make`, missing folders on the way are made."""
    if not spot.parts:
        raise ToolError(
            f"'{spot.shown}' is a granted folder itself and stays as it is. Name something in it."
        )
    way, made = _descend(spot, len(spot.parts) - 1, make=make)
    try:
        folder = os.open(".", FOLDER, dir_fd=way)
    finally:
        os.close(way)
    try:
        name = spelled(folder, spot.name) or spot.name
        here = spot.up_to(-1).child(name)
        yield Seat(folder=folder, name=name, wanted=spot.name, spot=here, made=made)
    finally:
        os.close(folder)


def missing(spot: Spot) -> tuple[Spot, ...]:
    """The folders on the way to a spot that are not there, from the top."""
    found: list[Spot] = []
    for depth in range(len(spot.parts) - 1, 0, -1):
        folder = spot.up_to(depth)
        try:
            with entered(folder):
                break
        except NotFound:
            found.insert(0, folder)
    return tuple(found)


def spelled(folder: int, name: str) -> str | None:
    """The name as it is on the disk: exactly so, else the only one that reads the same (NFC or NFD)."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
        return name
    except FileNotFoundError:
        wanted = _read_as(name)
        alike = [other for other in names_in(folder) if _read_as(other) == wanted]
        return alike[0] if len(alike) == 1 else None


def names_in(folder: int) -> list[str]:
    """The names in an open folder (one opened only to pass through is opened again to read)."""
    again = os.open(".", FOLDER, dir_fd=folder)
    try:
        return os.listdir(again)
    finally:
        os.close(again)


def sync(folder: int) -> None:
    """Makes what was done to a folder's names last. Some network disks cannot: then it lasts as they make it."""
    again = os.open(".", FOLDER, dir_fd=folder)
    try:
        os.fsync(again)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(again)


def remove_made(made: tuple[Spot, ...]) -> None:
    """Takes back folders that were made for something that then failed; one in use stays."""
    for spot in reversed(made):
        try:
            with seat(spot) as place:
                os.rmdir(place.name, dir_fd=place.folder)
        except (OSError, ToolError):
            return


def _descend(spot: Spot, levels: int, *, make: bool) -> tuple[int, tuple[Spot, ...]]:
    folder = os.open("/", PASS)
    made: list[Spot] = []
    base = [name for name in spot.base.split("/") if name]
    try:
        for name in base:
            folder = _swapped(folder, os.open(name, PASS, dir_fd=folder))
        for depth in range(levels):
            here = spot.up_to(depth + 1)
            if make and spelled(folder, here.name) is None:
                made.extend(_make(folder, here))
            folder = _swapped(folder, _step(folder, here, spot.parts[depth + 1 :]))
    except BaseException:
        os.close(folder)
        remove_made(tuple(made))
        raise
    return folder, tuple(made)


def _make(folder: int, here: Spot) -> list[Spot]:
    try:
        os.mkdir(here.name, dir_fd=folder)
        sync(folder)
    except FileExistsError:
        return []
    return [here]


def _swapped(old: int, new: int) -> int:
    os.close(old)
    return new


def _step(folder: int, here: Spot, rest: tuple[str, ...]) -> int:
    name = spelled(folder, here.name)
    if name is None:
        raise _not_found(folder, here)
    try:
        return os.open(name, PASS, dir_fd=folder)
    except OSError as error:
        target = _link_target(folder, name)
        if target is not None:
            raise LinkMet(here.up_to(-1).child(name), target, rest) from None
        if isinstance(error, NotADirectoryError):
            raise NotFound(f"'{here.shown}' is not a folder. Look with list_folder.") from None
        raise


def _link_target(folder: int, name: str) -> str | None:
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError:
        return None


def _not_found(folder: int, spot: Spot) -> NotFound:
    names = [legible(name) for name in names_in(folder)]
    lowered = {name.lower(): name for name in names}
    close = [lowered[key] for key in difflib.get_close_matches(spot.name.lower(), lowered, n=3, cutoff=0.6)]
    hint = f"Did you mean {' or '.join(f'{chr(39)}{name}{chr(39)}' for name in close)}?" if close else ""
    return NotFound(f"'{spot.shown}' was not found. {hint or 'Look with list_folder.'}")


def _read_as(name: str) -> str:
    return unicodedata.normalize("NFC", legible(name))
