"""Plugins that only sign in, at counterparts, and the connections of a team that has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from bot.domain.person import Person
from bot.errors import SignInNeeded, Unavailable
from bot.sdk.connect import Blank, Checked, Connection, Endpoint, Form, Minted, OAuth, Per
from bot.sdk.plugin import Plugin
from bot.services.connecting import Connecting
from bot.services.connections import Connections
from bot.services.happened import Happened
from bot.services.hiding import LearningVeil
from bot.store.database import Database, Session
from bot.store.sealing import Seal

ANA = Person(team="T1", user="UANA", name="Ana Silva")
BEN = Person(team="T1", user="UBEN", name="Ben Okoye")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SEAL = Seal(("a-long-key-of-the-operator-0123456789ab",))


class StoppedClock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(kw_only=True)
class Accounts:
    """Of one process; `happened` is all that was told."""

    database: Database
    connections: Connections
    connecting: Connecting
    clock: StoppedClock
    veil: LearningVeil
    given: dict[str, str]
    happened: list[Happened] = field(default_factory=list)


def accounts(
    database: Database,
    *plugins: Plugin,
    given: Mapping[str, str] | None = None,
    clock: StoppedClock | None = None,
    seal: Seal = SEAL,
) -> Accounts:
    """`given` are settings, by their names."""
    known, veil, happened = dict(given or {}), LearningVeil(), list[Happened]()
    clock = clock or StoppedClock()

    def told(_: Session, what: Happened) -> None:
        happened.append(what)

    common: dict[str, Any] = {
        "seal": seal,
        "clock": clock,
        "given": lambda name: known.get(name, ""),
        "told": told,
    }
    connections = Connections(database, {one.name: one for one in plugins}, veil=veil, **common)
    return Accounts(
        database=database,
        connections=connections,
        connecting=Connecting(database, connections, **common),
        clock=clock,
        veil=veil,
        given=known,
        happened=happened,
    )


Mint = Callable[[Connection, datetime], Minted]


def github(url: str, mint: Mint | None = None) -> Plugin:
    """GitHub, with a token, by its page, or by what an app's key is exchanged for."""
    return _plugin(
        "github",
        "GitHub",
        "/user",
        "login",
        url,
        OAuth(
            title="Sign in with GitHub",
            per=(Per.PERSON, Per.TEAM),
            authorize="{api}/login/oauth/authorize",
            token="{api}/login/oauth/access_token",
            read=("repo",),
            write=("workflow",),
        ),
        Form(
            way="token",
            title="Token",
            per=(Per.PERSON, Per.TEAM),
            blanks=(Blank(name="token", label="Token", is_secret=True),),
            where="In GitHub's settings.",
        ),
        Form(
            way="app",
            title="App",
            per=(Per.PERSON, Per.TEAM),
            blanks=(
                Blank(name="id", label="App id"),
                Blank(name="key", label="Key", is_secret=True, is_long=True),
            ),
            where="In the settings of the app.",
            mint=mint,
        ),
    )


def anybody(url: str) -> Plugin:
    """A provider whose refresh tokens are good once."""
    return _plugin(
        "anybody",
        "Anybody",
        "/userinfo",
        "email",
        url,
        OAuth(
            title="Sign in",
            per=(Per.PERSON, Per.TEAM),
            authorize="{api}/authorize",
            token="{api}/token",
            revoke="{api}/revoke",
            read=("read:work", "offline_access"),
            write=("write:work",),
        ),
    )


def _plugin(name: str, title: str, path: str, who: str, url: str, *ways: OAuth | Form) -> Plugin:
    def check(client: httpx2.Client) -> Checked:
        return Checked(account=str(asked(client, title, path)[who]), can=("read issues",))

    return Plugin(
        name=name,
        title=title,
        version="1.0.0",
        description="Issues",
        icon=":octopus:",
        scope_kind="repositories",
        ways=ways,
        endpoints=(Endpoint(name="api", url=url),),
        client=_client,
        check=check,
        discover=lambda client, search: (),
        actions=(),
    )


def asked(client: httpx2.Client, title: str, path: str) -> Any:
    try:
        answer = client.get(path)
    except httpx2.HTTPError as error:
        raise Unavailable(type(error).__name__, service=title) from None
    if answer.status_code == 401:
        raise SignInNeeded(f"{title} refused the token.")
    return answer.raise_for_status().json()


def _client(connection: Connection) -> httpx2.Client:
    authorization = f"Bearer {connection.secrets['token']}"
    return httpx2.Client(
        base_url=connection.endpoints["api"], headers={"Authorization": authorization}, timeout=60
    )
