"""Small things done in a channel: a reaction, its topic."""

from __future__ import annotations

from typing import Annotated, Any

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.slack import words
from plugins.slack.client import Refused
from plugins.slack.places import Channel, Message, conversation, in_channel, link_to, shown, ts_of

MOST_TOPIC = 250


def _unreacted(context: Context, receipt: Receipt, channel: str, message: str, emoji: str) -> Result:
    client = context.client
    found = conversation(context, channel)
    client.ask(client.web.reactions_remove, channel=found["id"], timestamp=ts_of(message), name=_emoji(emoji))
    return Result(text=f"Took the reaction back: {receipt.where}")


def _reacted(context: Context, channel_id: str, ts: str, emoji: str) -> Result:
    link = link_to(context, channel_id, ts)
    return Result(
        text=f"Reacted with :{emoji}: to {link}",
        receipt=Receipt(
            effect=Effect.CREATE, what=f"Reacted with :{emoji}:", where=link, undo="Take it back"
        ),
    )


def _was_reacted(context: Context, channel: str, message: str, emoji: str) -> Result | None:
    client = context.client
    channel_id, ts, name = conversation(context, channel)["id"], ts_of(message), _emoji(emoji)
    answer = client.ask(client.web.reactions_get, channel=channel_id, timestamp=ts, full=True)
    given = answer["message"].get("reactions") or ()
    is_ours = any(one["name"] == name and client.me["user_id"] in one["users"] for one in given)
    return _reacted(context, channel_id, ts, name) if is_ours else None


@action(
    effect=Effect.CREATE,
    items=in_channel,
    preview=lambda _, channel, emoji, **__: (
        f"React with :{_emoji(emoji)}: to a message of {channel} in Slack"
    ),
    detail=lambda context, channel, message, **_: f"The message:\n{_said(context, channel, message)}",
    example={"channel": "#sprint", "message": "1732351200.000100", "emoji": "eyes"},
    inverse=Inverse(words="Take it back", act=_unreacted),
    settled=_was_reacted,
    needs=("reactions:write",),
)
def add_reaction(
    context: Context, channel: Channel, message: Message, emoji: Annotated[str, 'Its name: "eyes"']
) -> Result:
    """Put an emoji on a message."""
    client = context.client
    channel_id, ts, name = conversation(context, channel)["id"], ts_of(message), _emoji(emoji)
    context.halt.check()
    try:
        client.ask(client.web.reactions_add, channel=channel_id, timestamp=ts, name=name)
    except Refused as error:
        if error.code != "already_reacted":
            raise
        raise ToolError(f"The message already has :{name}: from this connection.") from error
    return _reacted(context, channel_id, ts, name)


def _topic(found: dict[str, Any]) -> str:
    return words.plain((found.get("topic") or {}).get("value") or "", {})


def _topic_back(context: Context, receipt: Receipt, channel: str, topic: str) -> Result:
    found = conversation(context, channel)
    if _topic(found) != topic:
        raise ToolError(f"The topic was changed since, so it was left: {_topic(found)}")
    _set(context, found["id"], receipt.before)
    return Result(text=f"{shown(found)} has its old topic again.")


def _topic_set(context: Context, found: dict[str, Any], before: str, topic: str, undo: str) -> Result:
    where = f"{context.client.home}archives/{found['id']}"
    what = f"Set the topic of {shown(found)}"
    return Result(
        text=f"{what}: {where}",
        receipt=Receipt(effect=Effect.CHANGE, what=what, where=where, before=before, after=topic, undo=undo),
    )


def _was_set(context: Context, channel: str, topic: str) -> Result | None:
    found = conversation(context, channel)
    return _topic_set(context, found, "", topic, "") if _topic(found) == topic else None


@action(
    effect=Effect.CHANGE,
    items=in_channel,
    preview=lambda _, channel, **__: f"Set the topic of {channel} in Slack",
    detail=lambda context, channel, topic: (
        f"Now: {_topic(conversation(context, channel)) or 'none'}\nThen: {topic or 'none'}"
    ),
    example={"channel": "#sprint", "topic": "Sprint 7: refunds"},
    inverse=Inverse(words="Set it back", act=_topic_back),
    settled=_was_set,
    needs=("groups:write",),
)
def set_topic(context: Context, channel: Channel, topic: str) -> Result:
    """Set a channel's topic, at most 250 characters. Slack says so in the channel."""
    if len(topic) > MOST_TOPIC:
        raise ToolError(f"A topic has at most {MOST_TOPIC} characters, and this has {len(topic)}.")
    found = conversation(context, channel)
    context.halt.check()
    _set(context, found["id"], topic)
    return _topic_set(context, found, _topic(found), topic, "Set it back")


def _set(context: Context, channel_id: str, topic: str) -> None:
    client = context.client
    client.ask(client.web.conversations_setTopic, channel=channel_id, topic=words.safe(topic))


def _emoji(emoji: str) -> str:
    return emoji.strip().strip(":")


def _said(context: Context, channel: str, message: str) -> str:
    client = context.client
    ts = ts_of(message)
    answer = client.ask(
        client.web.conversations_replies, channel=conversation(context, channel)["id"], ts=ts, limit=1
    )
    found = next((one for one in answer["messages"] if one["ts"] == ts), None)
    if found is None:
        raise ToolError("There is no such message in the channel.")
    names = words.names_in(context, [found])
    return f"{words.author(found, names)}: {words.plain(words.said(found), names)[: words.MOST_OF_ONE]}"
