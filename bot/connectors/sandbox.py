"""A cell for a server of this machine: it sees its program and what was granted, and it ends when we do."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.connectors.launch import Launch
from bot.connectors.watchdog import Watchdog
from bot.domain.connector import Connector
from bot.sandbox import programs, walls
from bot.sandbox.walls import Means, means

_OPEN: Final = ("HOME", "LOGNAME", "PATH", "SHELL", "USER", *walls.KEPT)
_WORKPLACE: Final = "/cell"
"""Empty, and its own: programs take code and settings from where they work, and in a folder that was granted the model
puts files."""


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
        limits = [by.prlimit, *walls.LIMITS] if by.prlimit else []
        if by.bwrap:
            return _confined(connector, given, [*limits, by.bwrap])
        tied = [by.setpriv, "--pdeathsig", "KILL", "--"] if by.setpriv else []
        return Launch(
            command=(*limits, *tied, *connector.command),
            environment={**walls.ours(_OPEN), **given},
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
        command=connector.command,
        cell=(*bwrap, *walls.walls(network=connector.network), *_seen(connector)),
        environment={**walls.ours(walls.KEPT), **inner, **given},
    )


def _seen(connector: Connector) -> Iterator[str]:
    """What is inside of something else comes after it."""
    trees = {str(tree): "--ro-bind" for tree in programs.trees(connector.command, _path())}
    folders = {one.path: "--bind-try" if one.writable else "--ro-bind-try" for one in connector.folders}
    seen = trees | folders
    for path in sorted(seen, key=lambda one: len(Path(one).parts)):
        yield from (seen[path], path, path)
    yield from ("--size", str(walls.SCRATCH), "--tmpfs", _WORKPLACE, "--chdir", _WORKPLACE)


def _path() -> str:
    return os.environ.get("PATH", os.defpath)
