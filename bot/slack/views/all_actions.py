"""Every action of a checkpoint, numbered, in a modal that pages within Slack's limits."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.domain.approval import Action, Approval
from bot.slack import escape, fit
from bot.slack.views import pieces, places

ALL_ACTIONS = "all_actions"
ALL_ACTIONS_PAGE = "all_actions_page"

PAGE_ACTIONS = 50
PAGE_CHARACTERS = 20_000
PREVIEW = 2_500
DETAIL = 2_500
DETAIL_ROOM = 500


@dataclass(frozen=True, kw_only=True)
class Row:
    """`is_more` of what this action writes, which stands before."""

    number: int
    preview: str
    detail: str
    is_more: bool = False

    @property
    def room(self) -> int:
        """In characters; one with a detail is two blocks more, of which a window holds a hundred."""
        return len(self.preview) + (len(self.detail) + DETAIL_ROOM if self.detail else 0)


def all_actions(approval: Approval, page: int = 1) -> View:
    """One page of the list; a page that does not exist is the nearest that does."""
    actions = approval.draft.actions
    folder = places.shared_folder(actions)
    pages = _pages(actions, folder)
    page = min(max(page, 1), len(pages))
    rows = pages[page - 1]
    blocks: list[Block] = [
        pieces.section(_where(rows, len(actions))),
        *([pieces.literal(escape.exact(f"In {folder}"))] if folder else []),
        *_list(rows),
        *pieces.pager(ALL_ACTIONS_PAGE, approval.id, page, len(pages)),
        pieces.aside(f"Digest `{escape.mrkdwn_line(approval.digest[:12])}`"),
    ]
    return fit.fit_view(
        View(
            type="modal",
            callback_id=ALL_ACTIONS,
            title=pieces.plain("All actions"),
            close=pieces.plain("Close"),
            private_metadata=approval.id,
            blocks=blocks,
        )
    )


def _list(rows: Sequence[Row]) -> list[Block]:
    """Numbered lines; behind one that writes something, what it writes."""
    blocks: list[Block] = []
    for has_detail, group in itertools.groupby(rows, key=lambda row: bool(row.detail)):
        together = list(group)
        for some in [[row] for row in together] if has_detail else [together]:
            lines = ([pieces.words(row.preview)] for row in some)
            blocks += [] if some[0].is_more else [pieces.rich_list(lines, first=some[0].number)]
            blocks += [pieces.verbatim(row.detail) for row in some if row.detail]
    return blocks


def _pages(actions: Sequence[Action], folder: str) -> list[list[Row]]:
    pages: list[list[Row]] = [[]]
    room = PAGE_CHARACTERS
    for number, action in enumerate(actions, 1):
        for row in _rows(number, action, folder):
            if len(pages[-1]) == PAGE_ACTIONS or row.room > room:
                pages.append([])
                room = PAGE_CHARACTERS
            pages[-1].append(row)
            room -= row.room
    return pages


def _rows(number: int, action: Action, folder: str) -> list[Row]:
    """One, or as many as it takes to show the whole text that it writes."""
    edited = f"Changed by {action.revision.by}:\n{action.revision.told}" if action.revision else ""
    said = (part for part in (edited, action.changed, action.detail) if part.strip())
    text = escape.exact("\n\n".join(said)).strip("\n")
    first, *others = _cut(text)
    rest = [Row(number=number, preview="", detail=part, is_more=True) for part in others]
    return [Row(number=number, preview=_preview(action, folder), detail=first), *rest]


def _cut(text: str) -> list[str]:
    """After a line, where there is one."""
    parts = []
    while len(text) > DETAIL:
        at = text.rfind("\n", DETAIL // 2, DETAIL) + 1 or DETAIL
        parts.append(text[:at])
        text = text[at:]
    return [*parts, text]


def _preview(action: Action, folder: str) -> str:
    about = f" · {action.about}" if action.about else ""
    text = escape.line(escape.exact(places.within(action, folder) + about))
    if len(text) <= PREVIEW:
        return text
    return f"{text[:PREVIEW]}… ({len(text) - PREVIEW:,} more characters)"


def _where(rows: Sequence[Row], total: int) -> str:
    if not rows:
        return "There are no actions."
    if len(rows) == total and not any(row.is_more for row in rows):
        return f"All {total:,}, in the order in which they run."
    first, last = rows[0], rows[-1]
    numbers = f"{first.number:,}" if first.number == last.number else f"{first.number:,}–{last.number:,}"
    more = f" {first.number:,} goes on from the page before." if first.is_more else ""
    return f"{numbers} of {total:,}, in the order in which they run.{more}"
