"""What the page does for the person it acts as."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.emulator.person import Person
from bot.emulator.wire import Json

_CHOSEN = re.compile(r"selected_\w+|value")
_COMMAND = re.compile(r"/[a-z][\w-]*(\s|$)")


def send(person: Person, body: Json) -> Json:
    text = str(body.get("text") or "")
    thread_ts = body.get("thread_ts") or None
    if _COMMAND.match(text):
        return person.command(body["channel"], text, thread_ts=thread_ts, wait=False)
    message = person.say(
        body["channel"],
        text,
        thread_ts=thread_ts,
        broadcast=bool(body.get("broadcast")),
        file_ids=body.get("file_ids") or [],
    )
    return {"message": message}


def edit(person: Person, body: Json) -> Json:
    return {"message": person.edit(body["channel"], body["ts"], str(body["text"]))}


def delete(person: Person, body: Json) -> Json:
    person.delete(body["channel"], body["ts"])
    return {}


def react(person: Person, body: Json) -> Json:
    remove = bool(body.get("remove"))
    return {"message": person.react(body["channel"], body["ts"], body["name"], remove=remove)}


def read(person: Person, body: Json) -> Json:
    return {"channel": person.read(body["channel"], body["ts"])}


def join(person: Person, body: Json) -> Json:
    return {"channel": person.join(body["channel"])}


def leave(person: Person, body: Json) -> Json:
    return {"channel": person.leave(body["channel"])}


def invite(person: Person, body: Json) -> Json:
    person.invite(body["channel"], body["user"])
    return {}


def open_dm(person: Person, body: Json) -> Json:
    return {"channel": person.open_dm(body["user"])}


def home(person: Person, body: Json) -> Json:
    return {"view": person.home(body.get("tab", "home"))}


def action(person: Person, body: Json) -> Json:
    chosen = {key: value for key, value in body.items() if _CHOSEN.fullmatch(key)}
    state = (body.get("state") or {}).get("values") or {}
    person.click(body["container"], body["block_id"], body["action_id"], chosen=chosen, state=state)
    return {}


def suggest(person: Person, body: Json) -> Json:
    return person.suggest(
        body["container"], body["block_id"], body["action_id"], str(body.get("value") or "")
    )


def view_submit(person: Person, body: Json) -> Json:
    return person.submit(body["view_id"], (body.get("state") or {}).get("values") or {})


def view_close(person: Person, body: Json) -> Json:
    return {"view": person.close_view(body["view_id"], everything=bool(body.get("all")))}


def shortcut(person: Person, body: Json) -> Json:
    person.shortcut(body["callback_id"], body.get("channel"), body.get("message_ts"))
    return {}


def stop_session(person: Person, body: Json) -> Json:
    person.stop_session(body["channel"], body["thread_ts"])
    return {}


def rename_session(person: Person, body: Json) -> Json:
    person.rename_session(body["channel"], body["thread_ts"], str(body["title"]))
    return {}


def context(person: Person, body: Json) -> Json:
    person.look_at(body["channel"])
    return {}


WRITES: Mapping[str, Callable[[Person, Json], Json]] = {
    "send": send,
    "edit": edit,
    "delete": delete,
    "react": react,
    "read": read,
    "join": join,
    "leave": leave,
    "invite": invite,
    "open_dm": open_dm,
    "home": home,
    "action": action,
    "suggest": suggest,
    "view_submit": view_submit,
    "view_close": view_close,
    "shortcut": shortcut,
    "stop_session": stop_session,
    "rename_session": rename_session,
    "context": context,
}
