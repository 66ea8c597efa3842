"""What every cell of this machine is built of: the walls, the system inside, and the programs that build it."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final

from bot.sandbox import programs

LIMITS: Final = ("--core=0", "--nofile=4096", f"--data={2 << 30}", f"--fsize={1 << 30}")
"""Of each process of a server: no dumps, 4,096 files, 2 GB of memory, files of up to 1 GB."""
SCRATCH: Final = 256 << 20
"""Bytes of the folder for what nobody keeps, which is in memory."""
KEPT: Final = ("LANG", "LC_ALL", "TZ", "TERM")
"""Of our environment what any program may know."""
NOT_THERE: Final = "it is not installed"

_NETWORK: Final = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
)
_OF_THE_MACHINE: Final = ("/proc/cmdline", "/proc/kmsg", "/proc/kallsyms")
"""What the kernel says of the machine that runs it, to whoever asks: how it was started, and where its parts are."""
_ALWAYS: Final = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
_TRY_SECONDS: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Means:
    """The programs of this machine that confine others, "" for each that it has not or that does not work here."""

    bwrap: str = ""
    prlimit: str = ""
    setpriv: str = ""


@functools.cache
def means() -> Means:
    """Found out once."""
    return tried()


def tried() -> Means:
    """Found out by trying."""
    found = Means(
        bwrap=shutil.which("bwrap") or "",
        prlimit=shutil.which("prlimit") or "",
        setpriv=shutil.which("setpriv") or "",
    )
    return Means(
        bwrap=found.bwrap if found.bwrap and not trouble(_empty_cell(found.bwrap)) else "",
        prlimit=found.prlimit if found.prlimit and not trouble([found.prlimit, *LIMITS, "true"]) else "",
        setpriv=found.setpriv
        if found.setpriv and not trouble([found.setpriv, "--pdeathsig", "KILL", "true"])
        else "",
    )


def refusal() -> str:
    """Why no cell can be made here, in the words of bubblewrap, which is tried anew; "" where one can."""
    found = shutil.which("bwrap")
    return NOT_THERE if found is None else trouble(_empty_cell(found))


def walls(*, network: bool = False) -> list[str]:
    """Its own names for everything, no rights, nothing of the disk but what every program may read."""
    system = [word for one in programs.SYSTEM for word in ("--ro-bind-try", one, one)]
    told = [one for one in _OF_THE_MACHINE if os.path.exists(one)]
    settings = [*_ALWAYS, *(_NETWORK if network else ())]
    return [
        *("--unshare-all", *(("--share-net",) if network else ())),
        *("--die-with-parent", "--new-session", "--hostname", "cell", "--cap-drop", "ALL"),
        *(*system, "--proc", "/proc", "--dev", "/dev"),
        *(word for place in ("/dev/shm", "/tmp") for word in ("--size", str(SCRATCH), "--tmpfs", place)),
        *(word for one in told for word in ("--ro-bind", os.devnull, one)),
        # As root the settings of the kernel could be written to, below /proc.
        *(word for place in ("/dev", "/proc") for word in ("--remount-ro", place)),
        *(word for one in settings for word in ("--ro-bind-try", os.path.realpath(one), one)),
    ]


def ours(names: tuple[str, ...]) -> dict[str, str]:
    """What our own environment has under these names; no functions of a shell."""
    return {name: os.environ[name] for name in names if not os.environ.get(name, "()").startswith("()")}


def trouble(command: list[str]) -> str:
    """What kept it from working, "" where it did."""
    try:
        run = subprocess.run(command, capture_output=True, timeout=_TRY_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = run.stderr.decode(errors="replace").strip().splitlines()
    return (said[-1] if said else f"exit code {run.returncode}") if run.returncode else ""


def _empty_cell(bwrap: str) -> list[str]:
    return [bwrap, *walls(), "--", "true"]
