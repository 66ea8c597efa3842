"""The Slack edge in front of a local Slack, with a real database and the real engine, but no model and no workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bot.domain.approval import Action, ApprovalKind, Draft
from bot.domain.call import Call, Result
from bot.domain.deciders import Authority
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.event import News
from bot.domain.grant import FolderGrant
from bot.domain.person import Person as Requester
from bot.domain.person import Place
from bot.domain.receipt import Deliverable
from bot.domain.task import Task, TaskState
from bot.domain.verdict import Allow, Ask
from bot.emulator.delivery import Timings
from bot.emulator.person import Person
from bot.emulator.server import LocalSlack
from bot.engine import news, signing_in
from bot.engine.bell import Bell
from bot.engine.connectors import Connectors, Taken
from bot.engine.intake import Intake
from bot.engine.record import Record
from bot.errors import NotConfigured
from bot.sdk.plugin import Plugin
from bot.services.hiding import LearningVeil
from bot.services.reception import Reception, reception
from bot.settings import Settings
from bot.slack.edge import SlackEdge
from bot.slack.limits import Rates
from bot.slack.waits import Waits
from bot.store import approvals, calls, held, outbox, tasks
from bot.store.database import Database
from bot.store.outbox import Post, PostKind
from bot.store.sealing import Seal
from tests.engine.tracker import TRACKER
from tests.eventually import PATIENCE, eventually
from tests.store import databases

if TYPE_CHECKING:
    from bot.connectors.hub import Hub

ROOT = Path(__file__).parents[2]
SEAL = Seal(("a-long-key-of-the-operator-0123456789ab",))
PATIENT = Waits(name=PATIENCE, who=PATIENCE)
"""Whatever is said in time elsewhere is said here, however busy the machine is."""
RATES = Rates(posts=None, updates=None, card_every=0.0, refresh_every=15.0, refresh_room=0.1)


def change(task: Task) -> Access:
    """Of a file in the first folder of the task."""
    place = Resource(realm=Realm.FOLDER, name=f"{task.folders[0].path}/q4.pdf", existed=True)
    return Access(effect=Effect.CHANGE, resource=place)


class Clock:
    """Real time, set ahead at will."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def received(
    database: Database,
    plugins: Mapping[str, Plugin],
    clock: Clock,
    given: Mapping[str, str],
    seal: Seal = SEAL,
) -> Reception:
    """The service behind the tracker takes every token but "wrong"."""
    return reception(
        database,
        plugins,
        seal=seal,
        clock=clock,
        given=lambda name: given.get(name, ""),
        told=signing_in.told(clock),
        veil=LearningVeil(),
        public_url="http://127.0.0.1:8080",
    )


def connectors(database: Database, settings: Settings, clock: Clock) -> Connectors:
    """Where no secret is kept. The hub is imported by the first test that needs a server."""

    def hub(_: Connectors) -> Hub:
        from bot.connectors.hub import Hub

        return Hub(secret=_no_secret)

    taken = partial(Taken, tools=("read_file",), plugins={"tracker": TRACKER.title})
    return Connectors(database, hub=hub, clock=clock, taken=taken, folders=settings.folders)


def _no_secret(name: str) -> str:
    raise NotConfigured(f"There is no secret {name}. Keep it with `cowork secrets set {name}`.")


