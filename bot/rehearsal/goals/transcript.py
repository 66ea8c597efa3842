"""What the transcript tells: the goal at hand, what was granted, and what happened since, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from bot.rehearsal.goals import results

_FOLLOW_UP = re.compile(r"<slack_message\b[^>]*\bkind=\"follow_up\"[^>]*>(.*?)</slack_message>", re.S)
_GRANT = re.compile(r"^(?P<path>\S.*?)(?:\s+\((?P<mode>rw|ro)\))?\s*$", re.M)
_AGAIN = re.compile(
    r"\W*(?:please\s+)?(?:(?:try|do)(?:\s+(?:it|that))?\s+again|again|retry|continue|resume"
    r"|go\s+on|carry\s+on|proceed)(?:\s+please)?\W*",
    re.I,
)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A folder that the requester granted."""

    path: str
    writable: bool


@dataclass(frozen=True, kw_only=True)
class Step:
    """One call and what came back."""

    tool: str
    given: Mapping[str, Any]
    result: str
    failed: bool


@dataclass(frozen=True, kw_only=True)
class Said:
    """Words of the requester while the work went on."""

    words: str


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """All that a goal's rules know. `events` are those of the goal at hand; `earlier` are steps before it."""

    goal: str = ""
    requester: str = "the requester"
    now: str = ""
    grants: tuple[Grant, ...] = ()
    tools: Mapping[str, frozenset[str]] = field(default_factory=dict)
    events: tuple[Step | Said, ...] = ()
    earlier: tuple[Step, ...] = ()
    opening: bool = True

    def steps(self, tool: str) -> list[Step]:
        """The steps of one tool for the goal at hand."""
        return [event for event in self.events if isinstance(event, Step) and event.tool == tool]

    def last(self, tool: str) -> Step | None:
        """The newest step of one tool for the goal at hand."""
        return next(reversed(self.steps(tool)), None)

    @property
    def stopped(self) -> str:
        """The words of the stop that ended the work, or nothing."""
        return next((e.result for e in self.events if isinstance(e, Step) and results.stopped(e.result)), "")


def read(request: Mapping[str, Any]) -> Transcript:
    """The transcript in a request body of the Messages API."""
    story = Transcript(tools={tool["name"]: _arguments(tool) for tool in request.get("tools", ())})
    calls: dict[str, Mapping[str, Any]] = {}
    ended = False
    for message in request["messages"]:
        blocks = _blocks(message["content"])
        if message["role"] == "assistant":
            fresh = {block["id"]: block for block in blocks if block["type"] == "tool_use"}
            calls |= fresh
            ended = not fresh
            story = replace(story, opening=False)
        elif message["role"] == "user":
            story = _heard(story, blocks, calls, ended)
            ended = False
    return story


def _heard(
    story: Transcript, blocks: list[Mapping[str, Any]], calls: Mapping[str, Mapping[str, Any]], ended: bool
) -> Transcript:
    for step in _answers(blocks, calls):
        story = replace(story, events=(*story.events, step))
    for text in (block["text"] for block in blocks if block["type"] == "text"):
        if not story.goal:
            story = _opened(story, text)
        for words in _FOLLOW_UP.findall(text):
            story = _told(story, unescape(words).strip(), ended)
            ended = False
    return story


def _opened(story: Transcript, text: str) -> Transcript:
    """The task's own block; a first message without one is the goal itself."""
    if "<thread_context" in text and "<task" not in text:
        return story
    goal = _element(text, "goal")
    grants = tuple(
        Grant(path=unescape(found["path"]), writable=found["mode"] != "ro")
        for found in _GRANT.finditer(_element(text, "folders"))
    )
    return replace(
        story,
        goal=unescape(goal) or text.strip(),
        grants=grants,
        requester=unescape(_element(text, "requester")) or story.requester,
        now=_element(text, "now"),
    )


def _told(story: Transcript, words: str, ended: bool) -> Transcript:
    """Words after an ending or a stop are a new goal, or the old one again; words before it steer."""
    if not ended and not story.stopped:
        return replace(story, events=(*story.events, Said(words=words)))
    if not ended and _AGAIN.fullmatch(words):
        kept = (e for e in story.events if not (isinstance(e, Step) and results.stopped(e.result)))
        return replace(story, events=tuple(kept))
    before = (*story.earlier, *(event for event in story.events if isinstance(event, Step)))
    return replace(story, goal=story.goal if _AGAIN.fullmatch(words) else words, events=(), earlier=before)


def _answers(blocks: list[Mapping[str, Any]], calls: Mapping[str, Mapping[str, Any]]) -> Iterator[Step]:
    for block in blocks:
        call = calls.get(block.get("tool_use_id", "")) if block["type"] == "tool_result" else None
        if call is not None:
            said = "\n".join(part["text"] for part in _blocks(block.get("content", "")) if "text" in part)
            failed = bool(block.get("is_error"))
            yield Step(tool=call["name"], given=call["input"], result=said, failed=failed)


def _blocks(content: Any) -> list[Mapping[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def _element(text: str, name: str) -> str:
    found = re.search(rf"<{name}>\s*(.*?)\s*</{name}>", text, re.S)
    return found[1] if found else ""


def _arguments(tool: Mapping[str, Any]) -> frozenset[str]:
    return frozenset((tool.get("input_schema") or {}).get("properties") or ())
