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
DETAIL = 2_000
DETAIL_ROOM = 500


@dataclass(frozen=True, kw_only=True)
class Row:
    number: int
    preview: str
    detail: str

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
            blocks.append(pieces.rich_list(lines, first=some[0].number))
            blocks += [pieces.verbatim(row.detail) for row in some if row.detail]
    return blocks


def _pages(actions: Sequence[Action], folder: str) -> list[list[Row]]:
    pages: list[list[Row]] = [[]]
    room = PAGE_CHARACTERS
    for number, action in enumerate(actions, 1):
        row = Row(number=number, preview=_preview(action, folder), detail=_written(action))
        if len(pages[-1]) == PAGE_ACTIONS or row.room > room:
            pages.append([])
            room = PAGE_CHARACTERS
        pages[-1].append(row)
        room -= row.room
    return pages


def _preview(action: Action, folder: str) -> str:
    text = escape.line(escape.exact(places.within(action, folder)))
    if len(text) <= PREVIEW:
        return text
    return f"{text[:PREVIEW]}… ({len(text) - PREVIEW:,} more characters)"


def _written(action: Action) -> str:
    """What it writes, as far as a window can show it."""
    text = escape.exact(action.detail).strip()
    if len(text) <= DETAIL:
        return text
    return f"{text[:DETAIL]}\n… ({len(text) - DETAIL:,} more characters)"


def _where(rows: Sequence[Row], total: int) -> str:
    if not rows:
        return "There are no actions."
    if len(rows) == total:
        return f"All {total:,}, in the order in which they run."
    return f"{rows[0].number:,}–{rows[-1].number:,} of {total:,}, in the order in which they run."
