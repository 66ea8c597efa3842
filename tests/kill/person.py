"""The person who asked: they look at Slack again and again, and do their part by what they see there."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from typing import Any

from bot.agent.settling import HAPPENED, RUN_AGAIN
from bot.emulator import rendering
from bot.emulator.server import LocalSlack
from bot.emulator.wire import SlackError
from tests.kill.stories import ROOT, Story

CHANNEL = "reports"
SHUT_OUT = "I cannot post in"
_UNHEARD = 8.0
_UNANSWERED = 1.0
_OVERTAKEN = 12.0
"""Long enough that whoever dies of the reply is back before the goal comes."""

Message = dict[str, Any]


class Person:
    """Use `act` at every look. `root` is the message with their goal, once they have asked."""

    def __init__(self, slack: LocalSlack, story: Story) -> None:
        self.root: Message = {}
        self._slack = slack
        self._story = story
        self._ana = slack.person("ana")
        self._done: dict[str, float] = {}

    def posts(self) -> list[Message]:
        """What the colleague has said where they look: in the channel, and directly to them if that is kept."""
        bot = self._slack.workspace.bot_user
        places = (self._slack.channel(CHANNEL), self._ana.bot_dm)
        found = [one for place in places for one in self._slack.messages(place) if one["user"] == bot]
        return [one for one in found if one.get("subtype") != "channel_join"]

    def act(self, files: Mapping[str, str], *, is_unheard: bool) -> None:
        """One look: they ask once, and then answer what they are asked; whether a call happened they see in `files`."""
        if not self.root:
            if self._has_chosen():
                self._ask()
            return
        for message in self.posts():
            buttons = dict(buttons_of(message))
            if HAPPENED in buttons:
                self._press(message, buttons[HAPPENED if self._has_happened(message, files) else RUN_AGAIN])
            elif buttons and self._concerns(message, is_unheard=is_unheard):
                self._answer(message, buttons)
        if is_unheard and self._story.lets_in and self._is_past("ask", _UNHEARD):
            self._ana.invite(CHANNEL, self._slack.workspace.bot_user)

    def _concerns(self, message: Message, *, is_unheard: bool) -> bool:
        """Nobody looks into a thread that was deleted, nor at an offer that was taken."""
        is_lost = f"delete {ROOT}" in self._done and message.get("thread_ts") == self.root["ts"]
        return not is_lost and (is_unheard or not message["text"].startswith(SHUT_OUT))

    def _has_chosen(self) -> bool:
        """In the settings, until Slack takes it."""
        if not self._story.prefers or "choose" in self._done:
            return True
        form = self._ana.modal()
        if form is not None and form["title"]["text"] == "Settings":
            with contextlib.suppress(SlackError):
                self._ana.submit(form["id"], _chosen(form, self._story.prefers))
                self._is_first("choose")
        elif self._is_past("form", _UNANSWERED):
            self._done["form"] = time.monotonic()
            self._open_settings(form)
        return False

    def _open_settings(self, dead: Message | None) -> None:
        """Anew, where what they had open is never filled."""
        with contextlib.suppress(SlackError):
            if dead is not None:
                self._ana.close_view(dead["id"], everything=True)
            self._ana.command(CHANNEL, "/cowork settings", wait=False)

    def _ask(self) -> None:
        self._is_first("ask")
        early, place = self._story.early, self._ana.bot_dm if self._story.early else CHANNEL
        with self._slack.workspace.lock:
            if early:
                self._slack.control.delay_next_event(_OVERTAKEN)
            self.root = self._ana.say(place, self._story.goal)
            if early:
                self._ana.say(place, early, thread_ts=self.root["ts"])
            if self._story.shut_out:
                self._slack.control.remove_bot(CHANNEL)

    def _answer(self, message: Message, buttons: Mapping[str, str]) -> None:
        story = self._story
        if not all([self._has_deleted(what) for what in _asked_for(story.deletes, message)]):
            return
        for goal in _asked_for(story.edits, message):
            if self._is_first(f"edit {goal}"):
                self._ana.edit(CHANNEL, self.root["ts"], goal)
        for reply in _asked_for(story.words, message):
            if self._is_first(f"say {reply}"):
                self._ana.say(CHANNEL, reply, thread_ts=self.root["ts"])
        for label, where in story.presses.items():
            if label in buttons and where in message["text"] and self._concerns(message, is_unheard=True):
                self._press(message, buttons[label])

    def _press(self, message: Message, action_id: str) -> None:
        """At every look that still shows the button: impatiently, and when Slack says that it failed."""
        with contextlib.suppress(SlackError):
            self._ana.press(message, action_id)

    def _has_deleted(self, what: str) -> bool:
        """They their own message, an admin one of ours; once, and not before it is there."""
        if f"delete {what}" in self._done:
            return True
        ours = [one for one in self.posts() if what in one["text"]]
        if what == ROOT:
            self._ana.delete(CHANNEL, self.root["ts"])
        for one in ours:
            self._slack.control.delete_message(one["channel"], one["ts"])
        return bool(ours or what == ROOT) and self._is_first(f"delete {what}")

    def _has_happened(self, message: Message, files: Mapping[str, str]) -> bool:
        """They look into the folder."""
        wanted = self._story.files.items()
        return all(files.get(name) == content for name, content in wanted if name in str(message))

    def _is_first(self, what: str) -> bool:
        """What Slack keeps and delivers when it can is done once."""
        is_first = what not in self._done
        self._done.setdefault(what, time.monotonic())
        return is_first

    def _is_past(self, what: str, seconds: float) -> bool:
        return time.monotonic() > self._done.get(what, 0.0) + seconds


def buttons_of(message: Message) -> Iterator[tuple[str, str]]:
    """The label and the action of every button."""
    for _, element in rendering.elements(message.get("blocks") or []):
        if element["type"] == "button":
            yield element["text"]["text"], element["action_id"]


def _asked_for(parts: Mapping[str, str], message: Message) -> list[str]:
    return [what for asked, what in parts.items() if asked in message["text"]]


def _chosen(form: Message, value: str) -> dict[str, Any]:
    """The only choice of a form, as Slack says it."""
    [block] = [one for one in form["blocks"] if one["type"] == "input"]
    element = block["element"]
    option = next(one for one in element["options"] if one["value"] == value)
    return {block["block_id"]: {element["action_id"]: {"type": element["type"], "selected_option": option}}}
