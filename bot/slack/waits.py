"""How long a gesture waits for what Slack is asked about a person: of the three seconds until it has to be taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Seconds. `name` is for what they are called, `who` for who may decide: the person and all groups together."""

    name: float = 0.5
    who: float = 2.0
