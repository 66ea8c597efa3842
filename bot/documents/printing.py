"""An Office file as LibreOffice would print it, where that is installed: in a box without network or anything of ours.

A document can name pictures and tables elsewhere, which LibreOffice would fetch; from the box nothing can be reached.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from bot.documents.inspected import Kind

_SECONDS = 60
_BOX = (
    *("--unshare-all", "--die-with-parent", "--clearenv", "--cap-drop", "ALL", "--hostname", "box"),
    *("--setenv", "HOME", "/work", "--setenv", "LANG", "C.UTF-8", "--setenv", "PATH", "/usr/bin:/bin"),
    *("--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib"),
    *("--symlink", "usr/lib64", "/lib64", "--ro-bind-try", "/etc/fonts", "/etc/fonts"),
    *(
        "--ro-bind-try",
        "/etc/libreoffice",
        "/etc/libreoffice",
        "--ro-bind-try",
        "/etc/alternatives",
        "/etc/alternatives",
    ),
    *(
        "--ro-bind-try",
        "/etc/ld.so.cache",
        "/etc/ld.so.cache",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/tmp",
    ),
)
_PRINT = ("--headless", "--norestore", "-env:UserInstallation=file:///work/profile", "--convert-to", "pdf")


def printed(content: bytes, form: Kind) -> bytes | None:
    """As PDF. None where LibreOffice or the box (bubblewrap) is missing, or it does not come about in time."""
    box, office = shutil.which("bwrap"), shutil.which("soffice")
    if box is None or office is None or lacking():
        return None
    with tempfile.TemporaryDirectory() as place:
        Path(place, f"document.{form}").write_bytes(content)
        command = [box, *_BOX, "--bind", place, "/work", "--chdir", "/work", "--", office, *_PRINT]
        try:
            subprocess.run(
                [*command, "--outdir", "/work", f"document.{form}"],
                timeout=_SECONDS,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            return _taken(Path(place, "document.pdf"))
        except (OSError, subprocess.SubprocessError):
            return None


def lacking() -> str:
    """Why nothing can be printed here, in words; "" where it can."""
    office = shutil.which("soffice")
    if office is None:
        return "LibreOffice is not installed"
    if not Path(office).resolve().is_relative_to("/usr"):
        return "LibreOffice is not below /usr, where the box would see it"
    return "" if shutil.which("bwrap") else "bubblewrap is not installed"


def _taken(made: Path) -> bytes | None:
    """What was in the box is a stranger's: no link is followed out of it."""
    if made.is_symlink() or not made.is_file():
        return None
    return made.read_bytes()
