"""GitHub, Google, Slack and Linear as the package `emulate` plays them, with what `seed.yaml` says they know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tests.counterparts.orders import Orders

SEED: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("seed.yaml").read_text("utf-8"))


@dataclass(frozen=True, kw_only=True)
class OAuthApp:
    id: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class GitHubApp:
    id: int
    slug: str
    private_key: str
    installation: int


@dataclass(frozen=True, kw_only=True)
class Service:
    """One that is running. `token` may do everything; `other_token` is another person's."""

    url: str
    token: str
    other_token: str
    oauth: OAuthApp


@dataclass(frozen=True, kw_only=True)
class GitHub(Service):
    app: GitHubApp


class Emulate:
    """Each service starts when it is first asked for."""

    def __init__(self, orders: Callable[[], Orders]) -> None:
        self._orders = orders
        self._started: list[str] = []

    @cached_property
    def github(self) -> GitHub:
        """The API's root: `octocat`'s token, and `reviewer`'s."""
        started, seed = self._start("github"), SEED["github"]
        app = seed["apps"][0]
        return GitHub(
            url=started["url"],
            token="ghp_octocat",
            other_token="ghp_reviewer",
            oauth=_oauth(seed["oauth_apps"]),
            app=GitHubApp(
                id=app["app_id"],
                slug=app["slug"],
                private_key=started["secrets"][0]["value"],
                installation=app["installations"][0]["installation_id"],
            ),
        )

    @cached_property
    def google(self) -> Service:
        """Drive at `/drive/v3`, calendars at `/calendar/v3`, sign-in at `/o/oauth2/v2/auth` and `/oauth2/token`."""
        url = self._start("google")["url"]
        oauth = _oauth(SEED["google"]["oauth_clients"])
        return Service(url=url, token="ya29.ana", other_token="ya29.ben", oauth=oauth)

    @cached_property
    def slack(self) -> Service:
        """`url` ends in `/api/`; the other token may only read."""
        url = self._start("slack")["url"] + "/api/"
        oauth = _oauth(SEED["slack"]["oauth_apps"])
        return Service(url=url, token="xoxb-cowork", other_token="xoxp-reads-only", oauth=oauth)

    @cached_property
    def linear(self) -> Service:
        """GraphQL at `/graphql`; the other token may only read."""
        url = self._start("linear")["url"]
        oauth = _oauth(SEED["linear"]["oauth_apps"])
        return Service(url=url, token="lin_api_ana", other_token="lin_api_reads_only", oauth=oauth)

    def reset(self, *, most: int = 4000) -> None:
        """As at the start: what tests made is gone, and so are the tokens of GitHub's installations.

        After `most` calls a service is started anew, before it says that there were too many.
        """
        for service in self._started:
            self._orders().give("reset", service=service, most=most)

    def redirects_to(self, origin: str) -> None:
        """OAuth apps of every service that runs may send people back to this colleague: until the next reset."""
        for service in self._started:
            uris = [f"{origin}/connect/{service}/callback"]
            self._orders().give("redirect", service=service, uris=uris)

    def forget(self, service: str, token: str) -> None:
        """From now on the service refuses it, as one taken back or run out."""
        self._orders().give("forget", service=service, token=token)

    def insert(self, service: str, table: str, **row: Any) -> Any:
        """A row that no call can make: the table as the emulator's own store names it. The row with its id."""
        return self._orders().give("insert", service=service, table=table, row=row)

    def _start(self, service: str) -> Any:
        seed = dict(SEED[service])
        shared = {"tokens": seed.pop("tokens")} if service in ("github", "google") else {"tokens": {}}
        workflows = seed.pop("workflows", [])
        started = self._orders().give(
            "start", service=service, seed=shared | {service: seed}, workflows=workflows
        )
        self._started.append(service)
        return started


def _oauth(apps: list[dict[str, Any]]) -> OAuthApp:
    return OAuthApp(id=apps[0]["client_id"], secret=apps[0]["client_secret"])
