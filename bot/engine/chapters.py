"""A new chapter of a conversation: what it begins with, gathered from our own rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.agent import recap
from bot.domain.event import News
from bot.domain.task import Task
from bot.domain.turn import Summary
from bot.engine import evidence, news, wording
from bot.engine.history import History
from bot.store import approvals, calls, messages, tasks, words
from bot.store.database import Session
from bot.store.messages import Message

_SHOWN_RESULTS = 5


def begin(
    session: Session,
    task: Task,
    before: History,
    summary: Summary,
    *,
    closing: str,
    opening: list[dict[str, Any]],
    now: datetime,
) -> list[Message]:
    """The first messages of a new chapter, written down and told of.

    `closing` is what the chapter before still lacks. A chapter that is too long as it begins is begun again without
    the service's summary of the one before.
    """
    if closing:
        messages.append_words(session, task.id, closing, now=now)
    if before.turns == 0:
        summary = Summary()
    blocks = [*opening, *_remembered(session, task.id, summary, before.earlier_summary)]
    begun = messages.begin_chapter(session, task.id, summary, wording.written(blocks), now=now)
    told = {"chapter": begun[0].chapter, "prefix": messages.digest_of_prefix(session, task.id)}
    proof = evidence.of_turn(summary, begun[0].seq)
    news.tell(session, task.id, task.place, News.SUMMED_UP, now=now, data=told, proof=proof)
    return begun


def _remembered(session: Session, task_id: int, summary: Summary, earlier: str) -> list[dict[str, Any]]:
    """The plan, what people decided and said, and what was done come from our rows, never from the model's memory.

    The last results, and a summary in words, are for where the service has not summed all up itself.
    """
    task = tasks.get(session, task_id)
    assert task is not None
    entries = calls.of_task(session, task_id)
    return recap.blocks(
        plan=task.plan,
        decided=[one for one in approvals.of_task(session, task_id) if not one.is_pending],
        entries=entries,
        said=[one for one in words.taken(session, task_id) if one.author],
        summary="" if summary.content else summary.text or earlier,
        results=[] if summary.content else [one for one in entries if one.ended_at][-_SHOWN_RESULTS:],
    )
