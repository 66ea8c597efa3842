"""The soak: a fleet at work, people who want something of it, faults, and then the reckoning."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
import yaml

from bot.emulator.delivery import Timings
from bot.emulator.server import LocalSlack
from bot.errors import DatabaseOut
from bot.rehearsal.server import ModelDouble
from bot.store.database import Database
from tests.soak import truths
from tests.soak.chaos import Chaos
from tests.soak.fleet import LOG, Fleet
from tests.soak.folder_watch import FolderWatch
from tests.soak.people import People
from tests.soak.postgres import Postgres
from tests.soak.script import Mind
from tests.soak.truths import Checked
from tests.soak.world import World

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
CHANNEL = "reports"
LEASE = 3.0
LATENCY = 0.6
DRAIN = 480.0
LOOK = 0.3
REFUSALS = ("invalid_blocks", "invalid_arguments", "msg_too_long", "msg_blocks_too_long", "view_too_large")
WHISPERS_KEPT = 2_000


@dataclass(frozen=True, kw_only=True)
class Minute:
    number: int
    begun: int
    over: int
    effects: int
    kills: int
    open: int
    memory: int


@dataclass(kw_only=True)
class Outcome:
    """Figures of the whole run; `faults` is empty when nothing was lost, doubled or stuck."""

    began: datetime
    minutes: float
    seed: int
    most: int
    drained: float = 0.0
    tasks: int = 0
    states: Counter[str] = field(default_factory=Counter)
    effects: int = 0
    posts: int = 0
    questions: int = 0
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    turns: int = 0
    faults: list[str] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)
    logged: Counter[str] = field(default_factory=Counter)
    disk: int = 0
    progress: list[Minute] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults and not self.stuck

    def add(self, checked: Checked) -> None:
        self.tasks += 1
        self.states[checked.state] += 1
        self.effects += checked.effects
        self.posts += checked.posts
        self.questions += checked.questions
        self.lost += checked.lost
        self.doubled += checked.doubled
        self.faults += checked.faults


class Soak:
    """Use as a context manager: every process that was started ends with it, and its folder goes."""

    def __init__(self, *, minutes: float, seed: int, most: int) -> None:
        self._stack = contextlib.ExitStack()
        self._place = Path(tempfile.mkdtemp(prefix="cowork-soak-"))
        self._place.chmod(0o755)
        self.outcome = Outcome(began=datetime.now(UTC), minutes=minutes, seed=seed, most=most)
        self._minute = 0
        self._seen = 0

    def __enter__(self) -> Soak:
        try:
            self._build()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _build(self) -> None:
        enter, place, outcome = self._stack.enter_context, self._place, self.outcome
        self._stack.callback(shutil.rmtree, place, ignore_errors=True)
        root = place / "work"
        root.mkdir()
        postgres = enter(Postgres(place / "pg"))
        timings = Timings(retries=(0.0, 10.0, 40.0), file_share=0.05)
        self._slack = LocalSlack(
            place / "slack", yaml.safe_load(MANIFEST.read_text("utf-8")), timings=timings
        )
        self._slack.start()
        self._stack.callback(self._slack.stop)
        mind = Mind(root)
        self._model = enter(ModelDouble(mind, delay=LATENCY, record=False))
        watch = FolderWatch()
        self._stack.callback(watch.close)
        database = Database(postgres.url)
        self._stack.callback(database.close)
        self._world = World(
            slack=self._slack,
            database=database,
            mind=mind,
            watch=watch,
            root=root,
            channel=self._slack.channel(CHANNEL),
            tally=outcome.tally,
            faults=outcome.faults,
            noticed=outcome.noticed,
        )
        self._fleet = enter(Fleet(place, self._environment(postgres), outcome.tally))
        self._people = People(self._world, seed=outcome.seed, most=outcome.most)
        self._stack.callback(self._people.close)
        self._chaos = Chaos(
            outcome.seed,
            fleet=self._fleet,
            postgres=postgres,
            slack=self._slack,
            model=self._model,
            watch=watch,
            tally=outcome.tally,
        )
        self._stack.callback(self._chaos.stop)

    def run(self) -> Outcome:
        self._wait_until_connected()
        began = time.monotonic()
        self._chaos.start()
        while time.monotonic() - began < self.outcome.minutes * 60:
            self._look(began)
        self._chaos.stop()
        self._people.are_closing = True
        calm = time.monotonic()
        while self._people.open and time.monotonic() - calm < DRAIN:
            self._look(began)
        self.outcome.drained = time.monotonic() - calm
        self._reckon()
        return self.outcome

    def _look(self, began: float) -> None:
        for errand in self._people.look():
            with contextlib.suppress(DatabaseOut):
                self.outcome.add(truths.of_errand(self._world, errand))
                self._people.is_done_with(errand)
        self._listen()
        minute = int((time.monotonic() - began) // 60)
        if minute > self._minute:
            self._minute = minute
            self._note(minute)
        time.sleep(LOOK)

    def _reckon(self) -> None:
        outcome = self.outcome
        for errand in self._people.open:
            outcome.stuck += 1
            outcome.faults.append(
                f"{errand.name} ({errand.temper}, {errand.via}) did not come to its end: {errand.row}"
            )
        outcome.faults += truths.of_all(self._world)
        outcome.faults += [f"the model's API would not have taken: {one}" for one in set(self._model.invalid)]
        outcome.turns = self._world.mind.turns
        outcome.noticed.update(self._fleet.noticed)
        outcome.disk = sum(file.stat().st_size for file in self._place.rglob("*") if file.is_file())
        outcome.logged = _logged(self._place / LOG)
        if outcome.faults:
            shutil.copy(self._place / LOG, Path(tempfile.gettempdir()) / "cowork-soak.log")

    def _listen(self) -> None:
        """What Slack would not have taken; and whispers of long ago are forgotten."""
        for entry in self._slack.workspace.log.entries(since=self._seen, kind="call"):
            self._seen = entry.seq
            if entry.error in REFUSALS:
                self.outcome.faults.append(f"Slack would not have taken {entry.name}: {entry.error}")
        ephemerals = self._slack.workspace.ephemerals
        with self._slack.workspace.lock:
            for key in list(ephemerals)[:-WHISPERS_KEPT]:
                del ephemerals[key]

    def _note(self, minute: int) -> None:
        outcome = self.outcome
        kills = sum(count for what, count in outcome.tally.items() if what.startswith("killed"))
        now = Minute(
            number=minute,
            begun=outcome.tasks + len(self._people.open),
            over=outcome.tasks,
            effects=outcome.effects,
            kills=kills,
            open=len(self._people.open),
            memory=psutil.Process().memory_info().rss // 1_000_000,
        )
        outcome.progress.append(now)
        print(f"{now}; faults {outcome.faults[-3:]}", flush=True)

    def _wait_until_connected(self) -> None:
        deadline = time.monotonic() + 60
        while not self._slack.workspace.delivery.connected:
            if time.monotonic() > deadline:
                raise RuntimeError((self._place / LOG).read_text()[-3000:])
            time.sleep(0.1)

    def _environment(self, postgres: Postgres) -> dict[str, str]:
        return {
            "COWORK_HOME": str(self._place / "home"),
            "COWORK_DATABASE_URL": postgres.url.render_as_string(hide_password=False),
            "COWORK_FOLDERS": str(self._place / "work"),
            "COWORK_PORT": "0",
            "COWORK_WORKERS": "8",
            "COWORK_LEASE_SECONDS": str(LEASE),
            "COWORK_MAX_OPEN_TASKS": "200",
            "COWORK_MAX_WORKING_PER_PERSON": "7",
            "COWORK_LOG_LEVEL": "WARNING",
            "COWORK_LOG_FORMAT": "json",
            "COWORK_MODEL": "rehearsal",
            "SLACK_API_URL": self._slack.api_url,
            "SLACK_BOT_TOKEN": self._slack.bot_token,
            "SLACK_APP_TOKEN": self._slack.app_token,
            "SLACK_SIGNING_SECRET": self._slack.signing_secret,
            "ANTHROPIC_BASE_URL": self._model.url,
            "ANTHROPIC_API_KEY": "scripted",
        }


def _logged(log: Path) -> Counter[str]:
    """What the processes complained of, as kinds; a traceback by its last line."""
    found: Counter[str] = Counter()
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            with contextlib.suppress(ValueError):
                said = json.loads(line)
                if isinstance(said, dict) and said.get("level") in ("ERROR", "CRITICAL"):
                    last = str(said.get("exception", "")).strip().splitlines()[-1:]
                    whole = ": ".join([said["message"], *last])
                    found["".join("#" if one.isdigit() else one for one in whole)[:220]] += 1
    return found
