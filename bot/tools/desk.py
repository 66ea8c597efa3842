"""What the built-in tools work with: the files of one task, and which of them the task made itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.domain.asking import Asking
from bot.domain.basis import Basis
from bot.domain.connector import Connector, Heard, Sample
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.label import Audience, Source
from bot.domain.veil import Veil
from bot.errors import ToolError
from bot.policy.connecting import tool_name
from bot.sandbox.sandbox import Sandbox
from bot.sdk.halt import Halt
from bot.tools import noting
from bot.tools.abroad import Abroad
from bot.tools.kept import Kept
from bot.tools.made import Made, mark_of
from bot.tools.noting import Notes
from bot.tools.privacy import Privacy
from bot.tools.workspace import Workspace


def _unheard(done: float, total: float | None, words: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """`handed_over` is where the copies of its deliverables are, `delivered/<task>` of the home; `kept` is what its
    changes replace.

    `halt` tells a call when it must end: whatever takes longer than a moment listens to it. `veil` hides the secrets
    in what is read: before a part of it is cut out, of which nobody could tell any more that it is one. `abroad` is
    what it works with outside. `replies` are what people said to a connector that asked in the middle of the call with
    this effect id. `sampling` is what the model says to a connector's server that asks it; None where it may not.
    `progress` is around a call of a connector, by its effect id, and hears how far that is. `sandbox` is where its
    commands run; None where there is none.
    """

    workspace: Workspace
    own_folder: Path
    handed_over: Path
    made: Made
    kept: Kept
    privacy: Privacy = field(default_factory=Privacy)
    halt: Halt = field(default_factory=Halt)
    effect_id: str = ""
    veil: Veil = field(default_factory=Veil)
    abroad: Abroad = field(default_factory=Abroad)
    replies: Callable[[str], Asking | None] = lambda _: None
    sampling: Callable[[Connector], Sample | None] = lambda _: None
    progress: Callable[[Connector, str], AbstractContextManager[Heard]] = lambda *_: nullcontext(_unheard)
    sandbox: Sandbox | None = None

    def under(self, halt: Halt, effect_id: str = "", basis: Sequence[Basis] = ()) -> Desk:
        """The same for one call, which ends when it is halted, and is known outside by its effect id.

        Where anything but its `basis` stands when it is about to change something, it raises `Drifted`.
        """
        notes = Notes(self.kept, effect_id) if effect_id else None
        workspace = self.workspace.under(halt, basis, notes)
        return replace(self, workspace=workspace, halt=halt, effect_id=effect_id)

    def basis(self, access: Access) -> Basis:
        """What stands now where a call would be; of one outside, as whom or as what it would be made."""
        if access.resource.realm is Realm.CONNECTOR:
            return self.abroad.as_accepted(tool_name(access.resource.name, access.resource.item))
        if access.resource.realm is Realm.SERVICE:
            return self.abroad.basis(access.resource.name)
        return self._veiled(self.workspace.basis(access.resource.name, is_read=access.effect is Effect.READ))

    def stands(self, was: Basis) -> Basis:
        """What stands now at the place of a basis."""
        if was.is_pin:
            return self.abroad.as_accepted(was.place)
        if was.account:
            return self.abroad.basis(was.place)
        return self._veiled(self.workspace.basis(was.place, is_read=was.is_read))

    def access(self, effect: Effect, path: str) -> Access:
        """What a call would do to a path. Raises `ToolError` for a path outside of every granted folder."""
        spot = self.workspace.locate(path)
        existed = self.workspace.exists(path)
        own = spot.root.own or (existed and effect is not Effect.READ and self.is_own(path))
        return Access(
            effect=effect, resource=Resource(realm=Realm.FOLDER, name=spot.real, existed=existed, own=own)
        )

    def reading(self, path: str, *, is_deep: bool = False) -> tuple[Access, ...]:
        """To read at a path is also to read where its links lead. `is_deep`: a folder and all that is in it."""
        written = replace(self.access(Effect.READ, path), is_deep=is_deep)
        try:
            real = self.workspace.reached(path).real
        except ToolError:
            return (written,)
        if real == written.resource.name:
            return (written,)
        return written, replace(written, resource=replace(written.resource, name=real))

    def writing(self, path: str) -> Access:
        """Create, or change where something is there already."""
        exists = self.workspace.exists(path)
        return self.access(Effect.CHANGE if exists else Effect.CREATE, path)

    def source(self, path: str, *, with_all_below: bool = False, is_carried: bool = False) -> Source:
        """Where the text at a path comes from. Who wrote it is not known, so it counts as written by others.

        `is_carried`: it is taken from there and put elsewhere, and nothing of it comes back.
        """
        spot = self.workspace.locate(path)
        is_own = spot.root.own  # what was brought there was labelled when it was taken
        audience = (
            Audience.ANYONE if is_own else self.privacy.audience(spot.real, with_all_below=with_all_below)
        )
        name = "its own folder" if spot.shown == "." else spot.shown
        return Source(name=name, audience=audience, is_trusted=is_carried)

    def is_own(self, path: str) -> bool:
        return self.made.holds(self.workspace, path)

    def claim(self, path: str) -> str:
        """This was just made by the task: its mark, for the receipt."""
        mark = mark_of(self.workspace, path)
        self.made.add(mark)
        return mark

    def inverse(self, words: str) -> str:
        """How this call is undone, in these words; "" where what it replaced was not kept."""
        change = self.kept.change(self.effect_id) if self.effect_id else None
        return words if change is not None and change.is_whole else ""

    def inverse_at(self, path: str, *, replaced: str, made: str = "") -> str:
        """How a call at this path would be undone: `made` where nothing is yet, "" where it would not be kept."""
        thing = noting.thing_at(self.workspace.locate(path))
        if thing.kind == "nothing":
            return made
        return replaced if thing.kind != "file" or self.kept.takes(thing.size) else ""

    def name(self, path: str) -> str:
        """The path as people are shown it: in full and without detours; of a path elsewhere the words themselves."""
        try:
            return self.workspace.locate(path).shown
        except ToolError:
            return path

    def _veiled(self, basis: Basis) -> Basis:
        return replace(basis, text=self.veil.masked(basis.text)) if basis.text else basis
