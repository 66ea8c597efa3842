"""What someone said in a task's thread who may not steer it, or not so: its owner may take it up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.person import Person


class RemarkState(StrEnum):
    OFFERED = "offered"
    TAKEN = "taken"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class Remark:
    """`key` is the delivery's. `against` is what it would loosen of what the owner fixed; "" of an onlooker's words."""

    key: str
    task_id: int
    person: Person
    text: str
    against: str = ""
    state: RemarkState = RemarkState.OFFERED
