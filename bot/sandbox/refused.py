"""The system calls that nothing in a cell gets: by them kernels are attacked, a file is given its owner's rights, or
somebody is spoken to whom no wall of a network keeps away: a server by its socket in a folder, the machine that runs
this one.

A program of the kernel's own kind (classic BPF) looks at each call before it is made.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import socket
import stat
import struct
from collections.abc import Iterator
from typing import Final

_LOAD, _IS, _HAS, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x54, 0x06
_ALLOW: Final = 0x7FFF0000
_ERROR: Final = 0x00050000
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_OTHER_KIND: Final = 0x40000000
"""Numbers from here on are those of programs for another kind of the same machine (x32)."""
_OWNERS_RIGHTS: Final = stat.S_ISUID | stat.S_ISGID

_Modes = dict[str, tuple[int, ...]]
"""By name: the number of a call, which of its arguments is a mode, and which tells whether that counts."""

_KNOWN: Final[dict[str, tuple[int, dict[str, int], _Modes]]] = {
    "x86_64": (
        0xC000003E,
        {
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "bpf": 321,
            "perf_event_open": 298,
            "userfaultfd": 323,
        },
        {"chmod": (90, 1), "fchmod": (91, 1), "fchmodat": (268, 2), "creat": (85, 1), "mknod": (133, 1)}
        | {"mknodat": (259, 2), "open": (2, 2, 1), "openat": (257, 3, 2)},
    ),
    "aarch64": (
        0xC00000B7,
        {
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "bpf": 280,
            "perf_event_open": 241,
            "userfaultfd": 282,
        },
        {"fchmod": (52, 1), "fchmodat": (53, 2), "openat": (56, 3, 2), "mknodat": (33, 2)},
    ),
}
_ON_ALL: Final = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "openat2": 437}
_SOCKET: Final = {"x86_64": 41, "aarch64": 198}
_PAIR: Final = {"x86_64": 53, "aarch64": 199}
"""A pair of sockets leads nowhere else, where they send no letters: each of these may bear another address."""
_BEHIND_WALLS: Final = (socket.AF_INET, socket.AF_INET6, 16)
"""The families of sockets that end at the walls of a cell's network (the last asks the kernel what is in it)."""
_FCHMODAT2: Final = (452, 2)
_MAKES: Final = os.O_CREAT | 0o20000000
"""Only where an open makes a file (or one without a name) its mode means anything."""


def program(machine: str = platform.machine()) -> bytes:
    """As bubblewrap takes it; nothing for a machine whose calls are not known here."""
    if machine not in _KNOWN:
        return b""
    mark, refused, modes = _KNOWN[machine]
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_IS, 1, 0, mark),
        (_RETURN, 0, 0, _ERROR | errno.ENOSYS),
        (_LOAD, 0, 0, _NUMBER),
        *_refusal(_AT_LEAST, _OTHER_KIND, errno.ENOSYS),
    ]
    for number in refused.values():
        steps += _refusal(_IS, number, errno.EPERM)
    for number in _ON_ALL.values():
        steps += _refusal(_IS, number, errno.ENOSYS)
    for places in (*modes.values(), _FCHMODAT2):
        steps += _of_a_mode(*places)
    steps += _but_for(_SOCKET[machine], _BEHIND_WALLS)
    steps += _but_for(_PAIR[machine], (socket.AF_UNIX,))
    steps += _of_a_pair(_PAIR[machine], socket.SOCK_DGRAM, socket.SOCK_RAW)
    return b"".join(struct.pack("=HBBI", *step) for step in (*steps, (_RETURN, 0, 0, _ALLOW)))


@contextlib.contextmanager
def filtered() -> Iterator[int]:
    """A descriptor for bubblewrap to read it from; -1 where none is known for this machine."""
    if not (made := program()):
        yield -1
        return
    reading, writing = os.pipe()
    with open(reading, "rb") as kept:
        with open(writing, "wb") as to:
            to.write(made)
        yield kept.fileno()


def _refusal(test: int, value: int, error: int) -> list[tuple[int, int, int, int]]:
    return [(test, 0, 1, value), (_RETURN, 0, 0, _ERROR | error)]


def _but_for(number: int, families: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """Where the call's first argument is none of these."""
    known = [(_IS, len(families) - at, 0, family) for at, family in enumerate(families)]
    checked = [(_LOAD, 0, 0, _ARGUMENTS), *known, (_RETURN, 0, 0, _ERROR | errno.EPERM)]
    return [(_IS, 0, len(checked) + 1, number), *checked, (_LOAD, 0, 0, _NUMBER)]


def _of_a_pair(number: int, *kinds: int) -> list[tuple[int, int, int, int]]:
    """Where its sockets are of one of these kinds; flags stand in the same argument."""
    checked = [(_LOAD, 0, 0, _ARGUMENTS + 8), (_AND, 0, 0, 0xF)]
    for kind in kinds:
        checked += _refusal(_IS, kind, errno.EPERM)
    return [(_IS, 0, len(checked) + 1, number), *checked, (_LOAD, 0, 0, _NUMBER)]


def _of_a_mode(number: int, mode: int, flags: int | None = None) -> list[tuple[int, int, int, int]]:
    """Where the call gives a mode with the rights of the owner or of the group."""
    checked = [(_LOAD, 0, 0, _ARGUMENTS + 8 * mode), *_refusal(_HAS, _OWNERS_RIGHTS, errno.EPERM)]
    if flags is not None:
        made = [(_LOAD, 0, 0, _ARGUMENTS + 8 * flags), (_HAS, 0, len(checked), _MAKES)]
        checked = [*made, *checked]
    return [(_IS, 0, len(checked) + 1, number), *checked, (_LOAD, 0, 0, _NUMBER)]
