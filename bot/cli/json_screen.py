"""A task as JSON, one object a line: for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from bot.cli.screen import Busy, line_read
from bot.domain.approval import Approval
from bot.domain.event import Event
from bot.domain.snapshot import Snapshot


class JsonScreen:
    """Each object says what it is in `news`.

    `task` comes first and `result` or `kept` last. `decide` is followed by reading one line: approve,
    redirect WORDS or stop; for the kinds `question` and `outcome` an answer or stop.
    """

    def opening(self, snapshot: Snapshot, *, is_resumed: bool) -> None:
        task = snapshot.task
        folders = [asdict(grant) for grant in task.folders]
        _line("task", {"task": task.id, "goal": task.goal, "resumed": is_resumed, "folders": folders})

    def news(self, event: Event) -> None:
        _line(event.news, {"at": event.at.isoformat(), "task": event.task_id, **event.data})

    def ask(self, approval: Approval) -> str | None:
        draft = approval.draft
        actions = [
            {
                "tool": action.call.tool,
                "input": dict(action.call.input),
                "preview": action.preview,
                "about": action.about,
                "changed": action.changed,
                "reason": action.reason,
                "inverse": action.inverse,
                "influences": [asdict(one) for one in action.influences],
            }
            for action in draft.actions
        ]
        asked = {
            "approval": approval.id,
            "task": approval.task_id,
            "kind": draft.kind,
            "title": draft.title,
            "summary": draft.summary,
            "actions": actions,
            "options": list(draft.options),
            "digest": approval.digest,
            "read": list(draft.read),
        }
        _line("decide", asked)
        return line_read()

    def say(self, text: str) -> None:
        _line("say", {"text": text})

    @contextmanager
    def busy(self) -> Iterator[Busy]:
        yield lambda _: None

    def kept(self, task_id: int, why: str, command: str) -> None:
        _line("kept", {"task": task_id, "why": why, "command": command})

    def result(self, snapshot: Snapshot) -> None:
        task = snapshot.task
        told = {
            "task": task.id,
            "state": task.state,
            "answer": task.answer,
            "note": task.note,
            "reference": task.reference,
            "deliverables": [asdict(one) for one in snapshot.deliverables],
            "receipts": [asdict(one) for one in snapshot.receipts],
            "undone": list(snapshot.undone),
            "unknown": list(snapshot.unknown),
            "turns": task.spent.turns,
            "dollars": task.spent.dollars,
        }
        _line("result", told)


def _line(news: str, told: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps({"news": news, **told}, default=str) + "\n")
    sys.stdout.flush()
