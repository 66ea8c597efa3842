"""What is said to us: a new goal, or words for the task of the thread, and how we show that we heard."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final, assert_never

from bot.domain.person import Person, Place
from bot.domain.task import Task
from bot.engine import replies
from bot.engine.early import Kept
from bot.engine.goals import WORDS_LIMIT
from bot.engine.hearing import Heard
from bot.errors import DatabaseOut, NotAllowed
from bot.slack import about, answers, crewing, parse, phrases, remarks
from bot.slack.desk import Desk
from bot.slack.parse import Said
from bot.slack.views import offers, texts
from bot.slack.web import FAILURES
from bot.store.early import Early, Kind

_MOST_WORDS: Final = 50
_PAGES: Final = 2
_CONTEXT: Final = 20_000
_TAKEN: Final = frozenset({Heard.STEERED, Heard.CONTINUED, Heard.ANSWERED, Heard.REDIRECTED})


def hear(desk: Desk, said: Said) -> None:
    """Words in a thread of ours steer its task; a mention or a direct message elsewhere is a goal.

    What cannot be written down is raised, so that Slack brings it again; whoever waits for an answer is told.
    """
    try:
        _hear(desk, said)
    except DatabaseOut:
        if said.is_mention or said.is_direct:
            person = Person(team=said.team, user=said.user, name=said.user)
            desk.whispers.say(person, said.place, texts.said(texts.NOT_WRITTEN_YET))
        raise


def _hear(desk: Desk, said: Said) -> None:
    task = _task(desk, said)
    if task is None and not said.is_mention and not said.is_direct:
        _wait_aside(desk, said)
        return
    person = desk.people.person(said.team, said.user)
    if said.files:
        desk.whispers.say(person, said.place, offers.cannot_read(said.files))
    if task is not None:
        _steer(desk, person, said, task)
    elif _may_have_overtaken(desk, said):
        _wait(desk, person, said)
    elif said.words or not said.files:
        _begin(desk, person, said)
    else:
        _pass_over(desk, said)


def _task(desk: Desk, said: Said) -> Task | None:
    """Of this thread, also where it is under a card whose posting we have not heard of."""
    who = Person(team=said.team, user=said.user, name=said.user)
    task = desk.intake.task_in(said.place, who)
    if task is None and said.is_reply and said.root_by == desk.identity.bot_user:
        return about.task_of(desk, said.place, str(said.place.thread), who)
    return task


def _may_have_overtaken(desk: Desk, said: Said) -> bool:
    """It is a reply under somebody's message; where that is read without our name, only a stop is surely no goal."""
    if not said.is_reply or said.root_by == desk.identity.bot_user:
        return False
    return said.is_direct or replies.is_stop(said.words)


def _wait_aside(desk: Desk, said: Said) -> None:
    """People talk under their own messages: only if that one was a goal are the words ours. Nobody hears of it."""
    if not said.words or len(said.words) > WORDS_LIMIT or said.root_by != said.user:
        return
    person = Person(team=said.team, user=said.user, name=said.user)
    one = Early(kind=Kind.ASIDE, person=person, place=said.place, ts=said.ts, text=said.words)
    if desk.intake.await_goal(one, key=said.key, sent_at=said.root_at) is Kept.BEGUN:
        _hear(desk, said)


def _wait(desk: Desk, person: Person, said: Said) -> None:
    """A reply under somebody's own message: that may be a goal, which it has overtaken; else it is a goal itself."""
    if not said.words:
        return
    one = Early(kind=Kind.WORDS, person=person, place=said.place, ts=said.ts, text=said.words)
    try:
        kept = desk.intake.await_goal(one, key=said.key, sent_at=said.root_at)
    except NotAllowed as refusal:
        desk.whispers.say(person, said.place, texts.refused(str(refusal)))
        return
    match kept:
        case Kept.KEPT:
            desk.tell_hidden(person, said.place, said.words)
            desk.errands.run(lambda: _nod(desk, said))
        case Kept.BEGUN:
            _hear(desk, said)
        case Kept.NO_GOAL:
            _begin(desk, person, said)
        case Kept.REPEATED:
            pass
        case _:
            assert_never(kept)


