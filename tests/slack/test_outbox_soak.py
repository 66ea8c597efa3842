"""The sender in bad weather: limits, errors, lost answers, dropped connections and deleted roots cost no message.

What happens is drawn from a seed, and the clock is set by hand: `python -m pytest -s` shows what was met.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.approval import ApprovalState, Decision
from bot.domain.task import Task, TaskState
from bot.slack.edge import SlackEdge
from bot.slack.limits import Rates

Office = Any

TASKS = 16
CHANNELS = ("reports", "general")
CALLS = (
    "chat.postMessage",
    "chat.update",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "conversations.replies",
    "conversations.history",
)
WEATHER = (
    "limit",
    "limit in a body",
    "error",
    "lost answer",
    "dropped connection",
    "deleted root",
    "calm",
    "calm",
)


@dataclass
class Soak:
    office: Office
    edge: SlackEdge
    chance: random.Random
    met: Counter[str] = field(default_factory=Counter)
    asked: dict[int, str] = field(default_factory=dict)

    def started(self) -> None:
        for number in range(TASKS):
            channel = self.office.slack.channel(self.chance.choice(CHANNELS))
            person = self.chance.choice((self.office.ana, self.office.ben))
            goal, thread = f"Tidy folder {number:02}", None
            if self.chance.random() < 0.5:
                thread = person.say(channel, goal)["ts"]
            self.office.task(person, goal, channel, thread)

    def stepped(self) -> bool:
        """Something happens to a task. False when all are done."""
        open_ = [task for task in self.office.tasks() if not task.state.is_over]
        if not open_:
            return False
        task = self.chance.choice(open_)
        if task.state is TaskState.WAITING:
            decision = Decision(state=ApprovalState.APPROVED)
            self.office.intake.decide(task.person, self.asked.pop(task.id), decision)
        elif self.chance.random() < 0.5:
            self.office.touched(task.id)
        else:
            self._worked()
        return True

    def _worked(self) -> None:
        """The oldest task that is ready: first it asks, then it hands over a file and a report."""
        ready = [task for task in self.office.tasks() if task.state is TaskState.QUEUED]
        oldest = min(ready, key=lambda one: one.epoch, default=None)
        if oldest is None:
            return
        if oldest.epoch == 0:
            approval = self.office.asked(first=oldest.id)
            self.asked[oldest.id] = approval
        else:
            task = self.office.working(first=oldest.id)
            self.office.delivered(task, f"index-{task.id}.md", f"# Index {task.id}".encode())
            self.office.ended(task, TaskState.DONE, answer=f"Report of task {task.id}.")

    def weather(self) -> None:
        kind = self.chance.choice(WEATHER)
        control, call = self.office.slack.control, self.chance.choice(CALLS)
        if kind == "limit":
            control.fail_next(call, status=429, retry_after=self.chance.choice((1, 5, 30)))
        elif kind == "limit in a body":
            control.fail_next(call, status=200, error="rate_limited")
        elif kind == "error":
            control.fail_next(call, status=500)
        elif kind == "lost answer":
            control.lose_answer(call)
        elif kind == "dropped connection":
            control.drop_call(call)
        elif kind == "deleted root" and not self._deleted():
            return
        self.met[kind] += 1

    def _deleted(self) -> bool:
        """Slack lets nobody look into a thread of which a file is on its way: then it stays."""
        posts = self.office.outbox().values()
        busy = {post.task_id for post in posts if post.kind == "file"}
        rooted = [task for task in self.office.tasks() if task.place.thread and task.id not in busy]
        if not rooted or self.chance.random() < 0.5:
            return False
        place = self.chance.choice(rooted).place
        message = self.office.slack.workspace.store.message(place.channel, place.thread)
        if message is None or message.get("subtype") == "tombstone":
            return False
        self.office.slack.control.delete_message(place.channel, place.thread)
        return True

    def sent(self, seconds: float) -> None:
        self.office.clock.ahead += timedelta(seconds=seconds)
        self.edge.sender.send_due(self.office.clock())


@pytest.mark.parametrize("seed", [1, 2])
def test_in_any_weather_every_message_stands_once_and_is_final(seed: int, idle: Office) -> None:
    soak = Soak(idle, idle.new_edge(Rates()), random.Random(seed))
    soak.started()
    while soak.stepped():
        soak.weather()
        soak.sent(soak.chance.choice((0.1, 1.0, 7.0)))
    idle.slack.control.clear()
    for _ in range(400):
        if not idle.outbox():
            break
        soak.sent(20.0)
    soak.edge.stop()

    assert idle.outbox() == {}
    found = [one for name in CHANNELS for one in idle.messages(idle.slack.channel(name))]
    assert standing(idle, found) == {
        key: (1, text) for task in idle.tasks() for key, text in final(task).items()
    }
    assert sum(soak.met.values()) > TASKS
    print(
        f"\nseed {seed}: {len(found)} messages stand; {idle.calls_of('chat.postMessage')} posts; {dict(soak.met)}"
    )


def final(task: Task) -> dict[str, str]:
    """Every message that a task must have in the end, by its key or its file's name."""
    return {
        f"card:{task.id}": f"Done: {task.goal}",
        f"approval:approval{task.id}": "Approved: Move the reports",
        f"result:{task.id}:1": f"Report of task {task.id}.",
        f"index-{task.id}.md": "",
    }


def standing(office: Office, messages: list[dict[str, Any]]) -> dict[str, tuple[int, str]]:
    """How often each of our messages stands, and what it says; a word about a lost thread may stand besides."""
    found: dict[str, tuple[int, str]] = {}
    for one in messages:
        files = [office.slack.workspace.store.get("file", file)["name"] for file in one["file_ids"]]
        key = files[0] if files else one["metadata"]["event_payload"]["key"]
        if not key.startswith("note:"):
            found[key] = (found.get(key, (0, ""))[0] + 1, one["text"])
    return found
