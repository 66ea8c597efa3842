"""A task as its row tells it."""

from __future__ import annotations

from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Spent, Task, TaskState
from bot.store import encoding, labels
from bot.store.tables import TaskRow


def as_task(row: TaskRow) -> Task:
    assert row.id is not None
    return Task(
        id=row.id,
        person=Person(team=row.team, user=row.user, name=row.user_name),
        place=Place(team=row.team, channel=row.channel, thread=row.thread),
        goal=row.goal,
        context=row.context,
        output=row.output,
        folders=encoding.folders.validate_json(row.folders),
        autonomy=Autonomy(row.autonomy),
        labels=labels.parsed(row.labels),
        brief=encoding.brief.validate_json(row.brief),
        state=TaskState(row.state),
        plan=encoding.plan.validate_json(row.plan),
        note=row.note,
        reference=row.reference,
        answer=row.answer,
        round=row.round,
        spent=_spent(row),
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        epoch=row.epoch,
        crashes=row.crashes,
        stop_by=row.stop_by,
        edited_goal=row.edited_goal,
        crew=encoding.crew.validate_json(row.crew),
    )


def _spent(row: TaskRow) -> Spent:
    dollars = None if row.microdollars is None else row.microdollars / 1_000_000
    return Spent(
        turns=row.turns, input_tokens=row.input_tokens, output_tokens=row.output_tokens, dollars=dollars
    )
