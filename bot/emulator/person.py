"""One person at their Slack: what they can do there, for the page and for tests alike."""

from __future__ import annotations

import threading

from bot.emulator import (
    channels,
    events,
    files,
    gestures,
    memberships,
    messages,
    modals,
    rendering,
    sessions,
    streams,
    users,
    views,
)
from bot.emulator.message_shapes import page_shape
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


class Person:
    """Channels are named by id or by name. Answers have the page's shapes; refusals are `SlackError`s."""

    def __init__(self, ws: Workspace, user_id: str) -> None:
        self.ws = ws
        self.id = user_id

    @property
    def bot_dm(self) -> str:
        """The channel id of the DM with the app: its Messages tab."""
        return str(self.open_dm(self.ws.bot_user)["id"])

    def say(
        self,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        file_ids: list[str] | None = None,
    ) -> Json:
        """Post a message as the composer does. Slash commands are `command`."""
        with self.ws.lock:
            place = self._writable(channel)
            if not text.strip() and not file_ids:
                raise SlackError("no_text")
            draft = messages.Draft(
                user=self.id,
                text=rendering.typed(self.ws, text),
                thread_ts=thread_ts,
                broadcast=broadcast,
                file_ids=[self._own_file(one) for one in file_ids or []],
            )
            message = messages.post(self.ws, place, draft)
            self._warn_of_absent_bot(place, message)
            return page_shape(self.ws, message)

    def command(self, channel: str, text: str, *, thread_ts: str | None = None, wait: bool = True) -> Json:
        """Run `/name words`; without `wait` a failure is only shown as a warning."""
        name, _, words = text.strip().partition(" ")
        with self.ws.lock:
            place = self._writable(channel)
            if self.ws.app.command(name) is None:
                raise SlackError("unknown_command", message=_UNKNOWN.format(name=name))
            if thread_ts:
                raise SlackError("command_in_thread", message=f"{name} is not supported in threads. Sorry!")
        if wait:
            gestures.command(self.ws, self.id, place["id"], name, words.strip())
        else:
            self._later(place["id"], name, words.strip())
        return {"command": name, "text": words.strip()}

    def upload(self, name: str, body: bytes) -> Json:
        with self.ws.lock:
            return files.page_shape(files.uploaded(self.ws, name, body, self.id))

    def edit(self, channel: str, ts: str, text: str) -> Json:
        with self.ws.lock:
            place, before = self._message(channel, ts)
            if before["user"] != self.id:
                raise SlackError("cant_update_message")
            words = rendering.typed(self.ws, text)
            after = {**before, "text": words, "blocks": rendering.rich_text(self.ws, words)}
            after["edited"] = {"user": self.id, "ts": self.ws.ids.timestamp()}
            return page_shape(self.ws, messages.change(self.ws, place, before, after, reason="edited"))

    def delete(self, channel: str, ts: str) -> None:
        with self.ws.lock:
            place, message = self._message(channel, ts)
            if message["user"] != self.id and not users.found(self.ws, self.id)["is_admin"]:
                raise SlackError("cant_delete_message")
            messages.delete(self.ws, place, message)

    def react(self, channel: str, ts: str, name: str, *, remove: bool = False) -> Json:
        with self.ws.lock:
            place, message = self._message(channel, ts)
            after = messages.react(self.ws, place, message, self.id, name.strip(":"), remove=remove)
            return page_shape(self.ws, after)

    def read(self, channel: str, ts: str) -> Json:
        with self.ws.lock:
            place = self._visible(channel)
            channels.mark_read(self.ws, place, self.id, ts)
            return channels.page_shape(self.ws, place, self.id)

    def join(self, channel: str) -> Json:
        with self.ws.lock:
            place = self._visible(channel)
            return channels.page_shape(self.ws, memberships.join(self.ws, place, self.id), self.id)

    def leave(self, channel: str) -> Json:
        with self.ws.lock:
            place = self._visible(channel)
            return channels.page_shape(self.ws, memberships.leave(self.ws, place, self.id), self.id)

    def invite(self, channel: str, user_id: str) -> None:
        with self.ws.lock:
            place = self._writable(channel)
            users.found(self.ws, user_id)
            memberships.join(self.ws, place, user_id, self.id)

    def open_dm(self, user_id: str) -> Json:
        with self.ws.lock:
            users.found(self.ws, user_id)
            return channels.page_shape(self.ws, channels.direct(self.ws, self.id, user_id), self.id)

    def home(self, tab: str = "home") -> Json | None:
        """Open a tab of the app; what is published now, if anything."""
        with self.ws.lock:
            view = views.home(self.ws, self.id)
            dm = channels.direct(self.ws, self.id, self.ws.bot_user)
            opened = {
                "type": "app_home_opened",
                "user": self.id,
                "channel": dm["id"],
                "tab": tab,
                "event_ts": self.ws.ids.timestamp(),
            }
            if view is not None and tab == "home":
                opened["view"] = views.api_shape(view)
            events.emit(self.ws, opened, dm)
            return views.page_shape(view) if view and tab == "home" else None

    def look_at(self, channel: str) -> None:
        """Turn to a channel while the agent is open beside it."""
        with self.ws.lock:
            place = self._visible(channel)
            dm = channels.direct(self.ws, self.id, self.ws.bot_user)
            context = {"channel_id": place["id"], "team_id": self.ws.team_id, "enterprise_id": None}
            turned = {"type": "app_context_changed", "user": self.id, "channel": dm["id"], "context": context}
            events.emit(self.ws, {**turned, "event_ts": self.ws.ids.timestamp()}, dm)

    def stop_session(self, channel: str, thread_ts: str) -> None:
        with self.ws.lock:
            place = self._visible(channel)
            session = sessions.find(self.ws, place["id"], thread_ts)
            if session is None or session["status"] != "processing":
                raise SlackError("session_not_processing")
            ended = streams.end_by_person(self.ws, place, thread_ts)
            sessions.stopped(self.ws, place, thread_ts, self.id, ended)

    def rename_session(self, channel: str, thread_ts: str, title: str) -> None:
        with self.ws.lock:
            place = self._visible(channel)
            session = sessions.find(self.ws, place["id"], thread_ts)
            if session is None:
                raise SlackError("session_not_found")
            sessions.renamed(self.ws, place, session, self.id, title)

    def click(
        self,
        container: Json,
        block_id: str,
        action_id: str,
        *,
        chosen: Json | None = None,
        state: Json | None = None,
    ) -> None:
        """Use an element; `chosen` is its part of the action, `state` the surface's `state.values`."""
        gestures.click(self.ws, self.id, container, block_id, action_id, chosen or {}, state or {})

    def press(self, message: Json, action_id: str) -> None:
        """Press the button with this action id on a message of the page's shape."""
        where = next(w for w, one in rendering.elements(message["blocks"]) if one["action_id"] == action_id)
        container = {"type": "message", "channel_id": message["channel"], "message_ts": message["ts"]}
        self.click(container, str(where), action_id)

    def suggest(self, container: Json, block_id: str, action_id: str, typed: str) -> Json:
        return gestures.suggest(self.ws, self.id, container, block_id, action_id, typed, {})

    def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> None:
        if channel is None or ts is None:
            gestures.global_shortcut(self.ws, self.id, callback_id)
        else:
            with self.ws.lock:
                place = self._visible(channel)
            gestures.message_shortcut(self.ws, self.id, callback_id, place["id"], ts)

    def modal(self) -> Json | None:
        """The view on top of the person's screen."""
        with self.ws.lock:
            view = views.top(self.ws, self.id)
            return views.page_shape(view) if view else None

    def submit(self, view_id: str, state: Json | None = None) -> Json:
        return modals.submit(self.ws, self.id, view_id, state or {})

    def close_view(self, view_id: str, *, everything: bool = False) -> Json | None:
        return modals.close(self.ws, self.id, view_id, everything=everything)

    def _visible(self, channel: str) -> Json:
        place = self.ws.store.get("channel", channel) or channels.named(self.ws, channel.removeprefix("#"))
        if place is None or not channels.visible_to(self.ws, place, self.id):
            raise SlackError("channel_not_found")
        return place

    def _writable(self, channel: str) -> Json:
        place = self._visible(channel)
        if place["is_archived"]:
            raise SlackError("is_archived")
        if self.id not in place["members"]:
            raise SlackError("not_in_channel")
        if self.ws.bot_user in place["members"] and place["kind"] == "im" and not self.ws.app.messages_tab:
            raise SlackError("restricted_action", message="Sending messages to this app has been turned off.")
        return place

    def _message(self, channel: str, ts: str) -> tuple[Json, Json]:
        place = self._visible(channel)
        return place, messages.found(self.ws, place, ts)

    def _own_file(self, file_id: str) -> str:
        if files.found(self.ws, file_id)["user"] != self.id:
            raise SlackError("file_not_found")
        return file_id

    def _warn_of_absent_bot(self, place: Json, message: Json) -> None:
        bot = self.ws.bot_user
        if f"<@{bot}>" in message["text"] and bot not in place["members"]:
            words = (
                f"@{self.ws.app.name} is not in this channel and was not notified. Invite it to have it read."
            )
            self.ws.log.warn("not_in_channel", words, channel=place["id"], to=[self.id])

    def _later(self, channel_id: str, name: str, words: str) -> None:
        def run() -> None:
            try:
                gestures.command(self.ws, self.id, channel_id, name, words)
            except SlackError:
                return  # the person has already been shown why

        threading.Thread(target=run, name="local-slack-command", daemon=True).start()


_UNKNOWN = (
    "{name} is not a valid command. In Slack, all messages that start with the “/” character are interpreted as "
    "commands. If you are trying to send a message and not run a command, try preceding the “/” with a space."
)
