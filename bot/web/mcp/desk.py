"""What a caller asks for, answered in words for models: one call each, by the token that is good at this moment."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import unquote

from bot.domain import versions
from bot.domain.approval import ApprovalState, Decision
from bot.domain.task import Autonomy, TaskState
from bot.domain.token import Token, TokenScope
from bot.engine.hearing import Heard
from bot.engine.record import Record
from bot.engine.serving import NotThere, Serving, Wish
from bot.engine.tokens import Tokens
from bot.errors import NotAllowed
from bot.settings import folder_grant
from bot.web.mcp import views
from bot.web.mcp.views import TaskLine, TaskView
from bot.web.values import CHOICES

MOST_LISTED = 50
_MOST_BYTES = 8 << 20
_DECISIONS = {name: state for state, name in CHOICES.items()}
_HEARD = {
    Heard.STEERED: "It takes this into account with its next step.",
    Heard.CONTINUED: "It works again.",
    Heard.ANSWERED: "That answered what it asked.",
    Heard.REDIRECTED: "That redirected it: what waited for a decision is not done.",
    Heard.STOPPING: "It stops.",
    Heard.PRESS_APPROVE: "Words approve nothing: that takes respond_to_checkpoint.",
    Heard.NOT_YOURS: "It is not yours to steer: its owner was shown what you said.",
    Heard.CONTRADICTS: "That goes against what its owner fixed: they were shown what you said.",
    Heard.OVER: "It was over already.",
    Heard.REPEATED: "This was heard before.",
}


class Desk:
    def __init__(self, serving: Serving, tokens: Tokens, record: Record) -> None:
        self._serving = serving
        self._tokens = tokens
        self._record = record

    def start(self, token: Token, wish: Wish, key: str) -> TaskView:
        started = self._serving.start(token, wish, key=key)
        return self.look(token, started.task.id)

    def look(self, token: Token, task_id: int) -> TaskView:
        """Raises `Unknown` where the token is over by now, and `NotThere`."""
        token = self._tokens.again(token)
        shown = self._serving.snapshot(token, task_id)
        asked = self._serving.pending(token, task_id)
        return views.view_of(shown, asked, self._serving.deliverables(token, task_id))

    def listed(self, token: Token, state: TaskState | None, before: int | None, limit: int) -> list[TaskLine]:
        found = self._serving.tasks(token, state=state, before=before, limit=min(max(limit, 1), MOST_LISTED))
        return [views.line_of(task) for task in found]

    def say(self, token: Token, task_id: int, words: str, key: str) -> str:
        return _HEARD[self._serving.say(token, task_id, words, key=key)]

    def decide(self, token: Token, task_id: int, checkpoint_id: str, decision: str, words: str) -> str:
        made = Decision(state=_DECISIONS[decision], words=words)
        asked = self._record.approval(checkpoint_id)
        is_yes = made.state is ApprovalState.APPROVED and TokenScope.APPROVE in token.scopes
        if is_yes and asked is not None and not views.is_whole(asked):
            raise NotAllowed("This is longer than can be shown here. Ask your user to decide in Slack.")
        decided = self._serving.decide(token, task_id, checkpoint_id, made)
        if decided.is_new:
            return "Decided."
        if decided.missing:
            return f"This yes was kept. It still takes {decided.missing}."
        by = decided.approval.decided_by
        return f"It was decided before{f', by {by.name}' if by else ''}: {decided.approval.state}."

    def stop(self, token: Token, task_id: int) -> TaskView:
        self._serving.stop(token, task_id)
        return self.look(token, task_id)

    def resources(self, token: Token) -> list[tuple[str, str]]:
        """The newest tasks, and what they handed over, by address and name."""
        found: list[tuple[str, str]] = []
        for task in self._serving.tasks(token, limit=20):
            found.append((f"task://{task.id}", task.goal.partition("\n")[0][:100]))
            handed = self._serving.deliverables(token, task.id)
            found += [
                (views.uri_of(task.id, name), one.title) for name, one in versions.newest(handed).items()
            ]
        return found

    def read(self, token: Token, uri: str) -> tuple[str | bytes, str]:
        """With its type. Raises `NotThere`."""
        token = self._tokens.again(token)
        kind, _, rest = uri.partition("://")
        number, _, name = rest.partition("/")
        if not number.isascii() or not number.isdigit() or len(number) > 15:
            raise NotThere(f"There is nothing at {uri[:200]}.")
        task_id = int(number)
        if kind == "task" and not name:
            return self.look(token, task_id).model_dump_json(), "application/json"
        if kind == "audit" and not name:
            told = views.account_of(self._serving.account(token, task_id))
            return json.dumps(told, ensure_ascii=False), "application/json"
        if kind == "deliverable" and name:
            return _content(Path(self._serving.deliverable(token, task_id, unquote(name)).path))
        raise NotThere(f"There is nothing at {uri[:200]}.")

    def latest(self, task_ids: Collection[int]) -> Mapping[int, int]:
        """The number of the last event of each."""
        return self._record.latest(task_ids)

    def still_sees(self, token: Token, task_ids: Collection[int]) -> None:
        """Raises `Unknown` or `NotAllowed` where that has ended."""
        token = self._tokens.again(token)
        for task_id in task_ids:
            self._serving.task(token, task_id)


def wish_of(goal: str, channel: str, autonomy: str | None, folders: list[str] | None, output: str) -> Wish:
    return Wish(
        goal=goal,
        channel=channel,
        autonomy=None if autonomy is None else Autonomy(autonomy),
        folders=None if folders is None else tuple(map(folder_grant, folders)),
        output=output,
    )


def _content(file: Path) -> tuple[str | bytes, str]:
    if file.stat().st_size > _MOST_BYTES:
        raise NotThere(
            f"{file.name} is larger than {_MOST_BYTES >> 20} MB: fetch it from /api/v1, or open it in Slack."
        )
    content = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content, kind
    is_text = kind.startswith("text/") or "\0" not in text
    return (
        (text, kind if kind != "application/octet-stream" else "text/plain") if is_text else (content, kind)
    )
