"""How a document looks: printed by LibreOffice, or shown by Chromium, in a box without network or anything of ours.

A document can name pictures and tables elsewhere, which they would fetch; from the box nothing can be reached.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
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


_BROWSER = Path("/usr/lib/chromium/chromium")
"""Debian's: what stands in the PATH is a script that reads the machine's settings."""
_SHOW = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1000,1400")
_PICTURE = "document.png"
_UNSCRIPTED = b'<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'


def printed(content: bytes, form: Kind) -> bytes | None:
    """As PDF. None where LibreOffice or the box (bubblewrap) is missing, or it does not come about in time."""
    office = shutil.which("soffice")
    if office is None or lacking():
        return None
    order = (office, *_PRINT, "--outdir", "/work", f"document.{form}")
    return _made(content, f"document.{form}", order, "document.pdf")


def photographed(content: bytes) -> bytes | None:
    """The beginning of a page as Chromium shows it, as PNG: nothing in it is run, and it reaches nothing.

    None where Chromium or the box is missing, or it does not come about in time.
    """
    if not _BROWSER.is_file() or shutil.which("bwrap") is None:
        return None
    order = (str(_BROWSER), *_SHOW, f"--screenshot=/work/{_PICTURE}", "file:///work/document.html")
    return _made(_UNSCRIPTED + content, "document.html", order, _PICTURE)


def _made(content: bytes, name: str, order: Sequence[str], made: str) -> bytes | None:
    box = shutil.which("bwrap")
    assert box is not None
    with tempfile.TemporaryDirectory() as place:
        Path(place, name).write_bytes(content)
        try:
            subprocess.run(
                [box, *_BOX, "--bind", place, "/work", "--chdir", "/work", "--", *order],
                timeout=_SECONDS,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            return _taken(Path(place, made))
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


def has_browser() -> bool:
    return _BROWSER.is_file()


def _taken(made: Path) -> bytes | None:
    """What was in the box is a stranger's: no link is followed out of it."""
    if made.is_symlink() or not made.is_file():
        return None
    return made.read_bytes()
