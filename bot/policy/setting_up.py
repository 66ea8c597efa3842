"""How a connector's setup changes: what is saved, chosen, accepted, and seen of its server."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.domain.connector import Catalogue, Connector, Definition
from bot.domain.tooling import Filed, Setup, Toggle
from bot.errors import NotAllowed
from bot.policy.connecting import EFFECTS, offered


def of_server(setup: Setup | None, connector: Connector) -> Setup:
    """What is kept of a connector: nothing, where that was of another server, which another path of an address is."""
    kept = None if setup is None else setup.connector
    is_moved = kept is not None and kept.url != connector.url
    if setup is None or setup.server != connector.server or is_moved:
        return Setup(server=connector.server)
    return setup


def saved(
    before: Setup | None,
    connector: Connector,
    toggles: Mapping[str, Toggle],
    *,
    tried: Catalogue | None,
    by: str,
) -> Setup:
    """What its saver was shown when they tried it is accepted with it; untried it keeps what was accepted before."""
    base = of_server(before, connector)
    if tried is not None:
        base = replace(base, accepted=tried.tools, catalogue=_kept(connector, tried))
    return replace(
        base,
        connector=connector,
        toggles={**base.toggles, **checked(toggles)},
        is_on=True,
        added_by=before.added_by if before is not None and before.added_by else by,
    )


def permitted(setup: Setup, toggles: Mapping[str, Toggle]) -> Setup:
    """What is not named stays as it is."""
    return replace(setup, toggles={**setup.toggles, **checked(toggles)})


def accepted(setup: Setup, tools: Collection[str], digests: Mapping[str, str] | None) -> Setup:
    """As their server describes them now. `digests` are those of what was shown to whoever accepts."""
    there = {one.name: one for one in (setup.catalogue or Catalogue()).tools}
    for name in tools:
        if name not in there:
            raise NotAllowed(f"The server does not offer {name} (any more). Nothing was changed.")
        if digests is not None and digests.get(name) != there[name].digest:
            raise NotAllowed(
                f"{name} was changed again since it was shown. Nothing was changed: look at it anew."
            )
    kept = {one.name: one for one in setup.accepted} | {name: there[name] for name in tools}
    return replace(setup, accepted=tuple(kept.values()))


def seen(setup: Setup, filed: Filed | None, connector: Connector, catalogue: Catalogue) -> Setup:
    """Of a connector in connectors.toml the tools that it has toggles for are accepted as they are first seen."""
    accepted = (*setup.accepted, *_asked_for(setup, filed, catalogue))
    return replace(setup, catalogue=_kept(connector, catalogue), accepted=accepted)


def checked(toggles: Mapping[str, Toggle]) -> Mapping[str, Toggle]:
    """Raises `NotAllowed` for what cannot be chosen."""
    for tool, toggle in toggles.items():
        if toggle.effect not in EFFECTS or toggle.permission not in offered(toggle.effect):
            raise NotAllowed(f"“{toggle.permission}” is no choice for {tool}, which is to {toggle.effect}.")
    return toggles


def changes(before: Setup | None, after: Setup) -> dict[str, object]:
    """What is otherwise now, for the audit log: each toggle with what it was, and the pins of what was accepted."""
    was = before or Setup(server=after.server)
    found: dict[str, object] = {
        "server": after.server,
        "toggles": {
            name: {"before": _told(was.toggles.get(name)), "after": _told(toggle)}
            for name, toggle in after.toggles.items()
            if was.toggles.get(name) != toggle
        },
        "accepted": _pins(set(after.accepted) - set(was.accepted)),
        "unaccepted": _pins(set((after.catalogue or Catalogue()).tools) - set(after.accepted)),
        "missing": sorted({one.name for one in after.accepted} - _names(after.catalogue)),
    }
    if after.catalogue is not None:
        found["version"] = after.catalogue.version
    return {name: value for name, value in found.items() if value}


def _kept(connector: Connector, catalogue: Catalogue) -> Catalogue:
    """The whole team reads it: what somebody saw by a sign-in of their own is theirs."""
    return catalogue.of_everybody if connector.is_personal else catalogue


def _asked_for(setup: Setup, filed: Filed | None, catalogue: Catalogue) -> tuple[Definition, ...]:
    known = {one.name for one in setup.accepted}
    named = filed.toggles if filed is not None else {}
    return tuple(one for one in catalogue.tools if one.name in named and one.name not in known)


def _pins(definitions: Collection[Definition]) -> dict[str, str]:
    return {one.name: one.digest for one in sorted(definitions, key=lambda one: one.name)}


def _names(catalogue: Catalogue | None) -> set[str]:
    return {one.name for one in catalogue.tools} if catalogue is not None else set()


def _told(toggle: Toggle | None) -> str:
    return "" if toggle is None else f"{toggle.effect}: {toggle.permission}"
