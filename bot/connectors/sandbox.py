"""A cell for a server of this machine: it sees its program and what was granted, and it ends when we do."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.connectors import programs
from bot.connectors.launch import Launch
from bot.connectors.watchdog import Watchdog
from bot.domain.connector import Connector

_LIMITS: Final = ("--core=0", "--nofile=4096", f"--data={2 << 30}", f"--fsize={1 << 30}")
"""Of each of its processes: no dumps, 4,096 files, 2 GB of memory, files of up to 1 GB."""
_SCRATCH: Final = 256 << 20
_WORKPLACE: Final = "/cell"
"""Empty, and its own: programs take code and settings from where they work, and in a folder that was granted the model
puts files."""
_NETWORK: Final = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
)
_ALWAYS: Final = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
_KEPT: Final = ("LANG", "LC_ALL", "TZ", "TERM")
_OPEN: Final = ("HOME", "LOGNAME", "PATH", "SHELL", "USER", *_KEPT)
_TRY_SECONDS: Final = 10.0

NOT_THERE: Final = "it is not installed"


@dataclass(frozen=True, kw_only=True)
class Means:
    """The programs of this machine that confine others, "" for each that it has not or that does not work here."""

    bwrap: str = ""
    prlimit: str = ""
    setpriv: str = ""


@functools.cache
def means() -> Means:
    """Found out once, by trying."""
    found = Means(
        bwrap=shutil.which("bwrap") or "",
        prlimit=shutil.which("prlimit") or "",
        setpriv=shutil.which("setpriv") or "",
    )
    return Means(
        bwrap=found.bwrap if found.bwrap and not _trouble(_empty_cell(found.bwrap)) else "",
        prlimit=found.prlimit if found.prlimit and not _trouble([found.prlimit, *_LIMITS, "true"]) else "",
        setpriv=found.setpriv
        if found.setpriv and not _trouble([found.setpriv, "--pdeathsig", "KILL", "true"])
        else "",
    )


def refusal() -> str:
    """Why no cell can be made here, in the words of bubblewrap, which is tried anew; "" where one can."""
    found = shutil.which("bwrap")
    return NOT_THERE if found is None else _trouble(_empty_cell(found))


class Sandbox:
    """All cells of this process. `by`: by other means than this machine has."""

    def __init__(self, by: Means | None = None) -> None:
        self._by = by
        self._watchdog = Watchdog()

    def launch(self, connector: Connector, given: Mapping[str, str]) -> Launch:
        """How to start it. Secrets are in its environment only, never among arguments, which everybody can read.

        Without bubblewrap it has the rights of ours, and only some of our environment. Raises `FileNotFoundError`
        where there is no such program.
        """
        if missing := programs.lacking(connector.command, _path()):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), missing)
        by = self._means
        limits = [by.prlimit, *_LIMITS] if by.prlimit else []
        if by.bwrap:
            return _confined(connector, given, [*limits, by.bwrap])
        tied = [by.setpriv, "--pdeathsig", "KILL", "--"] if by.setpriv else []
        return Launch(
            command=(*limits, *tied, *connector.command),
            environment={**_ours(_OPEN), **given},
        )

    def confinement(self, connector: Connector) -> str:
        """What it can reach, in words for an admin."""
        if not self._means.bwrap:
            return "Not confined: bubblewrap does not work on this machine, so it has the rights of Cowork itself."
        network = "the network" if connector.network else "no network"
        folders = [f"{one.path}{'' if one.writable else ' (read only)'}" for one in connector.folders]
        trees = [f"{tree} (its program, read only)" for tree in programs.trees(connector.command, _path())]
        return f"Confined: {network}; it sees {', '.join([*folders, *trees]) or 'nothing but the system'}."

    @contextlib.contextmanager
    def tied(self, group: int) -> Iterator[None]:
        """Within the block this group of processes ends when we do, whatever becomes of us."""
        if self._means.bwrap:
            yield  # the kernel sees to it, also to what leaves the group
            return
        self._watchdog.add(group)
        try:
            yield
        finally:
            self._watchdog.drop(group)

    def close(self) -> None:
        self._watchdog.close()

    @property
    def _means(self) -> Means:
        return means() if self._by is None else self._by


def _confined(connector: Connector, given: Mapping[str, str], bwrap: list[str]) -> Launch:
    inner = {"PATH": programs.search_path(connector.command, _path()), "HOME": "/tmp"}
    return Launch(
        command=(*bwrap, *_walls(network=connector.network), *_seen(connector), "--", *connector.command),
        environment={**_ours(_KEPT), **inner, **given},
    )


def _walls(*, network: bool = False) -> list[str]:
    system = [word for one in programs.SYSTEM for word in ("--ro-bind-try", one, one)]
    settings = [*_ALWAYS, *(_NETWORK if network else ())]
    return [
        *("--unshare-all", *(("--share-net",) if network else ())),
        *("--die-with-parent", "--new-session", "--hostname", "cell", "--cap-drop", "ALL"),
        *(*system, "--proc", "/proc", "--dev", "/dev"),
        *(word for place in ("/dev/shm", "/tmp") for word in ("--size", str(_SCRATCH), "--tmpfs", place)),
        *("--remount-ro", "/dev", "--remount-ro", "/proc"),  # as root it could write to the kernel's settings
        *(word for one in settings for word in ("--ro-bind-try", os.path.realpath(one), one)),
    ]


def _seen(connector: Connector) -> Iterator[str]:
    """What is inside of something else comes after it."""
    trees = {str(tree): "--ro-bind" for tree in programs.trees(connector.command, _path())}
    folders = {one.path: "--bind-try" if one.writable else "--ro-bind-try" for one in connector.folders}
    seen = trees | folders
    for path in sorted(seen, key=lambda one: len(Path(one).parts)):
        yield from (seen[path], path, path)
    yield from ("--size", str(_SCRATCH), "--tmpfs", _WORKPLACE, "--chdir", _WORKPLACE)


def _ours(names: tuple[str, ...]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if not os.environ.get(name, "()").startswith("()")}


def _path() -> str:
    return os.environ.get("PATH", os.defpath)


def _empty_cell(bwrap: str) -> list[str]:
    return [bwrap, *_walls(), "--", "true"]


def _trouble(command: list[str]) -> str:
    """What kept it from working, "" where it did."""
    try:
        run = subprocess.run(command, capture_output=True, timeout=_TRY_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = run.stderr.decode(errors="replace").strip().splitlines()
    return (said[-1] if said else f"exit code {run.returncode}") if run.returncode else ""
