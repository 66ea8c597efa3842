"""What really happens in the folders of many tasks, as the kernel sees it; one inotify for all of them."""

from __future__ import annotations

import ctypes
import os
import select
import struct
import threading
from collections import Counter
from pathlib import Path

from bot.tools.staging import is_stage

_MOVED_FROM, _MOVED_TO, _CREATE, _DELETE, _OVERFLOW = 0x40, 0x80, 0x100, 0x200, 0x4000
_WANTED = _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE
_HEAD = struct.Struct("iIII")
_libc = ctypes.CDLL(None, use_errno=True)


class FolderWatch:
    """Every name that came ("+Done/a.txt") and went ("-a.txt") in the folders of a task, and how often."""

    def __init__(self) -> None:
        self._events = _checked(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        self._watched: dict[int, tuple[Counter[str], str]] = {}
        self._happened: dict[str, Counter[str]] = {}
        self._lock = threading.Lock()

    def begin(self, folder: Path, *subfolders: str) -> None:
        with self._lock:
            happened = self._happened[folder.name] = Counter[str]()
            for below in ("", *subfolders):
                path = os.fsencode(folder / below)
                watch = _checked(_libc.inotify_add_watch(self._events, path, ctypes.c_uint32(_WANTED)))
                self._watched[watch] = (happened, f"{below}/" if below else "")

    def happened(self, name: str) -> Counter[str]:
        with self._lock:
            self._take()
            return Counter(self._happened[name])

    def wait_for_next(self, seconds: float) -> None:
        """Until something happens in any of the folders, but not for longer than that."""
        with self._lock:
            self._take()
        select.select([self._events], [], [], seconds)

    def end(self, name: str) -> None:
        with self._lock:
            self._take()
            mine = self._happened.pop(name)
            for watch in [watch for watch, (happened, _) in self._watched.items() if happened is mine]:
                del self._watched[watch]
                _libc.inotify_rm_watch(self._events, watch)

    def close(self) -> None:
        os.close(self._events)

    def _take(self) -> None:
        while piece := self._read():
            at = 0
            while at < len(piece):
                watch, mask, _, length = _HEAD.unpack_from(piece, at)
                name = os.fsdecode(piece[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0"))
                self._note(watch, mask, name)
                at += _HEAD.size + length

    def _note(self, watch: int, mask: int, name: str) -> None:
        if mask & _OVERFLOW:
            raise RuntimeError("the kernel's queue of folder events ran over: what happened is not known")
        if watch in self._watched and mask & _WANTED and not is_stage(name):
            happened, below = self._watched[watch]
            happened[f"{'+' if mask & (_MOVED_TO | _CREATE) else '-'}{below}{name}"] += 1

    def _read(self) -> bytes:
        try:
            return os.read(self._events, 65536)
        except BlockingIOError:
            return b""


def _checked(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer
