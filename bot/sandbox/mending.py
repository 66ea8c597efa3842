"""What to do where nothing can be confined: what to install, or which setting of the kernel forbids it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from bot.sandbox import probe, walls

KERNEL: Final = Path("/proc/sys")

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


def told(why: str) -> str:
    """Both in a few sentences; "" where tasks can run commands."""
    return f"I cannot run commands on this machine: {why}. {of_commands(why)}" if why else ""


def of_commands(why: str, kernel: Path = KERNEL) -> str:
    """What to do where tasks cannot run commands."""
    if why == probe.ROOT:
        return "Run Cowork as an ordinary user, or let it write to /sys/fs/cgroup; then start it again."
    if why == probe.NO_PRLIMIT:
        return "Install util-linux, which brings prlimit; then start Cowork again."
    if why.startswith(probe.LEAKS):
        return "Please report this with the version of bubblewrap and of the kernel. Until then no command is run."
    return remedy(walls.refusal() or why, kernel)


def remedy(why: str, kernel: Path = KERNEL) -> str:
    """What to do where bubblewrap does not work."""
    if why == walls.NOT_THERE:
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
