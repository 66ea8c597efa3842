"""Previews: whether people see how an Office file looks, and in which fonts."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cli.checks.finding import Finding, fine, warning
from bot.documents import fonts, printing

NAME = "Previews"

_OFFICE = (
    "On Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
)
_BROWSER = "On Debian: apt-get install chromium"
_FONTS = "On Debian: apt-get install fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"


def previews() -> Iterator[Finding]:
    """One finding, or up to three."""
    lacking = printing.lacking()
    if lacking:
        yield warning(
            NAME,
            f"Word, Excel and PowerPoint files are handed over without a picture of how they look: {lacking}.",
            _OFFICE if "LibreOffice" in lacking else "Install bubblewrap (see Sandbox).",
        )
    else:
        yield fine(
            NAME, "documents are handed over with a picture of how they look (LibreOffice works in a box)"
        )
    if not printing.has_browser():
        yield warning(
            NAME, "HTML files are handed over without a picture: Chromium is not installed.", _BROWSER
        )
    if fonts.asian() is None:
        yield warning(
            NAME,
            "Charts and diagrams cannot show Chinese, Japanese and Korean: there is no font for it.",
            _FONTS,
        )
