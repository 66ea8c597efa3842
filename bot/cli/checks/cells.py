"""The sandbox: whether servers and commands can be confined on this machine, and what to do where they cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.cli.checks.finding import Finding, fine, warning
from bot.sandbox import mending, probe, walls

NAME = "Sandbox"
COMMANDS = "Commands"


def cells(*, is_needed: bool, kernel: Path = Path("/proc/sys")) -> Iterator[Finding]:
    """One finding. `is_needed`: a server of this machine is approved."""
    why = walls.refusal()
    if not why:
        yield fine(
            NAME,
            "bubblewrap works: a connector's server on this machine sees its own program and the folders it is given, "
            "and reaches the network only where that is allowed",
        )
        return
    found = f"bubblewrap does not work here ({why}). Without it a connector's server on this machine runs with the "
    found += "rights of Cowork itself: all its files, and the network."
    if is_needed:
        yield warning(NAME, found, mending.remedy(why, kernel))
    else:
        yield fine(NAME, f"{found} None is approved now.")


def commands(kernel: Path = Path("/proc/sys")) -> Iterator[Finding]:
    """One finding: whether tasks have run_command, tried from the inside of a cell."""
    why = probe.found_out()
    if not why:
        yield fine(
            COMMANDS,
            "tasks can run commands, each in a sandbox without network that sees only what its task was given "
            "(tried just now from the inside)",
        )
        return
    yield warning(COMMANDS, f"Tasks cannot run commands here: {why}.", mending.of_commands(why, kernel))
