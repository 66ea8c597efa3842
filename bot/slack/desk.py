"""What a listener works with: the engine's ways in, the record, and the ways of answering."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.models.views import View

from bot.domain.approval import Approval, Decision
from bot.domain.deciders import Authority, Facts
from bot.domain.grant import FolderGrant
from bot.domain.label import Audience
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Task
from bot.domain.veil import Veil, kinds
from bot.engine import deciding
from bot.engine.crewing import Crewing
from bot.engine.deciding import Decided
from bot.engine.intake import Intake
from bot.engine.plugging import AdminsOnly
from bot.engine.record import Record
from bot.engine.revising import Editable
from bot.engine.sharing import Sharing
from bot.errors import NotAllowed
from bot.sandbox import mending, probe
from bot.settings import Settings
from bot.slack.errands import Errands
from bot.slack.groups import Groups
from bot.slack.identity import Identity
from bot.slack.modals import Modals
from bot.slack.parse import Gesture
from bot.slack.people import People
from bot.slack.plugins import Plugins
from bot.slack.prompts import Prompts
from bot.slack.reach import Reach
from bot.slack.servers import Servers
from bot.slack.tokens import ApiTokens
from bot.slack.views import hidden, home, new_task, texts
from bot.slack.views.connectors import Rack
from bot.slack.views.message import Message
from bot.slack.views.setup import Setup
from bot.slack.web import Web
from bot.slack.whispers import Whispers

STRANGER = "Only members of this workspace can give me tasks."


@dataclass(frozen=True, kw_only=True)
class Desk:
    settings: Settings
    intake: Intake
    record: Record
    web: Web
    identity: Identity
    people: People
    groups: Groups
    errands: Errands
    whispers: Whispers
    modals: Modals
    reach: Reach
    crewing: Crewing
    sharing: Sharing
    plugins: Plugins
    servers: Servers
    prompts: Prompts
    tokens: ApiTokens
    model: str
    authority: Authority
    veil: Veil = field(default_factory=Veil)

    def start(
        self,
        person: Person,
        place: Place,
        goal: str,
        *,
        key: str,
        autonomy: Autonomy | None = None,
        folders: tuple[FolderGrant, ...] | None = None,
        output: str = "",
        context: str = "",
        audience: Audience = Audience.ANYONE,
    ) -> Task:
        """`Intake.start`, for members of this workspace only."""
        if person.team != place.team or not self.identity.is_ours(place.team):
            raise NotAllowed(STRANGER)
        started = self.intake.start(
            person,
            place,
            goal,
            key=key,
            autonomy=autonomy,
            folders=folders,
            output=output,
            context=context,
            audience=audience,
        )
        if started.is_new:
            self.tell_hidden(person, place, goal)
        return started.task

    def decide(self, person: Person, approval_id: str, decision: Decision) -> Decided:
        """`Intake.decide`, with what Slack says now of who they are."""
        facts = self.facts(person, self.intake.groups_asked(approval_id))
        decided = self.intake.decide(person, approval_id, decision, facts=facts)
        if decided.is_new:
            self.tell_hidden(person, Place(team=person.team, channel=""), decision.words)
        return decided

    def check_turn(self, person: Person, approval: Approval) -> None:
        """Before a form opens: raises `NotAllowed` for who could not hand it in."""
        facts = self.facts(person, self.intake.groups_asked(approval.id))
        task = self.record.snapshot(approval.task_id).task
        deciding.check_edit(self.authority, person, facts, task, approval)

    def tell_hidden(self, person: Person, place: Place, text: str) -> None:
        """To whoever wrote a secret: that it was hidden, and what to do about it now."""
        if found := self.veil.found(text):
            self.whispers.say(person, place, hidden.hidden(kinds(found)))

    def stop(self, person: Person, task_id: int, *, key: str = "") -> Task:
        """`Intake.stop`: at once for whoever's task it is; anyone else is looked up."""
        try:
            return self.intake.stop(person, task_id, key=key)
        except NotAllowed:
            facts = self.facts(person, self.intake.groups_asked(task_id=task_id))
            return self.intake.stop(person, task_id, key=key, facts=facts)

    def retry(self, person: Person, task_id: int) -> Task:
        """`Intake.retry`, with what Slack says now of who they are."""
        facts = self.facts(person, self.intake.groups_asked(task_id=task_id))
        return self.intake.retry(person, task_id, facts=facts)

    def facts(self, person: Person, groups: frozenset[str] = frozenset()) -> Facts:
        """Raises `NotAllowed` when Slack does not say who they are. Of `groups`: which they are in."""
        asked = self.groups.ask(sorted(groups))
        profile = self.people.now(person)
        found = self.groups.members(asked).items()
        return Facts(
            is_guest=profile.is_guest,
            is_admin=profile.is_admin,
            groups=tuple(name for name, said in found if not isinstance(said, str) and person.user in said),
            unknown=tuple((name, said) for name, said in found if isinstance(said, str)),
        )

    def edit(self, person: Person, one: Editable, given: Mapping[str, Any]) -> Decided:
        facts = self.facts(person, self.intake.groups_asked(one.approval.id))
        return self.intake.edit(person, one.approval.id, one.number, given, facts=facts)

    def whisper(self, gesture: Gesture, message: Message) -> None:
        """Answer privately, where it was done."""
        place = Place(team=gesture.place.team, channel="") if gesture.is_home else gesture.place
        self.whispers.say(gesture.person, place, message, response_url=gesture.response_url)

    def refuse(self, gesture: Gesture, refusal: NotAllowed) -> None:
        """What only admins can do says who they are, too."""
        if isinstance(refusal, AdminsOnly):
            self.errands.run(lambda: self.whisper(gesture, texts.ask(str(refusal), self.plugins.whom())))
        else:
            self.whisper(gesture, texts.refused(str(refusal)))

    def autonomy_of(self, person: Person) -> Autonomy:
        return self.record.preferred(person) or self.settings.autonomy

    def open_form(self, gesture: Gesture, *, where: str = "", goal: str = "") -> None:
        """The new-task form; `where` is what its submission brings back."""
        self.modals.show(
            gesture.trigger,
            lambda: self._form(gesture.person, where or self.reach.direct(gesture.person), goal),
            late=lambda: self.whisper(gesture, texts.too_late()),
        )

    def show_view(self, gesture: Gesture, build: Callable[[], View]) -> None:
        """A modal; on top of the one that the gesture was made in."""
        put = self.modals.push if gesture.view_id and not gesture.is_home else self.modals.show
        put(gesture.trigger, build, late=lambda: self.whisper(gesture, texts.said(texts.LATE)))

    def publish_home(self, person: Person) -> None:
        self.errands.run(lambda: self._publish(person))

    def _form(self, person: Person, where: str, goal: str) -> View:
        folders = self.settings.folders
        only = folders[0].path if len(folders) == 1 else ""
        filled = new_task.Filled(goal=goal, folder=only, autonomy=self.autonomy_of(person))
        return new_task.new_task(folders, self.settings.autonomy, channel=where, filled=filled)

    def _setup(self, person: Person, rack: Rack) -> Setup:
        return Setup(
            folders=self.settings.folders,
            channels=self.reach.channels(),
            shelf=self.plugins.shelf(person),
            connectors=rack.connectors,
            has_chosen=self.record.preferred(person) is not None,
            is_begun=self.plugins.welcome.has_begun(person),
        )

    def _publish(self, person: Person) -> None:
        found, rack = self.record.tasks_of(person), self.servers.rack(person)
        shown = home.Home(
            tasks=found,
            prompts=self.record.prompts(found),
            folders=self.settings.folders,
            model=self.model,
            is_rehearsal=self.model == "rehearsal",
            autonomy=self.autonomy_of(person),
            setup=self._setup(person, rack),
            connectors=rack,
            no_commands=mending.told(probe.trouble()),
        )
        self.modals.publish(person.user, home.home(shown), otherwise=home.minimal_home())
