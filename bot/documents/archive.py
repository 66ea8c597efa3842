"""The zip that an Office file is: what it holds, and that unpacking it is safe."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO

from bot.errors import ToolError

MEGABYTE = 1024 * 1024
LARGEST_UNPACKED = 200 * MEGABYTE
MOST_MEMBERS = 20_000
HIGHEST_RATIO = 200
_RATIO_COUNTS_FROM = 10 * MEGABYTE


def family(file: BinaryIO, name: str) -> str:
    """ "docx", "xlsx", "pptx" or "ods", once the archive has been proven harmless."""
    try:
        with zipfile.ZipFile(file) as archive:
            refuse_bomb(archive, name)
            return _family(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise ToolError(
            f"'{name}' is broken: its packed content cannot be read. Ask for it to be saved or sent again."
        ) from error
    except RuntimeError as error:  # what zipfile raises for a member that wants a password
        raise encrypted(name) from error


def encrypted(name: str) -> ToolError:
    return ToolError(f"'{name}' is encrypted. Ask for a copy without a password.")


def refuse_bomb(archive: zipfile.ZipFile, name: str) -> None:
    """Refuses by the sizes it states, then unpacks it piece by piece to see that they are true."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > LARGEST_UNPACKED or len(members) > MOST_MEMBERS:
        raise ToolError(
            f"'{name}' unpacks to {unpacked // MEGABYTE:,} MB in {len(members):,} parts; at most "
            f"{LARGEST_UNPACKED // MEGABYTE} MB in {MOST_MEMBERS:,} are read. Ask for a smaller file or for parts."
        )
    if unpacked > _RATIO_COUNTS_FROM and unpacked / packed > HIGHEST_RATIO:
        raise ToolError(
            f"'{name}' unpacks to {unpacked // packed:,} times its size, as only a trap does. It was not read. "
            f"Ask for the content in another format."
        )
    for member in members:
        with archive.open(member) as content:
            while content.read(MEGABYTE):
                pass


def _family(archive: zipfile.ZipFile, name: str) -> str:
    names = set(archive.namelist())
    for part, kind in (
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("ppt/presentation.xml", "pptx"),
    ):
        if part in names:
            return kind
    if "mimetype" in names and archive.read("mimetype").strip().endswith(b"opendocument.spreadsheet"):
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise encrypted(name)
        return "ods"
    inside = ", ".join(sorted(names)[:10])
    raise ToolError(
        f"'{name}' is a packed file (zip) of a kind that is not read here; it holds {len(names):,} parts: {inside}. "
        f"Ask for it as DOCX, XLSX, ODS, PPTX or PDF, or for the files in it."
    )
