"""The file of a backup: the databases, the tasks' own folders, what Undo needs; with a page that says what it is."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import shutil
import stat
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath

from bot.errors import NotConfigured
from bot.tools.handing_over import DELIVERED
from bot.tools.kept import CHANGES, CONTENTS, KEPT

DATABASE = "cowork.sqlite"
TASKS = "tasks"
FORMAT = 2
"""1 had nothing of what Undo puts back."""

_FOLDERS = (TASKS, DELIVERED)
_TO_UNDO = (f"{KEPT}/{CHANGES}", f"{KEPT}/{CONTENTS}")
"""What a change refers to is written before it, so that every change here finds its content behind it."""


_PAGE = "backup.json"
_PIECE = 1 << 20
_DAMAGE = (
    tarfile.TarError,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    json.JSONDecodeError,
    KeyError,
    TypeError,
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """`made_at` in ISO 8601; `head` is that of the audit log, which has `entries`; `files` are those of tasks.

    `kept` counts what Undo would put back, None where that was left out.
    """

    format: int
    made_at: str
    tasks: int
    entries: int
    head: str
    files: int = 0
    kept: int | None = None


def pack(target: Path, page: Page, databases: list[Path], home: Path, *, with_kept: bool = True) -> Page:
    """Write it whole, for its owner alone; `target` must be new. The page comes last, and says what is in it."""
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
            for path in databases:
                _add(archive, path, path.name)
            page = replace(page, files=_add_folders(archive, home, _FOLDERS))
            if with_kept:
                page = replace(page, kept=_add_folders(archive, home, _TO_UNDO))
            _add_page(archive, page)
        file.flush()
        os.fsync(file.fileno())
    return page


def _add_folders(archive: tarfile.TarFile, home: Path, folders: Iterable[str]) -> int:
    """How many files that were."""
    return sum(
        _add(archive, path, path.relative_to(home).as_posix())
        for folder in folders
        for path in _members(home / folder)
        if not (folder in _TO_UNDO and path.name.startswith("."))  # not written to its end
    )


def _members(within: Path) -> Iterator[Path]:
    """Folders and ordinary files, folders first; links and the like are nothing a task's own folder needs."""
    for folder, names, files in os.walk(within):
        for name in sorted(names + files):
            path = Path(folder, name)
            if not path.is_symlink() and (path.is_dir() or path.is_file()):
                yield path


def unpack(source: Path, into: Path) -> Page:
    """Raises `NotConfigured` for what is not a whole backup of ours. Nothing is written outside of `into`."""
    try:
        with gzip.open(source) as stream:
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                for member in archive:
                    _take(archive, member, into)
            while stream.read(_PIECE):  # to the end, where the checksum of the whole stands
                pass
        page = Page(**json.loads((into / _PAGE).read_text("utf-8")))
    except FileNotFoundError as error:
        if not source.exists():
            raise NotConfigured(f"There is no file {source}.") from None
        raise _not_ours(source, error) from None
    except _DAMAGE as error:
        raise _not_ours(source, error) from None
    if page.format > FORMAT:
        raise NotConfigured(f"{source} was written by a newer release of Cowork: restore it with that one.")
    (into / _PAGE).unlink()
    return page


def _add_page(archive: tarfile.TarFile, page: Page) -> None:
    text = json.dumps(asdict(page), indent=2).encode()
    entry = tarfile.TarInfo(_PAGE)
    entry.size, entry.mode = len(text), 0o600
    archive.addfile(entry, io.BytesIO(text))


def _add(archive: tarfile.TarFile, path: Path, name: str) -> bool:
    """True for a file. What was removed since it was listed is left out."""
    entry = tarfile.TarInfo(name)
    if path.is_dir():
        entry.type, entry.mode = tarfile.DIRTYPE, 0o700
        archive.addfile(entry)
        return False
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        about = os.fstat(file.fileno())
        entry.mtime, entry.mode = about.st_mtime, stat.S_IMODE(about.st_mode) & 0o700
        entry.size = about.st_size
        archive.addfile(entry, file)
        return True
    return False


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    name = PurePosixPath(member.name)
    is_own = name.parts[0] in (*_FOLDERS, KEPT) and len(name.parts) > 1 and ".." not in name.parts
    if not is_own and (len(name.parts) != 1 or (str(name) != _PAGE and name.suffix != ".sqlite")):
        raise tarfile.TarError(f"it holds {member.name}")
    target = into / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if member.isdir():
        target.mkdir(exist_ok=True)
        return
    body = archive.extractfile(member) if member.isreg() else None
    if body is None:
        raise tarfile.TarError(f"{member.name} is not a file")
    mode = 0o600 | (member.mode & 0o100)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        shutil.copyfileobj(body, file)
    os.utime(target, (member.mtime, member.mtime))


def _not_ours(source: Path, error: Exception) -> NotConfigured:
    return NotConfigured(f"{source} is damaged, or is not a backup of Cowork ({error}).")
