"""Messages to people: posted, scheduled, and written into threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AwareDatetime

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action, marked
from plugins.slack import words
from plugins.slack.places import (
    Conversation,
    Message,
    To,
    at_destination,
    audience,
    channel_in,
    conversation,
    destination,
    in_channel,
    link_to,
    opened,
    person,
    shown,
    thread_of,
    ts_of,
    where_to,
)

EVENT = "cowork_call"
_LOOKED_THROUGH = 200
_BEGINNING = 80

Text = Annotated[
    str, "Slack's mrkdwn: *bold*, _italic_, `code`, > quote, - list, plain links. No mentions in it"
]
Mention = Annotated[list[str] | None, 'People who are to be told, before the text: ["@ana"]', Destination()]


def _told(context: Context, text: str, mention: list[str] | None) -> str:
    """What is sent."""
    called = " ".join(f"<@{person(context, one)['id']}>" for one in mention or ())
    return f"{called} {words.safe(text)}".strip()


def _card(context: Context, channel: str, text: str, mention: list[str] | None = None, **_: Any) -> str:
    """What is sent, as those will read it who may."""
    found = destination(context, channel)
    called = " ".join(f"@{person(context, one).get('real_name') or one}" for one in mention or ())
    return f"{where_to(found)}:\n\n{f'{called} {text}'.strip()}"


def _mark(context: Context) -> dict[str, Any] | None:
    if not context.effect_id:
        return None
    return {"event_type": EVENT, "event_payload": {"effect": marked(context.effect_id)}}


def _is_ours(context: Context, message: Mapping[str, Any]) -> bool:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return bool(payload.get("effect") == marked(context.effect_id))


def _deleted(context: Context, receipt: Receipt, **_: Any) -> Result:
    channel_id, ts = channel_in(receipt.where), ts_of(receipt.where)
    client = context.client
    answer = client.ask(client.web.conversations_replies, channel=channel_id, ts=ts, limit=2)
    if len(answer["messages"]) != 1 or answer["messages"][0].get("edited"):
        raise ToolError(f"It was edited or answered since, so it was left: {receipt.where}")
    client.ask(client.web.chat_delete, channel=channel_id, ts=ts)
    return Result(text="Deleted the message. Who saw it before has seen it.")


def _posted(context: Context, found: Conversation, channel_id: str, ts: str, thread: str = "") -> Result:
    link = link_to(context, channel_id, ts, thread)
    what = f"Replied in {shown(found)}" if thread else f"Posted in {shown(found)}"
    return Result(
        text=f"{what}: {link}",
        receipt=Receipt(effect=Effect.SEND, what=what, where=link, undo="Delete it"),
        ids=(channel_id,),
    )


def _was_posted(context: Context, channel: str, thread: str = "", **_: Any) -> Result | None:
    """By the mark that the message carries."""
    found = destination(context, channel)
    channel_id, client = opened(context, found), context.client
    begun = thread_of(thread) if thread else ""
    method, where = client.web.conversations_history, {"channel": channel_id}
    if begun:
        method, where = client.web.conversations_replies, {"channel": channel_id, "ts": begun}
    answer = client.ask(method, **where, limit=_LOOKED_THROUGH, include_all_metadata=True)
    ours = next((one for one in answer["messages"] if _is_ours(context, one)), None)
    if ours is None and answer.get("has_more"):
        raise ToolError(f"{shown(found)} has too many messages to tell whether this one was posted.")
    return None if ours is None else _posted(context, found, channel_id, ours["ts"], begun)


@action(
    effect=Effect.SEND,
    items=at_destination,
    preview=lambda _, channel, text, **__: f"Post in Slack to {channel}: “{_begun(text)}”",
    detail=_card,
    audience=audience,
    example={"channel": "#sprint", "text": "The summary is ready"},
    inverse=Inverse(words="Delete it", act=_deleted),
    settled=_was_posted,
    needs=("chat:write",),
)
def post_message(context: Context, channel: To, text: Text, mention: Mention = None) -> Result:
    """Post a message to a channel or a person, in the name of who is connected. For an answer use slack_post_reply."""
    found = destination(context, channel)
    channel_id = opened(context, found)
    made = _send(context, channel_id, _told(context, text, mention))
    return _posted(context, found, channel_id, made["ts"])


@action(
    effect=Effect.SEND,
    items=in_channel,
    preview=lambda _, channel, text, **__: f"Reply in a thread of {channel} in Slack: “{_begun(text)}”",
    detail=lambda context, channel, thread, text, mention=None: (
        f"{_card(context, channel, text, mention)}\n\nAs a reply to:\n{_first(context, channel, thread)}"
    ),
    audience=audience,
    example={"channel": "#sprint", "thread": "1732351200.000100", "text": "Done"},
    inverse=Inverse(words="Delete it", act=_deleted),
    settled=_was_posted,
    needs=("chat:write",),
)
def post_reply(
    context: Context,
    channel: Annotated[str, 'Id or name: "C0123", "#sprint"', Destination()],
    thread: Message,
    text: Text,
    mention: Mention = None,
) -> Result:
    """Write into a thread of a channel, which tells those who follow it."""
    found = conversation(context, channel)
    begun = thread_of(thread)
    made = _send(context, found["id"], _told(context, text, mention), thread_ts=begun)
    return _posted(context, found, found["id"], made["ts"], begun)


def _unscheduled(context: Context, receipt: Receipt, channel: str, **_: Any) -> Result:
    client = context.client
    channel_id, its_id = opened(context, destination(context, channel)), receipt.where.rpartition(" ")[2]
    client.ask(client.web.chat_deleteScheduledMessage, channel=channel_id, scheduled_message_id=its_id)
    return Result(text="The message will not be posted.")


def _scheduled(found: Conversation, scheduled_id: str, at: AwareDatetime) -> Result:
    what = f"Scheduled a message to {shown(found)}"
    return Result(
        text=f"{what} for {at:%Y-%m-%d %H:%M %Z} (id {scheduled_id})",
        receipt=Receipt(
            effect=Effect.SEND,
            what=what,
            where=f"{shown(found)} at {at.isoformat()} as {scheduled_id}",
            undo="Cancel it",
        ),
    )


def _was_scheduled(
    context: Context, channel: str, text: str, at: AwareDatetime, mention: Any = None
) -> Result | None:
    """By its text and minute while it waits. Afterwards, or when another waits for that moment, it cannot be told."""
    found, client = destination(context, channel), context.client
    channel_id, moment = opened(context, found), int(at.timestamp())
    if at <= context.now:
        raise ToolError(
            "Its time has come, so it cannot be told whether it was scheduled: look into the channel."
        )
    answer = client.ask(
        client.web.chat_scheduledMessages_list, channel=channel_id, oldest=str(moment), latest=str(moment)
    )
    waiting = [one for one in answer["scheduled_messages"] if int(one["post_at"]) == moment]
    told = _told(context, text, mention)
    ours = next((one for one in waiting if one.get("text") == told), None)
    if ours is None and waiting:
        raise ToolError("Another message waits for that moment, so it cannot be told whether this one does.")
    return None if ours is None else _scheduled(found, ours["id"], at)


@action(
    effect=Effect.SEND,
    items=at_destination,
    preview=lambda _, channel, at, **__: (
        f"Schedule a message in Slack to {channel} for {at:%A %Y-%m-%d %H:%M %Z}"
    ),
    detail=_card,
    audience=audience,
    example={"channel": "#sprint", "text": "Standup in five minutes", "at": "2026-11-24T08:55:00+01:00"},
    inverse=Inverse(words="Cancel it", act=_unscheduled),
    settled=_was_scheduled,
    needs=("chat:write",),
)
def schedule_message(
    context: Context,
    channel: To,
    text: Text,
    at: Annotated[AwareDatetime, "With its offset: 2026-11-24T08:55:00+01:00; at most 120 days ahead"],
    mention: Mention = None,
) -> Result:
    """Have Slack post a message later. It can be cancelled until then."""
    found, client = destination(context, channel), context.client
    channel_id = opened(context, found)
    context.halt.check()
    made = client.ask(
        client.web.chat_scheduleMessage,
        channel=channel_id,
        text=_told(context, text, mention),
        post_at=int(at.timestamp()),
        unfurl_links=False,
        unfurl_media=False,
    )
    return _scheduled(found, made["scheduled_message_id"], at)


def _send(context: Context, channel_id: str, text: str, thread_ts: str | None = None) -> dict[str, Any]:
    context.halt.check()
    made: dict[str, Any] = context.client.ask(
        context.client.web.chat_postMessage,
        channel=channel_id,
        text=text,
        thread_ts=thread_ts,
        metadata=_mark(context),
        link_names=False,
        unfurl_links=False,
        unfurl_media=False,
    )
    return made


def _begun(text: str) -> str:
    """How it begins, for a line."""
    line = " ".join(text.split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING]}…"


def _first(context: Context, channel: str, thread: str) -> str:
    client = context.client
    channel_id = conversation(context, channel)["id"]
    answer = client.ask(client.web.conversations_replies, channel=channel_id, ts=thread_of(thread), limit=1)
    if not answer["messages"]:
        raise ToolError("There is no such message in the channel.")
    first = answer["messages"][0]
    names = words.names_in(context, [first])
    return f"{words.author(first, names)}: {words.plain(words.said(first), names)[: words.MOST_OF_ONE]}"
