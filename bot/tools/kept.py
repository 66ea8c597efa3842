"""What calls replace is kept before they replace it: contents by their digest, and per call what was there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, BinaryIO, Literal

from bot import crossing
from bot.domain.clock import Clock, system_clock
from bot.errors import ToolError
from bot.sdk.halt import Halt

KEPT = "kept"
"""The folder of the home in which it is."""

CHANGES, CONTENTS = "changes", "contents"

PIECE = 1024 * 1024
_SYNC_EVERY = 32 * PIECE
_PRUNE_EVERY = 3600.0


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What has a name on the disk. What is not known of it is "", 0 or None, and is not compared.

    `digest` (SHA-256) is that of a file's content; `modified_ns` counts where there is none. `owner` is user and group.
    """

    kind: Literal["nothing", "file", "folder", "link"]
    size: int = 0
    mode: int | None = None
    modified_ns: int = 0
    owner: tuple[int, int] | None = None
    digest: str = ""
    target: str = ""


NOTHING = Thing(kind="nothing")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one call did at `path`: `before` became `after`, or went to `moved_to`; folders were `made` on the way."""

    path: str
    before: Thing
    after: Thing = NOTHING
    moved_to: str = ""
    made: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Nothing that it replaced is lost."""
        return self.before.kind != "file" or bool(self.moved_to or self.before.digest)


@dataclass(frozen=True, kw_only=True)
class Keep:
    """For how long, and how much together. No days: nothing."""

    days: float = 30
    most_bytes: int = 10_000_000_000


class Kept:
    """Under `root`. What is too old, or too much, goes; a file that is too large by itself is not kept at all."""

    def __init__(self, root: Path, keep: Keep = Keep(), clock: Clock = system_clock) -> None:
        self.contents, self.changes = root / CONTENTS, root / CHANGES
        self._root = root
        self._keep = keep
        self._clock = clock

    def takes(self, size: int) -> bool:
        """Whether a file of this size would be kept."""
        return self._keep.days > 0 and size <= self._keep.most_bytes

    def content(self, file: BinaryIO, halt: Halt) -> str:
        """Keep what is read from `file`; its digest. On the disk, and lasting, when this returns."""
        digest = hashlib.sha256()
        with self._staged(self.contents) as stage:
            while piece := file.read(PIECE):
                halt.check()
                digest.update(piece)
                stage.write(piece)
                if (
                    stage.tell() % _SYNC_EVERY < PIECE
                ):  # at the end a single wait for all of it could not be halted
                    os.fdatasync(stage.fileno())
            _settle(stage, self._content(digest.hexdigest()))
        return digest.hexdigest()

    def note(self, effect_id: str, change: Change) -> None:
        """Write down what a call is about to do: lasting before it does it."""
        self._prune_sometimes()
        with crossing.outside("kept.note"), self._staged(self.changes) as stage:
            stage.write(json.dumps(asdict(change)).encode())
            _settle(stage, self._change(effect_id))

    def change(self, effect_id: str) -> Change | None:
        """What that call did, or was about to do; None when nothing is known of it (any more)."""
        try:
            return _change(json.loads(self._change(effect_id).read_bytes()))
        except FileNotFoundError:
            return None

    @contextmanager
    def opened(self, digest: str) -> Iterator[BinaryIO]:
        """The kept content. Raises `ToolError` when it is gone."""
        try:
            file = self._content(digest).open("rb")
        except FileNotFoundError:
            raise ToolError("what was there before is not kept any more") from None
        with file:
            yield file

    def prune(self) -> None:
        """Forget what is too old, then the oldest until the rest is small enough."""
        oldest = self._clock().timestamp() - self._keep.days * 86_400
        room, held = self._keep.most_bytes, set[str]()
        for path in sorted(self.changes.glob("*.json"), key=_age, reverse=True):
            with suppress(FileNotFoundError):
                before = _change(json.loads(path.read_bytes())).before
                room -= before.size if before.digest and before.digest not in held else 0
                if room < 0 or path.stat().st_mtime < oldest:
                    path.unlink()
                else:
                    held.add(before.digest)
        self._clear(path for path in self.contents.glob("??/*") if path.name not in held)
        self._clear(path for folder in (self.contents, self.changes) for path in folder.glob(".*"))

    def _clear(self, paths: Iterable[Path]) -> None:
        """What nothing refers to; not what another process may just have written, to refer to it."""
        for path in paths:
            if self._clock().timestamp() - _age(path) > _PRUNE_EVERY:
                path.unlink(missing_ok=True)

    def _prune_sometimes(self) -> None:
        mark = self._root / "pruned"
        now = self._clock().timestamp()
        if mark.exists() and abs(now - _age(mark)) < _PRUNE_EVERY:
            return
        _make(self._root)
        mark.touch()
        os.utime(mark, (now, now))
        self.prune()

    def _content(self, digest: str) -> Path:
        return self.contents / digest[:2] / digest

    def _change(self, effect_id: str) -> Path:
        return self.changes / f"{hashlib.sha256(effect_id.encode()).hexdigest()}.json"

    @contextmanager
    def _staged(self, within: Path) -> Iterator[IO[bytes]]:
        _make(within)
        with NamedTemporaryFile(dir=within, prefix=".", delete=False) as stage:
            try:
                yield stage
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(stage.name)


def _settle(stage: IO[bytes], path: Path) -> None:
    """Under its name, and lasting: the content and the name."""
    stage.flush()
    os.fsync(stage.fileno())
    _make(path.parent)
    os.replace(stage.name, path)
    _sync(path.parent)


def _make(folder: Path) -> None:
    """With a lasting name, and so the folders around it."""
    if not folder.exists():
        _make(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _change(read: dict[str, Any]) -> Change:
    before, after = (_thing(read.pop(name)) for name in ("before", "after"))
    return Change(**read | {"before": before, "after": after, "made": tuple(read["made"])})


def _thing(read: dict[str, Any]) -> Thing:
    return Thing(**read | {"owner": None if read["owner"] is None else (read["owner"][0], read["owner"][1])})


def _age(path: Path) -> float:
    """When it was written, in seconds; 0 for what is gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
