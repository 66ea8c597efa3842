"""What really happened in people's folders, as the kernel saw it: no code of ours takes part."""

from __future__ import annotations

import ctypes
import os
import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.tools.staging import is_stage

_MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x40, 0x80, 0x100, 0x200
_SIGNS = {_MOVED_FROM: "-", _MOVED_TO: "+", _CREATE: "+", _DELETE: "-"}
_HEAD = struct.Struct("iIII")
_libc = ctypes.CDLL(None, use_errno=True)


class FolderLog:
    """Every name that came ("+Done/a.txt") and went ("-a.txt") since the folders were given here, and how often.

    A file is put in its place whole, by a rename: so a write, an edit, a copy and a move are one "+" each.
    """

    def __init__(self, root: Path, *folders: Path) -> None:
        self._root = root
        self._happened: Counter[str] = Counter()
        self._events = _checked(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        self._watched = {self._watch(folder): folder for folder in folders}

    @property
    def happened(self) -> Counter[str]:
        for watched, mask, name in self._new():
            if not is_stage(name):
                sign = next(sign for bit, sign in _SIGNS.items() if mask & bit)
                self._happened[f"{sign}{(self._watched[watched] / name).relative_to(self._root)}"] += 1
        return self._happened

    def close(self) -> None:
        os.close(self._events)

    def _watch(self, folder: Path) -> int:
        wanted = _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE
        return _checked(_libc.inotify_add_watch(self._events, os.fsencode(folder), ctypes.c_uint32(wanted)))

    def _new(self) -> Iterator[tuple[int, int, str]]:
        while piece := self._read():
            at = 0
            while at < len(piece):
                watched, mask, _, length = _HEAD.unpack_from(piece, at)
                name = piece[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
                yield watched, mask, os.fsdecode(name)
                at += _HEAD.size + length

    def _read(self) -> bytes:
        try:
            return os.read(self._events, 65536)
        except BlockingIOError:
            return b""


def _checked(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer
