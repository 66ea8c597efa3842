"""GitHub through PyGithub: what is asked for is fetched when it is first looked at, with errors in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from github import Auth
from github.Commit import Commit
from github.GithubObject import GithubObject
from github.Issue import Issue
from github.PaginatedList import PaginatedList
from github.PullRequest import PullRequest
from github.Repository import Repository

from bot.sdk import Connection, Page, ToolError
from bot.sdk.answers import ROWS
from bot.sdk.reaching import TIMEOUT
from plugins.github.names import repository_named
from plugins.github.trouble import translated
from plugins.github.wire import ONCE, PER_PAGE, VERSION, Wire

MOST_LOOKED_AT = 300
"""Items of a listing for one answer."""
MOST_LOG = 50_000_000
_CHUNK = 262_144

T = TypeVar("T", bound=GithubObject)


def wire_to(connection: Connection, auth: Auth.Auth) -> Wire:
    return Wire(
        auth=auth,
        base_url=connection.endpoints["api"],
        timeout=TIMEOUT,
        user_agent="cowork",
        per_page=PER_PAGE,
        verify=True,
        retry=ONCE,
        pool_size=None,
        lazy=True,
        api_version=VERSION,
    )


class _Bearer(Auth.Token):
    """As GitHub's documentation sends a token; the library's own word for it is the older one."""

    @property
    def token_type(self) -> str:
        return "Bearer"


class Client:
    """One call's. Nothing is fetched by making one."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.web = connection.endpoints["web"]
        self.wire = wire_to(connection, _Bearer(connection.secrets["token"]))

    def repository(self, repo: str) -> Repository:
        return Repository(self.wire, url=f"/repos/{repository_named(repo)}")

    def issue(self, repo: str, number: int) -> Issue:
        return self.repository(repo).get_issue(number)

    def pull_request(self, repo: str, number: int) -> PullRequest:
        return self.repository(repo).get_pull(number)

    def commit(self, sha: str) -> Commit:
        """By its name alone, to be named to GitHub again."""
        return Commit(self.wire, {}, {"sha": sha}, completed=True)

    def listing(self, of: type[T], path: str, rows_in: str = "items", **parameters: str) -> PaginatedList[T]:
        """What the library has no method for without asking something else first."""
        return PaginatedList(of, self.wire, path, dict(parameters), list_item=rows_in)

    def get(self, path: str) -> Any:
        _, answer = self.wire.requestJsonAndCheck("GET", path)
        return answer

    def send(self, method: str, path: str) -> None:
        """What needs no words ("run it again")."""
        self.wire.requestJsonAndCheck(method, path)

    def log(self, repo: str, job: int) -> Iterator[bytes]:
        """What a job wrote, in chunks: GitHub sends on to a storage of its own, which gets no token."""
        path = f"/repos/{repository_named(repo)}/actions/jobs/{job}/logs"
        with translated(path):
            status, headers, text = self.wire.requestJson("GET", path)
            if status >= 400:
                raise self.wire.createException(status, headers, {"message": text[:200]})
        return self._stored(headers["location"]) if status == 302 else iter([text.encode()])

    def _stored(self, address: str) -> Iterator[bytes]:
        if urlsplit(address).scheme not in ("https", self.wire.scheme):
            raise ToolError("GitHub sent on to an address that is not safe; the log was not read.")
        with translated(address), requests.Session() as session:
            session.auth = Wire.noopAuth
            with session.get(address, stream=True, timeout=TIMEOUT) as answer:
                if answer.status_code >= 400:
                    raise ToolError("GitHub keeps no log of this job any more.")
                yield from islice(answer.iter_content(_CHUNK), MOST_LOG // _CHUNK)


def page_from(found: PaginatedList[T], cursor: str = "", wanted: Callable[[T], bool] | None = None) -> Page:
    """The next rows of a listing that are wanted; the cursor counts what was looked at."""
    first = int(cursor) if cursor.isdigit() else 0
    rows: list[T] = []
    for number, item in _from(found, first):
        is_wanted = wanted is None or wanted(item)
        if number - first == MOST_LOOKED_AT or (is_wanted and len(rows) == ROWS):
            return Page(rows=rows, cursor=str(number))
        if is_wanted:
            rows.append(item)
    return Page(rows=rows)


def all_of(found: PaginatedList[T], most: int = MOST_LOOKED_AT) -> list[T]:
    """As many as are looked at for one answer."""
    return [item for _, item in islice(_from(found, 0), most)]


def _from(found: PaginatedList[T], first: int) -> Iterator[tuple[int, T]]:
    """Numbered, from that one on: pages before it are not asked for."""
    page, skipped = divmod(first, PER_PAGE)
    while rows := found.get_page(page):
        for place in range(skipped, len(rows)):
            yield page * PER_PAGE + place, rows[place]
        if len(rows) < PER_PAGE:
            return
        page, skipped = page + 1, 0
