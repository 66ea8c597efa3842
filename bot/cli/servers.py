"""`cowork connectors approve`, `add`, `test` and the rest that is about how a connector's server is reached."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.cli import hookup, shared, tools_table
from bot.cli.hookup import AsJson, Home, Name, Team
from bot.connectors.sandbox import Sandbox
from bot.domain.connector import Catalogue, Connector, Transport, command_name, origin
from bot.domain.tooling import RESOURCES, Toggle
from bot.errors import NotConfigured, ToolError, Unavailable
from bot.policy import confiding, serving
from bot.policy.filing import TYPES

Command = Annotated[
    list[str] | None,
    typer.Argument(metavar="-- COMMAND [ARGS]…", help="A program and its arguments, after --."),
]
Pairs = list[str] | None

_TRY: Final = {
    True: "Nothing was saved. In a sandbox it reaches only what --network and --folder give it, and knows only --env.",
    False: "Nothing was saved. Is the address whole, with its path?",
}


def approve(
    command: Annotated[
        list[str],
        typer.Argument(metavar="ADDRESS | -- COMMAND [ARGS]…", help="https://…, or a command after --."),
    ],
    network: Annotated[
        bool, typer.Option("--network", help="They may let the program reach the network.")
    ] = False,
    home: Home = None,
) -> None:
    """Approve a server: admins in Slack may add connectors to it from then on. It is exact, to the last argument.

    Example: `cowork connectors approve -- /opt/mcp/bin/server-memory`
    """
    with hookup.hookup(home) as made:
        server = _server(command)
        made.connectors.approve(made.operator, server, network=network)
    also = serving.WITH_THE_NETWORK if network else ""
    hookup.told(
        f"Approved{also}: {hookup.typed(server)}\nTo take it back: cowork connectors withdraw {hookup.typed(server)}"
    )


def withdraw(
    command: Annotated[list[str], typer.Argument(metavar="ADDRESS | -- COMMAND [ARGS]…")], home: Home = None
) -> None:
    """Take a server off the list: it is not started or reached again.

    Example: `cowork connectors withdraw -- /opt/mcp/bin/server-memory`
    """
    with hookup.hookup(home) as made:
        server = _server(command)
        made.connectors.withdraw(made.operator, server)
    hookup.told(f"Withdrawn: {hookup.typed(server)}")


def approved(as_json: AsJson = False, home: Home = None) -> None:
    """List the servers that may be started or reached: exactly these, each as the command that approves it.

    Example: `cowork connectors approved`
    """
    with hookup.hookup(home) as made:
        found = made.connectors.approved()
    if as_json:
        typer.echo(json.dumps(list(found)))
        return
    for server in found:
        if server + serving.WITH_THE_NETWORK not in found:
            plain = server.removesuffix(serving.WITH_THE_NETWORK)
            hookup.told(
                f"cowork connectors approve {'' if plain == server else '--network '}{hookup.typed(plain)}"
            )
    if not found:
        shared.out.print("None. Approve one with: cowork connectors approve -- /path/to/program")


def add(
    name: Annotated[
        str, typer.Argument(help="What it is called, such as shop: it begins the names of its tools.")
    ],
    command: Command = None,
    url: Annotated[str, typer.Option(help="The address of a server, instead of a command.")] = "",
    stdio: Annotated[
        bool, typer.Option("--stdio", help="A command is given: it is what is meant anyhow.")
    ] = False,
    kind: Annotated[str, typer.Option("--type", help=f"With --url: {', '.join(list(TYPES)[1:])}.")] = "auto",
    title: Annotated[str, typer.Option(help="What people know it by.")] = "",
    env: Annotated[
        Pairs, typer.Option(help="NAME=VALUE for the program; a secret as NAME='${SECRET}'.")
    ] = None,
    header: Annotated[Pairs, typer.Option(help="NAME=VALUE sent with each request; as --env.")] = None,
    client_id: Annotated[str, typer.Option(help="Of the app that you registered for its sign-in.")] = "",
    client_secret: Annotated[str, typer.Option(help="As '${SECRET}': never written out.")] = "",
    issuer: Annotated[
        str, typer.Option(help="Cowork is let in as itself, by this authorization server: nobody signs in.")
    ] = "",
    folder: Annotated[Pairs, typer.Option(help="A folder it may see: path:ro or path:rw.")] = None,
    network: Annotated[bool, typer.Option("--network", help="The program may reach the network.")] = False,
    personal: Annotated[bool, typer.Option("--personal", help="Everyone signs in for themselves.")] = False,
    sampling: Annotated[
        bool, typer.Option("--sampling", help="It may ask the model, at the task's cost.")
    ] = False,
    instructions: Annotated[str, typer.Option(help="What the model is told about it.")] = "",
    timeout: Annotated[float, typer.Option(help="Seconds that one call may take.")] = 60.0,
    slots: Annotated[int, typer.Option(help="How many calls it is given at once.")] = 4,
    tool: Annotated[Pairs, typer.Option(help="TOOL=EFFECT:PERMISSION, such as search=read:on.")] = None,
    team: Team = "",
    home: Home = None,
) -> None:
    """Add a connector, once a real connection showed what it offers. Its server is approved with it.

    Its tools are accepted as they are shown. What they do is for you to say: until then each of them asks.

    Example: `cowork connectors add shop --network --env DSN='${SHOP_DSN}' -- /opt/mcp/bin/dbhub --transport stdio`
    """
    with hookup.hookup(home, team) as made:
        if bool(command) == bool(url) or (stdio and not command):
            shared.fail("Give a command after --, or an address with --url; not both.")
        connector = Connector(
            slug=name,
            title=title or name,
            transport=Transport.STDIO if command else _transport(kind),
            command=_there(command or []),
            url=_address(url),
            environment=_pairs("--env", env),
            headers=_pairs("--header", header),
            client_id=client_id,
            client_secret=_reference(client_secret),
            issuer=issuer,
            folders=shared.granted(folder) or (),
            network=network,
            is_personal=personal,
            sampling=sampling,
            instructions=instructions,
            timeout=timeout,
            slots=slots,
        )
        added(made, connector, tools_table.toggles(tool or []))
        shown = made.one(name)
    shared.out.print(tools_table.table(shown))
    if command:
        shared.out.print(shared.legible(Sandbox().confinement(connector)), markup=False)
    words = f"{shown.connector.title} is there for {hookup.where(made.teams)}. "
    shared.out.print(shared.legible(words + tools_table.next_step(shown)), markup=False)


def added(made: hookup.Hookup, connector: Connector, toggles: dict[str, Toggle]) -> None:
    """Approved, tested and saved; a name that cannot be is refused before anything is approved."""
    for team in made.teams:
        if why := made.connectors.refused_slug(connector.slug, team=team, title=connector.title):
            shared.fail(why)
    was = made.connectors.approved()
    made.connectors.approve(made.operator, connector.server, network=connector.network and not connector.url)
    try:
        for team in made.teams:
            _has(connector, made.connectors.test(made.actor(team), connector), toggles)
            made.connectors.save(made.actor(team), connector, toggles)
    except BaseException as error:
        for name in reversed([one for one in serving.names(connector) if one not in was]):
            made.connectors.withdraw(made.operator, name)
        if isinstance(error, Unavailable | ToolError):
            shared.fail(
                f"{connector.slug} was not added: {str(error).rstrip('.')}. {_TRY[not connector.url]}"
            )
        raise


def test(name: Name, as_json: AsJson = False, team: Team = "", home: Home = None) -> None:
    """Connect to a connector's server now, and show what it offers.

    Example: `cowork connectors test shop`
    """
    with hookup.hookup(home, team) as made:
        shown = made.looked(name)
    tools_table.show(shown, as_json=as_json)


def on(name: Name, team: Team = "", home: Home = None) -> None:
    """Switch a connector on again, as it was chosen before.

    Example: `cowork connectors on shop`
    """
    _switched(home, team, name, is_on=True)


def off(name: Name, team: Team = "", home: Home = None) -> None:
    """Switch a connector off: no task gets it. What was chosen is kept.

    Example: `cowork connectors off shop`
    """
    _switched(home, team, name, is_on=False)


def remove(name: Name, team: Team = "", home: Home = None) -> None:
    """Remove a connector, with what was chosen for its tools. Its server stays approved: see `withdraw`.

    Example: `cowork connectors remove shop`
    """
    with hookup.hookup(home, team) as made:
        came: list[str] = []
        made.each(name, lambda actor: came.append(made.connectors.remove(actor, name)))
    said = " ".join(dict.fromkeys([f"Removed {name}.", *filter(None, came)]))
    shared.out.print(said, markup=False)


def _switched(home: Path | None, team: str, name: str, *, is_on: bool) -> None:
    with hookup.hookup(home, team) as made:
        made.each(name, lambda actor: made.connectors.switch(actor, name, is_on))
    shared.out.print(f"{name} is {'on' if is_on else 'off'}.", markup=False)


def _server(command: list[str]) -> str:
    """An address, or a command."""
    if len(command) == 1 and "://" in command[0]:
        return _address(command[0])
    return command_name(_absolute(command))


def _address(url: str) -> str:
    """Checked as it was typed."""
    try:
        return url and origin(url) and url
    except ValueError as error:
        raise NotConfigured(f"{error}. Give one such as https://mcp.example.com/mcp.") from error


def _absolute(command: list[str]) -> tuple[str, ...]:
    """A program by its name is looked for once, here: what is approved is the very one that was found."""
    if not command or Path(command[0]).is_absolute():
        return tuple(command)
    found = shutil.which(command[0])
    if found is None:
        raise NotConfigured(f"There is no program {command[0]}. Install it, or give its absolute path.")
    return (str(Path(found).absolute()), *command[1:])


def _there(command: list[str]) -> tuple[str, ...]:
    """One that is started now."""
    found = _absolute(command)
    if found and not Path(found[0]).is_file():
        raise NotConfigured(f"There is no program {found[0]}. Install it, or correct its path.")
    return found


def _has(connector: Connector, found: Catalogue, toggles: Mapping[str, Toggle]) -> None:
    there = sorted({one.name for one in found.tools})
    for tool in sorted(toggles):
        if tool not in (*there, *RESOURCES):
            known = ", ".join(there) or "none"
            shared.fail(f"{connector.slug} has no tool {tool}. It has {known}. Nothing was saved.")


def _transport(kind: str) -> Transport:
    found = TYPES.get(kind)
    if found is None or found is Transport.STDIO:
        raise NotConfigured(f"--type {kind}: there are {', '.join(list(TYPES)[1:])}.")
    return found


def _reference(secret: str) -> str:
    if secret and not serving.REFERENCE.fullmatch(secret):
        raise NotConfigured(
            "--client-secret: keep it with `cowork secrets set NAME`, and give --client-secret '${NAME}'. "
            "Nothing was kept."
        )
    return secret


def _pairs(option: str, given: Pairs) -> dict[str, str]:
    """`NAME=VALUE`; what looks like a secret is refused, so that it is not kept in the clear."""
    found = {}
    for one in given or []:
        name, is_pair, value = one.partition("=")
        if not is_pair or not name.strip():
            raise NotConfigured(f"{option} {name}: write NAME=VALUE.")
        if confiding.is_secret(name, value):
            raise NotConfigured(
                f"{option} {name} holds a secret. Keep it with `cowork secrets set {name}`, and give "
                f"{option} {name}='${{{name}}}'. Nothing was kept."
            )
        found[name.strip()] = value
    return found
