"""The wire to Slack for what is kept true: post, change, find again, upload."""

from __future__ import annotations

import logging
import threading
import urllib.request
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import PurePath
from typing import Any, BinaryIO

from bot import crossing
from bot.domain.person import Place
from bot.slack import outcomes
from bot.slack.announcer import Upload
from bot.slack.limits import LOOK, POST, UPDATE, UPLOAD
from bot.slack.outcomes import Misshapen, Outcome, Refused, Sent, Throttled, Unknown
from bot.slack.views.message import Message
from bot.slack.web import FAILURES, Web, error_code

EVENT_TYPE = "cowork_outbox"
MOST_BYTES = 1_000_000_000
NOTHING = b"\n"
"""Slack takes no empty file."""

_SLACK = timedelta(seconds=60)
_PAGE = 200
_UPLOAD_SECONDS = 60
_LONGEST_ALT = 250
_SHARE_LOOKS = 20
_SHARE_PAUSE = 0.15
_CANNOT_LOOK = frozenset({"not_in_channel", "channel_not_found", "missing_scope", "thread_not_found"})
_GONE = frozenset({"message_not_found", "file_not_found", "file_deleted"})

logger = logging.getLogger(__name__)

Plainer = Callable[[Message], Message]

Found = Sent | Throttled | Unknown | None
"""None: it was not posted. `Throttled`, `Unknown`: Slack cannot be asked now."""


