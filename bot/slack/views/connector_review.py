"""What is new or changed in a connector since an admin looked: each tool with the difference, and a yes for it."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.views import View

from bot.domain.connector import Definition
from bot.domain.tooling import Shown, Tooling
from bot.slack import escape, fit
from bot.slack.views import pieces
from bot.slack.views.connectors import modal, title, unseen

ACCEPT: Final = "connector_accept"
ACCEPT_ALL: Final = "connector_accept_all"
PAGE: Final = "connector_review_page"

A_PAGE = 8
_PIECE, _PIECES = 2900, 4


def review(one: Shown, page: int = 1, note: str = "") -> View:
    """`note` says what came of the last click."""
    waiting = one.unseen
    pages = max(1, -(-len(waiting) // A_PAGE))
    page = min(max(page, 1), pages)
    shown = waiting[(page - 1) * A_PAGE : page * A_PAGE]
    blocks: list[Block] = [
        *([pieces.section(escape.mrkdwn(note))] if note else []),
        *_head(one, waiting, page, pages),
        *(block for tool in shown for block in _tool(one, tool)),
        *_all(one, shown),
        *pieces.pager(PAGE, one.connector.slug, page, pages),
    ]
    return modal("Review changes", blocks, carried=one.connector.slug)


def seen(tools: Sequence[Tooling]) -> str:
    """What a yes is to: these definitions, and no later ones."""
    pinned = "".join(f"{tool.name}\0{tool.definition.digest}\n" for tool in tools)
    return hashlib.sha256(pinned.encode(errors="surrogatepass")).hexdigest()[:24]


def meant(one: Shown, mark: str) -> Mapping[str, str] | None:
    """The digests, by tool, that a yes is to; None where one of them is not as it was shown any more."""
    waiting = one.unseen
    pages = [waiting[at : at + A_PAGE] for at in range(0, len(waiting), A_PAGE)]
    shown = [*([tool] for tool in waiting), *pages]
    found = next((tools for tools in shown if seen(tools) == mark), None)
    return None if found is None else {tool.name: tool.definition.digest for tool in found}


def difference(tool: Tooling) -> str:
    """Line by line what is otherwise; of a new one all of it."""
    now = _lines(tool.definition)
    if tool.accepted is None:
        return "\n".join(now)
    rows = difflib.unified_diff(_lines(tool.accepted), now, "as accepted", "as it is now", n=3, lineterm="")
    return "\n".join(rows)


def _lines(definition: Definition) -> list[str]:
    """Its description as it reads, and the rest as JSON; nothing in it is invisible."""
    described = definition.described
    said = str(described.pop("description", ""))
    rest = json.dumps(described, indent=2, ensure_ascii=False, sort_keys=True)
    return escape.exact(f"{said}\n{rest}").split("\n")


def _head(one: Shown, waiting: Sequence[Tooling], page: int, pages: int) -> Iterator[Block]:
    if not waiting:
        yield pieces.section(f"✓ {title(one)}: nothing waits for review.")
        return
    where = f" · page {page} of {pages}" if pages > 1 else ""
    yield pieces.section(
        f"{title(one)}: {unseen(one)}{where}\n"
        "They are off until you accept them; what you do not accept stays off. All below is the server's own "
        "words: read them as you would a stranger's. A new tool asks before each call until you choose otherwise "
        "under Settings; a changed one may again what was chosen for it before."
    )


def _tool(one: Shown, tool: Tooling) -> Iterator[Block]:
    yield DividerBlock()
    kind = "New" if tool.is_new else "Changed"
    button = pieces.button("Accept", ACCEPT, f"{one.connector.slug}_{seen([tool])}", style="primary")
    name = tool.name
    button.accessibility_label = fit.clip(escape.line(f"Accept: {name}"), 75)
    said = fit.clip(escape.mrkdwn_line(escape.exact(name)), 150, is_mrkdwn=True)
    yield pieces.section(f"*{kind}*: {said}", accessory=button)
    text = difference(tool)
    parts = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
    yield from (pieces.verbatim(part) for part in parts[:_PIECES])
    if (more := len(text) - _PIECE * _PIECES) > 0:
        yield pieces.aside(
            f"⚠️ {more:,} more characters do not fit here. A description that long can hide what it says: "
            "better leave it off."
        )


def _all(one: Shown, shown: Sequence[Tooling]) -> list[Block]:
    """Only of what can be seen on this page."""
    if len(shown) < 2:
        return []
    label = f"Accept all {len(shown)} on this page"
    button = pieces.button(label, ACCEPT_ALL, f"{one.connector.slug}_{seen(shown)}")
    return [DividerBlock(), *pieces.buttons([button])]
