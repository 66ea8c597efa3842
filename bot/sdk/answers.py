"""What actions give back: compact, in pages, with links; and how a long text is shown in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from bot.domain.call import Result

ROWS = 20
MOST_TEXT = 20_000
"""Characters of one answer: what is longer is read in parts."""

Cursor = Annotated[str, "From the answer before, for the next rows."]
Offset = Annotated[int, "Where to go on in a long text."]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of what there is. `cursor` gets the next ones, "" for none; `total` where the service says it."""

    rows: Sequence[Any]
    cursor: str = ""
    total: int | None = None


def page_of(found: Sequence[Any], cursor: str = "", *, rows: int = ROWS) -> Page:
    """A page of what is all here already; the cursor is the number of the first row."""
    first = int(cursor) if cursor.isdigit() else 0
    last = first + rows
    return Page(rows=found[first:last], cursor=str(last) if last < len(found) else "", total=len(found))


def listed(
    page: Page,
    line: Callable[[Any], str],
    *,
    what: str,
    ids: Iterable[str] = (),
    hidden: int = 0,
    is_narrowed: bool = False,
) -> Result:
    """A line per row, and what else there is. `what` is the plural ("issues"); `hidden` were outside of the grant.

    Of a search for words that number would tell what is written there: it only says that it `is_narrowed`.

    `ids` are names that the service itself gave to things of its own: a later call may go there.
    """
    head = f"{len(page.rows)} {what}" if page.total is None else f"{len(page.rows)} of {page.total} {what}"
    lines = [f"{head}:" if page.rows else f"No {what} found.", *map(line, page.rows)]
    if page.cursor:
        lines.append(f'More with cursor="{page.cursor}".')
    if hidden:
        lines.append(f"{hidden} more are outside of what was granted, and not shown.")
    if is_narrowed:
        lines.append("Only what was granted is shown.")
    return Result(text="\n".join(lines), ids=tuple(ids))


def line(*parts: str | None) -> str:
    """One row of a listing, without what is empty."""
    return " · ".join(part for part in parts if part)


def minute(stamp: Any) -> str:
    """2026-11-23 09:30 of what a service gives as 2026-11-23T09:30:00.000+0100; "" of nothing."""
    return str(stamp or "")[:16].replace("T", " ")


def part_of(text: str, offset: int = 0, *, most: int = MOST_TEXT) -> str:
    """A part of a long text, which says where to go on."""
    part = text[offset : offset + most]
    end = offset + len(part)
    if end >= len(text):
        return part
    return f"{part}\n\n… {len(text) - end:,} more characters: go on with offset={end}."


def marked(effect_id: str) -> str:
    """What is embedded in a text so that a lookup finds it: "cowork-", and then letters and digits only."""
    return f"cowork-{''.join(filter(str.isalnum, effect_id))}"
