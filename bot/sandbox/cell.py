"""The cell of one command: no network, the system to read, the folders it is shown, and one or two to write to."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from bot.sandbox import programs, walls

USER: Final = "65534"
HOME: Final = "/tmp"

_HERE: Final = Path(__file__).parent
_SETTINGS: Final = {
    str(_HERE / "gitconfig"): "/etc/gitconfig",
    str(_HERE / "passwd"): "/etc/passwd",
    str(_HERE / "group"): "/etc/group",
    "/etc/fonts": "/etc/fonts",
    "/etc/mime.types": "/etc/mime.types",
}
_ENTRY: Final = (
    "echo 1000 > /proc/self/oom_score_adj 2>/dev/null; "
    'while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; exec "$@"'
)
"""Into its control groups; and should memory run out all the same, the kernel ends this before anything of ours."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Of one run: seconds by the clock and of each process's computing; bytes of memory of each process and of all, of
    each file, of what it says, and by which the disk may fill; how many processes, and new files.

    `bound` is where the kernel itself lets no more processes begin: the run was ended before.
    """

    seconds: float = 300
    computing: int = 300
    memory_each: int = 4 << 30
    memory: int = 4 << 30
    file: int = 100_000_000
    said: int = 20_000_000
    disk: int = 2_000_000_000
    processes: int = 256
    files: int = 200_000

    @property
    def bound(self) -> int:
        return self.processes + 64


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A folder as the command sees it, under the same path; `hidden`: nothing of it, though it is in a shown one.

    `shut` is no folder: a thing in one, which the command cannot open.
    """

    path: str
    mode: Literal["read", "write", "hidden", "shut"] = "read"
    inside: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """`place` is where the command begins."""

    shown: Sequence[Shown]
    place: str
    limits: Limits = Limits()

    def command(
        self,
        inner: Sequence[str],
        *,
        by: walls.Means,
        news: int,
        refused: int = -1,
        groups: Sequence[str] = (),
        loosened: Sequence[str] = (),
    ) -> list[str]:
        """How `inner` is run in it. `news` is a descriptor that hears which process is its first, `refused` one with
        the filter of its system calls; `groups` are the files of the control groups that it enters.

        `loosened` is for whoever tries whether a weaker cell would be found out: more words for bubblewrap.
        """
        each = self.limits
        return [
            *("/bin/sh", "-c", _ENTRY, "sh", *groups, "--", by.prlimit, "--core=0", "--nofile=1024"),
            *(f"--data={each.memory_each}", f"--fsize={each.file}", f"--cpu={each.computing}"),
            *(by.bwrap, *walls.walls(), "--unshare-user", "--disable-userns", "--uid", USER, "--gid", USER),
            *(word for one, at in _SETTINGS.items() for word in ("--ro-bind-try", one, at)),
            *_seen([*_python(), *self.shown]),
            *loosened,
            *(() if refused < 0 else ("--seccomp", str(refused))),
            *("--chdir", self.place, "--remount-ro", "/", "--info-fd", str(news)),
            *("--", "prlimit", f"--nproc={each.bound}", *inner),
        ]


def shell(line: str) -> list[str]:
    """What runs a line as people write it."""
    return ["/bin/bash" if os.access("/bin/bash", os.X_OK) else "/bin/sh", "-c", line]


def environment() -> dict[str, str]:
    """All that a command knows of it. Python is ours, with the libraries that we have."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": HOME,
        "USER": "sandbox",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "Agg",
    }


def reachable() -> tuple[str, ...]:
    """What a link in a folder may lead to besides the folders: what every command sees."""
    return (*programs.SYSTEM, *(one.path for one in _python()))


def _python() -> list[Shown]:
    trees = programs.trees([sys.executable], os.environ.get("PATH", os.defpath))
    return [Shown(path=str(tree)) for tree in trees]


def _seen(shown: Sequence[Shown]) -> Iterator[str]:
    """What is inside of something else comes after it."""
    for one in sorted(shown, key=lambda one: len(Path(one.inside or one.path).parts)):
        match one.mode:
            case "hidden":
                yield from ("--size", "4096", "--perms", "0555", "--tmpfs", one.path)
            case "shut":
                yield from ("--ro-bind", os.devnull, one.path)
            case "write":
                yield from ("--bind", one.path, one.inside or one.path)
            case "read":
                yield from ("--ro-bind", one.path, one.inside or one.path)
