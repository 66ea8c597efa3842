"""`cowork connectors list`, `show`, `set`, `review` and `accept`: what the tools of connectors may do."""

from __future__ import annotations

import difflib
import json
from dataclasses import replace
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli import hookup, shared, tools_table
from bot.cli.hookup import AsJson, Home, Name, Team
from bot.domain.connector import Catalogue, Definition
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.person import TERMINAL
from bot.domain.tooling import RESOURCES, Shown, Toggle, Tooling


def list_(as_json: AsJson = False, team: Team = "", home: Home = None) -> None:
    """List the connectors: MCP servers whose tools and data the colleague can use.

    Example: `cowork connectors list --json`
    """
    with hookup.hookup(home, team) as made:
        found = [(each, one) for each in made.teams for one in made.connectors.listed(each)]
    if as_json:
        for each, one in found:
            typer.echo(json.dumps(tools_table.row(one) | {"team": each}))
    elif found:
        shared.out.print(_table(found))
    else:
        shared.out.print("There are no connectors. Add one: cowork connectors add --help")


def show(name: Name, as_json: AsJson = False, team: Team = "", home: Home = None) -> None:
    """Show one connector: each of its tools, with what it does and whether it is allowed, as last seen.

    Example: `cowork connectors show shop`
    """
    with hookup.hookup(home, team) as made:
        one = made.one(name)
    tools_table.show(one, as_json=as_json)


def set_(
    name: Name,
    tool: Annotated[list[str], typer.Argument(help="Tools by their names, as `show` has them.")],
    effect: Annotated[
        Effect | None, typer.Option(help="What they do to the world: read, create, change, …")
    ] = None,
    permission: Annotated[
        Permission | None, typer.Option(help="off, ask (a person sees each call) or on.")
    ] = None,
    team: Team = "",
    home: Home = None,
) -> None:
    """Choose what tools of a connector do, and whether they may: the server's own hints only suggest it.

    Example: `cowork connectors set shop execute_sql --effect read --permission on`
    """
    with hookup.hookup(home, team) as made:
        one = made.one(name)
        toggles = {each: _chosen(one, each, effect, permission) for each in tool}
        made.each(name, lambda actor: made.connectors.permit(actor, name, toggles))
    for each, toggle in toggles.items():
        shared.out.print(shared.legible(f"{each}: {toggle.effect}, {toggle.permission}"), markup=False)


def review(name: Name, as_json: AsJson = False, team: Team = "", home: Home = None) -> None:
    """Show the tools that are new, or described otherwise than when they were accepted: off until `accept`.

    Example: `cowork connectors review shop`
    """
    with hookup.hookup(home, team) as made:
        one = made.looked(name)
    if as_json:
        typer.echo(json.dumps([_told(each) for each in one.unseen]))
        return
    for each in one.unseen:
        head = f"{each.name}: {'new' if each.is_new else 'changed'}"
        shared.out.print(shared.legible(head), style="bold", markup=False)
        shared.out.print(shared.legible(_difference(each)), markup=False)
    if one.unseen:
        shared.out.print(f"\nAccept them with: cowork connectors accept {name} --all", markup=False)
    else:
        shared.out.print(f"Nothing of {name} waits for a look.", markup=False)


def accept(
    name: Name,
    tool: Annotated[list[str] | None, typer.Argument(help="Tools by their names.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    team: Team = "",
    home: Home = None,
) -> None:
    """Accept tools as their server describes them now, as `review` showed them.

    Example: `cowork connectors accept shop execute_sql`
    """
    with hookup.hookup(home, team) as made:
        if bool(tool) == every:
            shared.fail("Name the tools, or give --all.")
        chosen = tool or [each.name for each in made.one(name).unseen]
        made.each(name, lambda actor: made.connectors.accept(actor, name, chosen))
    shared.out.print(shared.legible(f"Accepted: {', '.join(chosen) or 'nothing was waiting'}"), markup=False)


def _chosen(one: Shown, tool: str, effect: Effect | None, permission: Permission | None) -> Toggle:
    """What is not given stays as it is."""
    there = {each.name: each.toggle for each in one.tools} | dict(one.resources)
    if tool not in there:
        shared.fail(
            f"{one.connector.slug} has no tool {tool}. It has {', '.join(sorted({*there, *RESOURCES}))}."
        )
    toggle = there[tool]
    return replace(toggle, effect=effect or toggle.effect, permission=permission or toggle.permission)


def _difference(one: Tooling) -> str:
    """What was otherwise, line by line; all of it where it is new."""
    now = _lines(one.definition)
    if one.accepted is None:
        return "\n".join(f"  {line}" for line in now)
    lines = difflib.unified_diff(_lines(one.accepted), now, "accepted", "now", lineterm="", n=1)
    return "\n".join(f"  {line}" for line in lines)


def _lines(definition: Definition) -> list[str]:
    return json.dumps(definition.described, indent=1, ensure_ascii=False, sort_keys=True).splitlines()


def _told(one: Tooling) -> dict[str, object]:
    return {
        "tool": one.name,
        "state": "new" if one.is_new else "changed",
        "now": one.definition.described,
        "accepted": one.accepted.described if one.accepted else None,
    }


def _table(found: list[tuple[str, Shown]]) -> Table:
    """Each once, where it is the same for several."""
    table = Table(box=None, header_style="bold")
    for name in ("Connector", "For", "State", "Tools", "To review", "Server"):
        table.add_column(name, no_wrap=name != "Server")
    rows: dict[tuple[str, ...], list[str]] = {}
    for team, one in found:
        rows.setdefault(_cells(one), []).append(team)
    for (slug, *rest), teams in rows.items():
        table.add_row(*(Text(shared.legible(cell, lines=False)) for cell in (slug, _for(teams), *rest)))
    return table


def _cells(one: Shown) -> tuple[str, ...]:
    is_unknown = one.catalogue == Catalogue()
    return (
        one.connector.slug,
        f"✗ {tools_table.state(one)}, never reached" if is_unknown else tools_table.state(one),
        str(len(one.tools)),
        str(len(one.unseen) or "–"),
        " ".join(one.connector.command) or one.connector.url,
    )


def _for(teams: list[str]) -> str:
    return ", ".join("cowork run" if team == TERMINAL else team for team in teams)
