"""What a program needs of the disk in order to run: its own tree, and that of what interprets it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib64")
"""What every program may read."""

_SCRIPTS: Final = frozenset((".py", ".pyz", ".js", ".mjs", ".cjs", ".ts", ".jar", ".rb", ".pl", ".sh"))
_OF_A_PROJECT: Final = ("package.json", "pyproject.toml", "setup.py", "Gemfile")
_BINARIES: Final = ("bin", "sbin", "libexec")
_LINKS: Final = 20
_INTERPRETERS: Final = 4


def trees(command: Sequence[str], path: str) -> tuple[Path, ...]:
    """The folders and files that a command needs beside the system's, none inside of another.

    They are what it names (the program, a script, a file of settings), and where those come from: the virtual
    environment, the `node_modules`, the project. `path` is where its interpreter is looked for. No folder that it
    names is among them: what a server works on is granted.
    """
    found = {tree for file in _named(command) for tree in _of(file, path) if not _is_system(tree)}
    return tuple(
        sorted(tree for tree in found if not any(tree.is_relative_to(other) for other in found - {tree}))
    )


def search_path(command: Sequence[str], path: str) -> str:
    """Where the program's interpreter is, and the system's own places."""
    folders = [str(Path(one).parent) for one in _interpreters(Path(command[0]), path)]
    return ":".join(dict.fromkeys([*folders, "/usr/local/bin", "/usr/bin", "/bin"]))


def lacking(command: Sequence[str], path: str) -> str:
    """What it cannot be started without and is not there: the program, or what is to interpret it; "" for nothing."""
    if not os.access(command[0], os.X_OK):
        return command[0]
    return next((word for word in _asked_for(Path(command[0])) if shutil.which(word, path=path) is None), "")


def _named(command: Sequence[str]) -> Iterator[Path]:
    yield Path(command[0])
    for argument in command[1:]:
        text = argument.partition("=")[2] if argument.startswith("-") else argument
        if text.startswith("/") and Path(text).is_file():
            yield Path(text)


def _of(file: Path, path: str, depth: int = 0) -> Iterator[Path]:
    for one in _links(file):
        yield _tree(one)
        if (environment := _above(one, "pyvenv.cfg")) is not None:
            yield from _base(environment)
    if depth < _INTERPRETERS:
        for interpreter in _interpreters(file, path):
            yield from _of(interpreter, path, depth + 1)


def _links(file: Path) -> Iterator[Path]:
    """The file, and what it is a link to, one after the other."""
    yield file.resolve()
    for _ in range(_LINKS):
        yield file
        if not file.is_symlink():
            return
        file = Path(os.path.normpath(file.parent / file.readlink()))


def _tree(file: Path) -> Path:
    if "node_modules" in file.parts:
        return Path(*file.parts[: file.parts.index("node_modules") + 1])
    if (environment := _above(file, "pyvenv.cfg")) is not None:
        return environment
    if file.parent.name in _BINARIES and (file.parent.parent / "lib").is_dir():
        return file if _is_wide(file.parent.parent) else file.parent.parent
    if file.suffix in _SCRIPTS:
        project = next(filter(None, (_above(file, name) for name in _OF_A_PROJECT)), file.parent)
        return file if _is_wide(project) else project
    return file


def _base(environment: Path) -> Iterator[Path]:
    """Where the Python of a virtual environment is installed."""
    for line in (environment / "pyvenv.cfg").read_text(errors="replace").splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "home":
            prefix = Path(value.strip()).parent
            if not _is_wide(prefix):
                yield prefix


def _interpreters(file: Path, path: str) -> Iterator[Path]:
    """What the first line of a script names, where it is."""
    for word in _asked_for(file):
        found = word if word.startswith("/") else shutil.which(word, path=path)
        if found:
            yield Path(found)


def _asked_for(file: Path) -> Iterator[str]:
    """The interpreter, as the first line of a script has it: its path, or its name behind `env`."""
    try:
        with file.open("rb") as script:
            first = script.readline(512)
    except OSError:
        return
    words = first[2:].decode(errors="replace").split() if first.startswith(b"#!") else []
    if len(words) > 1 and Path(words[0]).name == "env":
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    yield from words[:1]


def _above(file: Path, name: str) -> Path | None:
    return next(
        (folder for folder in file.parents if not _is_wide(folder) and (folder / name).is_file()), None
    )


def _is_wide(folder: Path) -> bool:
    """One that holds what is none of the program's: it is never shown as a whole."""
    home = Path.home()
    return folder == home or home.is_relative_to(folder) or len(folder.parts) <= 2


def _is_system(tree: Path) -> bool:
    return any(tree.is_relative_to(one) for one in SYSTEM)
