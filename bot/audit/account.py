"""What the log says of a task, put together: who asked, which rule allowed it, who approved, what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.event import News
from bot.store.entries import Entry


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was put to people, and what became of it. `people` are all who said so; `decision` is "" while it waits."""

    title: str
    at: datetime
    rules: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    decision: str = ""
    people: tuple[str, ...] = ()
    decided_at: datetime | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One call that was made, or that a rule forbade. `receipt` as in the log; `is_done` is None while it is not known.

    `pin` is as what a call of a connector was made: at which server, and in which words of it the tool was accepted.
    `asked` is what its yes was given to, `labels` are those of what the task had read by then, and `dollars` is what
    the turn cost that asked for it.
    """

    call: str
    tool: str
    what: str
    at: datetime
    rule: int = 0
    reason: str = ""
    is_denied: bool = False
    is_done: bool | None = None
    outcome: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    receipt: Mapping[str, str] = field(default_factory=dict)
    pin: Mapping[str, str] = field(default_factory=dict)
    asked: Asked | None = None
    labels: tuple[str, ...] = ()
    turn: int = 0
    request_id: str = ""
    dollars: float | None = None

    @property
    def is_effect(self) -> bool:
        """It changed something, may have, or was to and was not allowed."""
        return bool(self.receipt) or self.is_denied or self.is_done is None


@dataclass(frozen=True, kw_only=True)
class Account:
    """Everything of one task. `dollars` is None where a price is not known."""

    task: int
    requester: str = ""
    goal: str = ""
    autonomy: str = ""
    at: datetime | None = None
    deeds: tuple[Deed, ...] = ()
    asked: tuple[Asked, ...] = ()
    turns: int = 0
    tokens: int = 0
    dollars: float | None = 0.0

    @property
    def effects(self) -> tuple[Deed, ...]:
        return tuple(deed for deed in self.deeds if deed.is_effect)

    def of_call(self, call: str) -> Deed | None:
        return next((deed for deed in self.deeds if deed.call == call), None)


def account(task: int, log: Iterable[Entry]) -> Account:
    """`log` are the entries of the task, in order."""
    told = [(entry, json.loads(entry.data)) for entry in log]
    asked = _asked(told)
    turns = [data for entry, data in told if "request_id" in data and "tokens" in data]
    spent = [data["dollars"] for data in turns]
    begun = next(((entry, data) for entry, data in told if entry.action == News.STARTED), None)
    return Account(
        task=task,
        requester=begun[0].actor if begun else "",
        goal=str(begun[1].get("goal", "")) if begun else "",
        autonomy=str(begun[1].get("autonomy", "")) if begun else "",
        at=begun[0].at if begun else None,
        deeds=tuple(_deeds(told, asked, {data["turn"]: data for data in turns})),
        asked=tuple(asked.values()),
        turns=len(turns),
        tokens=sum(sum(data["tokens"].values()) for data in turns),
        dollars=None if None in spent else sum(spent),
    )


Told = list[tuple[Entry, dict[str, Any]]]


def _asked(told: Told) -> dict[str, Asked]:
    """By the id of the approval."""
    found: dict[str, Asked] = {}
    for entry, data in told:
        name = str(data.get("approval", ""))
        if entry.action == News.ASKED:
            rules = {call: (int(rule), str(why)) for call, (rule, why) in data.get("rules", {}).items()}
            found[name] = Asked(title=str(data["title"]), at=entry.at, rules=rules)
        elif entry.action in (News.AGREED, News.DECIDED) and name in found:
            found[name] = _decided(found[name], entry, data)
    return found


def _decided(before: Asked, entry: Entry, data: Mapping[str, Any]) -> Asked:
    people = dict.fromkeys((*before.people, entry.actor))
    return Asked(
        title=before.title,
        at=before.at,
        rules=before.rules,
        decision=str(data.get("decision", before.decision)),
        people=tuple(people),
        decided_at=entry.at,
        words=str(data.get("words", "")),
    )


def _deeds(told: Told, asked: Mapping[str, Asked], turns: Mapping[int, Mapping[str, Any]]) -> Iterator[Deed]:
    """In the order in which they were begun, or answered, where that was one."""
    found: dict[str, dict[str, Any]] = {}
    for entry, data in told:
        if entry.action not in (News.CALLING, News.CALLED, News.DENIED):
            continue
        deed = found.setdefault(data["call"], {"at": entry.at, "is_done": None})
        deed |= {"tool": data["tool"], "what": data["what"], "turn": data.get("turn", 0)}
        deed |= {name: data[name] for name in ("rule", "reason", "receipt", "outcome", "pin") if name in data}
        if "input" in data:
            deed["given"] = data["input"]
        if "labels" in data:
            deed["labels"] = tuple(data["labels"])
        if "approval" in data:
            deed["asked"] = asked.get(data["approval"])
        if entry.action == News.CALLED:
            deed["is_done"] = data["ok"]
        deed["is_denied"] = entry.action == News.DENIED
    for call, deed in found.items():
        turn = turns.get(deed["turn"], {})
        yield Deed(call=call, request_id=turn.get("request_id", ""), dollars=turn.get("dollars"), **deed)
