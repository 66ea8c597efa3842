"""People invited, and invitations answered."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.calendar import places, words
from plugins.calendar.account import Reply
from plugins.calendar.changing import changed
from plugins.calendar.event import Change, Event, Guest
from plugins.calendar.places import WRITE, In, On, Version
from plugins.calendar.when import told

_EMAIL = re.compile(r"[^\s@<>,;:\"\\()]+@[^\s@<>,;:\"\\()]+\.[^\s@<>,;:\"\\()]+")
Guests = Annotated[
    list[str],
    "E-mail addresses of who is to be invited",
    Destination(),
    Field(min_length=1, max_length=50),
]


def _new(found: Event, guests: list[str]) -> list[str]:
    """Who is not invited yet."""
    for one in guests:
        if not _EMAIL.fullmatch(one):
            raise ToolError(f"{one!r} is no e-mail address.")
    invited = {one.email.casefold() for one in found.guests}
    new = {one.casefold(): one for one in guests if one.casefold() not in invited}
    if not new:
        raise ToolError(f"They are all invited to “{found.title}” already.")
    return list(new.values())


def _card(context: Context, calendar: str, event: str, version: str, guests: list[str]) -> str:
    found = places.as_read(context, calendar, event, version)
    account, of = places.account(context), places.here(context, calendar)
    new = _new(found, guests)
    how = (
        "sends them this invitation by mail"
        if account.tells_guests(of)
        else "writes them down, and mails nobody"
    )
    shown = words.whole_event(found, ZoneInfo(found.zone), of)
    return "\n".join([*(f"- {one}" for one in new), f"{account.service} {how}:", words.which(found), shown])


def _invited(context: Context, made: Event, new: list[str], *, is_known: bool = True) -> Result:
    account = places.account(context)
    is_told = account.tells_guests(places.here(context, made.calendar))
    result = changed(f"Invited {words.named(new)} to", Effect.SEND, made, json.dumps(new) if is_known else "")
    note = "" if is_told else f"\n{account.service} sends no invitations: tell them yourself, with the link."
    return Result(text=result.text + note, receipt=result.receipt)


def _uninvited(context: Context, receipt: Receipt, calendar: str, event: str, **_: Any) -> Result:
    found = places.untouched(context, calendar, event, receipt.after)
    gone = {one.casefold() for one in json.loads(receipt.before)}
    left = tuple(one for one in found.guests if one.email.casefold() not in gone)
    places.account(context).change(found, Change(guests=left), tells=True, now=context.now)
    return Result(text=f"{words.named(sorted(gone))} are not invited any more, and are told so.")


def _was_invited(
    context: Context, calendar: str, event: str, version: str, guests: list[str]
) -> Result | None:
    found = places.present(context, calendar, event)
    invited = {one.email.casefold() for one in found.guests}
    is_done = {one.casefold() for one in guests} <= invited
    return places.after_crash(
        found, version, is_done, lambda: _invited(context, found, guests, is_known=False)
    )


@action(
    effect=Effect.SEND,
    items=places.touched,
    preview=lambda _, calendar, event, guests, **__: (
        f"Invite {words.named(guests)} to the event {words.short(event, 40)} in the calendar "
        f"{words.short(calendar, 40)}"
    ),
    detail=_card,
    example={
        "calendar": "primary",
        "event": "kickoff",
        "version": "0123456789",
        "guests": ["cleo@example.com"],
    },
    inverse=Inverse(words="Take the invitation back", act=_uninvited),
    settled=_was_invited,
    needs=WRITE,
)
def invite_people(context: Context, calendar: In, event: On, version: Version, guests: Guests) -> Result:
    """Invite people to an event that this account organises. They get all that stands in it by mail."""
    found = places.as_read(context, calendar, event, version)
    places.own(found)
    new = _new(found, guests)
    context.halt.check()
    all_ = (*found.guests, *(Guest(email=one) for one in new))
    made = places.account(context).change(found, Change(guests=all_), tells=True, now=context.now)
    return _invited(context, made, new)


def _reply_card(
    context: Context, calendar: str, event: str, version: str, reply: Reply, comment: str = ""
) -> str:
    found = _mine(context, calendar, event, version)
    lines = [words.which(found), f"When: {told(found)}", f"Organised by: {found.organizer or 'not said'}"]
    before = found.me.answer if found.me else ""
    lines += [f"Answer: {words.ANSWERS.get(before, before)} → {words.ANSWERS[reply]}"]
    return "\n".join(lines) + (f"\n\n{comment}" if comment else "")


def _mine(context: Context, calendar: str, event: str, version: str) -> Event:
    found = places.as_read(context, calendar, event, version)
    if found.me is None:
        raise ToolError(f"Who is connected is not a guest of “{found.title}”.")
    return found


def _answered(made: Event, reply: str, before: str) -> Result:
    said = words.ANSWERS.get(reply, reply)
    return changed(f"Answered ({said})", Effect.SEND, made, before)


def _answer_back(context: Context, receipt: Receipt, calendar: str, event: str, **_: Any) -> Result:
    found = places.untouched(context, calendar, event, receipt.after)
    places.account(context).answer(found, receipt.before, "", now=context.now)
    return Result(text=f"The answer to “{found.title}” is as it was: {words.ANSWERS[receipt.before]}.")


def _was_answered(context: Context, calendar: str, event: str, version: str, reply: Reply, **_: Any) -> Any:
    found = places.present(context, calendar, event)
    is_done = found.me is not None and found.me.answer == reply
    return places.after_crash(found, version, is_done, lambda: _answered(found, reply, ""))


@action(
    effect=Effect.SEND,
    items=places.touched,
    preview=lambda _, calendar, event, reply, **__: (
        f"Answer the invitation {words.short(event)} in the calendar {words.short(calendar)}: {words.ANSWERS[reply]}"
    ),
    detail=_reply_card,
    example={"calendar": "primary", "event": "kickoff", "version": "0123456789", "reply": "accepted"},
    inverse=Inverse(words="Answer as before", act=_answer_back),
    settled=_was_answered,
    needs=WRITE,
)
def respond_to_invitation(
    context: Context,
    calendar: In,
    event: On,
    version: Version,
    reply: Reply,
    comment: Annotated[str, "For the organiser"] = "",
) -> Result:
    """Accept, decline or perhaps accept an invitation in the name of who is connected. The organiser is told."""
    found = _mine(context, calendar, event, version)
    before = found.me.answer if found.me and found.me.answer in words.ANSWERS else ""
    context.halt.check()
    made = places.account(context).answer(found, reply, comment, now=context.now)
    return _answered(made, reply, before)
