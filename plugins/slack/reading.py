"""What is in Slack: channels, people and messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from bot.sdk import (
    EVERYWHERE,
    Audience,
    Context,
    Effect,
    Page,
    Per,
    Result,
    action,
    line,
    listed,
    page_of,
    part_of,
)
from plugins.slack import words
from plugins.slack.client import cursor_of
from plugins.slack.places import (
    Channel,
    Message,
    audience,
    conversation,
    in_channel,
    is_granted,
    is_private,
    thread_of,
)

MESSAGES = 50
FOUND = 20
Moment = Annotated[datetime | None, "2026-11-20 or 2026-11-20T09:00:00Z"]


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda *_, **__: "List Slack's channels",
    audience=lambda _, private=False, **__: Audience.REQUESTER if private else Audience.WORKSPACE,
    example={"search": "sprint"},
)
def list_channels(
    context: Context,
    search: Annotated[str, "A word in the name or topic"] = "",
    private: Annotated[bool, "The private ones too"] = False,
    cursor: str = "",
) -> Result:
    """List channels with id, topic and number of members, 20 a page; public ones unless private is set."""
    wanted = search.strip().removeprefix("#").lower()
    found = [
        one
        for one in context.client.directory.values()
        if not one.get("is_archived") and (private or not is_private(one)) and wanted in _about(one).lower()
    ]
    kept = sorted((one for one in found if is_granted(context, one)), key=lambda one: one["name"])
    page = page_of(kept, cursor)
    ids = [one["id"] for one in page.rows]
    return listed(page, _channel_line, what="channels", ids=ids, hidden=len(found) - len(kept))


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda *_, **__: "List the people in Slack",
    audience=Audience.WORKSPACE,
    example={"search": "ana"},
)
def list_users(
    context: Context, search: Annotated[str, "A part of the name or address"] = "", cursor: str = ""
) -> Result:
    """List people with id, name, title and e-mail address, 20 a page."""
    wanted = search.strip().removeprefix("@").lower()
    people = [
        one for one in context.client.people.values() if not one.get("deleted") and not one.get("is_bot")
    ]
    found = sorted(
        (one for one in people if wanted in _person_line(one).lower()), key=lambda one: one["name"]
    )
    page = page_of(found, cursor)
    return listed(page, _person_line, what="people", ids=[one["id"] for one in page.rows])


@action(
    effect=Effect.READ,
    items=in_channel,
    preview=lambda _, channel, **__: f"Read messages of {channel} in Slack",
    audience=audience,
    example={"channel": "#sprint"},
)
def read_channel(
    context: Context, channel: Channel, since: Moment = None, until: Moment = None, cursor: str = ""
) -> Result:
    """Read a channel's messages, newest first, 50 a page, each with its link. Threads: slack_read_thread."""
    found = conversation(context, channel)
    answer = context.client.ask(
        context.client.web.conversations_history,
        channel=found["id"],
        limit=MESSAGES,
        cursor=cursor or None,
        oldest=_ts(since),
        latest=_ts(until),
    )
    return _messages(context, found["id"], answer)


@action(
    effect=Effect.READ,
    items=in_channel,
    preview=lambda _, channel, **__: f"Read a thread of {channel} in Slack",
    audience=audience,
    example={"channel": "#sprint", "thread": "1732351200.000100"},
)
def read_thread(
    context: Context, channel: Channel, thread: Message, cursor: str = "", offset: int = 0
) -> Result:
    """Read a thread whole, oldest first: the message it began with and its replies. Long ones go on with offset."""
    found = conversation(context, channel)
    answer = context.client.ask(
        context.client.web.conversations_replies,
        channel=found["id"],
        ts=thread_of(thread),
        limit=MESSAGES,
        cursor=cursor or None,
    )
    result = _messages(context, found["id"], answer, whole=True)
    return Result(text=part_of(result.text, offset), ids=result.ids)


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, query, **__: f"Search Slack for “{query[:80]}”",
    audience=lambda context, **_: _found_by(context),
    example={"query": "release from:@ana"},
)
def search_messages(context: Context, query: str, cursor: str = "") -> Result:
    """Search messages by Slack's own search words (from:@ana, in:#sprint, after:2026-11-01); newest first, 20 a page.

    Needs a person's token. Private conversations are found with one's own connection only.
    """
    number = int(cursor) if cursor.isdigit() else 1
    asked = f"{query}{_within(context)}"
    answer = context.client.ask(
        context.client.finder.search_messages, query=asked, count=FOUND, page=number, sort="timestamp"
    )["messages"]
    matches = answer["matches"]
    kept = [one for one in matches if is_granted(context, one["channel"])]
    pages = int((answer.get("paging") or {}).get("pages") or 1)
    page = Page(rows=kept, cursor=str(number + 1) if number < pages else "")
    ids = [one["channel"]["id"] for one in kept]
    return listed(page, _match_line, what="messages", ids=ids, is_narrowed=not context.scope.is_all)


def _messages(context: Context, channel_id: str, answer: dict[str, Any], *, whole: bool = False) -> Result:
    rows = answer["messages"]
    names = words.names_in(context, rows)
    page = Page(rows=rows, cursor=cursor_of(answer))
    return listed(
        page,
        lambda one: words.message_line(context, channel_id, one, names, whole=whole),
        what="messages",
        ids=[channel_id, *(one["user"] for one in rows if one.get("user"))],
    )


def _found_by(context: Context) -> Audience:
    """With a team's connection only what is public is found, unless private channels were granted by name."""
    is_public = context.connection.per is Per.TEAM and set(context.scope.patterns) == {"*"}
    return Audience.WORKSPACE if is_public else Audience.REQUESTER


def _within(context: Context) -> str:
    """Slack's own narrowing to a single granted channel; of several the answers are filtered."""
    patterns = context.scope.patterns
    if len(patterns) != 1 or set(patterns[0]) & set("*?["):
        return ""
    return f" in:#{conversation(context, patterns[0])['name']}"


def _match_line(one: dict[str, Any]) -> str:
    names = {one["user"]: one["username"]} if one.get("user") and one.get("username") else {}
    place = f"#{one['channel'].get('name') or one['channel']['id']}"
    text = words.plain(words.said(one), names)[: words.MOST_OF_ONE]
    return f"{words.when(one['ts'])} {place} {words.author(one, names)}: {text} · {one.get('permalink', '')}"


def _channel_line(one: dict[str, Any]) -> str:
    members = f" · {one['num_members']} members" if one.get("num_members") is not None else ""
    private = " · private" if is_private(one) else ""
    return f"{_about(one)} · id {one['id']}{members}{private}"


def _about(one: dict[str, Any]) -> str:
    topic = (one.get("topic") or {}).get("value") or (one.get("purpose") or {}).get("value") or ""
    return f"#{one['name']}{f' · {topic}' if topic else ''}"


def _person_line(one: dict[str, Any]) -> str:
    profile = one.get("profile") or {}
    return line(
        one.get("real_name") or "",
        f"@{one['name']}",
        profile.get("title"),
        profile.get("email"),
        f"id {one['id']}",
    )


def _ts(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{aware.timestamp():.6f}"
