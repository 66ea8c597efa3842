"""What people call the things a call can do: verbs in every form they are forbidden or allowed in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.brief import Deed
from bot.domain.effect import Effect


@dataclass(frozen=True, kw_only=True)
class Verb:
    """`kind` says how its object is understood."""

    kind: str
    effects: frozenset[Effect]
    forms: str
    deed: Deed = Deed.ANY


_VERBS = (
    Verb(
        kind="make",
        effects=frozenset({Effect.CREATE}),
        deed=Deed.MAKING,
        forms=r"creat(?:e|es|ing|ed)|mak(?:e|ing)|made|add(?:ing|ed)?|generat(?:e|ing|ed)|produc(?:e|ing|ed)|sav(?:e|ing|ed)",
    ),
    Verb(
        kind="write",
        effects=frozenset({Effect.CREATE, Effect.CHANGE}),
        deed=Deed.MAKING,
        forms=r"writ(?:e|ing|ten)(?:\s+to|\s+into)?",
    ),
    Verb(
        kind="change",
        effects=frozenset({Effect.CHANGE}),
        forms=r"chang(?:e|ing|ed)|modify(?:ing)?|modified|edit(?:ing|ed)?|alter(?:ing|ed)?|updat(?:e|ing|ed)"
        r"|rewrit(?:e|ing|ten)|overwrit(?:e|ing|ten)|replac(?:e|ing|ed)",
    ),
    Verb(
        kind="move",
        effects=frozenset({Effect.CHANGE, Effect.CREATE}),
        deed=Deed.MOVING,
        forms=r"mov(?:e|ing|ed)|renam(?:e|ing|ed)|relocat(?:e|ing|ed)|re-?organi[sz](?:e|ing|ed)|rearrang(?:e|ing|ed)"
        r"|restructur(?:e|ing|ed)",
    ),
    Verb(
        kind="delete",
        effects=frozenset({Effect.DELETE}),
        forms=r"delet(?:e|ing|ed)|remov(?:e|ing|ed)|eras(?:e|ing|ed)|discard(?:ing|ed)?|trash(?:ing|ed)?"
        r"|throw(?:ing)?\s+away|get(?:ting)?\s+rid\s+of|purg(?:e|ing|ed)|wip(?:e|ing|ed)",
    ),
    Verb(
        kind="touch",
        effects=frozenset({Effect.CHANGE, Effect.DELETE}),
        forms=r"touch(?:ing|ed)?|mess(?:ing|ed)?\s+with|tamper(?:ing|ed)?\s+with|interfer(?:e|ing|ed)\s+with",
    ),
    Verb(
        kind="send",
        effects=frozenset({Effect.SEND}),
        forms=r"send(?:ing)?|sent|e-?mail(?:ing|ed)?|mail(?:ing|ed)?|messag(?:e|ing|ed)|notify(?:ing)?|notified"
        r"|contact(?:ing|ed)?|forward(?:ing|ed)?|reply(?:ing)?(?:\s+to)?|dm(?:ing)?|inform(?:ing|ed)?|alert(?:ing|ed)?",
    ),
    Verb(
        kind="post",
        effects=frozenset({Effect.PUBLISH, Effect.SEND}),
        forms=r"post(?:ing|ed)?|publish(?:ing|ed)?|shar(?:e|ing|ed)|announc(?:e|ing|ed)|upload(?:ing|ed)?",
    ),
    Verb(
        kind="put",
        effects=frozenset({Effect.CREATE, Effect.CHANGE}),
        forms=r"put(?:ting)?|cop(?:y|ying|ied)|stor(?:e|ing|ed)|plac(?:e|ing|ed)|drop(?:ping|ped)?",
    ),
    Verb(
        kind="act",
        effects=frozenset(),
        forms=r"commit(?:ting|ted)?|push(?:ing|ed)?|merg(?:e|ing|ed)|deploy(?:ing|ed)?|install(?:ing|ed)?|buy(?:ing)?"
        r"|pay(?:ing)?|book(?:ing|ed)?|clos(?:e|ing|ed)|assign(?:ing|ed)?|invit(?:e|ing|ed)|schedul(?:e|ing|ed)"
        r"|cancel(?:l?ing|l?ed)?|submit(?:ting|ted)?|approv(?:e|ing|ed)|archiv(?:e|ing|ed)|comment(?:ing|ed)?(?:\s+on)?",
    ),
    Verb(kind="run", effects=frozenset({Effect.EXECUTE}), forms=r"run(?:ning)?|execut(?:e|ing|ed)"),
    Verb(
        kind="browse",
        effects=frozenset({Effect.EGRESS}),
        forms=r"brows(?:e|ing)|search(?:ing)?|go(?:ing)?|us(?:e|ing)|access(?:ing)?|download(?:ing)?|fetch(?:ing)?",
    ),
    Verb(
        kind="read",
        effects=frozenset({Effect.READ}),
        forms=r"read(?:ing)?|open(?:ing)?|look(?:ing)?\s+(?:at|into|in|inside)|access(?:ing)?|view(?:ing)?",
    ),
)
_ONE = "|".join(verb.forms for verb in _VERBS)
LIST = rf"(?:{_ONE})\b(?:\s*(?:,\s*(?:or\s+|and\s+)?|/|\bor\b|\band\b|\bnor\b)\s*(?:{_ONE})\b)*"
"""One verb or several: "create, change or delete"."""

_WORD = re.compile(rf"\b(?:{_ONE})\b", re.IGNORECASE)


def meant(words: str) -> list[Verb]:
    """The verbs in a `LIST`; one word can be two ("access" reads, and goes online)."""
    return [
        verb
        for found in _WORD.finditer(words)
        for verb in _VERBS
        if re.fullmatch(verb.forms, found[0], re.IGNORECASE)
    ]
