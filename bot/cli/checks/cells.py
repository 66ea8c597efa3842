"""The sandbox: whether bubblewrap can confine servers of this machine, and what to do where it cannot."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.cli.checks.finding import Finding, fine, warning
from bot.connectors import sandbox

NAME = "Sandbox"

_INSTALL = {
    "apt-get": "sudo apt-get install bubblewrap",
    "dnf": "sudo dnf install bubblewrap",
    "pacman": "sudo pacman -S bubblewrap",
    "zypper": "sudo zypper install bubblewrap",
    "apk": "sudo apk add bubblewrap",
}
_SWITCHES = (
    ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
    ("kernel/apparmor_restrict_unprivileged_userns", "1", "kernel.apparmor_restrict_unprivileged_userns=0"),
    ("user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
)
"""Where the kernel forbids a user namespace to whoever is not root, the value that does, and what allows it."""


def cells(*, is_needed: bool, kernel: Path = Path("/proc/sys")) -> Iterator[Finding]:
    """One finding. `is_needed`: a server of this machine is approved."""
    why = sandbox.refusal()
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
        yield warning(NAME, found, _remedy(why, kernel))
    else:
        yield fine(NAME, f"{found} None is approved now.")


def _remedy(why: str, kernel: Path) -> str:
    if why == sandbox.NOT_THERE:
        return _to_install()
    closed = [allows for file, forbids, allows in _SWITCHES if _value(kernel / file) == forbids]
    if closed:
        settings = " ".join(closed)
        return (
            f"Allow it to make namespaces: sudo sysctl -w {settings} (and write that into "
            "/etc/sysctl.d/60-cowork.conf, to keep it), then start Cowork again."
        )
    return (
        "In a container, let it make namespaces (with Docker: --security-opt seccomp=unconfined --security-opt "
        "apparmor=unconfined), or run Cowork on the machine itself."
    )


def _to_install() -> str:
    if sys.platform != "linux":
        return (
            "bubblewrap is there for Linux alone. Approve only servers that you trust with your files here."
        )
    command = next((how for tool, how in _INSTALL.items() if shutil.which(tool)), "")
    return f"Install it{f': {command}' if command else ' from the packages of your system'}; then start Cowork again."


def _value(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError:
        return ""
