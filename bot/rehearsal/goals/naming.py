"""Names by a convention such as `YYYY-MM_Department_Type`, and names that are still free."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.rehearsal.goals.words import key

_PLACEHOLDER = re.compile(
    r"[{<\[]?(?:(?P<year>yyyy)|(?P<department>department|dept)|(?P<type>(?:(?:document|doc|report)[ _-]?)?type)"
    r"|(?:(?<=yyyy)|(?<![a-z]))(?P<month>mm)(?![a-z]))[}>\]]?",
    re.I,
)
_CANDIDATE = re.compile(r"[\w{}<>\[\].-]+")
_EXTENSION = re.compile(r"\.(?:\w{2,5}|\{?ext\}?|<ext>|\[ext\]|\*)$", re.I)


@dataclass(frozen=True, kw_only=True)
class Convention:
    """How files are to be called, without their extension."""

    pattern: str = "YYYY-MM_Department_Type"

    @property
    def needs(self) -> set[str]:
        """Which of `period`, `department` and `type` a name needs."""
        kinds = {kind for found in _PLACEHOLDER.finditer(self.pattern) for kind in _kinds(found)}
        return {"period" if kind in ("year", "month") else kind for kind in kinds}

    def stem(self, *, period: str, department: str, type: str) -> str:
        """The name, without an extension, of what these three say."""
        values = {"year": period[:4], "month": period[5:], "department": department, "type": type}
        return _PLACEHOLDER.sub(lambda found: values[_kinds(found)[0]], self.pattern)

    def parsed(self, stem: str) -> dict[str, str]:
        """What a name that follows the convention says, or nothing."""
        values = {
            "year": r"\d{4}",
            "month": r"\d\d",
            "department": r"[^\W_][\w &+-]*?",
            "type": r"[^\W_][\w&+-]*?",
        }
        literal = _PLACEHOLDER.split(self.pattern)[:: _PLACEHOLDER.groups + 1]
        kinds = [_kinds(found)[0] for found in _PLACEHOLDER.finditer(self.pattern)]
        groups = [rf"(?P<{kind}>{values[kind]})" for kind in kinds]
        pairs = zip(map(re.escape, literal), [*groups, ""], strict=True)
        found = re.fullmatch("".join(part for pair in pairs for part in pair) + r"(?:-\d+)?", stem)
        return found.groupdict() if found else {}


def convention_in(words: str) -> Convention | None:
    """The convention that someone wrote down, as in `YYYY-MM_Department_Type.pdf`; or nothing."""
    for candidate in _CANDIDATE.findall(words):
        pattern = _EXTENSION.sub("", candidate.rstrip("."))
        kinds = [kind for found in _PLACEHOLDER.finditer(pattern) for kind in _kinds(found)]
        if len(kinds) >= 2 and len(set(kinds)) == len(kinds) and "." not in pattern:
            return Convention(pattern=pattern)
    return None


def extension(name: str) -> str:
    """A file's extension, dot included, in lower case; of `a.tar.gz` both."""
    path = PurePosixPath(name)
    double = path.suffix.casefold() in (".gz", ".bz2", ".xz") and path.with_suffix("").suffix == ".tar"
    return (".tar" + path.suffix if double else path.suffix).casefold()


def numbered(stem: str, ending: str, name: str) -> bool:
    """Whether `name` is the stem with that ending, or the stem with a number behind it."""
    return re.fullmatch(re.escape(key(stem)) + r"(?:-\d+)?" + re.escape(key(ending)), key(name)) is not None


def free(folder: str, stem: str, ending: str, taken: set[str]) -> str:
    """`folder/stem.ending`, or with `-2`, `-3` … the first that no disk would take for a taken one."""
    number = 1
    while True:
        name = f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}"
        path = f"{folder}/{name}" if folder else name
        if key(path) not in taken:
            return path
        number += 1


def _kinds(found: re.Match[str]) -> list[str]:
    return [kind for kind, value in found.groupdict().items() if value]
