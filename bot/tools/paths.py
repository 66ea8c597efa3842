"""A path the model wrote becomes a spot inside a granted folder, or is refused; no file is opened."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import ToolError

LONGEST_PATH = 4096


class NotGranted(ToolError):
    """The path is not in a folder of this task, or the folder does not allow this; says what is granted."""


@dataclass(frozen=True, kw_only=True)
class Root:
    """A granted folder. The task's own folder is one too, and its paths are written relative."""

    path: Path
    writable: bool
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place inside a root: `base` is the root's real path, `parts` the names below it."""

    root: Root
    base: str
    parts: tuple[str, ...]

    @property
    def real(self) -> str:
        return os.path.join(self.base, *self.parts)

    @property
    def name(self) -> str:
        return self.parts[-1] if self.parts else os.path.basename(self.base)

    @property
    def shown(self) -> str:
        """The path as the model may write it again."""
        written = os.path.join("" if self.root.own else str(self.root.path), *self.parts)
        return legible(f"./{written}" if written.startswith("~") else written) or "."

    def child(self, name: str) -> Spot:
        return replace(self, parts=(*self.parts, name))

    def up_to(self, depth: int) -> Spot:
        return replace(self, parts=self.parts[:depth])


class Ground:
    """All folders of a task. Of nested folders the innermost decides, of two grants of one folder the
    stricter; what is `closed` is never granted (but the task's own folder may lie in it)."""

    def __init__(self, roots: Sequence[Root], own: Path, closed: Iterable[Path] = ()) -> None:
        self.roots = (Root(path=own, writable=True, own=True), *roots)
        self._real = [(_split(os.path.realpath(root.path)), root) for root in self.roots]
        self._written = [
            (_split(os.path.abspath(root.path)), real)
            for root, (real, _) in zip(self.roots, self._real, strict=True)
        ]
        self._closed = [_split(os.path.realpath(path)) for path in closed]

    @property
    def granted(self) -> str:
        """What is granted, in words for the model."""
        folders = [
            f"{root.path} ({'read and write' if root.writable else 'read only'})"
            for root in self.roots
            if not root.own
        ]
        return "; ".join([*folders, "the task's own folder (write a relative path)"])

    def locate(self, text: str) -> Spot:
        """The spot that a path names: absolute inside a root, or relative to the task's own folder."""
        names = self._checked(text)
        if not text.startswith("/"):
            return self.at((*self._real[0][0], *names), text)
        matches = [(len(at), real) for at, real in self._written if _under(names, at)]
        if not matches:
            return self.at(names, text)
        length, real = max(matches, key=lambda match: match[0])
        return self.at((*real, *names[length:]), text)

    def at(self, real: tuple[str, ...], text: str) -> Spot:
        """The spot of a real path, given as its names from the top."""
        matches = [(at, root) for at, root in self._real if _under(real, at)]
        shut = max((len(at) for at in self._closed if _under(_folded(real), _folded(at))), default=-1)
        if not matches:
            raise self.refusal(text)
        at, root = max(matches, key=lambda match: (len(match[0]), match[1].own, not match[1].writable))
        if shut >= len(at) and not root.own:
            raise self.refusal(text)
        return Spot(root=root, base="/" + "/".join(at), parts=real[len(at) :])

    def beyond(self, link: Spot, target: str, rest: tuple[str, ...]) -> Spot:
        """Where a link inside leads; refused when that is outside."""
        goal = os.path.normpath(os.path.join(os.path.dirname(link.real), target))
        if "\0" in goal:
            raise self.refusal(link.shown)
        names = _split(goal)
        for at, real in self._written:
            if _under(names, at):
                names = (*real, *names[len(at) :])
                break
        try:
            return self.at((*names, *rest), link.shown)
        except NotGranted:
            raise NotGranted(
                f"'{link.shown}' is a link that leads out of the granted folders, so it is not followed. "
                f"Granted: {self.granted}."
            ) from None

    @property
    def closed(self) -> list[str]:
        """The real paths of what is never granted, whatever it lies in."""
        return ["/" + "/".join(at) for at in self._closed]

    @property
    def tops(self) -> list[Root]:
        """The roots that do not lie in another one."""
        return [
            root for at, root in self._real if not any(_under(at, up) and at != up for up, _ in self._real)
        ]

    def is_closed(self, spot: Spot) -> bool:
        return _folded(_split(spot.real)) in map(_folded, self._closed)

    def holds_a_root(self, spot: Spot) -> bool:
        """Whether a granted or a closed folder is at or below this spot."""
        here = _split(spot.real)
        places = [at for at, _ in self._real] + self._closed
        return any(_under(at, here) for at in places)

    def refusal(self, text: str) -> NotGranted:
        return NotGranted(
            f"'{legible(text[:200])}' is outside the folders of this task. Granted: {self.granted}."
        )

    def _checked(self, text: str) -> tuple[str, ...]:
        try:
            length = len(os.fsencode(text))
        except UnicodeEncodeError:
            raise NotGranted("The path holds half a character. Copy it again from list_folder.") from None
        if length > LONGEST_PATH:
            raise NotGranted(f"The path is longer than {LONGEST_PATH} bytes. Use shorter names.")
        if "\0" in text or ".." in text.split("/") or text.startswith("~"):
            raise NotGranted(
                f"'{legible(text[:200])}' cannot be used: a path has no '..', no leading '~' and no NUL. "
                f"Write it in full, or relative to the task's own folder. Granted: {self.granted}."
            )
        return _split(text)


def legible(name: str) -> str:
    """A name from the disk as text that can be sent anywhere: bytes that are no UTF-8 are shown as \\xff."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def in_a_line(name: str) -> str:
    """The same where it stands among words of ours: what breaks a line or is not seen is shown as \\n or \\u202e."""
    return "".join(map(_seen, legible(name)))


def _seen(letter: str) -> str:
    is_shown = letter.isprintable() or unicodedata.category(letter) == "Zs"
    return letter if is_shown else letter.encode("unicode_escape").decode()


def _split(path: str) -> tuple[str, ...]:
    return tuple(name for name in path.split("/") if name not in ("", "."))


def _under(names: tuple[str, ...], at: tuple[str, ...]) -> bool:
    return len(names) >= len(at) and all(map(_alike, names, at))


def _alike(name: str, other: str) -> bool:
    return name == other or unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", other)


def _folded(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", name).casefold() for name in names)
