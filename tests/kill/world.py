"""What outlives the process: Slack and who is there, the model, people's files."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.agent.settling import HAPPENED, RUN_AGAIN
from bot.emulator.delivery import Timings
from bot.emulator.server import LocalSlack
from bot.rehearsal.answer import Mind
from bot.rehearsal.gate import Gate
from bot.rehearsal.script import turns
from bot.rehearsal.server import ModelDouble
from bot.rehearsal.trouble import overloaded, slow_start
from tests.kill.folder_log import FolderLog
from tests.kill.person import Person, buttons_of
from tests.kill.stories import FILES, SUBFOLDER, Story, thinking

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
REFUSALS = ("invalid_blocks", "invalid_arguments", "msg_too_long", "msg_blocks_too_long", "view_too_large")
_ALWAYS = 1_000_000

Message = dict[str, Any]


class World:
    """Use as a context manager. `environment` is all that a process of the colleague is told."""

    def __init__(self, place: Path, story: Story, *, database_url: str) -> None:
        self.story = story
        self.place = place
        self.reports, self.wiki = place / "reports", place / "wiki"
        self.database_url = database_url
        self.questions = 0
        _furnish(self.reports)
        self.wiki.mkdir()
        timings = Timings(retries=(0.0, 0.1, 0.2), file_share=0.02)
        self.slack = LocalSlack(place / "slack", _manifest(), timings=timings)
        self._thought = Gate()
        self._thinks_since = 0.0
        self._has_thought = False
        self.model = ModelDouble(_mind(story, self.reports))
        self.folder_log = FolderLog(self.reports, self.reports, self.reports / SUBFOLDER)

    def __enter__(self) -> World:
        self.slack.start()
        self.model.start()
        for method in self.story.outages:
            self.slack.control.fail_next(method, status=500)
        for method in self.story.refuses:
            self.slack.control.fail_next(method, status=200, error="restricted_action", times=_ALWAYS)
        self.model.faults.next(*[overloaded()] * self.story.overloads)
        if self.story.ponders:
            self.model.faults.next(slow_start(self._thought))
        self._person = Person(self.slack, self.story)
        return self

    def __exit__(self, *_: object) -> None:
        self._think_no_more()
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
            **self.story.settings,
        }

    def act(self) -> None:
        """One look of the person at Slack."""
        self._person.act(self.files(), is_unheard=not self.kinds())
        if self.is_pondering() and time.monotonic() > self._thinks_since + self.story.ponders:
            self._think_no_more()

    def is_pondering(self) -> bool:
        """Whether the model has been asked and says nothing yet."""
        if self._thought.reached.is_set() and not self._thinks_since:
            self._thinks_since = time.monotonic()
        return bool(self._thinks_since) and not self._has_thought

    def posts(self) -> list[Message]:
        """What the colleague has said where the person looks."""
        return self._person.posts()

    def kinds(self) -> Counter[str]:
        """How many messages of each kind stand in the task's thread; what stands elsewhere is "stray"."""
        told = [one for one in self.posts() if not _is_whisper(one)]
        thread = self._thread(told)
        return Counter(_kind(one) if thread in (one.get("thread_ts"), one["ts"]) else "stray" for one in told)

    def is_told(self) -> bool:
        return self.kinds()["result"] >= self.story.posts["result"]

    def asking(self) -> list[Message]:
        """Messages that still ask the person for a decision."""
        labels = {"Approve", HAPPENED, RUN_AGAIN}
        return [one for one in self.posts() if labels & dict(buttons_of(one)).keys()]

    def requests(self) -> list[list[Any]]:
        """The messages of every request that the model was sent, without the marks of its cache."""
        return [_unmarked(request["messages"]) for request in list(self.model.requests)]

    def refused(self) -> list[str]:
        """What Slack or the model's API would not have taken."""
        slack = [f"{one.name}: {one.error}" for one in self.slack.log(kind="call") if one.error in REFUSALS]
        return [*slack, *self.model.invalid]

    def files(self) -> dict[str, str]:
        """As they are while somebody works on them: one that is only on its way may be gone when it is read."""
        found = {}
        for path in sorted(self.reports.rglob("*")):
            with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                found[str(path.relative_to(self.reports))] = path.read_text()
        return found

    def _think_no_more(self) -> None:
        self._thought.open()
        self._has_thought = True

    def _thread(self, told: list[Message]) -> str:
        """Where the task lives: where it was asked for, or the newest of its cards that began a thread of its own."""
        roots = [
            one["ts"] for one in told if _kind(one) == "card" and one.get("thread_ts") in (None, one["ts"])
        ]
        return str(max(roots, default=self._person.root.get("ts", "")))


def _mind(story: Story, reports: Path) -> Mind:
    return story.mind(reports) if story.mind else turns(*map(thinking, story.turns(reports)))


def _is_whisper(message: Message) -> bool:
    """Said directly and once, in answer to something: nobody keeps it true."""
    return message["channel"].startswith("D") and _kind(message) == "stray"


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
