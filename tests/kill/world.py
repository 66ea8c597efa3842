"""What outlives the process: Slack, the model, people's files, and the person who asked."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.agent.settling import HAPPENED, RUN_AGAIN
from bot.emulator import rendering
from bot.emulator.delivery import Timings
from bot.emulator.server import LocalSlack
from bot.emulator.wire import SlackError
from bot.rehearsal.script import turns
from bot.rehearsal.server import ModelDouble
from bot.rehearsal.trouble import overloaded
from tests.kill.folder_log import FolderLog
from tests.kill.stories import FILES, SUBFOLDER, Story, thinking

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
CHANNEL = "reports"
REFUSALS = ("invalid_blocks", "invalid_arguments", "msg_too_long", "msg_blocks_too_long", "view_too_large")

Message = dict[str, Any]


class World:
    """Use as a context manager. `environment` is all that a process of the colleague is told."""

    def __init__(self, place: Path, story: Story, *, database_url: str) -> None:
        self.story = story
        self.place = place
        self.reports, self.wiki = place / "reports", place / "wiki"
        self.database_url = database_url
        self.questions = 0
        self._said: set[str] = set()
        self._root: Message = {}
        _furnish(self.reports)
        self.wiki.mkdir()
        timings = Timings(retries=(0.0, 0.1, 0.2), file_share=0.02)
        self.slack = LocalSlack(place / "slack", _manifest(), timings=timings)
        self.model = ModelDouble(turns(*map(thinking, story.turns(self.reports))))
        self.folder_log = FolderLog(self.reports, self.reports, self.reports / SUBFOLDER)

    def __enter__(self) -> World:
        self.slack.start()
        self.model.start()
        for method in self.story.outages:
            self.slack.control.fail_next(method, status=500)
        self.model.faults.next(*[overloaded()] * self.story.overloads)
        self._ana = self.slack.person("ana")
        return self

    def __exit__(self, *_: object) -> None:
        self.model.stop()
        self.slack.stop()
        self.folder_log.close()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "COWORK_HOME": str(self.place / "home"),
            "COWORK_DATABASE_URL": self.database_url,
            "COWORK_FOLDERS": f"{self.reports}:{self.wiki}:ro",
            "COWORK_PORT": "0",
            "COWORK_WORKERS": "2",
            "COWORK_MODEL": "rehearsal",
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "ANTHROPIC_BASE_URL": self.model.url,
            "ANTHROPIC_API_KEY": "scripted",
        }

    def act(self) -> None:
        """One look of the person at Slack: they ask once, and then answer what they are asked."""
        if not self._root:
            self._root = self._ana.say(CHANNEL, self.story.goal)
            return
        for message in self.posts():
            self._answer(message)

    def posts(self) -> list[Message]:
        """What the colleague has said, anywhere in the channel."""
        bot = self.slack.workspace.bot_user
        return [one for one in self.slack.messages(self.slack.channel(CHANNEL)) if one["user"] == bot]

    def kinds(self) -> Counter[str]:
        """How many messages of each kind stand in the task's thread; what stands elsewhere is "stray"."""
        return Counter(_kind(one) if self._is_in_thread(one) else "stray" for one in self.posts())

    def asking(self) -> list[Message]:
        """Messages that still ask the person for a decision."""
        labels = {"Approve", HAPPENED, RUN_AGAIN}
        return [one for one in self.posts() if labels & dict(_buttons(one)).keys()]

    def requests(self) -> list[list[Any]]:
        """The messages of every request that the model was sent, without the marks of its cache."""
        return [_unmarked(request["messages"]) for request in list(self.model.requests)]

    def refused(self) -> list[str]:
        """What Slack or the model's API would not have taken."""
        slack = [f"{one.name}: {one.error}" for one in self.slack.log(kind="call") if one.error in REFUSALS]
        return [*slack, *self.model.invalid]

    def files(self) -> dict[str, str]:
        return {
            str(path.relative_to(self.reports)): path.read_text()
            for path in sorted(self.reports.rglob("*"))
            if path.is_file()
        }

    def _answer(self, message: Message) -> None:
        buttons = dict(_buttons(message))
        if HAPPENED in buttons:
            self._press(message, buttons[HAPPENED if self._has_happened(message) else RUN_AGAIN])
            return
        for label, where in self.story.presses.items():
            if label in buttons and where in message["text"]:
                self._press(message, buttons[label])
        for asked, reply in self.story.words.items():
            if buttons and asked in message["text"]:
                self._say(reply)

    def _press(self, message: Message, action_id: str) -> None:
        """At every look that still shows the button: impatiently, and when Slack says that it failed."""
        with contextlib.suppress(SlackError):
            self._ana.press(message, action_id)

    def _say(self, words: str) -> None:
        """Slack keeps a message and delivers it when it can: it is said once."""
        if words not in self._said:
            self._said.add(words)
            self._ana.say(CHANNEL, words, thread_ts=self._root["ts"])

    def _has_happened(self, message: Message) -> bool:
        """They look into the folder."""
        self.questions += 1
        found = self.files()
        return all(
            found.get(name) == content for name, content in self.story.files.items() if name in str(message)
        )

    def _is_in_thread(self, message: Message) -> bool:
        return message.get("thread_ts") == self._root.get("ts")


def _buttons(message: Message) -> Iterator[tuple[str, str]]:
    """The label and the action of every button."""
    for _, element in rendering.elements(message.get("blocks") or []):
        if element["type"] == "button":
            yield element["text"]["text"], element["action_id"]


def _kind(message: Message) -> str:
    """Each message bears the key of what it shows: `card:1`, `approval:5f2e`; a file bears none."""
    if message.get("file_ids"):
        return "file"
    key = str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", "stray"))
    return key.partition(":")[0]


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _unmarked(inner) for key, inner in value.items() if key != "cache_control"}
    return value


def _furnish(reports: Path) -> None:
    (reports / SUBFOLDER).mkdir(parents=True)
    for name, content in FILES.items():
        (reports / name).write_text(content)


@cache
def _manifest() -> dict[str, Any]:
    return yaml.safe_load(MANIFEST.read_text("utf-8"))
