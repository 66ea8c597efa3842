"""What is said and written of a new order: the checkpoint's summary, the outcome, the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from bot.rehearsal.goals.draft import Draft
from bot.rehearsal.goals.proposal import UNSORTED, Place, Proposal
from bot.rehearsal.goals.results import Approved
from bot.rehearsal.goals.wishes import FORMS
from bot.rehearsal.goals.words import counted, listed

_NAMED = 8
_LONG = 2900


@dataclass(frozen=True, kw_only=True)
class CheckpointNote:
    """What else a person should know when deciding."""

    understood: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    left_out: int = 0


def summary(proposal: Proposal, draft: Draft, note: CheckpointNote) -> str:
    """The checkpoint's summary, in Markdown: by folder, what cannot be placed and why, what stays."""
    moves, groups = proposal.moves, _groups(proposal)
    into = f" into {counted(len(groups), 'folder')}" if any(groups) else ""
    of_all = f"{counted(len(moves), 'file')} of {len(proposal.places):,}"
    lines = [
        f"{of_all} in `{proposal.root}` would move{into}. Nothing has been moved yet.",
        "",
        *_heard(note),
        *(_group_line(group, members) for group, members in sorted(groups.items())),
        *_unplaced(proposal),
        *_stays(proposal),
        f"- Names: {'as they are' if _all_own(proposal) else f'`{draft.convention.pattern}` with their own ending'}.",
    ]
    if note.left_out:
        lines.append(f"- {note.left_out:,} more entries are not shown to me and stay where they are.")
    return _cut("\n".join(lines))


def outcome(proposal: Proposal, late: Sequence[str] = ()) -> str:
    """The final words: outcome first, counts, what went to Unsorted and why."""
    moves, unplaced = proposal.moves, [place for place in proposal.places if place.why]
    sorted_in = _groups(proposal)
    lines = [f"Done: {counted(len(moves), 'file was', 'files were')} moved in `{proposal.root}`."]
    if not moves:
        lines = [f"Everything in `{proposal.root}` is in its place already: nothing was moved."]
    for group, members in sorted(sorted_in.items()):
        lines.append(f"- {_folder(group)}: {counted(len(members), 'file')}")
    lines += _unplaced(proposal, all_of_them=True)
    stays = len(proposal.places) - len(moves) - sum(not place.moves for place in unplaced)
    if moves and stays:
        lines.append(f"- {counted(stays, 'file was', 'files were')} left in place.")
    if emptied := _emptied(proposal):
        lines.append(f"- Now empty, and left for you to delete: {listed([f'`{name}/`' for name in emptied])}")
    for words in late:
        lines.append(f"- You wrote “{words}” after the approval: that is not done. Say it as a new goal.")
    return "\n".join(lines)


def partial_report(root: str, decision: Approved, actions: Iterable[Mapping[str, Any]]) -> str:
    """Exactly what ran, what failed and what did not run."""
    every = [_action(action) for action in actions]
    ran = len(decision.ran)
    lines = [f"Not finished: {ran} of {len(every)} actions in `{root}` ran, then one failed.", ""]
    lines += [f"- Failed: {every[ran] if ran < len(every) else 'the last action'} ({decision.failure})"]
    lines += [f"- Done: {words}" for words in decision.ran]
    lines += [f"- Not run: {words}" for words in every[ran + 1 :]]
    lines += ["", f"Say “organise {root}” to get a new proposal from what is there now."]
    return "\n".join(lines)


def index(proposal: Proposal) -> str:
    """INDEX.md: a table of all files."""
    name = PurePosixPath(proposal.root).name
    rows = [_row(place) for place in sorted(proposal.places, key=lambda place: place.target)]
    return "\n".join(
        [
            f"# Index of {name}",
            "",
            f"{counted(len(rows), 'file')}.",
            "",
            "| File | Department | Period | Type | Was |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _row(place: Place) -> str:
    placement = place.placement
    was = placement.filing.inside if place.moves else "unchanged"
    cells = (place.target, placement.department, placement.period, placement.type, was)
    return "| " + " | ".join((cell or "–").replace("|", "\\|") for cell in cells) + " |"


def _groups(proposal: Proposal) -> dict[str, list[Place]]:
    """The placed files that move, by the folder they end in."""
    groups: dict[str, list[Place]] = {}
    for place in proposal.moves:
        if not place.why:
            groups.setdefault(place.group, []).append(place)
    return groups


def _group_line(group: str, members: list[Place]) -> str:
    kinds = Counter(place.placement.type or "other" for place in members)
    what = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(5))
    months = sorted({place.placement.period for place in members} - {""})
    span = f", {months[0]} to {months[-1]}" if len(months) > 1 else f", {months[0]}" if months else ""
    return f"- **{_folder(group)}**: {counted(len(members), 'file')} ({what}{span})"


def _folder(group: str) -> str:
    return f"{group}/" if group else "at the top"


def _unplaced(proposal: Proposal, *, all_of_them: bool = False) -> list[str]:
    unplaced = [place for place in proposal.places if place.why]
    if not unplaced:
        return []
    shown = unplaced if all_of_them else unplaced[:_NAMED]
    where = f"**{UNSORTED}/**" if any(place.moves for place in unplaced) else "Not placed"
    why = [f"  - `{PurePosixPath(place.target).name}`: {place.why}" for place in shown]
    more = [f"  - and {len(unplaced) - len(shown):,} more"] if len(unplaced) > len(shown) else []
    words = f"- {where}: {counted(len(unplaced), 'file')} that I cannot place, under their own names:"
    return [words, *why, *more]


def _stays(proposal: Proposal) -> list[str]:
    stays = [place for place in proposal.places if not place.moves and not place.why]
    told = sum(place.placement.kept for place in stays)
    lines = [f"- Left alone, as you said: {counted(told, 'file')}."] if told else []
    if len(stays) > told:
        lines.append(f"- Already in place: {counted(len(stays) - told, 'file')}.")
    return lines


def _heard(note: CheckpointNote) -> list[str]:
    lines = [f"Changed as you said: {_quoted(note.understood)}."] if note.understood else []
    if note.unclear:
        lines.append(f"I did not understand {_quoted(note.unclear)}. I work by fixed rules.")
        lines.append(f"What I understand: {'; '.join(FORMS)}.")
    return [*lines, ""] if lines else []


def _quoted(clauses: Sequence[str]) -> str:
    return listed([f"“{clause}”" for clause in clauses])


def _all_own(proposal: Proposal) -> bool:
    return all(place.placement.own_name for place in proposal.places)


def _emptied(proposal: Proposal) -> list[str]:
    before = {place.placement.filing.folder for place in proposal.moves} - {""}
    after = {place.group for place in proposal.places}
    return sorted(name for name in before if not any(a == name or a.startswith(f"{name}/") for a in after))


def _action(action: Mapping[str, Any]) -> str:
    given = action.get("input", {})
    if action.get("tool") == "move_file":
        return f"{given.get('source')} → {given.get('destination')}"
    return f"make {given.get('path')}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[: text.rfind("\n", 0, _LONG)] + "\n- …"
