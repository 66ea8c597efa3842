"""An account in plain words: what anybody may ask of the log, answered line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bot.audit.account import Account, Asked, Deed

_SAID = {
    "approved": "approved",
    "redirected": "redirected",
    "answered": "answered",
    "stopped": "stopped",
    "lapsed": "ran out, and was put again",
    "edited": "changed, and put again",
    "": "not decided yet",
}


Who = Callable[[str], str]
"""Gives a person by name; the log knows them as user@workspace."""


def opening(account: Account, who: Who = str) -> str:
    """Who asked for what, when."""
    if account.at is None:
        gone = "it was pruned, or there is no such task"
        return f"The log holds nothing of task {account.task}: {gone}."
    how = f", {account.autonomy}" if account.autonomy else ""
    asked = f"was asked for by {who(account.requester)} on {moment(account.at)}{how}"
    return f"Task {account.task} {asked}: “{account.goal}”"


def deed(one: Deed, who: Who = str) -> list[str]:
    """What was done, and below it why that was allowed, by whom, and what it cost."""
    return [_what(one), *(f"   {line}" for line in _why(one, who))]


def together(deeds: Sequence[Deed], who: Who = str) -> list[str]:
    """What was done, each by itself, and after that what is the same for all of them, once."""
    told = [list(_why(one, who))[1:] for one in deeds]
    first, last = deeds[0], deeds[-1]
    shared = [line for line in told[0] if all(line in other for other in told)]
    if first.rule and _rule(first) not in shared:
        shared.insert(0, f"{_allowed(first)}, each by itself")
    return [
        *map(_what, deeds),
        f"   {moment(first.at)} to {moment(last.at)} · {first.tool}",
        *(f"   {line}" for line in shared),
    ]


def closing(account: Account) -> str:
    reads = len(account.deeds) - len(account.effects)
    parts = [
        _count(len(account.effects), "effect"),
        f"{_count(reads, 'call')} that changed nothing",
        _count(account.turns, "turn") + " of the model",
        f"{account.tokens:,} tokens",
        "cost not known" if account.dollars is None else f"${account.dollars:,.4f}",
    ]
    return "In all: " + ", ".join(parts) + "."


def decided(one: Asked, who: Who = str) -> str:
    """What was put to people, and what they said."""
    put = f"“{one.title}”, asked on {moment(one.at)}"
    people = " and ".join(map(who, one.people)) or "nobody"
    if not one.decision:
        return f"{put}: " + (f"{people} said yes; it waits for more" if one.people else _SAID[""])
    when = f" on {moment(one.decided_at)}" if one.decided_at else ""
    words = f": “{one.words}”" if one.words else ""
    return f"{put}: {_SAID.get(one.decision, one.decision)} by {people}{when}{words}"


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _what(one: Deed) -> str:
    if one.is_denied:
        return f"Not allowed: {one.what}"
    if one.is_done is None:
        return f"Begun, and its outcome is not known: {one.what}"
    if not one.is_done:
        return f"Failed: {one.what}"
    if not one.receipt:
        return one.what
    did, where = one.receipt.get("what", "Did"), one.receipt.get("where", "")
    before, after = one.receipt.get("before", ""), one.receipt.get("after", "")
    if before.startswith("/"):
        return f"{did} {before} → {where}"
    change = " → ".join(filter(None, (before, after)))
    return f"{did} {where}" + (f" ({change})" if change else "")


def _why(one: Deed, who: Who) -> Iterator[str]:
    yield f"{moment(one.at)} · {one.tool} · call {one.call}"
    if one.rule:
        yield _rule(one)
    if one.asked is not None:
        if asked := one.asked.rules.get(one.call):
            yield f"It had been asked for by rule {asked[0]}: {asked[1]}"
        yield decided(one.asked, who)
    if one.pin:
        yield _pinned(one.pin)
    if one.labels:
        yield f"What the task had read by then: {', '.join(one.labels)}"
    yield from _after(one)


def _rule(one: Deed) -> str:
    return f"{_allowed(one)}: {one.reason}"


def _allowed(one: Deed) -> str:
    return f"{'Forbidden' if one.is_denied else 'Allowed'} by rule {one.rule}"


def _pinned(pin: Mapping[str, str]) -> str:
    accepted = f", as accepted: {pin['definition']}" if pin.get("definition") else ""
    return f"Made by the connector {pin.get('connector', '')} at {pin.get('server', '')}{accepted}"


def _after(one: Deed) -> Iterator[str]:
    """What it gave and cost, and whether it can be taken back."""
    if one.outcome:
        yield f"It gave: {one.outcome}"
    if one.receipt:
        undo = one.receipt.get("undo", "")
        yield f"It can be undone: {undo[:1].lower()}{undo[1:]}" if undo else "It cannot be undone."
    if one.request_id:
        cost = "" if one.dollars is None else f", and the turn cost ${one.dollars:,.4f}"
        yield f"The model asked for it in request {one.request_id}{cost}."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
