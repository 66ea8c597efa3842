"""A connector as the terminal shows it: its tools with what they do, what was chosen, and what waits for a look."""

from __future__ import annotations

import json
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from bot.cli import shared
from bot.domain.connector import Transport
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.tooling import Shown, Toggle, Tooling
from bot.errors import NotConfigured
from bot.policy.setting_up import checked

_LONGEST = 70


def show(one: Shown, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(row(one) | {"tools": [_tool(each) for each in one.tools]}))
        return
    connector, found = one.connector, one.catalogue
    of = f" ({found.server} {found.version})".replace(" )", ")") if found.server else ""
    counts = f"{len(found.resources) + len(found.templates)} resources, {len(found.prompts)} prompts"
    lines = [
        f"{connector.title}{of}: {state(one)}; {counts}",
        f"  {' '.join(connector.command) or connector.url}",
        *(f"  {name} = {value}" for name, value in {**connector.environment, **connector.headers}.items()),
        *([f"  {one.health.confinement}"] if one.health.confinement else []),
        *(["  may reach the network"] if connector.network else []),
        *(
            f"  sees {one.path} ({'read and write' if one.writable else 'read only'})"
            for one in connector.folders
        ),
        *(["  may ask the model, at the cost of the task that calls it"] if connector.sampling else []),
        *(f"  not usable: {name}: {why}" for name, why in found.dropped),
        *(f"  gone from the server: {name}" for name in one.missing),
        *(f"  prompt: {prompt.name}: {_short(prompt.description)}" for prompt in found.prompts),
    ]
    shared.out.print(shared.legible("\n".join(lines)), markup=False)
    shared.out.print(table(one))
    if step := next_step(one):
        shared.out.print(shared.legible(step), markup=False)


def table(one: Shown) -> Table:
    made = Table(box=None, header_style="bold")
    for name in ("Tool", "Does", "Allowed", "Its server says", "What it is for"):
        made.add_column(name, no_wrap=name not in ("Does", "What it is for"))
    for each in one.tools:
        cells = (each.name, _does(each), _allowed(each), each.suggested, _purpose(each))
        made.add_row(*(Text(shared.legible(cell, lines=False)) for cell in cells))
    return made


def next_step(one: Shown) -> str:
    """What is for the operator to do, "" where nothing is."""
    name = one.connector.slug
    if one.unseen:
        return (
            f"{len(one.unseen)} of its tools are off until you look at them: cowork connectors review {name}"
        )
    asking = next((each for each in one.tools if each.toggle == Toggle()), None)
    if asking is None:
        return ""
    permission = Permission.ON if asking.suggested is Effect.READ else Permission.ASK
    return (
        "Until you say what its tools do, they count as deleting, and each call asks: "
        f"cowork connectors set {name} {asking.name} --effect {asking.suggested} --permission {permission}"
    )


def state(one: Shown) -> str:
    if not one.is_approved:
        return "blocked: its server is not approved"
    return "on" if one.is_on else "off"


def row(one: Shown) -> dict[str, Any]:
    connector = one.connector
    is_program = connector.transport is Transport.STDIO
    return {
        "name": connector.slug,
        "title": connector.title,
        "server": connector.server,
        "type": connector.transport,
        "command": list(connector.command) if is_program else None,
        "url": connector.url or None,
        "state": state(one),
        "sampling": connector.sampling,
        "from_file": one.is_from_file,
        "added_by": one.added_by,
        "tools_count": len(one.tools),
        "to_review": [each.name for each in one.unseen],
        "resources": len(one.catalogue.resources),
        "prompts": [prompt.name for prompt in one.catalogue.prompts],
    }


def toggles(given: list[str]) -> dict[str, Toggle]:
    """`TOOL=EFFECT:PERMISSION`."""
    found = {}
    for one in given:
        tool, _, chosen = one.partition("=")
        effect, _, permission = chosen.partition(":")
        try:
            found[tool] = Toggle(effect=Effect(effect), permission=Permission(permission or "ask"))
        except ValueError as error:
            raise NotConfigured(
                f"--tool {one}: write TOOL=EFFECT:PERMISSION, such as search=read:on."
            ) from error
    return dict(checked(found))


def _tool(one: Tooling) -> dict[str, Any]:
    return {
        "tool": one.name,
        "effect": one.toggle.effect,
        "permission": one.toggle.permission,
        "suggested": one.suggested,
        "state": "new" if one.is_new else "changed" if one.is_changed else "accepted",
    }


def _does(one: Tooling) -> str:
    return "not said yet: counts as delete" if one.is_unsaid else str(one.toggle.effect)


def _allowed(one: Tooling) -> str:
    if one.is_accepted:
        return str(one.toggle.permission)
    return "new: off" if one.is_new else "changed: off"


def _purpose(one: Tooling) -> str:
    return _short(str(one.definition.described.get("description") or ""))


def _short(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= _LONGEST else first[: _LONGEST - 1] + "…"
