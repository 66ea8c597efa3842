"""A brief in a few words for people: the card's line, and what a change of it says."""

from __future__ import annotations

from bot.domain.brief import Boundary, Brief, Format

FORMATS = {
    Format.MARKDOWN: "Markdown",
    Format.WORD: "Word",
    Format.EXCEL: "Excel",
    Format.SLIDES: "PowerPoint",
    Format.PDF: "PDF",
    Format.HTML: "HTML",
    Format.CSV: "CSV",
    Format.JSON: "JSON",
    Format.TEXT: "text",
}


def you_said(brief: Brief) -> tuple[str, ...]:
    """What binds, each in the requester's own words: "no new files", "plan first", "Markdown file"."""
    said = [_short(boundary.quote) for boundary in brief.boundaries]
    if brief.plan_first:
        said.append("plan first" + (" (approved)" if brief.plan_approved else ""))
    said += [_short(wish.quote) for wish in brief.check_ins]
    said += [wish.name or f"{FORMATS[wish.format]} file" for wish in brief.wanted]
    return tuple(dict.fromkeys(said))


def in_full(brief: Brief) -> tuple[str, ...]:
    """A line for each thing that binds, saying how."""
    lines = [f"“{boundary.quote}”: {meaning(boundary)}" for boundary in brief.boundaries]
    if brief.plan_first:
        lines.append(
            "Plan first: " + ("approved" if brief.plan_approved else "nothing but reads until it is approved")
        )
    lines += [
        f"“{wish.quote}”: {'asked about first' if wish.effects else 'told to the model'}"
        for wish in brief.check_ins
    ]
    lines += [f"Wanted: {wish.name or f'a {FORMATS[wish.format]} file'}" for wish in brief.wanted]
    lines += [f"“{words}”: told to the model; no rule of mine can hold it" for words in brief.unclear]
    return tuple(dict.fromkeys(lines))


def meaning(boundary: Boundary) -> str:
    """What a boundary forbids, as policy holds it."""
    effects = ", ".join(sorted(boundary.effects))
    if boundary.only:
        return f"no {effects} outside of {', '.join(sorted(boundary.only))}"
    return f"no {effects}" + (f" where the name has “{boundary.where}”" if boundary.where else "")


def change(before: Brief, after: Brief) -> tuple[str, ...]:
    """What became different, "" for nothing: for the news, the card and the log."""
    had, has = set(before.boundaries), set(after.boundaries)
    said = [
        f"no longer: {_short(one.quote)}"
        for one in before.boundaries
        if one not in has and not _is_left(one, after)
    ]
    said += [
        f"no longer everywhere: {_short(one.quote)}"
        for one in before.boundaries
        if one not in has and _is_left(one, after)
    ]
    quotes = {one.quote for one in before.boundaries}
    said += [_short(one.quote) for one in after.boundaries if one not in had and one.quote not in quotes]
    if before.plan_first != after.plan_first or (before.plan_approved and not after.plan_approved):
        said.append("plan first" if after.plan_first else "no plan first")
    said += [_short(one.quote) for one in after.check_ins if one not in before.check_ins]
    said += [
        wish.name or f"{FORMATS[wish.format]} file" for wish in after.wanted if wish not in before.wanted
    ]
    return tuple(dict.fromkeys(said))


def _is_left(boundary: Boundary, after: Brief) -> bool:
    return any(one.quote == boundary.quote for one in after.boundaries)


def _short(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
