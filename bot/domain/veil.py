"""What hides secrets in a text: those that this process knows, by their value, and all others by their shape."""

from __future__ import annotations

import base64
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from bot.domain.shapes import SHAPES, Shape

_MASK: Final = re.compile(r"…\(hidden: [^()\n]{1,60}\)")
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
_BROKEN: Final = re.compile(r"""["'`]?[ \t]*[\\+&]?[ \t]*(?:\r?\n|\\n)[ \t>|#*/+]*["'`]?""")
_NOT_SOLID: Final = bytes(
    sorted(set(range(256)) - set(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
)
_SOLID: Final = re.compile("[A-Za-z0-9]")
_CASELESS: Final = [bool(shape.pattern.flags & re.IGNORECASE) for shape in SHAPES]
_HINTS: Final = [(hint, n) for n, shape in enumerate(SHAPES) if not _CASELESS[n] for hint in shape.hints]
_LOW_HINTS: Final = [(hint, n) for n, shape in enumerate(SHAPES) if _CASELESS[n] for hint in shape.hints]
_SHORTEST: Final = 8
_SHORTEST_SOLID: Final = 12


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """A secret in a text: what it is, and where it stands, without what may be shown of it."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Veil:
    """`values` are the secrets that are known here, each by its name; people and the model see only the names.

    A value is found however it is written: with anything in between (blanks, line ends, quotes, characters that
    nobody sees), in base64, hexadecimal or percent signs. A shape is found with invisible characters in it, and where
    its length is known also over line ends. What is cut in two and put into two texts is not found.
    """

    values: tuple[tuple[str, str], ...] = ()

    def masked(self, text: str) -> str:
        """The same text with every secret hidden, on as many lines. What is hidden once stays as it is."""
        parts, at = [], 0
        for one in self.found(text):
            parts += [text[at : one.start], mask(one.kind), "\n" * text.count("\n", one.start, one.end)]
            at = one.end
        return "".join([*parts, text[at:]]) if parts else text

    def masked_in(self, value: Any) -> Any:
        """Every text in a plain value, as JSON has them, hidden; names, too. One without secrets is given back."""
        return self._masked_in(value) if self.found("\n".join(_texts(value))) else value

    def _masked_in(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, Mapping):
            return {self.masked(str(name)): self._masked_in(one) for name, one in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
            return [self._masked_in(one) for one in value]
        return value

    def found(self, text: str) -> tuple[Hidden, ...]:
        """In order, none in another."""
        if len(text) < _SHORTEST:
            return ()
        return _apart([*self._by_value(text), *_by_shape(text)])

    @cached_property
    def _known(self) -> tuple[tuple[str, bytes], ...]:
        """Each way to write each value, without all that may stand in between."""
        forms = ((name, _solid(form)) for name, value in self.values for form in _forms(value))
        return tuple((name, form) for name, form in forms if len(form) >= _SHORTEST_SOLID)

    @cached_property
    def _exact(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, value) for name, value in self.values if _is_telling(value))

    def _by_value(self, text: str) -> Iterator[Hidden]:
        for name, value in self._exact:
            at = text.find(value)
            while at >= 0:
                yield Hidden(kind=name, start=at, end=at + len(value))
                at = text.find(value, at + 1)
        solid = _solid(text) if self._known else b""
        if met := [(name, form) for name, form in self._known if form in solid]:
            places = array("L", (found.start() for found in _SOLID.finditer(text)))
            for name, form in met:
                yield from _solidly(name, form, solid, places)


def mask(kind: str) -> str:
    """What stands for a secret."""
    return f"…(hidden: {kind})"


def has_mask(text: str) -> bool:
    """Whether something in it is hidden: it is not the text that stands where it was read."""
    return _MASK.search(text) is not None


def kinds(found: Iterable[Hidden]) -> list[str]:
    """What they are, each once, in order."""
    return list(dict.fromkeys(one.kind for one in found))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield str(name)
            yield from _texts(one)
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for one in value:
            yield from _texts(one)


def _by_shape(text: str) -> Iterator[Hidden]:
    shapes = _likely(text)
    yield from _matches(shapes, text)
    if _UNSEEN.search(text) is not None:
        seen, places = _without(_UNSEEN, text)
        shapes = _likely(seen)
        yield from _at(places, _matches(shapes, seen))
    fixed = [shape for shape in shapes if shape.is_fixed]
    if fixed and _BROKEN.search(text) is not None:
        joined, places = _without(_BROKEN, text)
        yield from _at(places, _matches(fixed, joined))


def _likely(text: str) -> list[Shape]:
    """In their order. Every piece of news passes here: so it is one flat look."""
    low = text.lower()
    met = {rank for hint, rank in _HINTS if hint in text} | {rank for hint, rank in _LOW_HINTS if hint in low}
    return [SHAPES[rank] for rank in sorted(met)]


def _matches(shapes: Iterable[Shape], text: str) -> Iterator[Hidden]:
    for shape in shapes:
        for match in shape.pattern.finditer(text):
            if shape.is_real(match["secret"]) and _MASK.match(match["secret"]) is None:
                yield Hidden(kind=shape.kind, start=match.start("secret"), end=match.end("secret"))


def _without(pattern: re.Pattern[str], text: str) -> tuple[str, Sequence[int]]:
    """The text without what matches, and where each of its letters stood."""
    parts, places, at = [], array("L"), 0
    for match in pattern.finditer(text):
        parts.append(text[at : match.start()])
        places.extend(range(at, match.start()))
        at = match.end()
    places.extend(range(at, len(text)))
    return "".join([*parts, text[at:]]), places


def _at(places: Sequence[int], found: Iterable[Hidden]) -> Iterator[Hidden]:
    for one in found:
        yield Hidden(kind=one.kind, start=places[one.start], end=places[one.end - 1] + 1)


def _solidly(name: str, form: bytes, solid: bytes, places: Sequence[int]) -> Iterator[Hidden]:
    at = solid.find(form)
    while at >= 0:
        yield Hidden(kind=name, start=places[at], end=places[at + len(form) - 1] + 1)
        at = solid.find(form, at + 1)


def _apart(found: Sequence[Hidden]) -> tuple[Hidden, ...]:
    """What overlaps is one secret, of the kind that tells most: those come first in `found`."""
    apart: list[tuple[int, Hidden]] = []
    for rank, one in sorted(enumerate(found), key=lambda ranked: ranked[1].start):
        if apart and one.start < apart[-1][1].end:
            best, last = apart.pop()
            kind = last.kind if best < rank else one.kind
            one = Hidden(kind=kind, start=last.start, end=max(last.end, one.end))
            rank = min(best, rank)
        apart.append((rank, one))
    return tuple(one for _, one in apart)


def _forms(value: str) -> Iterator[str]:
    octets = value.encode()
    yield value
    yield quote(value, safe="")
    yield octets.hex()
    yield octets.hex().upper()
    for shift in range(3):  # in a longer text a value may begin at any of three places
        coded = base64.b64encode(b"\0" * shift + octets).decode().rstrip("=")
        inner = coded[(0, 2, 3)[shift] : len(coded) - ((len(octets) + shift) % 3 > 0)]
        yield inner
        yield inner.replace("+", "-").replace("/", "_")


def _solid(text: str) -> bytes:
    return text.encode("ascii", "ignore").translate(None, _NOT_SOLID)


def _is_telling(value: str) -> bool:
    """Not so ordinary that it would be hidden where it only is a word."""
    is_mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return len(value) >= _SHORTEST_SOLID or (len(value) >= _SHORTEST and is_mixed)
