"""The end of a task as lines: the files handed over, and what was done, from the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from bot.cli import shared
from bot.domain.receipt import Receipt
from bot.domain.snapshot import Snapshot
from bot.slack.views import words

LEFT_SHOWN = 10
Line = tuple[str | None, str]


def lines(snapshot: Snapshot, near: Callable[[str], str]) -> Iterator[Line]:
    """Each with its style."""
    task = snapshot.task
    if snapshot.deliverables:
        yield "bold", "\nFiles for you"
    for deliverable in snapshot.deliverables:
        yield (
            None,
            f"  {_name(words.titled(deliverable))} ({words.size(deliverable.size)}): {_name(deliverable.path)}",
        )
    yield from _left("Asked for, and missing", "", task.brief.missing, near)
    yield from _left("Look at this", "What the last look found, and is still so", task.brief.doubts, near)
    if snapshot.receipts:
        yield "bold", f"\nWhat was done ({len(snapshot.receipts)}), from the journal"
    for undo, alike in groupby(snapshot.receipts, key=lambda receipt: words.undoing(receipt, task)):
        yield from ((None, f"  {_name(near(_done(receipt)))}") for receipt in alike)
        if undo:
            yield "dim", f"    {undo}"
    if task.place.is_terminal and any(words.can_undo(receipt, task) for receipt in snapshot.receipts):
        yield "dim", f"  Take it back with: cowork undo {task.id}"
    yield from _left("Not done", words.undone(snapshot), snapshot.undone, near)
    yield from _left("May or may not have happened", "", snapshot.unknown, near)
    yield None, ""
    spent = (
        words.count(task.spent.turns, "turn"),
        words.duration(task, snapshot.now),
        words.money(task.spent.dollars),
    )
    yield "dim", " · ".join([f"Task {task.id} {task.state}", *filter(None, spent)])


def _left(title: str, about: str, names: Sequence[str], near: Callable[[str], str]) -> Iterator[Line]:
    """What a stop came before, or cut."""
    if names:
        yield "bold", f"\n{title}" + (f": {about[:1].lower()}{about[1:]}" if about else "")
    yield from ((None, f"  {_name(near(name))}") for name in names[:LEFT_SHOWN])
    if len(names) > LEFT_SHOWN:
        yield "dim", f"  and {len(names) - LEFT_SHOWN:,} more"


def _done(receipt: Receipt) -> str:
    if receipt.before and receipt.after == receipt.where:
        return f"{receipt.what} {receipt.before} → {receipt.where}"
    if receipt.before and receipt.after:
        return f"{receipt.what} {receipt.where} ({receipt.before} → {receipt.after})"
    detail = f"before: {receipt.before}" if receipt.before else receipt.after
    return f"{receipt.what} {receipt.where}" + (f" ({detail})" if detail and detail != receipt.where else "")


def _name(text: str) -> str:
    return shared.legible(text, lines=False)
