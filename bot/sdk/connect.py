"""How people connect a service: by its own sign-in page, or with what they type into a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Per(StrEnum):
    """Whose a connection is: one person's, or everybody's in the workspace."""

    PERSON = "person"
    TEAM = "team"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A base address of the service; the operator may point `COWORK_<PLUGIN>_<NAME>_URL` elsewhere."""

    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One account at the service, as a plugin's client is given it. Nothing of it is shown or logged.

    `secrets` hold "token" where there is one that is good now, and else what was typed into the form; `endpoints` are
    the base addresses by name, without a slash at the end. `facts` are what `check` found (the site of a cloud).
    """

    plugin: str
    way: str
    per: Per
    account: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    endpoints: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Minted:
    """A token that the service gave for a lasting secret; `until` is when it ends (aware)."""

    token: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A field of a form. What is not `secret` may be seen again."""

    name: str
    label: str
    hint: str = ""
    is_secret: bool = False
    is_optional: bool = False
    is_long: bool = False


@dataclass(frozen=True, kw_only=True)
class Form:
    """An access token, an app password, or the key of an app. `where` says in a sentence where people get it.

    `mint` exchanges it for a short-lived token before use, which then is `secrets["token"]`.
    """

    way: str
    title: str
    per: tuple[Per, ...]
    blanks: tuple[Blank, ...]
    where: str
    mint: Callable[[Connection, datetime], Minted] | None = None


@dataclass(frozen=True, kw_only=True)
class OAuth:
    """OAuth 2 with PKCE and state. The operator sets `COWORK_<PLUGIN>_CLIENT_ID` and `…_CLIENT_SECRET`.

    `authorize`, `token` and `revoke` are full addresses, or begin with the name of an endpoint in braces:
    "{web}/login/oauth/authorize". `read` and `write` are the scopes: read is asked for first. `params` go with the
    authorize request. `client_auth` is how the client proves itself at the token endpoint; `is_json` sends it JSON
    (Notion).
    """

    way: str = "oauth"
    title: str
    per: tuple[Per, ...]
    authorize: str
    token: str
    revoke: str = ""
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    separator: str = " "
    params: Mapping[str, str] = field(default_factory=dict)
    client_auth: str = "client_secret_post"
    is_json: bool = False


Way = Form | OAuth


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a real call showed: whose account it is, what it can ("read issues"), and facts to keep."""

    account: str
    can: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something a scope can name: a repository, a project, a channel.

    `id` is what actions use, `title` what people know; `about` is a short remark ("private").
    """

    id: str
    title: str = ""
    about: str = ""
