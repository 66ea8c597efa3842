"""What a post of the outbox should show, drawn from the record at the moment it is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, assert_never

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.domain.approval import Approval
from bot.domain.connected import wanted
from bot.domain.deciders import Authority
from bot.domain.receipt import Deliverable
from bot.domain.snapshot import Snapshot
from bot.domain.task import Task, TaskState
from bot.engine.record import Record
from bot.policy import links
from bot.slack import escape
from bot.slack.sign_ins import SignIns
from bot.slack.views import apart, card, checkpoint, crew, deciders, pieces, reminder, result, texts, words
from bot.slack.views.deciders import Mention
from bot.slack.views.message import Message
from bot.store.outbox import Post, PostKind


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file for the thread: `path`, or text that is written here; and a picture of how it looks."""

    name: str
    title: str
    comment: str = ""
    path: Path | None = None
    content: str = ""
    preview: Path | None = None

    def open(self) -> tuple[BinaryIO, int]:
        """Its bytes and how many. Raises `OSError` when the file cannot be read any more."""
        if self.path is None:
            body = self.content.encode()
            return BytesIO(body), len(body)
        return self.path.open("rb"), self.path.stat().st_size


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The files come before the messages."""

    messages: tuple[Message, ...] = ()
    uploads: tuple[Upload, ...] = ()


class Announcer:
    """`authority` says who is called to decide, and who when the requester does not answer."""

    def __init__(
        self,
        record: Record,
        authority: Authority = Authority(),
        mention: Mention = lambda group: group,
        sign_ins: SignIns | None = None,
    ) -> None:
        self._record = record
        self._authority = authority
        self._mention = mention
        self._sign_ins = sign_ins
        self._plain: set[int] = set()

    def shown(self, post: Post) -> Shown | None:
        """None when it is superseded: there is nothing left to say."""
        match post.kind:
            case PostKind.CARD:
                return Shown(messages=(self._card(post.task_id),))
            case PostKind.APPROVAL:
                return self._approval(post)
            case PostKind.RESULT:
                return self._result(post)
            case PostKind.FILE:
                return self._file(post)
            case PostKind.NOTE | PostKind.OFFER | PostKind.SIGN_IN:
                return Shown(messages=(self._told(post),))
            case PostKind.REMINDER:
                return self._reminder(post)
            case PostKind.ELSEWHERE | PostKind.SHARED:
                return self._away(post)
            case _:
                assert_never(post.kind)

    def plainer(self, post: Post, message: Message) -> Message:
        """The same in the simplest blocks, for when Slack rejected the others: words and buttons."""
        if post.kind is PostKind.CARD:
            self._plain.add(post.task_id)
            return self._card(post.task_id)
        return words_and_buttons(message)

    def task(self, task_id: int) -> Task:
        return self._record.snapshot(task_id).task

    def pending(self, task_id: int) -> str | None:
        """The id of the approval that this task waits for."""
        approval = self._record.pending(task_id)
        return None if approval is None else approval.id

    def _card(self, task_id: int) -> Message:
        """Plain from the moment that Slack rejected a task's plan blocks."""
        snapshot = self._record.snapshot(task_id)
        return card.plain_card(snapshot) if task_id in self._plain else card.task_card(snapshot)

    def _approval(self, post: Post) -> Shown | None:
        approval = self._record.approval(post.ref)
        if approval is None:
            return None
        snapshot = self._record.snapshot(post.task_id)
        message, takes = self._request(approval, snapshot.task)
        if takes and snapshot.origin is not None:
            return Shown(messages=(apart.asking_there(message, approval.id, snapshot.origin),))
        is_called = _wants(approval, snapshot.task) and not takes
        return Shown(messages=(_calling(message, snapshot.task) if is_called else message,))

    def _request(self, approval: Approval, task: Task) -> tuple[Message, str]:
        """As it stands now, and whose yes it takes besides the requester's."""
        takes = deciders.takes(approval, task, self._authority, self._mention) if approval.is_pending else ""
        return checkpoint.checkpoint(approval, task, takes=takes), takes

    def _told(self, post: Post) -> Message:
        if post.kind is PostKind.OFFER:
            return crew.handing_over(self.task(post.task_id), post.ref)
        if post.kind is PostKind.SIGN_IN and self._sign_ins is not None:
            return self._sign_ins.asking(post.place.team, wanted(post.ref))
        return texts.said(escape.mrkdwn(post.ref))

    def _away(self, post: Post) -> Shown | None:
        """Where it began: that it goes on elsewhere; and what its requester lets others see, if it is as it was."""
        snapshot = self._record.snapshot(post.task_id)
        if post.kind is PostKind.ELSEWHERE:
            return Shown(messages=(apart.elsewhere(snapshot.task),))
        kind, _, ref = post.ref.partition(":")
        if kind == PostKind.APPROVAL:
            approval = self._record.approval(ref)
            there = replace(snapshot.task, place=post.place)
            return None if approval is None else Shown(messages=(self._request(approval, there)[0],))
        if str(snapshot.task.round) != ref or not snapshot.task.state.is_over:
            return None
        handed = [self._upload(one) for one in snapshot.deliverables]
        messages = apart.shared(result.result(snapshot), snapshot.task)
        return Shown(messages=tuple(messages), uploads=(*handed, *_texts(snapshot)))

    def _reminder(self, post: Post) -> Shown | None:
        """Nothing once it is decided, or has run out."""
        approval_id, _, nudge = post.ref.partition(":")
        approval = self._record.approval(approval_id)
        if approval is None or not approval.is_pending or approval.has_lapsed:
            return None
        task = self.task(post.task_id)
        others = deciders.others(approval, task, self._authority, self._mention)
        is_theirs = deciders.is_for_requester(approval, task, self._authority)
        told = reminder.reminder(approval, task, others, nudge=int(nudge), is_theirs=is_theirs)
        return Shown(messages=(told,))

    def _result(self, post: Post) -> Shown | None:
        snapshot = self._record.snapshot(post.task_id)
        if _is_superseded(snapshot, post):
            return None
        messages = result.result(snapshot)
        if not _is_direct(snapshot.task):
            messages[-1] = _calling(messages[-1], snapshot.task)
        elif snapshot.origin is not None and snapshot.task.state is not TaskState.FAILED:
            sources = self._record.private_sources(post.task_id)
            messages[-1] = apart.with_offer(messages[-1], snapshot, snapshot.origin, sources)
        return Shown(messages=tuple(messages), uploads=_texts(snapshot))

    def _file(self, post: Post) -> Shown | None:
        delivered = self._record.deliverable(post.task_id, post.ref)
        return None if delivered is None else Shown(uploads=(self._upload(delivered),))

    def _upload(self, delivered: Deliverable) -> Upload:
        path = Path(delivered.path)
        comment = links.plain(
            escape.mrkdwn(delivered.comment)
        )  # Slack would unfurl them: it takes no word on that
        title = escape.line(words.titled(delivered))
        preview = Path(delivered.preview) if delivered.preview else None
        return Upload(
            name=words.file_name(delivered), title=title, comment=comment, path=path, preview=preview
        )


def _texts(snapshot: Snapshot) -> tuple[Upload, ...]:
    """What the report is too long to show whole."""
    found = result.files(snapshot)
    return tuple(Upload(name=text.name, title=text.title, content=text.content) for text in found)


def words_and_buttons(message: Message) -> Message:
    kept: list[Block] = [block for block in message.blocks if isinstance(block, ActionsBlock)]
    return Message(message.text, [pieces.section(message.text), *kept])


def _calling(message: Message, task: Task) -> Message:
    """Whoever asked is named, so that Slack notifies them in a thread that they do not follow."""
    who = pieces.aside(f"For {words.person(task.person)}")
    last = len(message.blocks)
    at = last - 1 if last and isinstance(message.blocks[-1], ActionsBlock) else last
    return Message(message.text, [*message.blocks[:at], who, *message.blocks[at:]])


def _wants(approval: Approval, task: Task) -> bool:
    return approval.is_pending and not _is_direct(task)


def _is_direct(task: Task) -> bool:
    return task.place.channel.startswith("D")


def _is_superseded(snapshot: Snapshot, post: Post) -> bool:
    """A later round began before this one's result was sent, and there is no text of it."""
    return str(snapshot.task.round) != post.ref and not snapshot.task.answer
