"""Commands: run in a sandbox, on the task's own folder, or on a granted one that the call names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from stat import S_ISDIR
from typing import Annotated, Final
from uuid import uuid4

from bot.domain.call import Result
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.label import Source
from bot.domain.receipt import Receipt
from bot.errors import ToolError
from bot.sandbox.leftovers import Left, Print
from bot.sandbox.sandbox import Ran
from bot.sdk.tool import tool
from bot.tools.desk import Desk
from bot.tools.in_sight import InSight, in_sight
from bot.tools.made import mark
from bot.tools.paths import in_a_line
from bot.tools.trouble import told

LONGEST: Final = 100_000
"""Bytes of a command: the system takes no longer argument."""

_SANDBOX: Final = Access(effect=Effect.EXECUTE, resource=Resource(realm=Realm.SANDBOX, name="sandbox"))
_WRITING: Final = (Effect.CREATE, Effect.CHANGE, Effect.DELETE)
_MOST_MARKS: Final = 5_000
_NAMES_TOLD: Final = 20
_GIT: Final = re.compile(r"((?:^|/)\.git)/.*", re.S)
"""What a repository keeps for itself: of it only that it is there is told."""
_ESCAPES: Final = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-_])")


def _seen(desk: Desk, command: str, folder: str | None) -> InSight:
    return in_sight(desk.workspace.ground, command, folder)


def _accesses(desk: Desk, command: str, folder: str | None = None) -> tuple[Access, ...]:
    """What can be written to can also be emptied: that is a person's matter where it is not the task's own."""
    seen = _seen(desk, command, folder)
    read = [one for path in seen.named for one in desk.reading(path, is_deep=True)]
    if seen.written is None:
        return (_SANDBOX, *read)
    is_own = bool(seen.written.parts) and desk.is_own(seen.written.shown)
    place = Resource(realm=Realm.FOLDER, name=seen.written.real, existed=True, own=is_own)
    written = (Access(effect=effect, resource=place, is_deep=True) for effect in _WRITING)
    return (_SANDBOX, *written, *read)


def _sources(desk: Desk, command: str, folder: str | None = None) -> tuple[Source, ...]:
    """Whatever it could read may be in what it says."""
    named = _seen(desk, command, folder).named
    return (desk.source("."), *(desk.source(path, with_all_below=True) for path in named))


def _preview(desk: Desk, command: str, folder: str | None = None) -> str:
    line = _in_a_line(command)
    return f"Run “{line}”" + (f" in {desk.name(folder)}" if folder else "")


def _settled(desk: Desk, command: str, folder: str | None = None) -> None:
    """One that wrote to its own folder alone may simply be run again."""
    written = _seen(desk, command, folder).written
    if written is not None:
        raise ToolError(
            f"The command was interrupted, and what it did in {written.shown} until then is not known."
        )


@tool(
    accesses=_accesses,
    sources=_sources,
    preview=_preview,
    detail=lambda desk, command, folder=None: command,
    settled=_settled,
)
def run_command(
    desk: Desk,
    command: Annotated[str, "What bash is to run; several lines are fine."],
    folder: Annotated[
        str | None,
        "Where it works and may write, if not in the task's own folder: a granted folder, or one in it.",
    ] = None,
) -> Result:
    """Run a command in a sandbox: to compute, convert, test, set a project up, use git. There is no network.

    It begins in the task's own folder and can write there. It can read the granted folders whose path stands in the
    command, and write to one only as `folder`; a person is asked first unless this task made that folder. So to try
    things copy what you need (`cp -r /srv/app app`), work on the copy, and write back what is good with the file
    tools. Python 3 has openpyxl, python-docx, python-pptx, matplotlib, duckdb and pypdf; nothing can be installed. It
    ends after five minutes, with all that it started. What comes back is the exit code, the output (of a long one the
    beginning and the end, and the file that has it whole), and which files it made, changed or removed.
    """
    if desk.sandbox is None or desk.sandbox.trouble:
        raise ToolError(
            "There is no sandbox on this machine, so no command can be run. Do without it, and say so."
        )
    if "\0" in command or len(command.encode(errors="replace")) > LONGEST:
        raise ToolError(
            f"A command has no NUL and at most {LONGEST:,} bytes. Write a script with write_file, and run that."
        )
    seen = _seen(desk, command, folder)
    with told("the sandbox", kept=""):
        ran = desk.sandbox.ran(
            command,
            seen.shown,
            seen.place,
            desk.halt,
            is_alone=seen.written is not None,
            own=os.path.realpath(desk.own_folder),
            granted=[str(root.path) for root in desk.workspace.ground.roots],
        )
    if seen.written is None:
        desk.halt.check()  # it may be run again, and is
    lines = [_ending(ran, is_stopped=desk.halt.is_set), _output(desk, ran), *_deeds(desk, ran)]
    lines += _overlooked(desk, seen, ran)
    return Result(
        text="\n".join(filter(None, lines)),
        is_error=desk.halt.is_set,
        receipt=_receipt(desk, command, seen, ran),
    )


def _ending(ran: Ran, *, is_stopped: bool) -> str:
    if is_stopped:
        return "Stopped before its end."
    if ran.ended.excess:
        return f"Ended by the sandbox: {ran.ended.excess}."
    return f"Exit code {ran.ended.code}, after {ran.ended.seconds:.1f} seconds."


def _output(desk: Desk, ran: Ran) -> str:
    said = desk.veil.masked(_ESCAPES.sub("", ran.said)).strip("\n")
    if ran.whole is None:
        return said
    name = f"output-{uuid4().hex[:8]}.txt"
    desk.workspace.write_new(name, ran.whole)
    return f"{said}\n[The whole output, {len(ran.whole):,} bytes, is in {name}.]"


def _deeds(desk: Desk, ran: Ran) -> Iterator[str]:
    """What it did to files, a line for each folder and kind of deed; and what was put right after it."""
    for folder, left in ran.left.items():
        shown = desk.name(folder)
        where = "" if shown == "." else f" in {shown}"
        for deed in _counted(left):
            yield f"[{deed}{where}]"
        for one in left.mended[:_NAMES_TOLD]:
            yield f"[{in_a_line(one)}]"


def _counted(left: Left) -> Iterator[str]:
    for verb, paths in (("Made", left.made), ("Changed", left.changed), ("Removed", left.removed)):
        if paths:
            paths = tuple(dict.fromkeys(_GIT.sub(r"\1", path) for path in paths))
            more = len(paths) - _NAMES_TOLD
            named = ", ".join(map(in_a_line, _shallow(paths)[:_NAMES_TOLD]))
            yield f"{verb} {named}" + (f" and {more:,} more" if more > 0 else "")


def _shallow(paths: tuple[str, ...]) -> list[str]:
    """What is nearest comes first, and what is hidden last."""
    return sorted(paths, key=lambda path: (path.startswith(".") or "/." in path, path.count("/"), path))


def _overlooked(desk: Desk, seen: InSight, ran: Ran) -> Iterator[str]:
    """A granted folder that it speaks of and could not see."""
    for root in desk.workspace.ground.roots:
        path = str(root.path)
        if not root.own and path not in seen.named and path in ran.said:
            yield f"[{path} was not there, since its path does not stand in the command itself.]"


def _receipt(desk: Desk, command: str, seen: InSight, ran: Ran) -> Receipt:
    """Undo is not offered for what it did in a granted folder: a person was asked before, or the task made it."""
    if seen.written is None:
        effect, where = Effect.EXECUTE, seen.place
        deeds = [deed for left in ran.left.values() for deed in _counted(left)]
        marks: tuple[str, ...] = ()
    else:
        effect, where = Effect.CHANGE, seen.written.real
        granted = {folder: left for folder, left in ran.left.items() if desk.name(folder) != "."}
        deeds = [deed for left in granted.values() for deed in _counted(left)]
        there = {one[:2]: one for left in ran.left.values() for one in left.before.values()}
        claimed = (one for left in granted.values() for one in _claimed(desk, left, there))
        marks = tuple(islice(claimed, _MOST_MARKS))
    what = f"Ran “{_in_a_line(command)}”"
    after = "; ".join([*_failed(ran), *(deeds or ["no file changed"])])
    return Receipt(effect=effect, what=what, where=where, after=after, marks=marks)


def _failed(ran: Ran) -> list[str]:
    if ran.ended.excess:
        return [f"ended by the sandbox: {ran.ended.excess}"]
    return [f"failed with exit code {ran.ended.code}"] if ran.ended.code else []


def _claimed(desk: Desk, left: Left, there: Mapping[tuple[int, int], Print]) -> Iterator[str]:
    """The marks of what it made, and of what the task had made and this changed: they are the task's own.

    What was `there` before, by device and inode, is no other by a new name or a second one.
    """
    for path in (*left.made, *left.changed):
        was = filter(None, (left.before.get(path), there.get(left.after[path][:2])))
        if all(desk.made.knows(_mark(one)) for one in was):
            found = _mark(left.after[path])
            desk.made.add(found)
            yield found


def _mark(one: Print) -> str:
    device, inode, mode, size, modified_ns, _ = one
    return mark(device, inode, size, modified_ns, is_folder=S_ISDIR(mode))


def _in_a_line(command: str) -> str:
    line = " ".join(command.split())
    return line if len(line) <= 120 else f"{line[:119]}…"
