"""What a commit or a pull request changes, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from github.File import File

from bot.sdk import Result, ToolError, line, part_of
from plugins.github.names import file_named

Below = Annotated[str, "Only this file, or what is below this folder."]
MOST_FILES = 300
"""That GitHub gives of what changed."""


def changes(of: str, every: Sequence[File], link: str, path: str, offset: int, *, about: str = "") -> Result:
    """What it is `about`, the files with their sizes, then the diff of each."""
    files = [one for one in every if _is_below(one.filename, file_named(path))]
    if path and not files:
        raise ToolError(f"{of} does not change {path}.")
    cut = "" if len(every) < MOST_FILES else f", of which these are among the first {MOST_FILES}"
    head = f"{about}{of} changes {len(files)} files{cut}. {link}"
    rows = [_file_row(one) for one in files]
    return Result(text=part_of("\n".join((head, *rows, "", *map(_diff, files))).rstrip(), offset))


def _is_below(name: str, path: str) -> bool:
    return not path or name == path or name.startswith(f"{path}/")


def _file_row(one: File) -> str:
    before = f"was {one.previous_filename}" if one.status == "renamed" else ""
    return line(one.filename, one.status, before, f"+{one.additions} −{one.deletions}")


def _diff(one: File) -> str:
    return f"--- {one.filename}\n{one.patch or '(GitHub shows no diff of it: too large, or not text)'}\n"
