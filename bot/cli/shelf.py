"""`cowork plugins list`, `show`, `install` and the rest: what the terminal's own tasks may use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli import shared
from bot.cli.operator import OPERATES, person
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.engine.plugging import Plugging, Shelved, Wish
from bot.registry.plugins import Plugins, found
from bot.sdk.connect import Per
from bot.store import connections
from bot.store.database import Database

Home = Annotated[Path | None, typer.Option(help="Where state is kept.")]
Name = Annotated[str, typer.Argument(help="A plugin, such as github.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for scripts.")]


def list_(as_json: AsJson = False, home: Home = None) -> None:
    """List the plugins that there are, and what `cowork run` may use of them.

    What people in Slack may use is chosen there, by their admins.

    Example: `cowork plugins list --json`
    """
    with _shelf(home) as (plugging, database, plugins):
        accounts = _accounts(database)
        shelf = plugging.shelf(person())
    if as_json:
        for one in shelf:
            typer.echo(json.dumps(_row(one, accounts.get(one.plugin.name, []))))
        return
    shared.out.print(_table(shelf, accounts))
    for name, why in plugins.broken.items():
        shared.out.print(f"{name} could not be loaded: {why}", markup=False)
    for name in plugins.unlisted:
        shared.out.print(f"Not loaded: {name}. Name its package in COWORK_PLUGINS to load it.", markup=False)


def show(name: Name, as_json: AsJson = False, home: Home = None) -> None:
    """Show one plugin: each action with what it does and whether `cowork run` may do it, and what was changed when.

    Example: `cowork plugins show github`
    """
    with _shelf(home) as (plugging, database, _):
        one = plugging.shelved(person(), name)
        accounts = _accounts(database).get(name, [])
        history = plugging.history(person(), name)
    if as_json:
        actions = [
            {"tool": tool, "effect": each.effect, "permission": one.permission(tool, Per.TEAM)}
            for tool, each in one.plugin.tools.items()
        ]
        typer.echo(json.dumps(_row(one, accounts) | {"actions": actions}))
        return
    plugin = one.plugin
    shared.out.print(f"{plugin.title} {plugin.version}: {plugin.description}", markup=False)
    shared.out.print(f"{_state(one)}; {_connected(accounts)}; {_where(one)}", markup=False)
    shared.out.print(_actions(one))
    for told in history:
        at = f"{told.at:%Y-%m-%d %H:%M} UTC"
        changes = f": {'; '.join(told.changes)}" if told.changes else ""
        shared.out.print(shared.legible(f"{at}  {told.by} {told.did}{changes}"), markup=False)


def install(name: Name, home: Home = None) -> None:
    """Install a plugin for `cowork run`, with its reads on and everything else off.

    Example: `cowork plugins install github`
    """
    _done(home, name, lambda plugging: plugging.install(person(), name, OPERATES), "is installed")


def enable(name: Name, home: Home = None) -> None:
    """Switch a plugin on again for `cowork run`, as it was chosen before.

    Example: `cowork plugins enable github`
    """
    _done(home, name, lambda plugging: plugging.enable(person(), name, OPERATES), "is on")


def disable(name: Name, home: Home = None) -> None:
    """Switch a plugin off for `cowork run`; what was chosen and connected is kept.

    Example: `cowork plugins disable github`
    """
    _done(home, name, lambda plugging: plugging.disable(person(), name, OPERATES), "is off")


def allow(
    name: Name,
    permission: Annotated[Permission, typer.Argument(help="off, ask (a person sees each call) or on.")],
    action: Annotated[
        list[str], typer.Argument(help="Actions such as create_issue, or kinds: read, create, change, …")
    ],
    home: Home = None,
) -> None:
    """Choose what `cowork run` may do with a plugin: one action or more, or all of a kind.

    Example: `cowork plugins allow github ask create_issue add_comment`
    """
    with _shelf(home) as (plugging, _, _):
        tools = _tools(plugging.shelved(person(), name), action)
        plugging.choose(person(), name, Wish(permissions=dict.fromkeys(tools, permission)), OPERATES)
    shared.out.print(f"{', '.join(tools)}: {permission}", markup=False)


def scope(
    name: Name,
    item: Annotated[list[str], typer.Argument(help='Names, beginnings such as "acme/*", or "*" for all.')],
    home: Home = None,
) -> None:
    """Choose where `cowork run` may work with a plugin, such as in which repositories.

    Example: `cowork plugins scope github acme/payments "acme/web-*"`
    """
    wish = Wish(scope=tuple(item))
    _done(
        home,
        name,
        lambda plugging: plugging.choose(person(), name, wish, OPERATES),
        f"may be used in {', '.join(item)}",
    )


@contextmanager
def _shelf(home: Path | None) -> Iterator[tuple[Plugging, Database, Plugins]]:
    with shared.database(home) as database:
        plugins = found(shared.settings(COWORK_HOME=home).plugins)
        yield Plugging(database, plugins.there, clock=lambda: datetime.now(UTC)), database, plugins


def _done(home: Path | None, name: str, deed: Callable[[Plugging], None], said: str) -> None:
    with _shelf(home) as (plugging, _, _):
        title = plugging.shelved(person(), name).plugin.title
        deed(plugging)
    shared.out.print(shared.legible(f"{title} {said} for cowork run."), markup=False)


def _tools(one: Shelved, named: list[str]) -> list[str]:
    """Of actions by their names, with or without the plugin's, and of kinds."""
    tools: list[str] = []
    for word in named:
        plain = word.removeprefix(f"{one.plugin.name}_")
        of_kind = [tool for tool, each in one.plugin.tools.items() if each.effect == plain]
        found = of_kind or [tool for tool, each in one.plugin.tools.items() if each.name == plain]
        if not found:
            kinds = ", ".join(Effect)
            shared.fail(f"{one.plugin.title} has no action {word}, and it is no kind ({kinds}).")
        tools += found
    return list(dict.fromkeys(tools))