class Office:
    """`start` connects the edge; before that a test sends by itself, with `send`."""

    def __init__(
        self,
        home: Path,
        timings: Timings,
        rates: Rates = RATES,
        *,
        database: Database | None = None,
        authority: Authority | None = None,
        seal: Seal = SEAL,
    ) -> None:
        self.authority = authority
        self.plugins = {"tracker": TRACKER}
        self.given: dict[str, str] = {}
        manifest = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
        self.slack = LocalSlack(home / "slack", manifest, timings=timings)
        self.slack.start()
        self.folder = home / "reports"
        self.folder.mkdir()
        self.settings = Settings(
            _env_file=None,
            home=home,
            folders=(FolderGrant(path=str(self.folder)),),
            slack_bot_token=self.slack.bot_token,
            slack_app_token=self.slack.app_token,
            slack_signing_secret=self.slack.signing_secret,
            slack_api_url=self.slack.api_url,
        )
        self.database = database or databases.sqlite(home)
        self.database.veil = self.settings.veil
        self.clock = Clock()
        self.bell = Bell()
        self.intake = Intake(
            self.database, self.settings, clock=self.clock, bell=self.bell, authority=authority
        )
        self.record = Record(self.database, clock=self.clock, home=self.settings.home)
        self.reception = received(self.database, self.plugins, self.clock, self.given, seal)
        self.connectors = connectors(self.database, self.settings, self.clock)
        self.edge = self.new_edge(rates)
        self.ana, self.ben, self.gil, self.mia = map(self.slack.person, ("ana", "ben", "gil", "mia"))
        self.reports = self.slack.channel("reports")

    def new_edge(
        self,
        rates: Rates = RATES,
        settings: Settings | None = None,
        may_send: Callable[[], bool] = lambda: True,
        waits: Waits = PATIENT,
    ) -> SlackEdge:
        return SlackEdge(
            settings=settings or self.settings,
            intake=self.intake,
            record=self.record,
            database=self.database,
            bell=self.bell,
            clock=self.clock,
            model="rehearsal",
            rates=rates,
            waits=waits,
            may_send=may_send,
            authority=self.authority,
            reception=self.reception,
            connectors=self.connectors,
        )

    def start(self) -> None:
        self.edge.start()
        eventually(lambda: self.edge.is_connected and self.slack.workspace.delivery.connected)

    def stop(self) -> None:
        self.slack.workspace.delivery.sockets.kill()
        self.edge.stop()
        self.slack.stop()
        self.connectors.close()
        self.database.close()

    def send(self, after: float = 0.0) -> datetime | None:
        """Send what is due, `after` seconds from now."""
        return self.edge.sender.send_due(self.clock() + timedelta(seconds=after))

    def outbox(self) -> dict[str, Post]:
        far = datetime(2100, 1, 1, tzinfo=UTC)
        with self.database.read() as session:
            return {post.key: post for post in outbox.due(session, now=far)}

    def tasks(self) -> list[Task]:
        return self.record.newest()[::-1]

    def task(self, person: Person, goal: str, channel: str | None = None, thread: str | None = None) -> Task:
        """A task as `/cowork` starts it."""
        team = self.slack.workspace.team_id
        who = Requester(team=team, user=person.id, name="Ana Silva" if person is self.ana else person.id)
        place = Place(team=team, channel=channel or self.reports, thread=thread)
        return self.intake.start(who, place, goal, key=f"test:{goal}").task

    def working(self, first: int | None = None) -> Task:
        """A worker takes this task, or the oldest."""
        with self.database.write("test") as session:
            task = tasks.claim(session, owner="test", now=self.clock(), first=first)
            assert task is not None
            news.tell(session, task.id, task.place, News.WORKING, now=self.clock())
        self.bell.ring()
        return task

    def asked(
        self,
        count: int = 3,
        kind: ApprovalKind = ApprovalKind.CALLS,
        options: tuple[str, ...] = (),
        first: int | None = None,
        task: Task | None = None,
        rule: int = 0,
    ) -> str:
        """This task, which is worked on, or the oldest (or `first`) waits for a decision now. The approval's id.

        With a `rule` of the table it is known what they would do, and which row asks.
        """
        task, now = task or self.working(first), self.clock()
        approval_id = f"approval{task.id}"
        asked = [Call(id=f"call{n}", tool="move_file", input={"source": f"{n}"}) for n in range(1, count + 1)]
        actions = tuple(Action(call=call, preview=f"Move {n}.pdf") for n, call in enumerate(asked, 1))
        if rule:
            actions = tuple(replace(action, rule=rule, accesses=(change(task),)) for action in actions)
        draft = Draft(kind=kind, title="Move the reports", actions=actions, options=options)
        with self.database.write("test") as session:
            calls.propose(session, task.id, actions, seq=1, now=now)
            approvals.put(session, approval_id, task.id, draft, now=now)
            for call in asked:
                held.hold(session, task.id, call.id, approval_id, Ask(rule=9, reason="it existed before"))
            tasks.release(session, task, TaskState.WAITING, now=now)
            news.tell(session, task.id, task.place, News.ASKED, now=now)
            news.want(session, PostKind.APPROVAL, task.id, task.place, approval_id, now=now)
        self.bell.ring()
        return approval_id

    def touched(self, task_id: int) -> None:
        """There is news of the task."""
        task = self.record.snapshot(task_id).task
        with self.database.write("test") as session:
            news.tell(session, task.id, task.place, News.PLAN, now=self.clock())
        self.bell.ring()

    def delivered(self, task: Task, name: str, body: bytes, comment: str = "", preview: str = "") -> None:
        """The working task hands over a file; `preview` is where a picture of it would be."""
        path, now = self.settings.home / name, self.clock()
        path.write_bytes(body)
        call = Call(id=f"deliver-{name}", tool="deliver", input={"path": name})
        file = Deliverable(path=str(path), title=name, comment=comment, size=len(body), preview=preview)
        with self.database.write("test") as session:
            action = Action(call=call, preview=f"Deliver {name}")
            calls.propose(session, task.id, [action], seq=1, now=now)
            calls.begin(session, task.id, call.id, Allow(rule=10, reason=""), now=now)
            calls.answer(session, task.id, call.id, Result(text="ok", deliverable=file), now=now)
            news.want(session, PostKind.FILE, task.id, task.place, call.id, now=now)
        self.bell.ring()

    def ended(self, task: Task, state: TaskState, answer: str = "", note: str = "") -> None:
        """The working task became this."""
        now = self.clock()
        with self.database.write("test") as session:
            tasks.release(session, task, state, now=now, answer=answer, note=note)
            news.tell(session, task.id, task.place, News(state.value), now=now)
            if state.is_over:
                news.want(session, PostKind.RESULT, task.id, task.place, str(task.round), now=now)
        self.bell.ring()

    eventually = staticmethod(eventually)

    def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        """What the bot posted there."""
        bot = self.slack.workspace.bot_user
        return [one for one in self.slack.messages(channel or self.reports) if one["user"] == bot]

    def texts(self, channel: str | None = None) -> list[str]:
        return [one["text"] for one in self.messages(channel)]

    def shown(self, start: str, channel: str | None = None) -> dict[str, Any]:
        """The bot's message that begins with these words, once it is there."""
        return eventually(
            lambda: next((one for one in self.messages(channel) if one["text"].startswith(start)), None)
        )

    def whispered(self, person: Person) -> list[str]:
        """What this person alone was told."""
        return [
            one["text"] for one in list(self.slack.workspace.ephemerals.values()) if one["to"] == person.id
        ]

    def told(self, person: Person, start: str) -> str:
        return eventually(
            lambda: next((text for text in self.whispered(person) if text.startswith(start)), "")
        )

    def modal(self, person: Person, title: str) -> dict[str, Any]:
        """The view of this title on the person's screen, once it is there."""

        def found() -> dict[str, Any] | None:
            view = person.modal()
            return (
                view if view and view["title"]["text"] == title and view["callback_id"] != "loading" else None
            )

        return eventually(found)

    def calls_of(self, method: str) -> int:
        return len(self.slack.log(method))


