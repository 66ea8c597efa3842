"""The pictures in a document: images as given, charts and diagrams drawn for it; and what is to be said of them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from bot.documents import charts, diagrams, fonts
from bot.documents.content import Chart, Charted, Diagram, Image
from bot.errors import ToolError

_MOST_PIXELS = 50_000_000
_LEAST_POINTS = 5.0
"""Letters that can be read on paper."""
_LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Picture:
    """`width` and `height` in pixels (of an SVG, in its units); shown at their part by `density`."""

    file: bytes
    width: int
    height: int
    alt: str
    density: int = 1


@dataclass(frozen=True)
class Drawing:
    """Of one document. `notes` grows while it is made."""

    images: Mapping[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _lost: dict[str, frozenset[str]] = field(default_factory=dict)

    def note(self, words: str) -> None:
        if words and words not in self.notes:
            self.notes.append(words)

    def lose(self, characters: frozenset[str], become: str) -> None:
        """Of all pictures of a kind together, they are said once."""
        before = self._lost.get(become, frozenset())
        self._lost[become] = before | characters
        if (said := fonts.undrawn(before, become)) in self.notes:
            self.notes[self.notes.index(said)] = fonts.undrawn(self._lost[become], become)
        else:
            self.note(fonts.undrawn(characters, become))

    def see(self, picture: Picture, points: float, least: float = _LEAST_POINTS) -> None:
        """A diagram comes out so wide: what is too small to be read is said."""
        if picture.density == 1:
            return
        letters = diagrams.LETTER * picture.density * points / picture.width
        if letters < least:
            self.note(
                f"The diagram “{picture.alt[:_LONGEST_NAME]}” is too small to be read: its letters come out at "
                f"{letters:.1f} points. Split it up, or turn it (TD, LR)."
            )

    def picture(self, block: Image | Charted | Diagram) -> Picture:
        """As PNG or JPEG."""
        match block:
            case Image():
                return _measured(self._image(block.path), block.alt)
            case Charted():
                return self.chart(block.chart)
            case Diagram():
                return self._diagram(block)

    def chart(self, chart: Chart, form: Literal["png", "svg"] = "png") -> Picture:
        drawn = charts.drawn(chart, form)
        self.lose(drawn.lost, charts.LOST)
        self.note(drawn.unnamed)
        if form == "svg":
            return Picture(file=drawn.file, width=charts.WIDTH, height=charts.HEIGHT, alt=charts.words(chart))
        return _measured(drawn.file, charts.words(chart))

    def _diagram(self, block: Diagram) -> Picture:
        drawn = diagrams.drawn(block.mermaid)
        self.lose(drawn.lost, diagrams.LOST)
        return replace(_measured(drawn.file, block.alt), density=diagrams.DENSITY)

    def _image(self, path: str) -> bytes:
        try:
            return self.images[path]
        except KeyError:
            raise ToolError(f"The image {path!r} was not given.") from None


def _measured(file: bytes, alt: str) -> Picture:
    width, height = _size(file)
    return Picture(file=file, width=width, height=height, alt=alt)


@cache
def _size(file: bytes) -> tuple[int, int]:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    Pillow.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with Pillow.open(io.BytesIO(file), formats=("PNG", "JPEG")) as image:
            image.verify()
            return image.size
    except (UnidentifiedImageError, Pillow.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise ToolError(
            "An image is broken, too large, or neither PNG nor JPEG. Leave it out, or give another."
        ) from None
