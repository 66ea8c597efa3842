"""What the requester's words change in a draft: merge, rename, leave alone, put somewhere, group otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.rehearsal.goals.choosing import chosen
from bot.rehearsal.goals.draft import Draft
from bot.rehearsal.goals.naming import convention_in
from bot.rehearsal.goals.subjects import as_name, department_called, type_called
from bot.rehearsal.goals.words import bare, key

FORMS = (
    "`merge X into Y`",
    "`call X Y` or `rename X to Y`",
    "`leave X alone`",
    "`put X in Y`",
    "`keep the names`",
    "`no subfolders`",
    "`group by year` (or type, month, department)",
    "a naming pattern such as `Department_YYYY-MM_Type`",
)
"""What is understood; X is a file, a folder, a department, a type or `*.pdf`, Y a department."""

_VERB = (
    r"(?:merge|combine|fold|call|rename|leave|put|move|file|keep|group|sort|use|skip|ignore|exclude"
    r"|don['’]?t|do\s+not|never|no\s+(?:sub)?folders?|without|flat)\b"
)
_CLAUSE = re.compile(
    r"[;\n]+|(?<=[^\s.])[.!?](?=\s|$)"
    rf"|,?\s+(?:and|but|then)\s+(?:please\s+|also\s+|then\s+)?(?={_VERB})|,\s*(?={_VERB})",
    re.I,
)
_FILLER = re.compile(
    r"(?:(?:yes|yep|ok(?:ay)?|sure|no(?=\s*[,–-])|good|great|fine|perfect|thanks?|thank you|please|but|and|also|then"
    r"|just|looks? good|go ahead|otherwise|instead|hi|hello|that['’]?s|it['’]?s|all|the rest is)\b[\s,:–-]*)+",
    re.I,
)
_POLITE = re.compile(r"[\s,]+(?:please|thanks?|thank you|instead|for now)$", re.I)
_NOT = r"(?:don['’]?t|do\s+not|never)"
_GROUPS = {
    "department": "department",
    "team": "department",
    "type": "type",
    "kind": "type",
    "year": "year",
    "month": "period",
    "period": "period",
}
_NOT_YET = re.compile(r"\b(?:yet|until|before|unless|first|without)\b", re.I)
_EVERYTHING = {
    "",
    "files",
    "them",
    "anything",
    "everything",
    "any files",
    "any",
    "the files",
    "all",
    "all files",
}


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The draft after some words, which of them changed it and which were not understood."""

    draft: Draft
    understood: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


def heard(draft: Draft, words: str, *, steering: bool = True) -> Heard:
    """The draft changed by what the words ask for, clause by clause.

    A goal is told apart from steering words: `put the reports in order` names no department there.
    """
    result, waiting = Heard(draft=draft), _clauses(words)
    while waiting:
        clause = waiting.pop(0)
        if change := _changed(result.draft, clause, steering):
            changed, rest = change
            meant = clause.removesuffix(rest).strip(" ,–-")
            result = replace(result, draft=changed, understood=(*result.understood, meant))
            waiting = [*_clauses(rest), *waiting]
        else:
            result = replace(result, unclear=(*result.unclear, clause))
    return result


def _clauses(words: str) -> list[str]:
    parts = (_POLITE.sub("", part.strip(" ,–-")) for part in _CLAUSE.split(words) if part)
    plain = (_FILLER.sub("", part, count=1).strip() if _FILLER.match(part) else part for part in parts)
    return [part for part in plain if re.search(r"\w", part)]


def _changed(draft: Draft, clause: str, steering: bool) -> tuple[Draft, str] | None:
    """The draft changed by the first rule that covers the clause, and the words behind what it covered."""
    for pattern, change in _RULES:
        if not steering and change in (_call, _rename, _put):
            continue
        if (found := pattern.search(clause)) and (changed := change(draft, found)) is not None:
            return changed, "" if change is _pattern else clause[found.end() :]
    return None


def _merge(draft: Draft, found: re.Match[str]) -> Draft | None:
    picked = chosen(draft, found["x"])
    name = department_called(found["y"])
    return draft.changed(picked, lambda each: replace(each, department=name)) if picked and name else None


def _call(draft: Draft, found: re.Match[str]) -> Draft | None:
    """`call Human Resources People`: the longest beginning that is known is X."""
    words = found["words"].split()
    for end in range(len(words) - 1, 0, -1):
        x, y = " ".join(words[:end]), " ".join(words[end:])
        if (changed := _renamed(draft, x, y)) is not None:
            return changed
    return None


def _rename(draft: Draft, found: re.Match[str]) -> Draft | None:
    return _renamed(draft, found["x"], found["y"])


