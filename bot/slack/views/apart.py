"""What is said where not everyone may see what a task has seen; and to its requester, who can let them."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.domain.person import Place
from bot.domain.snapshot import Snapshot
from bot.domain.task import Task
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.message import Message

TASK_SHARE = "task_share"
APPROVAL_SHARE = "approval_share"

SOURCES_SHOWN = 3


def elsewhere(task: Task) -> Message:
    """In place of the card: nothing of what the task found out, planned or asks."""
    said = (
        f"🔒 *I go on with {words.person(task.person)} alone.* This draws on what not everyone here may see, so its "
        f"plan, my questions and the report come in our direct messages. {words.person(task.person)} decides there "
        "what is posted here."
    )
    goal = fit.clip(escape.mrkdwn_line(task.goal), 200, is_mrkdwn=True)
    return fit.fit(Message(f"Not shown here: {goal}", [pieces.header(task.goal), pieces.section(said)]))


def here(snapshot: Snapshot) -> list[Block]:
    """On the card: why it stands here."""
    if snapshot.origin is None:
        return []
    return [
        pieces.aside(
            f"🔒 Only you see this: it draws on what not everyone in {_name(snapshot.origin)} may see."
        )
    ]


def with_offer(message: Message, snapshot: Snapshot, origin: Place, sources: Sequence[str]) -> Message:
    """The report, with the one button that lets others see exactly this."""
    task, files = snapshot.task, len(snapshot.deliverables)
    shown = ", ".join(_short(words.near(name, task.folders)) for name in sources[:SOURCES_SHOWN])
    more = f" and {len(sources) - SOURCES_SHOWN:,} more" if len(sources) > SOURCES_SHOWN else ""
    drawn = f" It draws on {shown}{more}." if sources else ""
    given = f" and gets its {words.count(files, 'file')}" if files else ""
    said = f"🔒 *Only you see this.*{drawn} Posted, everyone in {_name(origin)} reads exactly this report{given}."
    button = pieces.button("Post it there", pieces.numbered(TASK_SHARE, task.round), str(task.id))
    return _with(message, said, button)


def asking_there(message: Message, approval_id: str, origin: Place) -> Message:
    """A request that others decide, who do not see this conversation."""
    said = (
        f"🔒 *Only you see this.* Posted, everyone in {_name(origin)} reads this request, and can be asked."
    )
    button = pieces.button("Ask there", APPROVAL_SHARE, approval_id)
    return _with(message, said, button)


def shared(messages: Sequence[Message], task: Task) -> list[Message]:
    """The same report for others to read: who let them, and no buttons."""
    first, *rest = (_without_buttons(message) for message in messages)
    said = pieces.aside(f"{words.person(task.person)} lets everyone here see this.")
    return [Message(first.text, [said, *first.blocks]), *rest]


def _with(message: Message, said: str, button: ButtonElement) -> Message:
    return fit.fit(Message(message.text, [*message.blocks, pieces.section(said), *pieces.buttons([button])]))


def _without_buttons(message: Message) -> Message:
    return Message(message.text, [block for block in message.blocks if not isinstance(block, ActionsBlock)])


def _name(place: Place) -> str:
    return f"<#{place.channel}>"


def _short(text: str) -> str:
    return fit.clip(escape.mrkdwn_line(text), 100, is_mrkdwn=True)
