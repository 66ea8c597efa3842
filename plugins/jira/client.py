"""Jira over HTTP: where its API is for a connection, and every answer that is not one as an error of ours."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import requests
from atlassian.rest_client import AtlassianRestAPI

from bot.sdk import Connection, ToolError, Trouble, refusal, seconds_to_wait
from bot.sdk.reaching import (
    TIMEOUT,
    UNREACHED,
    capped_session,
    path_below,
    path_part,
    site_below,
    unreached,
)

SERVICE = "Jira"

# At DEBUG the library logs what is sent and what comes back.
logging.getLogger("atlassian").setLevel(logging.INFO)


class Jira:
    """One connection's. `site` is where people open it: https://acme.atlassian.net."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._facts = dict(connection.facts)

    @property
    def site(self) -> str:
        return self._found()["site"]

    def get(self, path: str, *, what: str = "", **query: Any) -> Any:
        """What is read there, parsed. `what` is named where nothing is found ("PAY-12")."""
        return self._called(self._base(), "GET", path, query, None, what)

    def send(self, method: str, path: str, body: Any = None, *, what: str = "", **query: Any) -> Any:
        """Change something: sent once, never again by itself."""
        return self._called(self._base(), method, path, query, body, what)

    def sites(self) -> list[dict[str, Any]]:
        """The sites that a person's sign-in at Atlassian covers."""
        found = self._called(self._gateway(), "GET", "oauth/token/accessible-resources", {}, None, "")
        return [one for one in found if any("jira" in scope for scope in one.get("scopes", []))]

    def granted_writes(self) -> tuple[str, ...]:
        """What else than reading this sign-in allows; what a token allows is not told."""
        if self._is_token:
            return ("write what this account may write",)
        cloud = self._found()["cloud"]
        scopes = next((site["scopes"] for site in self.sites() if site["id"] == cloud), ())
        return ("create and change issues",) if "write:jira-work" in scopes else ()

    def through_gateway(self) -> bool:
        """From now on, with a token: those with scopes are good there alone. False where it was so already."""
        if not self._is_token or "cloud" in self._facts:
            return False
        site = self._typed()
        found = self._called(site, "GET", "_edge/tenant_info", {}, None, f"the site {site}")
        self._facts |= {"cloud": str(found["cloudId"]), "site": site}
        return True

    @property
    def _is_token(self) -> bool:
        return self._connection.way == "token"

    def facts(self) -> dict[str, str]:
        """What is worth keeping of where this connection leads."""
        return dict(self._found())

    def _found(self) -> dict[str, str]:
        """Where the site is: of a sign-in at Atlassian it is asked for, once."""
        if self._is_token and "cloud" not in self._facts:
            return {"site": self._typed()}
        if "cloud" not in self._facts:
            sites = self.sites()
            if not sites:
                raise ToolError("This Atlassian account has no Jira site that it let the colleague into.")
            self._facts |= {"cloud": sites[0]["id"], "site": sites[0]["url"]}
        return self._facts

    def _typed(self) -> str:
        return site_below(self._connection.secrets["site"], self._connection.endpoints["site"], SERVICE)

    def _base(self) -> str:
        found = self._found()
        if "cloud" not in found:
            return found["site"]
        return f"{self._gateway()}/ex/jira/{path_part(found['cloud'], SERVICE)}"

    def _gateway(self) -> str:
        return self._connection.endpoints["api"].rstrip("/")

    def _called(
        self, base: str, method: str, path: str, query: Mapping[str, Any], body: Any, what: str
    ) -> Any:
        given = {name: value for name, value in query.items() if value not in (None, "")}
        try:
            with self._wire(base) as wire:
                answer = wire.request(
                    method, path, data=body, params=given, advanced_mode=True, allow_redirects=False
                )
        except UNREACHED as error:
            raise unreached(SERVICE, error) from None
        if answer.status_code >= 300:
            raise _refused(answer, what)
        return _parsed(answer)

    def _wire(self, base: str) -> AtlassianRestAPI:
        secrets = self._connection.secrets
        return AtlassianRestAPI(
            base,
            timeout=TIMEOUT,
            session=capped_session(SERVICE),
            retry_with_header=False,
            username=secrets["email"] if self._is_token else None,
            password=secrets["token"] if self._is_token else None,
            token=None if self._is_token else secrets["token"],
        )


def core(*parts: object) -> str:
    """The path of what every Jira has: issues, projects, people."""
    return path_below("rest/api/3", parts, SERVICE)


def agile(*parts: object) -> str:
    """The path of boards and sprints."""
    return path_below("rest/agile/1.0", parts, SERVICE)


def _parsed(answer: requests.Response) -> Any:
    try:
        return answer.json() if answer.content else None
    except ValueError:
        raise ToolError(
            f"{SERVICE} answered with something that is not JSON: is that address its API?"
        ) from None


def _refused(answer: requests.Response, what: str) -> Trouble:
    return refusal(
        SERVICE,
        answer.status_code,
        sentence=_sentence(answer),
        what=what,
        ask="an admin of the project in Jira",
        retry_after=seconds_to_wait(answer.headers.get("Retry-After"), answer.headers.get("Date")),
    )


def _sentence(answer: requests.Response) -> str:
    """Jira's own words, of the forms in which it says them."""
    try:
        said = answer.json()
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    fields = said.get("errors")
    named = [f"{name}: {text}" for name, text in fields.items()] if isinstance(fields, dict) else []
    alone = said.get("message") or said.get("error_description") or ""
    return "; ".join(map(str, [*(said.get("errorMessages") or []), *named, *([alone] if alone else [])]))[
        :500
    ]
