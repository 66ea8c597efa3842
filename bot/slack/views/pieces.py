"""The blocks that every view is made of, and the labels of the buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextSectionElement,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import RichTextElement

from bot.domain.grant import FolderGrant
from bot.slack import escape, fit

APPROVE = "Approve"
REDIRECT = "Redirect…"
STOP = "Stop"
RETRY = "Retry"
UNDO = "Undo"
DETAILS = "Details"
PREVIOUS = "Previous"
NEXT = "Next"

NOTHING = "–"
FOLDERS_SHOWN = 12

_NUMBERED = re.compile(r":(\d{1,6})$")


def header(words: str) -> HeaderBlock:
    """Untrusted words as a title, exactly as they are."""
    return HeaderBlock(text=plain(fit.clip(escape.line(words), 150)))


def section(
    mrkdwn: str, accessory: ButtonElement | None = None, *, block_id: str | None = None
) -> SectionBlock:
    """Our own mrkdwn, with whatever is untrusted in it escaped already."""
    text = _mrkdwn(fit.clip(mrkdwn, 3000, is_mrkdwn=True))
    return SectionBlock(text=text, accessory=accessory, block_id=block_id)


def literal(words: str) -> SectionBlock:
    """Untrusted words in a section, exactly as they are."""
    return SectionBlock(text=plain(fit.clip(escape.visible(words), 3000)))


def aside(*mrkdwn: str) -> ContextBlock:
    """Small print: our own mrkdwn, as in `section`."""
    return ContextBlock(elements=[_mrkdwn(fit.clip(text, 2000, is_mrkdwn=True)) for text in mrkdwn])


def folder_list(folders: Sequence[FolderGrant]) -> SectionBlock:
    """Granted folders by their whole paths."""
    rows = [
        f"• {fit.clip(escape.mrkdwn_line(grant.path), 200, is_mrkdwn=True)}{'' if grant.writable else ' (read only)'}"
        for grant in folders[:FOLDERS_SHOWN]
    ]
    more = len(folders) - len(rows)
    return section("\n".join(["*Folders*", *rows, *([f"and {more} more"] if more else [])]))


def plain(words: str) -> PlainTextObject:
    return PlainTextObject(text=words if words.strip() else NOTHING, emoji=False)


def rich_list(items: Iterable[Sequence[RichTextElement]], *, first: int | None = None) -> RichTextBlock:
    """A bullet list; with `first`, an ordered one that counts from there."""
    return RichTextBlock(
        elements=[
            RichTextListElement(
                style="bullet" if first is None else "ordered",
                offset=None if first is None else first - 1,
                elements=[RichTextSectionElement(elements=list(item)) for item in items],
            )
        ]
    )


def verbatim(text: str) -> RichTextBlock:
    """Untrusted text as it is, line by line."""
    shown = escape.visible(text).strip("\n")
    return RichTextBlock(
        elements=[RichTextPreformattedElement(elements=[words(shown if shown.strip() else NOTHING)])]
    )


def words(text: str, *, bold: bool = False, italic: bool = False) -> RichTextElement:
    """Untrusted words in rich text: nothing in them is markup."""
    style = RichTextElementParts.TextStyle(bold=bold or None, italic=italic or None)
    return RichTextElementParts.Text(text=text or NOTHING, style=style if bold or italic else None)


def button(label: str, action_id: str, value: str, *, style: str | None = None) -> ButtonElement:
    """`value` is an id, never content."""
    text = fit.clip(escape.line(label), 75)
    return ButtonElement(text=plain(text), action_id=action_id, value=value, style=style)


def buttons(elements: Iterable[ButtonElement], block_id: str | None = None) -> list[Block]:
    """A row of buttons; none when there are none. On a Home tab, which is drawn again and again, with an id."""
    found = list(elements)
    return [ActionsBlock(elements=found, block_id=block_id)] if found else []


def pager(action_id: str, value: str, page: int, pages: int) -> list[Block]:
    """Buttons to the pages before and after this one; the page is in the action id."""
    found = []
    if page > 1:
        found.append(button(PREVIOUS, numbered(action_id, page - 1), value))
    if page < pages:
        found.append(button(NEXT, numbered(action_id, page + 1), value))
    return buttons(found)


def option(value: str, label: str, description: str = "") -> Option:
    return Option(
        value=value,
        text=plain(fit.clip(escape.line(label), 75)),
        description=plain(fit.clip(description, 75)) if description else None,
    )


def numbered(action_id: str, number: int) -> str:
    """An action id that carries a number: which option, which page."""
    return f"{action_id}:{number}"


def any_number(action_id: str) -> re.Pattern[str]:
    """Matches `numbered(action_id, n)` for every n: what a listener is registered for."""
    return re.compile(rf"^{re.escape(action_id)}:\d{{1,6}}$")


def number_of(action_id: str) -> int:
    """The number that `numbered` put into an action id."""
    found = _NUMBERED.search(action_id)
    if found is None:
        raise ValueError(f"{action_id} carries no number")
    return int(found[1])


def _mrkdwn(text: str) -> MarkdownTextObject:
    return MarkdownTextObject(text=text if text.strip() else NOTHING, verbatim=True)
