"""Posting to a channel: through a tool that sends, if one is offered; whether it may is for a person to say."""

from __future__ import annotations

import re

from bot.rehearsal.answer import Answer
from bot.rehearsal.goals import results
from bot.rehearsal.goals.moves import Call, Plan, end, gave_up, work
from bot.rehearsal.goals.transcript import Step, Transcript

_CHANNEL = re.compile(r"\b(?:post|send|share|publish)\b[^#]*(?P<channel>#[a-z0-9][\w-]*)", re.I | re.S)
_TOOL = "slack_post_message"
_CHANNELS = ("channel", "channel_id", "conversation")
_TEXTS = ("text", "message", "markdown", "markdown_text", "body")
_LONGEST = 3000


def channel_in(goal: str) -> str:
    """The channel that the goal asks to post to, or nothing."""
    found = _CHANNEL.search(goal)
    return found["channel"] if found else ""


def sender(story: Transcript) -> str:
    """The offered tool that posts messages, or nothing."""
    if _TOOL in story.tools:
        return _TOOL
    return next((name for name in sorted(story.tools) if name.endswith(("post_message", "send_message"))), "")


def posting(story: Transcript, channel: str, text: str) -> Call:
    """The call that posts, with the arguments that the tool has."""
    name = sender(story)
    offered = story.tools[name]
    place = next((each for each in _CHANNELS if each in offered), _CHANNELS[0])
    words = next((each for each in _TEXTS if each in offered), _TEXTS[0])
    return (name, {place: channel, words: text})


def posted(step: Step, channel: str) -> str:
    """What became of a post, in words."""
    if step.failed or results.not_run(step.result):
        return f"It was not posted to {channel}: {step.result.strip()}"
    return f"Posted to {channel}. {step.result.strip()}"


def post(story: Transcript) -> Answer:
    """The next answer to `post it to #channel`, said after a report was written."""
    channel, name = channel_in(story.goal), sender(story)
    plan = Plan(titles=(f"Post to {channel}",))
    report = next(
        (step for step in reversed(story.earlier) if step.tool == "write_file" and not step.failed), None
    )
    if report is None:
        return end(
            story, "There is no report in this thread yet that I could post. Give me meeting notes first."
        )
    if not name:
        return end(story, needs_plugin(channel))
    step = story.last(name)
    if step is None:
        return work(story, plan, posting(story, channel, _shortened(str(report.given.get("content", "")))))
    if step.failed or results.not_run(step.result):
        return gave_up(story, plan, posted(step, channel))
    return end(story, posted(step, channel), Plan(titles=plan.titles, at=1))


def needs_plugin(channel: str) -> str:
    """Why nothing can be posted."""
    return f"Posting to {channel} needs the Slack plugin, which is not switched on here: I have not posted anything."


def _shortened(report: str) -> str:
    """A report as a message: without tables and quotations."""
    lines = [line for line in report.splitlines() if not line.lstrip().startswith((">", "|"))]
    text = re.sub(
        r"\n{3,}", "\n\n", "\n".join(re.sub(r"^#+\s+(.*)$", r"*\1*", line) for line in lines)
    ).strip()
    return text if len(text) <= _LONGEST else text[: text.rfind("\n", 0, _LONGEST)] + "\n…"