@pytest.fixture
def until() -> Callable[..., Any]:
    return eventually


@pytest.fixture
def timings() -> Timings:
    return Timings(ack=PATIENCE, trigger=PATIENCE, retries=(0.0, 0.05, 0.1), file_share=0.02)


@pytest.fixture
def idle(tmp_path: Path, timings: Timings) -> Iterator[Office]:
    """Nothing runs by itself."""
    office = Office(tmp_path, timings)
    yield office
    office.stop()


@pytest.fixture
def office(idle: Office) -> Office:
    """Connected, and sending."""
    idle.start()
    return idle


def words_of(message: dict[str, Any]) -> str:
    """Every text that a message or a view shows, in order."""
    found: list[str] = []

    def look(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("text"), str):
                found.append(node["text"])
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(message["blocks"])
    return "\n".join(found)


@pytest.fixture
def words() -> Callable[[dict[str, Any]], str]:
    return words_of


@pytest.fixture
def actions() -> Callable[[dict[str, Any]], list[str]]:
    """The action ids of a message's buttons."""

    def found(message: dict[str, Any]) -> list[str]:
        blocks = message["blocks"]
        beside = [block["accessory"]["action_id"] for block in blocks if "accessory" in block]
        rows = [block for block in blocks if block["type"] == "actions"]
        return [*beside, *(element["action_id"] for row in rows for element in row["elements"])]

    return found
