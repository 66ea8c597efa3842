"""What Slack sends, read once: after this there are only persons, places and words."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.person import Person, Place
from bot.slack import vocabulary
from bot.slack.people import People
from bot.slack.vocabulary import CrewWord

Body = Mapping[str, Any]

_HEARD = (None, "file_share", "thread_broadcast")
_TOKEN = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")


@dataclass(frozen=True, kw_only=True)
class Gesture:
    """A command, a click, a reaction or a form. `place.channel` is "" in the Home tab and in modals; `ts` is when.

    `crew` is what a command says of who steers a task.
    """

    person: Person
    place: Place
    key: str
    trigger: str = ""
    response_url: str = ""
    words: str = ""
    value: str = ""
    action_id: str = ""
    view_id: str = ""
    ts: str = ""
    is_home: bool = False
    crew: CrewWord | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """Someone's message that is meant for us, or may be. `place.thread` is its thread, or itself as the root of one.

    `root_by` is who wrote the message that a reply is under, by id, where Slack says so.
    """

    team: str
    user: str
    place: Place
    ts: str
    words: str
    key: str
    is_reply: bool
    is_mention: bool
    is_direct: bool
    files: tuple[str, ...] = ()
    root_by: str = ""
    crew: CrewWord | None = None

    @property
    def root_at(self) -> datetime:
        """When the first message of its thread was sent."""
        return moment(self.place.thread or self.ts)


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A message as it is now; `version` grows with every edit."""

    said: Said
    version: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a submitted view holds: the value of each input by its block; of boxes those that are on, with commas.

    `callback_id` is which view; `below` is the view under it, where it was put on top of one.
    """

    gesture: Gesture
    private: str
    values: Mapping[str, str]
    callback_id: str = ""
    below: str = ""


def command(body: Body, people: People) -> Gesture:
    team = str(body["team_id"])
    return Gesture(
        person=people.person(team, body["user_id"], body.get("user_name") or ""),
        place=Place(team=team, channel=body["channel_id"]),
        key=f"command:{body['trigger_id']}",
        trigger=body["trigger_id"],
        response_url=body.get("response_url") or "",
        words=plain(body.get("text") or ""),
        crew=vocabulary.crew_word(body.get("text") or ""),
    )


def click(body: Body, people: People) -> Gesture:
    """The first of its actions: there is never more than one."""
    action = body["actions"][0]
    container = body.get("container") or {}
    view = body.get("view") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id") or ""
    chosen = (action.get("selected_option") or {}).get("value")
    return Gesture(
        person=person_of(body, people),
        place=Place(team=team_of(body), channel=channel, thread=container.get("thread_ts")),
        key=f"click:{action['action_id']}:{action.get('action_ts', '')}",
        trigger=body.get("trigger_id") or "",
        response_url=body.get("response_url") or "",
        value=chosen or action.get("value") or "",
        action_id=action["action_id"],
        view_id=view.get("id") or "",
        is_home=view.get("type") == "home",
    )


def shortcut(body: Body, people: People) -> Gesture:
    """A message shortcut brings the message's words, and its thread as the place."""
    message = body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or ""
    thread = message.get("thread_ts") or message.get("ts")
    return Gesture(
        person=person_of(body, people),
        place=Place(team=team_of(body), channel=channel, thread=thread),
        key=f"shortcut:{body.get('action_ts', '')}:{body['user']['id']}",
        trigger=body["trigger_id"],
        response_url=body.get("response_url") or "",
        words=plain(message.get("text") or ""),
    )


def form(body: Body, people: People) -> Form:
    view = body["view"]
    gesture = Gesture(
        person=person_of(body, people),
        place=Place(team=team_of(body), channel=""),
        key=f"form:{view['id']}",
        view_id=view["id"],
    )
    filled = (view.get("state") or {}).get("values") or {}
    values = {block: _value(inputs) for block, inputs in filled.items()}
    return Form(
        gesture=gesture,
        private=view.get("private_metadata") or "",
        values=values,
        callback_id=view.get("callback_id") or "",
        below=view.get("previous_view_id") or "",
    )


def message(body: Body, *, bot_user: str) -> Said | None:
    """None for what is not meant for us: bots, edits, talk in a channel, and mentions, which come by themselves."""
    event = body["event"]
    is_direct = event.get("channel_type") == "im"
    if not _is_heard(event):
        return None
    said = _said(body, bot_user, is_mention=False, is_direct=is_direct)
    return said if is_direct or (said.is_reply and not _mentions(event, bot_user)) else None


def mention(body: Body, *, bot_user: str) -> Said | None:
    return _said(body, bot_user, is_mention=True, is_direct=False) if _is_heard(body["event"]) else None


