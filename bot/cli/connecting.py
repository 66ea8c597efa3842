"""`cowork plugins connect` and `disconnect`: the accounts of the terminal, by what is typed here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.cli import shared
from bot.cli.operator import OPERATES, person
from bot.cli.shelf import Home, Name
from bot.engine import signing_in
from bot.engine.plugging import Plugging
from bot.errors import NotConfigured
from bot.registry.plugins import found
from bot.sdk.connect import Form, Per
from bot.sdk.plugin import Plugin
from bot.services.connecting import Connecting
from bot.services.connections import Connections
from bot.settings import given
from bot.store.sealing import Seal


def connect(
    name: Name,
    way: Annotated[str, typer.Option(help="How, where there are several ways, such as token.")] = "",
    home: Home = None,
) -> None:
    """Connect a plugin for `cowork run`, and install it where it is not: what it takes is asked for, tried and kept.

    Without a terminal the answers are read as lines from standard input.

    Example: `cowork plugins connect github --way token`
    """
    with _accounts(home) as (connections, connecting, plugging):
        plugin = connections.plugin(name)
        form, per = _form(plugin, way)
        made = connecting.store_form(person(), name, form.way, per, _filled(form), is_admin=True)
        plugging.install(person(), name, OPERATES)
    can = f" It can {', '.join(made.can)}." if made.can else ""
    said = f"{plugin.title} is connected as {made.account}, and on for cowork run.{can}"
    shared.out.print(shared.legible(said), markup=False)


def disconnect(name: Name, home: Home = None) -> None:
    """End the terminal's connections of a plugin: revoked where the service can, and forgotten.

    Example: `cowork plugins disconnect github`
    """
    with _accounts(home) as (connections, connecting, _):
        title = connections.plugin(name).title
        connecting.disconnect_all(person(), name)
    shared.out.print(f"{title} is not connected in the terminal any more.", markup=False)


@contextmanager
def _accounts(home: Any) -> Iterator[tuple[Connections, Connecting, Plugging]]:
    with shared.database(home) as database:
        settings = shared.settings(COWORK_HOME=home)
        plugins = found(settings.plugins).there
        services: dict[str, Any] = {
            "seal": Seal(settings.secret_keys),
            "clock": _now,
            "given": given,
            "told": signing_in.told(_now),
        }
        connections = Connections(database, plugins, **services)
        yield (
            connections,
            Connecting(database, connections, **services),
            Plugging(database, plugins, clock=_now),
        )


def _form(plugin: Plugin, way: str) -> tuple[Form, Per]:
    """The form, for the person where people have one of their own."""
    forms = [one for one in plugin.ways if isinstance(one, Form)]
    named = [one for one in forms if way in ("", one.way)]
    if not named:
        raise NotConfigured(
            f"{plugin.title} has no form {way}. There are: {', '.join(one.way for one in forms) or 'none'}."
        )
    if len(named) > 1:
        raise NotConfigured(
            f"Say how {plugin.title} is to be connected: --way {' or --way '.join(one.way for one in named)}."
        )
    form = named[0]
    return form, Per.PERSON if Per.PERSON in form.per else Per.TEAM


def _filled(form: Form) -> dict[str, str]:
    if not sys.stdin.isatty():
        return {blank.name: _long(sys.stdin.readline()) for blank in form.blanks}
    typer.echo(form.where)
    return {
        blank.name: _long(
            typer.prompt(
                blank.label,
                default="" if blank.is_optional else None,
                hide_input=blank.is_secret,
                show_default=False,
            )
        )
        for blank in form.blanks
    }


def _long(text: str) -> str:
    r"""A key of several lines is given on one, with \n between them."""
    return text.strip().replace("\\n", "\n")


def _now() -> datetime:
    return datetime.now(UTC)