def _renamed(draft: Draft, x: str, y: str) -> Draft | None:
    old, new = key(department_called(bare(x))), as_name(bare(y))
    members = [each for each in draft.placements if key(each.department) == old and old]
    if members and new:
        return draft.changed(members, lambda each: replace(each, department=new))
    kind = key(type_called(bare(x), known=True))
    members = [each for each in draft.placements if kind and key(each.type) == kind]
    if members and new and len(bare(x).split()) == 1:
        return draft.changed(members, lambda each: replace(each, type=new))
    file, stem = chosen(draft, x), re.sub(r"\.\w{1,5}$", "", bare(y))
    if len(file) != 1 or not re.fullmatch(r"\w[\w .&+-]{0,80}", stem):
        return None
    return draft.changed(file, lambda each: replace(each, renamed=stem))


def _leave(draft: Draft, found: re.Match[str]) -> Draft | None:
    """`don't move anything yet` asks for nothing more: nothing ever moves before it was approved."""
    x = bare(found["x"])
    if _NOT_YET.search(x):
        return draft
    picked = list(draft.placements) if key(x) in _EVERYTHING else chosen(draft, x)
    return draft.changed(picked, lambda each: replace(each, kept=True)) if picked else None


def _keep_names(draft: Draft, found: re.Match[str]) -> Draft | None:
    x = bare(found.groupdict().get("x") or "")
    picked = list(draft.placements) if key(x) in _EVERYTHING else chosen(draft, x)
    return draft.changed(picked, lambda each: replace(each, own_name=True)) if picked else None


def _put(draft: Draft, found: re.Match[str]) -> Draft | None:
    """A file put somewhere by hand keeps its own name when no other can be made for it."""
    picked, name = chosen(draft, found["x"]), department_called(bare(found["y"]))
    if not picked or not name:
        return None
    needs = draft.convention.needs - {"department"}
    return draft.changed(
        picked,
        lambda each: replace(each, department=name, own_name=each.own_name or bool(each.lacks(needs))),
    )


def _flat(draft: Draft, _: re.Match[str]) -> Draft | None:
    return replace(draft, flat=True)


def _group(draft: Draft, found: re.Match[str]) -> Draft | None:
    return replace(draft, grouping=_GROUPS[key(found["by"])], flat=False)


def _pattern(draft: Draft, found: re.Match[str]) -> Draft | None:
    convention = convention_in(found.string)
    return replace(draft, convention=convention) if convention else None


def _in_place(x: str) -> str:
    return rf"{x}\s+(?:(?:where|as)\s+(?:it\s+is|they\s+are|is)|alone|untouched|in\s+place)"


_RULES: tuple[tuple[re.Pattern[str], Callable[[Draft, re.Match[str]], Draft | None]], ...] = tuple(
    (re.compile(pattern, re.I), change)
    for pattern, change in (
        (r"yyyy", _pattern),
        (rf"\b(?:group|sort|organi[sz]e)\w*\b[^.]*?\bby\s+(?P<by>{'|'.join(_GROUPS)})", _group),
        (r"\b(?:no|without)\s+(?:sub-?|department\s+)?(?:folders|directories)", _flat),
        (rf"{_NOT}\s+group|\bflat\b|\b(?:all|everything)\s+in\s+one\s+folder", _flat),
        (rf"{_NOT}\s+(?:rename|change\s+(?:the\s+)?names?(?:\s+of)?)\b\s*(?P<x>.*)", _keep_names),
        (
            r"\bkeep\s+(?:(?:the|their|all|original|old|own|file|current)\s*)*\bnames?\b(?:\s+of\s+(?P<x>.+))?",
            _keep_names,
        ),
        (r"\bno\s+renam(?:es?|ing)\b", _keep_names),
        (rf"{_NOT}\s+(?:move|touch|change)\b\s*(?P<x>.*)", _leave),
        (rf"\b(?:leave|keep)\s+{_in_place('(?P<x>.+?)')}", _leave),
        (r"\b(?:skip|ignore|exclude|leave\s+out)\s+(?P<x>.+)", _leave),
        (r"\b(?:merge|combine|fold)\s+(?P<x>.+?)\s+(?:into|to|with)\s+(?P<y>[^,]+)", _merge),
        (r"\brename\s+(?P<x>.+?)\s+(?:to|into|as)\s+(?P<y>[^,]+)", _rename),
        (r"\bcall\s+(?P<x>.+?)\s+as\s+(?P<y>[^,]+)", _rename),
        (r"\bcall\s+(?P<words>[^,]+)", _call),
        (r"\b(?:put|move|file|place)\s+(?P<x>.+?)\s+(?:in|into|under|to)\s+(?P<y>[^,]+)", _put),
        (r"(?P<x>.+?)\s+(?:should\s+go|belongs?|goes|go)\s+(?:in|into|under|to)\s+(?P<y>[^,]+)", _put),
    )
)
