"""Text that was saved otherwise than as UTF-8, as Excel saves CSV: written out again so that it can be read."""

from __future__ import annotations

import codecs
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.errors import ToolError

LARGEST: Final = 200_000_000
"""What is written out again is of so many bytes at most."""

_AT_ONCE = 1 << 20
_NAMES = {"cp1252": "Windows-1252 (Western European)", "utf-16": "UTF-16"}
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_REMEDY = "Save it as CSV UTF-8, or as .xlsx"


def rewritten(descriptor: int, name: str, target: Path) -> str:
    """What it was read as, "" where it is UTF-8 already and nothing was written. Raises `ToolError` for what is no
    text, or too large."""
    if _is_readable(descriptor, "utf-8"):
        return ""
    if os.fstat(descriptor).st_size > LARGEST:
        raise ToolError(f"{name} is not UTF-8 text, and too large to be converted here. {_REMEDY}.")
    encoding = "utf-16" if os.pread(descriptor, 2, 0) in _MARKS else "cp1252"
    if not _is_readable(descriptor, encoding):
        raise ToolError(f"{name} is not text in an encoding that is read here. {_REMEDY}.")
    with target.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_texts(descriptor, encoding))
    return _NAMES[encoding]


def _is_readable(descriptor: int, encoding: str) -> bool:
    """Whether it is text in that encoding: of nothing but characters that text has."""
    try:
        return not any(_is_noise(text) for text in _texts(descriptor, encoding))
    except UnicodeDecodeError:
        return False


def _texts(descriptor: int, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    place = 0
    while part := os.pread(descriptor, _AT_ONCE, place):
        place += len(part)
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True)


def _is_noise(text: str) -> bool:
    odd = {one for one in set(text) if unicodedata.category(one) == "Cc"} - set(
        "\t\n\r\x0b\x0c\x1a\x1c\x1d\x1e\x1f"
    )
    return "\0" in odd or len(odd) > 2
