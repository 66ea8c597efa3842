"""The connectors that a task may work with now, and how a tool of one is called: as it was accepted, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.connectors.listing import NotAsAccepted
from bot.domain.asking import Asking
from bot.domain.clock import Clock
from bot.domain.connector import BETWEEN, Answer, Catalogue, Connector, Definition, Page
from bot.domain.grant import Permission, ServiceGrant
from bot.domain.person import Person
from bot.domain.pin import Pin
from bot.domain.task import Task
from bot.domain.tooling import Shown
from bot.engine.connectors import Connectors
from bot.errors import Asked, CoworkError, NotAllowed, ToolError
from bot.policy import connecting
from bot.registry import resources
from bot.registry.connected import pin, pins_of, tools_of
from bot.sdk.tool import Tool
from bot.tools.desk import Desk

_BETWEEN_LOOKS = timedelta(minutes=1)

logger = logging.getLogger(__name__)


class Connected:
    """What was granted is asked for anew at each verdict: a connector that is switched off is off at once."""

    def __init__(self, connectors: Connectors, *, clock: Clock) -> None:
        self._connectors = connectors
        self._clock = clock
        self._looked: dict[tuple[str, str], datetime] = {}

    def grants(self, task: Task) -> Mapping[str, ServiceGrant]:
        """By slug."""
        found = {
            one.connector.slug: connecting.granted(one) for one in self._connectors.listed(task.person.team)
        }
        return {slug: granted for slug, granted in found.items() if granted is not None}

    def addresses(self, task: Task) -> frozenset[str]:
        """Where those go that are on: an admin named these."""
        on = (one for one in self._connectors.listed(task.person.team) if connecting.granted(one))
        return frozenset(filter(None, (connecting.address(one.connector) for one in on)))

    def tools(self, task: Task, *, is_looking: bool = True) -> dict[str, Tool]:
        """Of every connector that is on, also those tools that are off: policy says so of a call. One that nobody has
        looked at yet is looked at first, unless this is not the time to ask a server."""
        ask = partial(self._asked, task)
        listed = self._connectors.listed(task.person.team)
        on = [one for one in listed if one.is_on and one.is_approved]
        on = [self._known(one, task.person) for one in on] if is_looking else on
        found = resources.tools_of(on, partial(self._listed, task), partial(self._read, task))
        for one in on:
            found |= tools_of(one, ask)
        return found

    def offered(self, task: Task) -> set[str]:
        """The names of tools that are not off."""
        return {
            tool
            for granted in self.grants(task).values()
            for tool, permission in granted.permissions.items()
            if permission is not Permission.OFF
        }

    def pin(self, task: Task, tool: str) -> Pin | None:
        """The tool of this name, ours for it, as an admin accepted it by now, and its server as it is set up and
        signed in to by now; of a resource, and of what nobody accepted, that alone."""
        slug = tool.partition(BETWEEN)[0]
        listed = self._connectors.listed(task.person.team)
        one = next((each for each in listed if each.connector.slug == slug), None)
        if one is None:
            return None
        found = pins_of([one]).get(tool) or pin(one.connector)
        return replace(found, sign_in=self._connectors.servers.sign_in(one.connector, task.person))

    def _known(self, one: Shown, person: Person) -> Shown:
        """A server that nobody has looked at yet is looked at by the first task; one that is out, once a minute."""
        key = (person.team, one.connector.slug)
        last = self._looked.get(key)
        if one.catalogue != Catalogue() or (last is not None and self._clock() - last < _BETWEEN_LOOKS):
            return one
        self._looked[key] = self._clock()
        try:
            return self._connectors.look(person, one.connector.slug)
        except CoworkError as error:
            logger.warning("the connector %s was not looked at: %s", one.connector.slug, error)
            return one

    def _asked(
        self,
        task: Task,
        desk: Desk,
        connector: Connector,
        accepted: Definition,
        given: Mapping[str, Any],
        is_read: bool,
    ) -> Answer:
        """Once. Raises `ToolError`, before anything is sent, for a tool that is not as an admin accepted it, and
        `Asked` where the server has a question first: the same call goes on with the reply."""
        from bot.connectors.calls import Middle

        self._check_open(connector)
        desk.halt.check()
        asking = desk.replies(desk.effect_id)
        if asking is not None and asking.open is not None:
            raise Asked(asking)
        middle = Middle(
            effect_id=desk.effect_id,
            asking=asking,
            is_wanted=partial(self._connectors.is_open, task.id),
            sample=desk.sampling(connector),
            reader=str(task.id),
        )
        try:
            with desk.progress(connector, desk.effect_id) as heard:
                answer = self._connectors.hub.call(
                    connector,
                    task.person,
                    accepted.name,
                    given,
                    halt=desk.halt,
                    heard=heard,
                    is_read=is_read,
                    middle=middle,
                    accepted=accepted,
                )
        except NotAsAccepted as other:
            raise self._refused(task.person, desk, connector, accepted, is_gone=other.is_gone) from other
        if answer.asked is not None:
            raise Asked(Asking(connector=connector.slug, title=connector.title, question=answer.asked))
        return answer

    def _listed(self, task: Task, desk: Desk, connector: Connector, cursor: str) -> Page:
        self._check_open(connector)
        return self._connectors.hub.resources(connector, task.person, cursor, halt=desk.halt)

    def _read(self, task: Task, desk: Desk, connector: Connector, uri: str) -> Answer:
        """The task hears, with a later answer of this connector, when it was changed since."""
        self._check_open(connector)
        return self._connectors.hub.read(connector, task.person, uri, halt=desk.halt, reader=str(task.id))

    def _check_open(self, connector: Connector) -> None:
        try:
            self._connectors.may_open(connector)
        except NotAllowed as error:
            raise ToolError(str(error)) from error

    def _refused(
        self, person: Person, desk: Desk, connector: Connector, accepted: Definition, *, is_gone: bool
    ) -> ToolError:
        """With what it offers now noted: an admin sees the difference."""
        now = self._connectors.hub.look(connector, person, halt=desk.halt)
        self._connectors.seen(person.team, connector, now)
        if is_gone:
            return ToolError(f"{connector.title} has no {accepted.name} any more. Nothing was done.")
        return ToolError(
            f"{accepted.name} of {connector.title} is not what an admin accepted any more: its server changed how it "
            "describes it. Nothing was sent, and it is off until an admin has looked at the difference."
        )
