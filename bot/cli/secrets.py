"""`cowork secrets`: what is kept encrypted in the database, by name; a value is never printed."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import shared
from bot.store import connections, vault
from bot.store.sealing import Seal
from bot.store.vault import OPERATOR

Home = Annotated[Path | None, typer.Option(help="Where state is kept.")]
Name = Annotated[str, typer.Argument(help="What it is called, such as GITHUB_TOKEN.")]

secrets = typer.Typer(
    help="Keep secrets encrypted in the database, under COWORK_SECRET_KEY.\n\nExample: `cowork secrets list`",
    no_args_is_help=True,
)


@secrets.command("set")
def set_(name: Name, home: Home = None) -> None:
    """Keep a secret: asked for on a terminal without showing it, else read from standard input.

    From the next start on it is hidden wherever a text has it.

    Example: `cowork secrets set GITHUB_TOKEN < token.txt`
    """
    given = typer.prompt("Value", hide_input=True) if sys.stdin.isatty() else sys.stdin.read()
    if not given.strip():
        shared.fail("The value is empty. Nothing was kept.")
    with shared.database(home) as database, database.write("secrets.keep") as session:
        now = datetime.now(UTC)
        vault.keep(session, _seal(home), owner=OPERATOR, name=name, value=given.strip(), now=now)
    shared.out.print(f"Kept {name}, encrypted.", markup=False)


@secrets.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for scripts.")] = False,
    home: Home = None,
) -> None:
    """List the names of what is kept, and since when.

    Example: `cowork secrets list --json`
    """
    with shared.database(home) as database, database.read() as session:
        found = vault.names(session)
    for one in found:
        row = {"name": one.name, "owner": one.owner, "at": one.at.isoformat()}
        plain = f"{one.name}  ({one.owner}, since {one.at:%Y-%m-%d %H:%M} UTC)"
        typer.echo(json.dumps(row) if as_json else shared.legible(plain))
    if not found and not as_json:
        shared.out.print("No secrets are kept. Keep one with: cowork secrets set NAME")


@secrets.command()
def remove(name: Name, home: Home = None) -> None:
    """Forget a secret. Revoke it, too, where it was made.

    Example: `cowork secrets remove GITHUB_TOKEN`
    """
    with shared.database(home) as database, database.write("secrets.forget") as session:
        was_there = vault.forget(session, owner=OPERATOR, name=name)
    if not was_there:
        shared.fail(f"There is no secret {name}. `cowork secrets list` shows those there are.")
    shared.out.print(f"Removed {name}.", markup=False)


@secrets.command()
def rotate(home: Home = None) -> None:
    """Encrypt everything (connections, too) anew with the first key of COWORK_SECRET_KEY. The others may go then.

    To change the key, put the new one before the old one, a space between them, and run this.

    Example: `cowork secrets rotate`
    """
    with shared.database(home) as database, database.write("secrets.rotate") as session:
        seal = _seal(home)
        count = vault.rotate(session, seal) + connections.rotate(session, seal)
    shared.out.print(f"Encrypted {count:,} anew with the first key of COWORK_SECRET_KEY.")


def _seal(home: Path | None) -> Seal:
    return Seal(shared.settings(COWORK_HOME=home).secret_keys)
