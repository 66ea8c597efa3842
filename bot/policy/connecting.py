"""What the tools of a connector may do: as an admin chose and accepted, whatever the server says of itself."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from bot.domain.connector import BETWEEN, Catalogue, Connector, Definition, Health, Transport
from bot.domain.effect import Effect
from bot.domain.grant import Permission, ServiceGrant
from bot.domain.tooling import RESOURCES, Filed, Setup, Shown, Toggle, Tooling
from bot.policy import words
from bot.policy.plugging import ALWAYS_ASKED

EFFECTS = (
    Effect.READ,
    Effect.CREATE,
    Effect.CHANGE,
    Effect.DELETE,
    Effect.SEND,
    Effect.PUBLISH,
    Effect.EGRESS,
)
"""What an admin can say that a tool of a connector does."""

OF_RESOURCES = Toggle(effect=Effect.READ, permission=Permission.ON)
"""To list and read resources, as it comes: it is what they are there for, and it changes nothing."""

LONGEST_NAME = 64
_HASH = 8
_MARKED = re.compile(rf"_[0-9a-f]{{{_HASH}}}\Z")
_ODD = re.compile(r"[^A-Za-z0-9_-]")


def offered(effect: Effect) -> tuple[Permission, ...]:
    """Between which an admin can choose for a tool with this effect: *on* never for what cannot be taken back."""
    if effect in ALWAYS_ASKED:
        return (Permission.OFF, Permission.ASK)
    return (Permission.OFF, Permission.ASK, Permission.ON)


def suggested(definition: Definition) -> Effect:
    """What the server's own hints say, to prefill what an admin chooses; what it does not say is the worst."""
    hints = definition.described.get("annotations") or {}
    if hints.get("readOnlyHint") is True:
        return Effect.READ
    return Effect.CREATE if hints.get("destructiveHint") is False else Effect.DELETE


def shown(setup: Setup, filed: Filed | None, *, health: Health, is_approved: bool) -> Shown:
    """A connector as it is kept, with each tool that its server was last seen to have."""
    connector = setup.connector if filed is None else filed.connector
    assert connector is not None, "one of the file, or one that was kept"
    catalogue = setup.catalogue or Catalogue()
    accepted = {one.name: one for one in setup.accepted}
    toggles = {**(filed.toggles if filed else {}), **setup.toggles}
    there = {one.name for one in catalogue.tools}
    return Shown(
        connector=connector,
        catalogue=catalogue,
        tools=tuple(
            Tooling(
                definition=one,
                accepted=accepted.get(one.name),
                toggle=toggles.get(one.name, Toggle()),
                suggested=suggested(one),
            )
            for one in catalogue.tools
        ),
        is_on=setup.is_on,
        is_from_file=filed is not None,
        health=health,
        added_by=setup.added_by,
        is_approved=is_approved,
        missing=tuple(name for name in accepted if name not in there),
        resources={name: toggles.get(name, OF_RESOURCES) for name in RESOURCES},
    )


def granted(one: Shown) -> ServiceGrant | None:
    """For the tasks of a team: None where it is off, or its server is not approved. A tool that no admin accepted as
    it is now is off, whatever was chosen for it."""
    if not one.is_on or not one.is_approved:
        return None
    permissions = {
        tool_name(one.connector.slug, tool.name): permission(tool.toggle)
        if tool.is_accepted
        else Permission.OFF
        for tool in one.tools
    }
    resources = {name: permission(toggle) for name, toggle in one.resources.items()}
    reasons = {tool_name(one.connector.slug, tool.name): _why_off(tool, one) for tool in one.unseen}
    return ServiceGrant(permissions={**permissions, **resources}, reasons=reasons)


def _why_off(tool: Tooling, one: Shown) -> str:
    title, name = words.shown(one.connector.title), words.shown(tool.name)
    if tool.is_new:
        return f"{name} of {title} is off until an admin accepts it."
    return f"{name} of {title} was changed by its server, and is off until an admin accepts it as it is now."


def permission(toggle: Toggle) -> Permission:
    """As it was chosen, but that what cannot be taken back is always asked for."""
    if toggle.permission is Permission.ON and toggle.effect in ALWAYS_ASKED:
        return Permission.ASK
    return toggle.permission


def address(connector: Connector) -> str:
    """Where text goes that a call is given: to another machine, or wherever a server goes that may use the network;
    "" where it stays on this machine. Who set the connector up has named it."""
    if connector.transport is not Transport.STDIO:
        return urlsplit(connector.url).hostname or connector.url
    return f"wherever {connector.slug} connects to" if connector.network else ""


def tool_name(slug: str, tool: str) -> str:
    """What the model calls it by. Two names of one server do not become one: what had to be changed ends in a hash of
    it, and so does what looks as if it had been."""
    plain = f"{slug}{BETWEEN}{_ODD.sub('_', tool)}"
    is_same = plain == f"{slug}{BETWEEN}{tool}" and len(plain) <= LONGEST_NAME and tool
    if is_same and not _MARKED.search(plain):
        return plain
    mark = hashlib.sha256(tool.encode(errors="surrogatepass")).hexdigest()[:_HASH]
    return f"{plain[: LONGEST_NAME - _HASH - 1]}_{mark}"
