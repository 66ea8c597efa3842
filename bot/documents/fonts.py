"""Which characters no font of this machine has: they are said, rather than shown as boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import BaseModel

_COMMON = 0x0250
"""Latin with all its marks: every font has it."""
_INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Cn", "Co", "Cs")
_MOST_NAMED = 10
_JOINERS = "\u200d\ufe0f"
_ASIAN = ("NotoSansCJK-Regular", "NotoSansCJKsc-Regular", "NotoSansSC", "WenQuanYi", "wqy-", "ipag", "uming")


def missing(content: BaseModel) -> str:
    """In words for people, with what to install; "" where some font of the machine has each."""
    rare = {one for text in _texts(content.model_dump()) for one in text if _is_rare(one)}
    return _told(rare - _covered()) if rare else ""


def lost(text: str, files: Collection[Path]) -> frozenset[str]:
    """The characters that a picture does not show which is drawn with these fonts alone; emoji are among them, as no
    drawer knows colours in a font."""
    rare = {one for one in text if _is_rare(one)}
    return frozenset(rare.difference(*map(_within, files)) if rare else ())


def undrawn(characters: Collection[str], become: str) -> str:
    """In words for people, with what to do; "" for none."""
    if not characters:
        return ""
    is_asian = any(unicodedata.east_asian_width(one) == "W" and not _is_symbol(one) for one in characters)
    remedy = " The operator can install fonts-noto-cjk." if is_asian and not asian() else ""
    return (
        f"{_numbered(characters)} {'are' if len(characters) > 1 else 'is'} {become}, as no font that pictures are "
        f"drawn with has {'them' if len(characters) > 1 else 'it'}: {_named(characters)}. Say it in words, or leave it "
        f"out.{remedy}"
    )


def without(text: str, characters: Collection[str]) -> str:
    """The text without these; one of nothing else is told by their names."""
    here = [one for one in text if one in characters]
    kept = "".join(one for one in text if one not in characters and one not in _JOINERS) if here else text
    return kept.strip() or ", ".join(unicodedata.name(one, "?").lower() for one in here) if here else text


def best(text: str) -> Path:
    """Of the two that a drawer with a single font may take, the one that has most of it; the usual one in doubt."""
    rare = {one for one in text if _is_rare(one)}
    files = [plain(), *filter(None, [asian() if rare else None])]
    return min(files, key=lambda file: len(rare - _within(file)) if rare else 0)


def brought() -> list[Path]:
    """The fonts that a library brings: with them a bare machine sets text like any other."""
    found = find_spec("matplotlib")
    assert found is not None and found.origin is not None
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return sorted(folder.glob("DejaVuSans*.ttf"))


def plain() -> Path:
    return next(one for one in brought() if one.name == "DejaVuSans.ttf")


@cache
def asian() -> Path | None:
    """The machine's font for Chinese, Japanese and Korean that a drawer of pictures can use."""
    files = sorted(_of_machine())
    return next((one for name in _ASIAN for one in files if one.name.startswith(name)), None)


def _is_rare(one: str) -> bool:
    return ord(one) >= _COMMON and unicodedata.category(one) not in _INVISIBLE


def _is_symbol(one: str) -> bool:
    return unicodedata.category(one).startswith("S")


def _told(lost: Collection[str]) -> str:
    if not lost:
        return ""
    have = (
        "have no font on this machine and show" if len(lost) > 1 else "has no font on this machine and shows"
    )
    return (
        f"{_numbered(lost)} {have} as an empty box: {_named(lost)}. The operator can install fonts: on Debian "
        "fonts-noto-core, fonts-noto-cjk (Chinese, Japanese, Korean) and fonts-noto-color-emoji."
    )


def _numbered(lost: Collection[str]) -> str:
    return f"{len(lost)} characters" if len(lost) > 1 else "1 character"


def _named(lost: Collection[str]) -> str:
    return " ".join(sorted(lost)[:_MOST_NAMED]) + (" …" if len(lost) > _MOST_NAMED else "")


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list():
            for one in value:
                yield from _texts(one)


@cache
def _covered() -> frozenset[str]:
    """By the fonts of this machine, and those that are brought."""
    return frozenset().union(*map(_within, {*_of_machine(), *brought()}))


@cache
def _of_machine() -> frozenset[Path]:
    from matplotlib import font_manager

    return frozenset(map(Path, font_manager.findSystemFonts()))


@cache
def _within(path: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            return frozenset(map(chr, font.getBestCmap() or ()))
    except (TTLibError, OSError, ValueError):
        return frozenset()
