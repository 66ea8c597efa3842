"""`cowork connectors import`: the MCP servers of Claude, Cursor, VS Code and others, taken or left with a reason."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli import hookup, shared
from bot.cli.hookup import AsJson, Home, Hookup, Team
from bot.domain.connector import Connector
from bot.errors import CoworkError, NotConfigured
from bot.policy import importing
from bot.policy.importing import Left, Taken
from bot.store import vault
from bot.store.sealing import Seal

IMITATES = "mcp"


@dataclass(frozen=True)
class Outcome:
    """What became of one server."""

    name: str
    slug: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_taken(self) -> bool:
        return bool(self.slug)


def import_(
    file: Annotated[Path, typer.Argument(help="The file of another program, or .mcp.json of a project.")],
    keep_secrets: Annotated[
        bool,
        typer.Option("--keep-secrets", help="Secrets that are written out there go into our vault, unasked."),
    ] = False,
    network: Annotated[bool, typer.Option("--network", help="The programs may reach the network.")] = False,
    as_json: AsJson = False,
    team: Team = "",
    home: Home = None,
) -> None:
    """Take over the MCP servers of Claude Desktop, Claude Code, Cursor, Windsurf, Gemini or VS Code.

    Each is approved as it stands there and connected to once; what cannot be taken is told with the reason, and the
    rest goes in. Their tools are accepted as they are shown; until you say what they do, each of them asks.

    Example: `cowork connectors import ~/.cursor/mcp.json --keep-secrets`
    """
    with hookup.hookup(home, team) as made:
        given = _read(file)
        may_keep = _may_keep(keep_secrets)
        read = [importing.imported(name, one, program=_program(file)) for name, one in given.items()]
        outcomes = [_brought(made, one, may_keep, network) for one in read]
    for one in outcomes:
        if as_json:
            told = {
                "name": one.name,
                "connector": one.slug or None,
                "left": one.why or None,
                "notes": one.notes,
            }
            typer.echo(json.dumps(told))
        else:
            _tell(one)
    if not any(one.is_taken for one in outcomes):
        raise typer.Exit(1)


def _brought(made: Hookup, one: Taken | Left, may_keep: Callable[[str], bool], network: bool) -> Outcome:
    if isinstance(one, Left):
        return Outcome(one.name, why=one.why)
    if one.secrets and not may_keep(", ".join(one.secrets)):
        return Outcome(
            one.name,
            why=f"It has secrets written out ({', '.join(one.secrets)}). Run this with --keep-secrets to keep them "
            "encrypted, or write ${NAME} in their place there.",
        )
    connector, renamed = _named(made, replace(one.connector, network=network and not one.connector.url))
    try:
        _keep(made, one)
        made.connectors.approve(made.operator, connector.server, network=connector.network)
        notes = [*renamed, *one.notes, *(dict.fromkeys(_saved(made, team, connector) for team in made.teams))]
        if not one.is_on:
            made.each(connector.slug, lambda actor: made.connectors.switch(actor, connector.slug, False))
            notes.append("It was off there, and is off here.")
    except CoworkError as error:
        return Outcome(one.name, why=str(error))
    return Outcome(one.name, slug=connector.slug, notes=tuple(filter(None, notes)))


def _saved(made: Hookup, team: str, connector: Connector) -> str:
    """Also where it cannot be reached now, so that nothing of it is lost; what to do about that."""
    trouble = ""
    try:
        made.connectors.test(made.actor(team), connector)
    except CoworkError as error:
        said = str(error).rstrip(".")
        trouble = f"{said}. It is kept: once that is mended, `cowork connectors test {connector.slug}`."
    made.connectors.save(made.actor(team), connector, {})
    return trouble


def _named(made: Hookup, connector: Connector) -> tuple[Connector, tuple[str, ...]]:
    """One that would be taken for something else gets a name that says what it is."""
    if not any(
        made.connectors.refused_slug(connector.slug, team=t, title=connector.title) for t in made.teams
    ):
        return connector, ()
    slug = f"{connector.slug[:20]}-{IMITATES}"
    note = f"It is called {slug} here: {connector.slug} would be taken for something else."
    return replace(connector, slug=slug, title=f"{connector.title} ({IMITATES.upper()})"), (note,)


def _keep(made: Hookup, one: Taken) -> None:
    """All of its secrets, or none."""
    seal = Seal(made.settings.secret_keys)
    if one.secrets:
        with made.database.write("secrets.keep") as session:
            for name, value in one.secrets.items():
                vault.keep(session, seal, owner=vault.OPERATOR, name=name, value=value, now=datetime.now(UTC))


def _may_keep(is_told: bool) -> Callable[[str], bool]:
    """Asked on a terminal; elsewhere only who said so."""

    def may(names: str) -> bool:
        return is_told or (
            shared.is_terminal() and typer.confirm(f"Keep {names} encrypted here, and only name them?")
        )

    return may


def _read(file: Path) -> dict[str, Mapping[str, Any]]:
    try:
        return dict(importing.servers(file.expanduser().read_text("utf-8")))
    except OSError as error:
        raise NotConfigured(f"{file} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise NotConfigured(f"{file} cannot be read: {error}.") from error
    except ValueError as error:
        raise NotConfigured(f"{file} cannot be imported: {error}") from error


def _program(file: Path) -> importing.Program:
    """By its name in PATH, or by its path: one that is not absolute begins where the file is."""

    def program(named: str) -> str:
        path = Path(named).expanduser()
        if "/" in named and not path.is_absolute():
            path = file.expanduser().absolute().parent / path
        found = shutil.which(str(path))
        return str(Path(found).absolute()) if found else ""

    return program


def _tell(one: Outcome) -> None:
    if one.is_taken:
        shared.out.print(shared.legible(f"✓ {one.name}: cowork connectors show {one.slug}"), markup=False)
    else:
        shared.out.print(shared.legible(f"✗ {one.name} was left. {one.why}"), markup=False)
    for note in one.notes:
        shared.out.print(shared.legible(f"    {note}"), markup=False)