def edited(body: Body, *, bot_user: str) -> Edited | None:
    """A person changed a message of theirs; links that unfold and the like change one too, but not its words."""
    event = body["event"]
    new, old = event.get("message") or {}, event.get("previous_message") or {}
    if event.get("subtype") != "message_changed" or not _is_heard(new):
        return None
    if plain(new.get("text") or "") == plain(old.get("text") or ""):
        return None
    changed = {**body, "event": {**new, "channel": event["channel"]}}
    version = (new.get("edited") or {}).get("ts") or event.get("event_ts") or event.get("ts") or ""
    is_direct = event.get("channel_type") == "im"
    said = _said(changed, bot_user, is_mention=_mentions(new, bot_user), is_direct=is_direct)
    return Edited(said=said, version=str(version))


def deleted(body: Body) -> Place | None:
    """The thread whose first message was deleted."""
    event = body["event"]
    is_tombstone = (event.get("message") or {}).get("subtype") == "tombstone"
    ts = event.get("deleted_ts") or ((event.get("message") or {}).get("ts") if is_tombstone else None)
    return Place(team=body["team_id"], channel=event["channel"], thread=ts) if ts else None


def happened(body: Body, people: People) -> Gesture:
    """Any other event of a person in a place, such as a pressed Stop or an opened tab."""
    event = body["event"]
    team = str(body["team_id"])
    return Gesture(
        person=people.person(team, event["user"]),
        place=Place(team=team, channel=event.get("channel") or "", thread=event.get("thread_ts")),
        key=f"event:{body.get('event_id', '')}",
        value=event.get("tab") or "",
    )


def reaction(body: Body, people: People) -> Gesture:
    """`value` is the message that it was put on; which thread that is in Slack does not say."""
    event = body["event"]
    item, team = event.get("item") or {}, str(body["team_id"])
    return Gesture(
        person=people.person(team, event["user"]),
        place=Place(team=team, channel=item.get("channel") or ""),
        key=f"event:{body.get('event_id', '')}",
        value=item.get("ts") or "",
        ts=event.get("event_ts") or "",
    )


def plain(text: str) -> str:
    """Slack's text as it was typed: names for ids where Slack gives them, addresses for links."""
    return html.unescape(_TOKEN.sub(_typed, text)).strip()


def moment(ts: str) -> datetime:
    """When a message was sent, by its ts."""
    return datetime.fromtimestamp(float(ts), UTC)


def spoken(message: Body) -> tuple[str, str]:
    """Who said a message of a thread, by id, and its words."""
    return str(message.get("user") or message.get("bot_id") or ""), plain(message.get("text") or "")


def person_of(body: Body, people: People) -> Person:
    user = body["user"]
    name = user.get("name") or user.get("username") or ""
    return people.person(user.get("team_id") or team_of(body), user["id"], name)


def team_of(body: Body) -> str:
    return str((body.get("team") or {}).get("id") or body["user"].get("team_id") or "")


def _is_heard(event: Body) -> bool:
    """Said by a person, and new."""
    return bool(event.get("user")) and not event.get("bot_id") and event.get("subtype") in _HEARD


def _said(body: Body, bot_user: str, *, is_mention: bool, is_direct: bool) -> Said:
    event = body["event"]
    team, thread = str(body["team_id"]), event.get("thread_ts")
    text = event.get("text") or ""
    return Said(
        team=event.get("user_team") or event.get("team") or team,
        user=event["user"],
        place=Place(team=team, channel=event["channel"], thread=thread or event["ts"]),
        ts=event["ts"],
        words=plain(_unaddressed(text, bot_user)),
        key=f"message:{team}:{event['channel']}:{event['ts']}",
        is_reply=bool(thread) and thread != event["ts"],
        is_mention=is_mention,
        is_direct=is_direct,
        files=tuple(str(file.get("name") or "a file") for file in event.get("files") or []),
        root_by=event.get("parent_user_id") or "",
        crew=vocabulary.crew_word(_unaddressed(text, bot_user)),
    )


def _mentions(event: Body, bot_user: str) -> bool:
    return bool(bot_user) and f"<@{bot_user}" in (event.get("text") or "")


def _unaddressed(text: str, bot_user: str) -> str:
    return re.sub(rf"<@{re.escape(bot_user)}(\|[^>]*)?>", " ", text) if bot_user else text


def _value(inputs: Mapping[str, Any]) -> str:
    """Of the one input of a block."""
    for given in inputs.values():
        several = given.get("selected_options") or [given.get("selected_option") or given]
        return ",".join(str(one.get("value") or one.get("selected_date") or "") for one in several)
    return ""


def _typed(token: re.Match[str]) -> str:
    kind, what, label = token.groups()
    if kind in ("@", "#"):
        return f"{kind}{label}" if label else token[0]
    if kind == "!":
        return f"@{(label or what.split('^')[0]).removeprefix('@')}"
    return what.removeprefix("mailto:")
