"""What stood at a place and what stands there now, in words: how much it is, and what was changed since."""

from __future__ import annotations

import os
from dataclasses import dataclass

from bot.domain import difference
from bot.domain.basis import Basis
from bot.tools.paths import legible


@dataclass(frozen=True, kw_only=True)
class Drift:
    """`what` was changed since a person was asked, in a sentence; `difference` in lines, where both are text.

    `is_gone`: nothing stands there any more.
    """

    what: str
    is_gone: bool = False
    difference: str = ""


def drift(was: Basis, now: Basis) -> Drift | None:
    """None when all is as it was."""
    if was.print == now.print:
        return None
    if was.account:
        return Drift(what=f"It would be done as {now.account} now; you were asked for {was.account}.")
    if was.is_pin:
        return Drift(
            what=f"{was.place} is not what it was when you were asked: an admin accepted another description of it, "
            "or its connector was set up or signed in to otherwise."
        )
    name = legible(os.path.basename(was.place))
    if not was.print:
        return Drift(what=f"{name} has appeared there since you were asked ({amount(now)}).")
    if not now.print:
        return Drift(what=f"{name} is gone since you were asked.", is_gone=True)
    if was.text and was.text == now.text:
        return Drift(what=f"{name} was changed since you were asked: a secret in it, which is not shown.")
    if was.text and now.text:
        return _of_text(name, was.text, now.text)
    return Drift(what=f"{name} was changed since you were asked: {_amounts(was, now)}.")


def amount(basis: Basis) -> str:
    """How much stands there: "1,204 bytes, last changed 2026-01-02 03:04 UTC", "a folder with 3 things in it"."""
    if basis.is_folder:
        inside = {0: "an empty folder", 1: "a folder with 1 thing in it"}
        return inside.get(basis.count, f"a folder with {basis.count:,} things in it")
    if basis.is_file:
        size = "1 byte" if basis.size == 1 else f"{basis.size:,} bytes"
        return f"{size}, last changed {basis.changed} UTC"
    return "a link" if basis.print.startswith("link:") else "something that is no file"


def _amounts(was: Basis, now: Basis) -> str:
    if amount(was) != amount(now):
        return f"it was {amount(was)}, now it is {amount(now)}"
    return "something in it is not what it was" if now.is_folder else "in what cannot be shown"


def _of_text(name: str, was: str, now: str) -> Drift:
    rows = difference.rows(was, now)
    added = sum(row.startswith("+") for row in rows)
    removed = sum(row.startswith("-") for row in rows)
    if not rows:
        return Drift(what=f"{name} was changed since you were asked: only how its lines end.")
    lines = "1 line" if added == 1 else f"{added:,} lines"
    return Drift(
        what=f"{name} was changed since you were asked: {lines} added, {removed:,} removed.",
        difference="\n".join([f"{name}, since you were asked:", *difference.shown(rows)]),
    )
