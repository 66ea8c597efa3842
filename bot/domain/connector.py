"""A connector: an MCP server as an admin set it up, what it was found to offer, and what one call of it gave."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from bot.domain.call import canonical
from bot.domain.grant import FolderGrant

SLUG = re.compile(r"[a-z][a-z0-9-]{0,23}")
"""What a connector may be called: it begins the names of its tools."""

BETWEEN = "__"
"""Stands between the slug and a server's own name for a tool."""

Sample = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""What the model says to a server that asks it, both as the protocol has them. Blocks; raises `ToolError` for a no."""

Heard = Callable[[float, float | None, str], None]
"""Hears of progress, and never waits: how far, of how much (None where that is not known), and the server's words."""

_PORTS = {"https": 443, "http": 80}


class Transport(StrEnum):
    """How the server is reached. `AUTO`: by streamable HTTP, or else by the older HTTP with server-sent events."""

    STDIO = "stdio"
    AUTO = "auto"
    HTTP = "http"
    SSE = "sse"


class Era(StrEnum):
    """Which of the two protocols it speaks: with a handshake (to 2025-11-25), or stateless (from 2026-07-28)."""

    UNKNOWN = ""
    HANDSHAKE = "handshake"
    STATELESS = "stateless"


@dataclass(frozen=True, kw_only=True)
class Connector:
    """How a server is started or reached. In `environment` and `headers` a secret stands as `${NAME}`.

    `command` is the absolute path of a program and its arguments. `folders` are what a server of this machine may see,
    and the roots that it is told; `network`: it may reach the network; `is_personal`: everyone signs in for
    themselves. `sampling`: it may ask our model, within the budget of the task that called it. `slots` is how many
    calls it is given at once, `timeout` the seconds that one may take.

    `client_id` and `client_secret` (as `${NAME}`) are of the app that the operator registered where people sign in to
    the server; "" where that knows us by our address, or lets us register ourselves. With `issuer` nobody signs in:
    they are Cowork's own, and shown to that authorization server alone (OAuth's client credentials).
    """

    slug: str
    title: str
    transport: Transport
    command: tuple[str, ...] = ()
    url: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    client_id: str = ""
    client_secret: str = ""
    issuer: str = ""
    folders: tuple[FolderGrant, ...] = ()
    network: bool = False
    is_personal: bool = False
    sampling: bool = False
    instructions: str = ""
    slots: int = 4
    timeout: float = 60.0

    @property
    def server(self) -> str:
        """What the admin's list names it by: the command with its arguments as JSON, or the origin of its address."""
        return command_name(self.command) if self.transport is Transport.STDIO else origin(self.url)

    @property
    def way(self) -> str:
        """The SHA-256 of all that decides what a call to the server works on, beside which server it is: the database
        that a variable names, the path of an address, what it sees. Secrets are in it by their names alone."""
        told = (
            *(self.url, self.environment, self.headers, self.network, self.is_personal),
            *(self.client_id, self.client_secret, self.issuer),
            [(one.path, one.writable) for one in self.folders],
        )
        return hashlib.sha256(canonical(told).encode(errors="surrogatepass")).hexdigest()

    @property
    def takes_sign_in(self) -> bool:
        """Whether people may sign in to it: not to a server of this machine, nor where its headers hold a token, or
        Cowork is let in as itself."""
        names = {name.lower() for name in self.headers}
        return self.transport is not Transport.STDIO and "authorization" not in names and not self.issuer


def command_name(command: tuple[str, ...]) -> str:
    """One text per command: no two commands have the same, whatever their arguments hold."""
    return json.dumps(list(command), ensure_ascii=False)


def origin(url: str) -> str:
    """Scheme, host and port of an address, in the one way to write them. Raises `ValueError` for none."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.password:
        raise ValueError(f"{url} is no address of a server")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or _PORTS[parts.scheme]}"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A tool as its server describes it: `text` is the whole of that, in the one way to write it.

    Its hints (`readOnlyHint` and the like) are the server's own words: they only prefill what an admin chooses.
    """

    name: str
    text: str

    @classmethod
    def of(cls, name: str, described: Mapping[str, Any]) -> Definition:
        return cls(name=name, text=canonical(described))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode(errors="surrogatepass")).hexdigest()

    @property
    def described(self) -> dict[str, Any]:
        """As in the protocol: `description`, `inputSchema`, `outputSchema`, `annotations`, `title`."""
        found: dict[str, Any] = json.loads(self.text)
        return found


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A resource, a template of resources, or a prompt. `arguments` are those of a prompt: name, what it is, needed."""

    name: str
    uri: str = ""
    title: str = ""
    description: str = ""
    mime_type: str = ""
    arguments: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What a server was found to offer. `dropped` are tools that no client could call, each with the reason. With
    `has_own` it has resources for who signs in, which are not named here.
    """

    tools: tuple[Definition, ...] = ()
    resources: tuple[Offer, ...] = ()
    templates: tuple[Offer, ...] = ()
    prompts: tuple[Offer, ...] = ()
    can_subscribe: bool = False
    instructions: str = ""
    server: str = ""
    version: str = ""
    era: Era = Era.UNKNOWN
    dropped: tuple[tuple[str, str], ...] = ()
    has_own: bool = False

    @property
    def has_resources(self) -> bool:
        return bool(self.resources or self.templates or self.has_own)

    @property
    def of_everybody(self) -> Catalogue:
        """Of what one person saw by a sign-in of their own that which the others may see: what there is to call."""
        return Catalogue(
            tools=self.tools,
            server=self.server,
            version=self.version,
            era=self.era,
            dropped=self.dropped,
            has_own=self.has_resources,
        )


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of the resources that a server has; `cursor` gets those behind them, "" where there are none."""

    resources: tuple[Offer, ...]
    cursor: str = ""


class Condition(StrEnum):
    """How a connector fares in this process."""

    NEW = "new"
    CONNECTING = "connecting"
    READY = "ready"
    RESTING = "resting"
    """Stopped for want of work; the next call starts it."""
    BACKOFF = "backoff"
    SIGN_IN = "needs sign-in"
    BLOCKED = "blocked by policy"


@dataclass(frozen=True, kw_only=True)
class Health:
    """`trouble` is the last error, "" after a success; `stderr` the last lines that a stdio server wrote there.

    `confinement` says what a server of this machine can reach, in words; "" until it was started.
    """

    condition: Condition = Condition.NEW
    trouble: str = ""
    next_try: datetime | None = None
    last_success: datetime | None = None
    restarts: int = 0
    stderr: tuple[str, ...] = ()
    confinement: str = ""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image (png, jpeg, gif or webp) that came back, in base64 as it came."""

    mime_type: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """Something else that came back: a document, sound, a resource that was sent along."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one call gave: data, cleaned of control and invisible characters, and never followed.

    `links` are addresses of resources that it names. `structured` is JSON that the server's own schema was held
    against. `asked` is set instead of all others where the server has a question first.
    """

    text: str = ""
    structured: Any = None
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()
    is_error: bool = False
    asked: Question | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a server asks of the task's owner before it goes on.

    `forms` are by the server's key: the message and the JSON schema of what is to be filled in, or a `url` to open.
    `state` is the server's own, and goes back to it with the answers unchanged, and with what was `given` for us
    already, as the protocol writes it. `is_live`: the call itself waits, in the process that made it and nowhere
    else. `is_before`: the call was not begun, and is made as it was once that is done.
    """

    forms: Mapping[str, Form]
    state: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    is_live: bool = False
    is_before: bool = False


@dataclass(frozen=True, kw_only=True)
class Form:
    message: str
    schema: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