class Courier:
    """Every answer is an `Outcome`: nothing here raises for what Slack did."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._pause = threading.Event()

    def close(self) -> None:
        """Wait for nothing any more."""
        self._pause.set()

    def post(self, place: Place, message: Message, *, key: str, plainer: Plainer) -> Outcome:
        def send(shown: dict[str, Any]) -> Outcome:
            answer = self._web.posts.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
                parse="none",
                **shown,
            )
            return Sent(str(answer["ts"]))

        return self._shaped(send, message, plainer, POST, key)

    def update(self, place: Place, ts: str, message: Message, *, key: str, plainer: Plainer) -> Outcome:
        def send(shown: dict[str, Any]) -> Outcome:
            self._web.posts.chat_update(channel=place.channel, ts=ts, parse="none", **shown)
            return Sent(ts)

        return self._shaped(send, message, plainer, UPDATE, key)

    def find(self, place: Place, key: str, since: datetime | None) -> Found:
        """The message with this key."""
        return self._look(place, since, lambda message: key_of(message) == key)

    def find_file(self, place: Place, upload: Upload, since: datetime | None) -> Found:
        """Files carry no key: one of ours of this name and size that came into the thread since then."""
        try:
            body, size = upload.open()
        except OSError:
            return None
        body.close()
        return self._look(
            place, since, lambda message: _has_our_file(message, upload.name, size or len(NOTHING))
        )

    def all_of(self, place: Place, keys: Collection[str]) -> list[tuple[str, str]]:
        """Our messages there that carry one of these keys, or a part of its message: key and ts. Raises `FAILURES`."""
        found = [(key_of(message), str(message["ts"])) for message in self._messages(place, "0")]
        return [(key, ts) for key, ts in found if key.partition("#")[0] in keys]

    def delete(self, place: Place, ts: str) -> None:
        """A message, or a file by its id. Raises `FAILURES`, but not for what is gone already."""
        try:
            if ts.startswith("F"):
                self._web.posts.files_delete(file=ts)
            else:
                self._web.posts.chat_delete(channel=place.channel, ts=ts)
        except FAILURES as error:
            if error_code(error) not in _GONE:
                raise

    def direct(self, user: str) -> str:
        """The channel of our direct messages with someone. Raises `FAILURES`."""
        return str(self._web.posts.conversations_open(users=user)["channel"]["id"])

    def upload(self, place: Place, upload: Upload) -> Outcome:
        """In three steps; only the last shows it to anybody. The file is not read into memory."""
        try:
            body, size = upload.open()
        except OSError as error:
            return Refused(f"the file cannot be read: {type(error).__name__}")
        with body:
            if size > MOST_BYTES:
                return Refused("it is larger than the 1 GB that Slack takes")
            try:
                file_id = self._stored(upload.name, body if size else BytesIO(NOTHING), size or len(NOTHING))
                self._web.posts.files_completeUploadExternal(
                    files=[{"id": file_id, "title": upload.title}, *self._previewed(upload)],
                    channel_id=place.channel,
                    thread_ts=place.thread,
                    initial_comment=upload.comment or None,
                )
            except FAILURES as error:
                return outcomes.of_failure(error, UPLOAD)
        return Sent(self._shared(place, file_id) or file_id)

    def _previewed(self, upload: Upload) -> list[dict[str, str | None]]:
        """The picture of it, in the same message. A file is never kept back because its picture cannot be posted."""
        if upload.preview is None:
            return []
        alt = f"How {upload.title} begins"[:_LONGEST_ALT]
        try:
            with upload.preview.open("rb") as picture:
                name = f"{PurePath(upload.name).stem} (preview).png"
                file_id = self._stored(name, picture, upload.preview.stat().st_size, alt)
        except (OSError, *FAILURES) as error:
            logger.warning("the picture of %s is not posted: %s", upload.name, type(error).__name__)
            return []
        return [{"id": file_id, "title": alt}]

    def _stored(self, name: str, body: BinaryIO, size: int, alt: str = "") -> str:
        answer = self._web.posts.files_getUploadURLExternal(filename=name, length=size, alt_txt=alt or None)
        request = urllib.request.Request(str(answer["upload_url"]), data=body, method="POST")
        request.add_header("Content-Length", str(size))
        request.add_header("Content-Type", "application/octet-stream")
        with (
            crossing.outside("slack.upload"),
            urllib.request.urlopen(request, timeout=_UPLOAD_SECONDS) as stored,
        ):
            stored.read()
        return str(answer["file_id"])

    def _shaped(
        self,
        send: Callable[[dict[str, Any]], Outcome],
        message: Message,
        plainer: Plainer,
        method: str,
        key: str,
    ) -> Outcome:
        """Blocks that Slack rejects are sent plainer, then as words alone: something always arrives."""
        outcome = _tried(send, message.payload(), method)
        for simpler in (lambda: plainer(message).payload(), lambda: {"text": message.text}):
            if not isinstance(outcome, Misshapen):
                return outcome
            logger.error("Slack rejected the blocks of %s: %s", key, outcome.pointers)
            outcome = _tried(send, simpler(), method)
        return outcome

    def _look(self, place: Place, since: datetime | None, is_it: Callable[[dict[str, Any]], bool]) -> Found:
        oldest = f"{(since - _SLACK).timestamp():.6f}" if since else "0"
        try:
            found = next(filter(is_it, self._messages(place, oldest)), None)
        except FAILURES as error:
            code = error_code(error) or type(error).__name__
            outcome = outcomes.of_failure(error, LOOK)
            if isinstance(outcome, Throttled):
                return Throttled(LOOK, outcome.seconds, is_begun=True)
            return None if code in _CANNOT_LOOK else Unknown(code)
        return None if found is None else Sent(str(found["ts"]))

    def _messages(self, place: Place, oldest: str) -> list[dict[str, Any]]:
        about: dict[str, Any] = {
            "channel": place.channel,
            "oldest": oldest,
            "limit": _PAGE,
            "include_all_metadata": True,
        }
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            if place.thread is None:
                answer = self._web.reads.conversations_history(**about, cursor=cursor or None)
            else:
                answer = self._web.reads.conversations_replies(
                    **about, ts=place.thread, cursor=cursor or None
                )
            found += answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    def _shared(self, place: Place, file_id: str) -> str:
        """The ts of the message with the file; it comes a little after the upload, and the report comes after it."""
        for _ in range(_SHARE_LOOKS):
            try:
                file = self._web.reads.files_info(file=file_id)["file"]
            except FAILURES:
                return ""
            shares = file.get("shares") or {}
            for reach in shares.values():
                for share in reach.get(place.channel, []):
                    return str(share["ts"])
            if self._pause.wait(_SHARE_PAUSE):
                return ""
        return ""


def key_of(message: dict[str, Any]) -> str:
    """Of a message of ours, what it was posted under; "" of any other."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("key", ""))


def _tried(send: Callable[[dict[str, Any]], Outcome], shown: dict[str, Any], method: str) -> Outcome:
    try:
        return send(shown)
    except FAILURES as error:
        return outcomes.of_failure(error, method)


def _has_our_file(message: dict[str, Any], name: str, size: int) -> bool:
    files = message.get("files") or []
    return "bot_id" in message and any((file.get("name"), file.get("size")) == (name, size) for file in files)
