"""The words that are no goal: what they are, and what they name."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(
    r"(?P<alone>help|list|settings|schedule|connectors|connect|prompt|tokens)|"
    r"(?P<of>status|stop|audit|why)(?:\s+(?:task\s+)?#?(?P<number>\d{1,9}))?|"
    r"(?P<begun>stop)[\s,.;:!?…](?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CREW = re.compile(
    r"(?P<deed>add|remove|hand\s*over)(?:\s+(?:task\s+)?#?(?P<number>\d{1,9}))?(?:\s+to)?"
    r"\s+<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>[\s.!]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word with a meaning of its own after `/cowork`, and the task it names. `rest` is what names none."""

    name: str
    number: int | None = None
    rest: str = ""


@dataclass(frozen=True, kw_only=True)
class CrewWord:
    """Who is to steer a task: `deed` is add, remove or handover, `user` an id, `number` the task where one is named."""

    deed: str
    user: str
    number: int | None = None


def word(text: str) -> Word | None:
    """None for a goal. A word is only a word alone: "schedule a meeting" and "list the invoices" are goals.

    But for "stop": whoever begins with that wants less to happen, and never a new task.
    """
    found = _WORD.fullmatch(text.strip())
    if found is None:
        return None
    name, number = found["alone"] or found["of"] or found["begun"], found["number"]
    return Word(name=name.lower(), number=int(number) if number else None, rest=(found["rest"] or "").strip())


def crew_word(text: str) -> CrewWord | None:
    """ "add @ben", "remove @ben", "hand over 12 to @ben", and nothing besides. `text` as Slack sent it, with ids."""
    found = _CREW.fullmatch(text.strip())
    if found is None:
        return None
    deed = re.sub(r"\s", "", found["deed"].lower())
    return CrewWord(deed=deed, user=found["user"], number=int(found["number"]) if found["number"] else None)
