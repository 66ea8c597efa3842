"""Mermaid diagrams as pictures, drawn here: nothing is loaded from anywhere, and a picture holds nothing to click."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.documents import fonts
from bot.errors import ToolError

DENSITY = 2
"""Pixels for each of the diagram's own, so that it is sharp on paper."""

LOST = "shown as an empty box in a diagram"
"""What becomes of characters that no font has."""
LETTER = 16
"""How high a diagram's letters are, in its own pixels."""

_MOST_WORDS = 300
_MOST_LINES = 250
_MOST_ARROWS = 150
_LARGEST_SIDE = 8_000
_FAMILY = "DejaVu Sans"
_SETTINGS: dict[str, Any] = {"maxEdges": _MOST_ARROWS, "securityLevel": "strict", "fontFamily": _FAMILY}
_TOO_LARGE = (
    f"A diagram is too large to be read: at most {_MOST_LINES} lines and {_MOST_ARROWS} arrows. Split it up."
)
_PICTURE = re.compile(r"<\s*(img|image|svg|iframe)\b|\bimg\s*:", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """`lost` are the characters that it does not show."""

    file: bytes
    lost: frozenset[str] = frozenset()

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(filter(None, [fonts.undrawn(self.lost, LOST)]))


def drawn(mermaid: str) -> Drawn:
    """As PNG. Raises `ToolError` with Mermaid's own complaint where it is not Mermaid."""
    if len(mermaid.splitlines()) > _MOST_LINES:
        raise ToolError(_TOO_LARGE)
    if _PICTURE.search(mermaid):
        raise ToolError("A diagram cannot hold pictures or HTML. Take them out; put words in their place.")
    font = fonts.best(mermaid)
    return Drawn(file=_rendered(mermaid, font), lost=fonts.lost(mermaid, [font]))


def _rendered(mermaid: str, font: Path) -> bytes:
    from mermaidx import svg_to_png

    try:
        engine = _engine(font)
        svg = engine.render_svg(mermaid, "default", _SETTINGS, None)
        return bytes(svg_to_png(svg, width=_width(svg), background="#ffffff"))
    except Exception as error:  # noqa: BLE001 - parse boundary: the engine raises its own of many kinds
        said = " ".join(str(error).split())
        if "Edge limit" in said or "Maximum text size" in said:
            raise ToolError(_TOO_LARGE) from None
        raise ToolError(
            f"A diagram is not Mermaid that can be drawn: {said[:_MOST_WORDS]}. Mend it: its first line names "
            'the kind ("flowchart LR"), and a label with brackets or quotes stands in "…".'
        ) from None


def _engine(font: Path) -> Any:
    """One that measures with this font; what is painted from now on is painted with it, too."""
    import novasvg.fonts as faces

    for is_bold in (False, True):
        faces.add_font_face_from_file(_FAMILY, is_bold, False, str(_bold(font) if is_bold else font))
    return _started(font)


@cache
def _started(font: Path) -> Any:
    from mermaidx.engine import Engine

    engine = Engine()
    engine.start()
    return engine


def _bold(font: Path) -> Path:
    bold = font.with_name(font.name.replace("Sans.", "Sans-Bold."))
    return bold if bold.is_file() else font


def _width(svg: str) -> float:
    """Double its own, or less where that would be larger than anybody looks at."""
    found = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', svg)
    width, height = map(float, found.groups()) if found else (500.0, 500.0)
    return width * min(float(DENSITY), _LARGEST_SIDE / max(width, height, 1.0))
