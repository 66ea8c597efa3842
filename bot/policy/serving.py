"""Which servers a connector may be of: exactly those that the operator approved, and nothing secret written out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Sequence

from bot.domain.connector import Connector, Transport, command_name, origin
from bot.domain.grant import FolderGrant
from bot.domain.veil import Veil
from bot.errors import NotAllowed
from bot.policy import scope

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""How a secret stands in a header or in the environment of a server."""

WITH_THE_NETWORK = " with the network"
"""Behind the name of a program that may also be given the network: that is another approval than to run it."""


def name(server: str, *, network: bool = False) -> str:
    """In the one way to write it: a command as JSON, an origin of an address. Raises `NotAllowed` for neither."""
    if network or server.endswith(WITH_THE_NETWORK):
        plain = name(server.removesuffix(WITH_THE_NETWORK))
        if not plain.startswith("["):
            raise NotAllowed(
                "Only a program of this machine is given the network: an address is in it already."
            )
        return plain + WITH_THE_NETWORK
    try:
        if not server.lstrip().startswith("["):
            return origin(server.strip())
        command = json.loads(server)
    except ValueError as error:
        raise NotAllowed(
            f"“{server}” is neither the address of a server (https://…) nor a command with its arguments."
        ) from error
    parts = tuple(part for part in command if isinstance(part, str))
    if why := _of_command(parts if len(parts) == len(command) else ()):
        raise NotAllowed(why)
    return command_name(parts)


def secrets(connector: Connector) -> frozenset[str]:
    """The names of those that it refers to."""
    texts = (*connector.environment.values(), *connector.headers.values(), connector.client_secret)
    return frozenset(name for text in texts for name in REFERENCE.findall(text))


def names(connector: Connector) -> tuple[str, ...]:
    """All that has to be approved for it: its server, and that this may reach the network."""
    is_networked = connector.network and connector.transport is Transport.STDIO
    return (connector.server, *([connector.server + WITH_THE_NETWORK] if is_networked else []))


def unapproved(connector: Connector, approved: Collection[str]) -> str:
    """Why it is not started or reached, "" where all of it was approved."""
    missing = next((one for one in names(connector) if one not in approved), "")
    if not missing:
        return ""
    if missing.endswith(WITH_THE_NETWORK):
        return (
            f"The operator has not approved the network for {connector.server}, so {connector.title} is blocked. "
            "That is approved with `cowork connectors approve --network`, or by standing so in connectors.toml."
        )
    return (
        f"The operator has not approved {connector.server}, so {connector.title} is blocked. "
        "Approved it is with `cowork connectors approve`, or by standing in connectors.toml."
    )


def trouble(connector: Connector, folders: Sequence[FolderGrant] | None) -> str:
    """Why it cannot be set up like that, "" when it can. `folders` are those that it may be let see; None: any."""
    why = (
        _of_command(connector.command)
        if connector.transport is Transport.STDIO
        else _of_address(connector.url)
    )
    return why or _of_issuer(connector) or _of_folders(connector, folders) or _of_bounds(connector)


def exposed(connector: Connector, veil: Veil) -> str:
    """Why not, where something in it looks like a secret: those are kept elsewhere, and only named here."""
    if any(veil.found(part) for part in (*connector.command, connector.url)):
        return "There is a secret in the command or the address, where others can read it. Nothing was kept."
    for given in (connector.environment, connector.headers):
        for key, value in given.items():
            if veil.found(REFERENCE.sub("", value)):
                return (
                    f"{key} holds a secret. Keep it with `cowork secrets set NAME`, and write ${{NAME}} here. "
                    "Nothing was kept."
                )
    return ""


def _of_command(command: tuple[str, ...]) -> str:
    if not command or not os.path.isabs(command[0]):
        return "A command begins with the absolute path of a program, like /usr/local/bin/mcp-server."
    if any("\0" in part for part in command):
        return "A command cannot hold a NUL."
    return ""


def _of_address(url: str) -> str:
    try:
        origin(url)
    except ValueError as error:
        return f"{error}. It begins with https://."
    return ""


def _of_issuer(connector: Connector) -> str:
    if not connector.issuer:
        return ""
    if connector.transport is Transport.STDIO or connector.is_personal:
        return "An issuer is for a remote server that lets Cowork in as itself, for everybody."
    if not connector.client_id or not connector.client_secret:
        return "An issuer goes with the client_id and the client_secret that it gave."
    if why := _of_address(connector.issuer):
        return f"issuer: {why}"
    return ""


def _of_folders(connector: Connector, folders: Sequence[FolderGrant] | None) -> str:
    for wanted in connector.folders if folders is not None else ():
        around = scope.innermost(wanted.path, folders or ())
        if not around or (wanted.writable and not all(one.writable for one in around)):
            return f"{wanted.path} is not in a folder that was granted{' for writing' if around else ''}."
    return ""


def _of_bounds(connector: Connector) -> str:
    if not 1 <= connector.slots <= 50:
        return "A connector is given between 1 and 50 calls at once."
    if not 1 <= connector.timeout <= 3600:
        return "A call may take between 1 second and an hour."
    return ""