def _accounts(database: Database) -> dict[str, list[str]]:
    """Of the terminal, by plugin."""
    accounts: dict[str, list[str]] = {}
    with database.read() as session:
        for one in connections.for_person(session, person().team, person().user):
            accounts.setdefault(one.plugin, []).append(
                one.account if one.is_ok else f"{one.account}, needs sign-in"
            )
    return accounts


def _row(one: Shelved, accounts: list[str]) -> dict[str, object]:
    return {
        "name": one.plugin.name,
        "title": one.plugin.title,
        "version": one.plugin.version,
        "state": _state(one),
        "accounts": accounts,
        "scope": list(one.reach) if one.is_installed else [],
        "actions": len(one.plugin.tools),
        "new": list(one.unseen),
    }


def _table(shelf: tuple[Shelved, ...], accounts: dict[str, list[str]]) -> Table:
    table = Table(box=None, header_style="bold")
    for name in ("Plugin", "Version", "In the terminal", "Connected", "Actions"):
        table.add_column(name)
    for one in shelf:
        row = (
            one.plugin.name,
            one.plugin.version,
            _state(one),
            _connected(accounts.get(one.plugin.name, [])),
            str(len(one.plugin.tools)),
        )
        table.add_row(*(Text(shared.legible(cell)) for cell in row))
    return table


def _actions(one: Shelved) -> Table:
    table = Table(box=None, header_style="bold")
    for name in ("Action", "Kind", "Allowed", "What it does"):
        table.add_column(name, no_wrap=name != "What it does")
    for tool, each in one.plugin.tools.items():
        allowed = one.permission(tool, Per.TEAM) if one.is_installed else "–"
        table.add_row(*map(Text, (each.name, each.effect, allowed, shared.legible(each.summary))))
    return table


def _state(one: Shelved) -> str:
    if not one.is_installed:
        return "not installed"
    return "on" if one.is_on else "off"


def _connected(accounts: list[str]) -> str:
    return f"connected as {' and '.join(accounts)}" if accounts else "not connected"


def _where(one: Shelved) -> str:
    kind = one.plugin.scope_kind
    return f"all {kind}" if "*" in one.reach else ", ".join(one.reach) or f"no {kind}"
