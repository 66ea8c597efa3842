"""Connectors, for admins of the workspace: tested, set up, permitted, accepted, switched, connected anew, removed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from bot.domain.connector import Condition, Transport
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.token import Token
from bot.domain.tooling import Shown, Tooling
from bot.engine.connectors import Actor, Connectors
from bot.engine.serving import NotThere
from bot.errors import NotConfigured, SignInNeeded, ToolError, Unavailable
from bot.web.api.caller import Caller
from bot.web.api.served import Served, Services
from bot.web.api.servers import Asked, ConnectorAsked, TestValue, ToggleAsked

router = APIRouter(tags=["connectors"])

Slug = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,23}$", description="What the connector is called.")]


class ToolValue(BaseModel):
    """`state` is accepted, new or changed: what is not accepted is off. `definition` is all that its server says of it
    now, which `digest` is of; `accepted` is what an admin had accepted, null for a new one.
    """

    name: str
    description: str
    state: str
    digest: str
    effect: Effect
    permission: Permission
    suggested: Effect
    definition: dict[str, Any]
    accepted: dict[str, Any] | None

    @classmethod
    def of(cls, one: Tooling) -> ToolValue:
        return cls(
            name=one.definition.name,
            description=str(one.definition.described.get("description") or ""),
            state="new" if one.is_new else "changed" if one.is_changed else "accepted",
            digest=one.definition.digest,
            effect=one.toggle.effect,
            permission=one.toggle.permission,
            suggested=one.suggested,
            definition=dict(one.definition.described),
            accepted=None if one.accepted is None else dict(one.accepted.described),
        )


class ConnectorValue(BaseModel):
    """A server as it is set up, without its secrets, and how it fares."""

    slug: str
    title: str
    transport: Transport
    server: str
    is_on: bool
    is_approved: bool
    is_from_file: bool
    added_by: str
    condition: Condition
    trouble: str
    last_success: datetime | None
    stderr: list[str]
    tools: list[ToolValue]
    resources: list[str]
    prompts: list[str]

    @classmethod
    def of(cls, one: Shown) -> ConnectorValue:
        connector, health = one.connector, one.health
        return cls(
            slug=connector.slug,
            title=connector.title,
            transport=connector.transport,
            server=connector.server,
            is_on=one.is_on,
            is_approved=one.is_approved,
            is_from_file=one.is_from_file,
            added_by=one.added_by,
            condition=health.condition,
            trouble=health.trouble,
            last_success=health.last_success,
            stderr=list(health.stderr),
            tools=[ToolValue.of(tool) for tool in one.tools],
            resources=[offer.uri for offer in one.catalogue.resources],
            prompts=[offer.name for offer in one.catalogue.prompts],
        )


class ConnectorList(BaseModel):
    connectors: list[ConnectorValue]


class SwitchAsked(Asked):
    is_on: bool


class TogglesAsked(Asked):
    """By the name of the tool; what is not named stays as it is."""

    tools: dict[str, ToggleAsked] = Field(min_length=1, max_length=500)


class AcceptAsked(Asked):
    """By the name of the tool the digest that was looked at: refused where the server says something else now."""

    tools: dict[str, str] = Field(min_length=1, max_length=500)


@router.get("/connectors", summary="List the connectors")
def listed(served: Served, token: Caller) -> ConnectorList:
    actor = served.serving.admin(token)
    return ConnectorList(
        connectors=[ConnectorValue.of(one) for one in _book(served).listed(actor.person.team)]
    )


@router.get("/connectors/{slug}", summary="Look at a connector")
def one(served: Served, token: Caller, slug: Slug) -> ConnectorValue:
    actor = served.serving.admin(token)
    return ConnectorValue.of(_there(served, actor, slug))


@router.post("/connectors/{slug}/test", summary="See what a server offers")
def tested(served: Served, token: Caller, slug: Slug, asked: ConnectorAsked) -> TestValue:
    """By a real connection; nothing is set up. What it shows is accepted when the same admin then sets up the same."""
    actor, book, connector = served.serving.admin(token), _book(served), asked.connector(slug)
    try:
        return TestValue.of(book.test(actor, connector))
    except (ToolError, Unavailable, SignInNeeded, NotConfigured) as error:
        return TestValue.failed(error, book.hub.health(connector, actor.person).stderr)


@router.put(
    "/connectors/{slug}",
    summary="Set up a connector",
    responses={201: {"model": ConnectorValue, "description": "It is new."}},
)
def saved(
    served: Served, token: Caller, slug: Slug, asked: ConnectorAsked, response: Response
) -> ConnectorValue:
    """Anew, or as it is to be from now on. Untested, its tools are off until an admin accepts them."""
    actor, book = served.serving.admin(token), _book(served)
    if not any(one.connector.slug == slug for one in book.listed(actor.person.team)):
        response.status_code = 201
    return ConnectorValue.of(book.save(actor, asked.connector(slug), asked.toggles))


@router.delete("/connectors/{slug}", status_code=204, summary="Remove a connector")
def removed(served: Served, token: Caller, slug: Slug) -> None:
    """With everybody's sign-in at its server."""
    _book(served).remove(_admin(served, token, slug), slug)


@router.patch("/connectors/{slug}", summary="Switch a connector on or off")
def switched(served: Served, token: Caller, slug: Slug, asked: SwitchAsked) -> ConnectorValue:
    """Off, no task gets it; what was chosen for it is kept."""
    return ConnectorValue.of(_book(served).switch(_admin(served, token, slug), slug, asked.is_on))


@router.patch("/connectors/{slug}/tools", summary="Choose what tools do, and whether they may be used")
def permitted(served: Served, token: Caller, slug: Slug, asked: TogglesAsked) -> ConnectorValue:
    toggles = {name: one.toggle for name, one in asked.tools.items()}
    return ConnectorValue.of(_book(served).permit(_admin(served, token, slug), slug, toggles))


@router.post("/connectors/{slug}/accept", summary="Accept tools as their server describes them now")
def accepted(served: Served, token: Caller, slug: Slug, asked: AcceptAsked) -> ConnectorValue:
    """A new or changed tool is off until an admin accepts what it says of itself."""
    actor = _admin(served, token, slug)
    return ConnectorValue.of(_book(served).accept(actor, slug, list(asked.tools), digests=asked.tools))


@router.post("/connectors/{slug}/reconnect", summary="Connect anew")
def reconnected(served: Served, token: Caller, slug: Slug) -> ConnectorValue:
    """By a real call; what goes wrong is in `trouble`."""
    return ConnectorValue.of(_book(served).reconnect(_admin(served, token, slug), slug))


def _book(served: Services) -> Connectors:
    assert served.connectors is not None, "its endpoints are there only with it"
    return served.connectors


def _admin(served: Services, token: Token, slug: str) -> Actor:
    """Who may change it. Raises `NotThere` where there is none."""
    actor = served.serving.admin(token)
    _there(served, actor, slug)
    return actor


def _there(served: Services, actor: Actor, slug: str) -> Shown:
    for one in _book(served).listed(actor.person.team):
        if one.connector.slug == slug:
            return one
    raise NotThere(f"There is no connector {slug} here.")
