"""`cowork tokens`: what lets scripts and other programs act as a person; a secret is printed once, as it is made."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli import operator, shared
from bot.domain.clock import system_clock
from bot.domain.person import Person
from bot.domain.token import Token, TokenScope
from bot.emulator.ids import team_id
from bot.engine.tokens import DAYS, Tokens
from bot.store import overview
from bot.store.database import Database

Home = Annotated[Path | None, typer.Option(help="Where state is kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for scripts.")]

_USUAL = (TokenScope.READ, TokenScope.WRITE)
"""As the form in Slack has it: to decide checkpoints is asked for by name."""

tokens = typer.Typer(
    help="Make, list and revoke the tokens by which programs give tasks.\n\nExample: `cowork tokens list`",
    no_args_is_help=True,
)


@tokens.command()
def create(
    name: Annotated[
        str, typer.Argument(help="What it is for, such as ci: the audit log says who acted by it.")
    ],
    user: Annotated[str, typer.Option("--for", help="Whose it is: a user id of Slack (U…).")],
    team: Annotated[str, typer.Option(help="Their workspace (T…), where there are several.")] = "",
    scope: Annotated[
        list[TokenScope] | None,
        typer.Option(
            help="What it may do; several times. Left out: tasks:read and tasks:write. To decide checkpoints: "
            "tasks:approve."
        ),
    ] = None,
    days: Annotated[float, typer.Option(help="How long it lasts.")] = DAYS,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Make a token. It is printed once: keep it where the program reads it.

    Example: `cowork tokens create ci --for U012ABCDEF --scope tasks:read --scope tasks:write`
    """
    with shared.database(home) as database:
        whose, is_known = _person(database, user, team, home)
        made = Tokens(database, clock=system_clock).make(
            whose, name, scope or _USUAL, by=_operator(), days=days
        )
    if as_json:
        typer.echo(json.dumps(_row(made.token) | {"secret": made.secret}))
        return
    shared.err.print(
        f"Token {made.token.id} of {whose.name} until {made.token.expires_at:%Y-%m-%d}: {_scopes(made.token)}. "
        "It is shown this once.",
        markup=False,
    )
    if not is_known:
        shared.err.print(
            f"Cowork does not know {whose.user} of {whose.team} yet: they never gave it a task. If the id is wrong, "
            f"revoke the token with: cowork tokens revoke {made.token.id}",
            markup=False,
            soft_wrap=True,
        )
    typer.echo(made.secret)


@tokens.command("list")
def list_(as_json: AsJson = False, home: Home = None) -> None:
    """List the tokens there are, and those that are over. Their secrets are kept nowhere.

    Example: `cowork tokens list --json`
    """
    with shared.database(home) as database:
        found = Tokens(database, clock=system_clock).listed()
    if as_json:
        for token in found:
            typer.echo(json.dumps(_row(token)))
    elif found:
        shared.out.print(_table(found))
    else:
        shared.out.print("There are no tokens. Make one with: cowork tokens create NAME --for U…")


@tokens.command()
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As `cowork tokens list` shows it.")],
    home: Home = None,
) -> None:
    """End a token now: its next request is refused, and what listens by it is cut off.

    Example: `cowork tokens revoke 3f9c21aa`
    """
    with shared.database(home) as database:
        token = Tokens(database, clock=system_clock).revoke(token_id, by=_operator())
    name = f"{token.id} (“{shared.legible(token.name)}”)"
    if token.revoked_at is not None:
        shared.out.print(f"{name} was revoked before, on {token.revoked_at:%Y-%m-%d}.", markup=False)
    else:
        shared.out.print(f"Revoked {name}.", markup=False)


def _person(database: Database, user: str, team: str, home: Path | None) -> tuple[Person, bool]:
    """And whether they ever gave a task."""
    with database.read() as session:
        teams = [team] if team else overview.teams(session) or _local(home)
        if len(teams) != 1:
            known = f" One of: {', '.join(teams)}." if teams else ""
            shared.fail(f"Say of which workspace they are, with --team T….{known}")
        person = Person(team=teams[0], user=user, name=user)
        name = overview.name_of(session, person)
        return Person(team=teams[0], user=user, name=name or user), bool(name)


def _local(home: Path | None) -> list[str]:
    """Before anybody gave a task in the local Slack."""
    return [team_id()] if shared.settings(COWORK_HOME=home).uses_local_slack else []


def _operator() -> str:
    who = operator.person()
    return f"{who.user}@{who.team}"


def _row(token: Token) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "team": token.person.team,
        "user": token.person.user,
        "scopes": sorted(token.scopes),
        "made_at": token.made_at.isoformat(),
        "made_by": token.made_by,
        "expires_at": token.expires_at.isoformat(),
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }


def _table(found: list[Token]) -> Table:
    now = datetime.now(UTC)
    table = Table(box=None, header_style="bold")
    for name in ("Token", "Name", "Of", "Scopes", "Until", "Last used"):
        table.add_column(name, no_wrap=name != "Scopes")
    for token in found:
        until = f"{token.expires_at:%Y-%m-%d}" if token.is_good(now) else _ended(token)
        used = f"{token.used_at:%Y-%m-%d %H:00}" if token.used_at else "never"
        row = (
            token.id,
            shared.legible(token.name),
            shared.legible(token.person.name),
            _scopes(token),
            until,
            used,
        )
        table.add_row(*map(Text, row))
    return table


def _ended(token: Token) -> str:
    return "revoked" if token.revoked_at else "run out"


def _scopes(token: Token) -> str:
    return " ".join(sorted(token.scopes))
