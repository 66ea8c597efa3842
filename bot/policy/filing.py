"""connectors.toml: the operator's own connectors, and the servers that admins may add; a fault is said by its name."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.connector import Connector, Transport
from bot.domain.effect import Effect
from bot.domain.grant import FolderGrant, Permission
from bot.domain.tooling import RESOURCES, Filed, Toggle
from bot.errors import NotAllowed
from bot.policy import confiding, naming, serving
from bot.policy.connecting import EFFECTS, offered

TYPES = {
    "stdio": Transport.STDIO,
    "auto": Transport.AUTO,
    "http": Transport.HTTP,
    "streamable-http": Transport.HTTP,
    "sse": Transport.SSE,
}
Folder = Callable[[str], FolderGrant]
"""`path`, `path:ro` or `path:rw` as a grant of the real folder. Raises `ValueError` for none."""


@dataclass(frozen=True, kw_only=True)
class ConnectorsFile:
    """`approved` are servers, in the one way to write them, beside those of the connectors. `trouble` is why the file
    as it stands now is not in force, but this one, which stood there before.
    """

    connectors: tuple[Filed, ...] = ()
    approved: tuple[str, ...] = ()
    trouble: str = ""


def connectors(text: str, *, folder: Folder) -> ConnectorsFile:
    """Raises `ValueError` with what is wrong, where, and what to do, in words for the operator."""
    try:
        book = _Book.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"it is not TOML: {error}.") from error
    except ValidationError as error:
        raise ValueError(_first(error)) from error
    filed = tuple(_filed(slug, entry, folder) for slug, entry in book.connectors.items())
    _check_names(filed)
    return ConnectorsFile(connectors=filed, approved=tuple(map(_server, book.approved)))


class _Tool(BaseModel):
    model_config = ConfigDict(extra="forbid")

    effect: Effect = Effect.DELETE
    permission: Permission = Permission.ASK


def _one_line(value: object) -> object:
    return [value] if isinstance(value, str) else value


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = ""
    type: str = ""
    command: Annotated[list[str], BeforeValidator(_one_line)] = []
    args: list[str] = []
    url: str = ""
    env: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    client_id: str = ""
    client_secret: str = ""
    issuer: str = ""
    folders: Annotated[list[str], BeforeValidator(_one_line)] = []
    network: bool = False
    personal: bool = False
    sampling: bool = False
    instructions: str = ""
    timeout: float = 60.0
    slots: int = 4
    tools: Mapping[str, _Tool] = {}


class _Book(BaseModel):
    model_config = ConfigDict(extra="forbid")

    approved: list[str | list[str]] = []
    connectors: Mapping[str, _Entry] = Field(default={})


def _filed(slug: str, entry: _Entry, folder: Folder) -> Filed:
    at = f"[connectors.{slug}]"
    try:
        connector = _connector(slug, entry, folder)
    except ValueError as error:
        raise ValueError(f"{at} {error}") from error
    if why := serving.trouble(connector, None):
        raise ValueError(f"{at} {'command' if connector.command else 'url'}: {why}")
    if why := _exposed(connector):
        raise ValueError(f"{at} {why}")
    return Filed(connector=connector, toggles=_toggles(at, entry))


def _connector(slug: str, entry: _Entry, folder: Folder) -> Connector:
    return Connector(
        slug=slug,
        title=entry.title or slug,
        transport=_transport(entry),
        command=(*entry.command, *entry.args),
        url=entry.url,
        environment=dict(entry.env),
        headers=dict(entry.headers),
        client_id=entry.client_id,
        client_secret=entry.client_secret,
        issuer=entry.issuer,
        folders=tuple(map(folder, entry.folders)),
        network=entry.network,
        is_personal=entry.personal,
        sampling=entry.sampling,
        instructions=entry.instructions,
        slots=entry.slots,
        timeout=entry.timeout,
    )


def _transport(entry: _Entry) -> Transport:
    """As it says, or by what it has."""
    if bool(entry.command) == bool(entry.url):
        raise ValueError("has to have a command or a url, and not both.")
    found = TYPES.get(entry.type or ("stdio" if entry.command else "auto"))
    if found is None:
        raise ValueError(f"type: “{entry.type}” is none. There are {', '.join(TYPES)}.")
    if (found is Transport.STDIO) != bool(entry.command):
        wanted = "a command" if found is Transport.STDIO else "a url"
        raise ValueError(f"type: “{entry.type}” has {wanted}.")
    return found


def _exposed(connector: Connector) -> str:
    """Why not, where a secret is written out: the file is read by more than the one who may know it."""
    for place, given in (("env", connector.environment), ("headers", connector.headers)):
        for name, value in given.items():
            if confiding.is_secret(name, value):
                return (
                    f"{place}: {name} looks like a secret. Keep it with `cowork secrets set NAME`, and write "
                    f'"${{NAME}}" here.'
                )
    secret = connector.client_secret
    if secret and not serving.REFERENCE.fullmatch(secret):
        return 'client_secret: keep it with `cowork secrets set NAME`, and write "${NAME}" here.'
    if confiding.is_shown_in(connector.command) or confiding.is_shown(connector.url):
        return "args: there is a secret in them, where every process can read it. Give it in env instead."
    return ""


def _toggles(at: str, entry: _Entry) -> dict[str, Toggle]:
    found = {}
    for tool, chosen in entry.tools.items():
        effects = EFFECTS if tool not in RESOURCES else (Effect.READ,)
        if chosen.effect not in effects:
            raise ValueError(f"{at} tools {tool}: its effect can be {', '.join(effects)}.")
        if chosen.permission not in offered(chosen.effect):
            raise ValueError(
                f"{at} tools {tool}: what is to {chosen.effect} is never simply on. Write ask or off."
            )
        found[tool] = Toggle(effect=chosen.effect, permission=chosen.permission)
    return found


def _check_names(filed: tuple[Filed, ...]) -> None:
    for at, one in enumerate(filed):
        others = [(other.connector.slug, other.connector.title) for other in filed[:at]]
        why = naming.trouble(one.connector.slug, one.connector.title, naming.Taken(), others=others)
        if why:
            raise ValueError(f"[connectors.{one.connector.slug}] {why}")


def _server(given: str | list[str]) -> str:
    try:
        return serving.name(given if isinstance(given, str) else json.dumps(given, ensure_ascii=False))
    except NotAllowed as error:
        raise ValueError(f"approved: {error}") from error


def _first(error: ValidationError) -> str:
    """ "[connectors.shop] timeout: …" """
    found: dict[str, Any] = dict(error.errors()[0])
    at = [str(one + 1) if isinstance(one, int) else str(one) for one in found["loc"]]
    place = (
        f"[connectors.{at[1]}] {' '.join(at[2:])}" if at[:1] == ["connectors"] and at[1:] else " ".join(at)
    )
    said = str(found["msg"]).removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        said = f"is no setting of it. There are {', '.join(_Entry.model_fields)}."
    return re.sub(r"\s+", " ", f"{place}: {said}")
