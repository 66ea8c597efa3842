"""Where a file lies: links and ids, and whether one of the folders above it was granted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from bot.sdk import Context, ToolError
from plugins.google import words

ABOUT = (
    "id,name,mimeType,parents,webViewLink,modifiedTime,size,trashed,shortcutDetails(targetId),"
    "owners(displayName,emailAddress),lastModifyingUser(displayName,me)"
)
"""What is asked of a file wherever one is looked at, so that it is asked once."""
WRITE = ("https://www.googleapis.com/auth/drive",)
"""The right that writing needs: Google's narrower ones do not reach into folders that people made."""
ROOT = "root"
MOST_STEPS = 50
_LINK = re.compile(
    r"https://(?:docs|drive|sheets|slides)\.google\.com/(?:a/[^/]+/)?(?:u/\d+/)?"
    r"(?:(?:document|spreadsheets|presentation|file|forms|drawings)/(?:u/\d+/)?d/|drive/(?:u/\d+/)?folders/|open\?id=)"
    r"([\w-]+)"
)


def id_in(text: str) -> str:
    """The id in a link as the browser shows it, or an id itself."""
    found = _LINK.match(text)
    wanted = found.group(1) if found else text
    if not re.fullmatch(r"[\w-]{1,200}", wanted, re.ASCII):
        raise ToolError(
            f"{text!r} is neither an id nor a link of Google Drive. Find the file with search_files."
        )
    return wanted


def about(context: Context, file: str) -> Any:
    """What Drive knows of it. Raises `ToolError` for what is not there."""
    return context.client.file(id_in(file), ABOUT)


def named(context: Context, file: str) -> str:
    """For people: what it is called, and its link."""
    found = about(context, file)
    return f"“{found['name']}” {words.link_of(found)}"


def into(folder: str) -> str:
    """For people: where something is put."""
    return f"the folder {words.short(folder)}" if folder else "My Drive"


def where(context: Context, folder: str) -> str:
    """The same with the folder's name."""
    return f"In: {named(context, folder) if folder else 'My Drive'}"


def touched(*names: str) -> Callable[..., Sequence[str]]:
    """For an action: the files and folders that these arguments name, each as the grant covers it."""

    def items(context: Context, **given: Any) -> Sequence[str]:
        return [covered_by(context, given.get(name) or ROOT) for name in names]

    return items


def covered_by(context: Context, file: str) -> str:
    """The nearest of a file and the folders above it that was granted; the file itself where none was."""
    wanted = id_in(file)
    if context.scope.covers(wanted):
        return wanted
    return _granted_above(context, about(context, wanted)) or wanted


def is_covered(context: Context, found: Any) -> bool:
    """The same of something that was listed, as Drive gave it."""
    return context.scope.covers(found["id"]) or bool(_granted_above(context, found))


def _granted_above(context: Context, file: Any) -> str:
    return next((one for one in _above(context, file) if context.scope.covers(one)), "")


def _above(context: Context, file: Any) -> Iterator[str]:
    """Every folder above, the nearest first; one that the account cannot see ends its branch."""
    seen = {file["id"]}
    waiting = list(file.get("parents", ()))
    while waiting and len(seen) < MOST_STEPS:
        context.halt.check()
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        yield one
        with suppress(ToolError):
            waiting += about(context, one).get("parents", ())
