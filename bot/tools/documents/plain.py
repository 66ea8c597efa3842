"""Text files as they are: code, Markdown, JSON, YAML, logs; and CSV as a table."""

from __future__ import annotations

import codecs

from bot.errors import ToolError
from bot.tools.documents import tables
from bot.tools.documents.document import Document

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMATS = {"md": "markdown", "markdown": "markdown", "yml": "yaml", "yaml": "yaml", "json": "json"}
_KNOWN_BINARIES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet table"),
    (b"ID3", "a sound"),
    (b"\0\0\0 ftyp", "a film"),
)


def from_text(content: bytes, name: str) -> Document:
    """The text of a file that is none of the document formats; binary content is refused."""
    if not content:
        return Document(format="text", text="", note="The file is empty.")
    text, note = decoded(content, name)
    suffix = name.rpartition(".")[2].lower()
    if suffix in ("csv", "tsv"):
        table = tables.from_separated(text, suffix)
        if table is not None:
            return Document(format=suffix, text=table.text, note=" ".join(filter(None, (note, table.note))))
    return Document(format=_FORMATS.get(suffix, "text"), text=text, note=note)


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """The text, and a note if the encoding had to be guessed."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _marked(content, encoding, name), ""
    if _is_binary(content):
        raise binary(content, name)
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        return text, "The file is not UTF-8; it was read as Windows-1252, so some letters may be wrong."


def binary(content: bytes, name: str) -> ToolError:
    """The refusal for what holds no text."""
    kinds = [kind for mark, kind in _KNOWN_BINARIES if content.startswith(mark)]
    what = kinds[0] if kinds else "not text (binary, or of an unknown format)"
    return ToolError(
        f"'{name}' is {what} and cannot be read as text. Read here are PDF, DOCX, XLSX, XLS, ODS, PPTX, HTML, "
        f"CSV and text files. Ask for the file in one of these formats, or go by its name."
    )


def _marked(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ToolError(
            f"'{name}' begins like {encoding.upper()} text but is broken. Ask for it to be saved as UTF-8."
        ) from None


def _is_binary(content: bytes) -> bool:
    sample = content[:8192]
    control = sum(1 for byte in sample if byte < 32 and byte not in b"\t\n\r\f\x08\x1b")
    return b"\0" in content or control > len(sample) // 20