def _begin(desk: Desk, person: Person, said: Said) -> None:
    try:
        if said.crew is not None:
            desk.whispers.say(
                person, said.place, crewing.answer(desk, person, said.crew, said.place, key=said.key)
            )
            return
        answer = phrases.answer(desk, person, said.place, said.words, key=said.key, is_reply=said.is_reply)
        if answer is None:
            desk.start(person, said.place, said.words, key=said.key, context=_context(desk, said))
            return
    except NotAllowed as refusal:
        answer = texts.refused(str(refusal))
    _pass_over(desk, said)
    desk.whispers.say(person, said.place, answer)


def _pass_over(desk: Desk, said: Said) -> None:
    """Replies to what is no goal wait for none."""
    if said.is_direct and not said.is_reply:
        desk.intake.pass_over(said.place)


def _steer(desk: Desk, person: Person, said: Said, task: Task) -> None:
    if not said.words or answers.is_told(desk, person, said, task):
        return
    try:
        if said.crew is not None and task.person.is_same(person):
            done = crewing.answer(desk, person, said.crew, said.place, task, key=said.key)
            desk.whispers.say(person, said.place, done)
            return
        heard = desk.intake.say(person, task.id, said.words, key=said.key)
    except NotAllowed as refusal:
        desk.whispers.say(person, said.place, texts.refused(str(refusal)))
        return
    if heard in (Heard.NOT_YOURS, Heard.CONTRADICTS):
        remarks.aside(desk, person, said, task)
    elif heard is not Heard.REPEATED:
        desk.tell_hidden(person, said.place, said.words)
        _acknowledge(desk, person, said, heard)


def _acknowledge(desk: Desk, person: Person, said: Said, heard: Heard) -> None:
    if heard in _TAKEN:
        desk.errands.run(lambda: _nod(desk, said))
    elif heard is Heard.PRESS_APPROVE:
        desk.errands.run(lambda: _note(desk, said.place, texts.PRESS_APPROVE))
    elif heard is Heard.OVER:
        desk.whispers.say(person, said.place, texts.said(texts.OVER))


def _nod(desk: Desk, said: Said) -> None:
    desk.web.posts.reactions_add(channel=said.place.channel, timestamp=said.ts, name="eyes")


def _note(desk: Desk, place: Place, text: str) -> None:
    desk.web.posts.chat_postMessage(
        channel=place.channel,
        thread_ts=place.thread,
        unfurl_links=False,
        unfurl_media=False,
        **texts.said(text).payload(),
    )


def _context(desk: Desk, said: Said) -> str:
    """What was said in the thread before, each with its author: other people's words, never a goal."""
    if not said.is_reply:
        return ""
    earlier = [one for one in _thread(desk, said) if one.get("ts") != said.ts and not _is_ours(desk, one)]
    spoken = [(who, words) for who, words in map(parse.spoken, earlier[-_MOST_WORDS:]) if words]
    names = desk.people.names(who for who, _ in spoken)
    return "\n\n".join(f"{names.get(who, who)}: {words}" for who, words in spoken)[-_CONTEXT:]


def _thread(desk: Desk, said: Said) -> list[Mapping[str, Any]]:
    """Its messages, oldest first, as far as Slack gives them while the person waits."""
    try:
        pages = desk.web.quick.conversations_replies(
            channel=said.place.channel, ts=str(said.place.thread), latest=said.ts, limit=200
        )
        return [message for page in islice(pages, _PAGES) for message in page.get("messages") or []]
    except FAILURES:
        return []


def _is_ours(desk: Desk, message: Mapping[str, Any]) -> bool:
    return message.get("user") == desk.identity.bot_user
