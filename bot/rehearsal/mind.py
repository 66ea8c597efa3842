"""The rehearsal model's mind: a goal in, the next answer out, by fixed rules on what the transcript tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.rehearsal.answer import Answer, text
from bot.rehearsal.goals import capabilities, kinds, lent, transcript
from bot.rehearsal.goals.digest import digest
from bot.rehearsal.goals.issues import summarise
from bot.rehearsal.goals.onboarding import onboard
from bot.rehearsal.goals.organise import organise
from bot.rehearsal.goals.posting import post
from bot.rehearsal.goals.profiling import profile
from bot.rehearsal.goals.schema.review import review
from bot.rehearsal.goals.transcript import Transcript


def rehearse(request_body: dict[str, Any]) -> Answer:
    """The next answer to a request of the Messages API. It says once, at the start, what it is.

    It cannot sum up a conversation: what it knows it reads from the transcript alone.
    """
    if request_body.get("compaction"):
        return Answer(content=[{"type": "compaction", "content": None}])
    if lent.is_asked(request_body):
        return text(capabilities.NO_WORD)
    story = transcript.read(request_body)
    answer = _next(story)
    if not story.opening:
        return answer
    return replace(answer, content=[{"type": "text", "text": capabilities.INTRODUCTION}, *answer.content])


def _next(story: Transcript) -> Answer:
    if story.stopped:
        return text(f"Stopped. {story.stopped.strip()}")
    return _rules(story)(story)


def _rules(story: Transcript) -> Callable[[Transcript], Answer]:
    match kinds.kind_of(story.goal):
        case "organise":
            return organise
        case "digest":
            return digest
        case "onboarding":
            return onboard
        case "issues":
            return summarise
        case "schema":
            return review
        case "profile":
            return profile
        case "post":
            return post
        case _:
            return _explained


def _explained(story: Transcript) -> Answer:
    if kinds.is_undo(story.goal):
        return text(capabilities.UNDO)
    has_made = any(step.tool == "make_document" and not step.failed for step in story.earlier)
    return text(capabilities.REVISION if has_made else capabilities.EXPLANATION)
