"""The prompts that connectors offer to people: which there are, and what a server gives for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.connector import Offer
from bot.domain.label import Audience
from bot.domain.person import Person
from bot.engine.connectors import Connectors
from bot.errors import NotAllowed
from bot.sdk.halt import Halt

LONGEST = 20_000
"""Characters of a prompt that a task can take along."""


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """`owner` is how its connector is called, `audience` who may read what it gives."""

    slug: str
    owner: str
    offer: Offer
    audience: Audience = Audience.WORKSPACE


class Prompting:
    def __init__(self, connectors: Connectors) -> None:
        self._connectors = connectors

    def offered(self, team: str) -> list[Prompt]:
        """Of the connectors that are on, as their servers were last seen to offer them."""
        return [
            Prompt(
                slug=one.connector.slug,
                owner=one.connector.title,
                offer=offer,
                audience=Audience.REQUESTER if one.connector.is_personal else Audience.WORKSPACE,
            )
            for one in self._connectors.listed(team)
            if one.is_on and one.is_approved
            for offer in one.catalogue.prompts
        ]

    def given(self, person: Person, prompt: Prompt, arguments: Mapping[str, str]) -> str:
        """What its server gives for it now: the words of others. Raises what the hub raises, and `NotAllowed`."""
        from bot.connectors.prompted import prompted

        one = self._connectors.one(person.team, prompt.slug)
        if not one.is_on:
            raise NotAllowed(f"{one.connector.title} is switched off.")
        self._connectors.may_open(one.connector)
        text = self._connectors.hub.ask(
            one.connector,
            person,
            lambda client, _: prompted(client, prompt.offer.name, arguments),
            halt=Halt(),
            is_read=True,
        )
        if len(text) > LONGEST:
            raise NotAllowed(
                f"What {prompt.owner} gives for this has {len(text):,} characters; a task can take {LONGEST:,}."
            )
        return text
