"""Sign-ins at connectors' servers that are under way: each a flow of the SDK that waits for its person to return."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
from mcp.client.auth import OAuthFlowError
from mcp.shared.auth import AuthorizationCodeResult

from bot import crossing
from bot.connectors import oauth
from bot.connectors.guarded import Guard, Inside, Refused, is_inner_name, reach
from bot.connectors.portal import Portal
from bot.connectors.signed_in import Grant, SignedIn
from bot.domain.cleaned import cleaned
from bot.domain.clock import Clock
from bot.domain.connected import name_of
from bot.domain.connector import Connector, origin
from bot.errors import CoworkError, NotAllowed, ToolError, Unavailable
from bot.sdk.halt import Halt
from bot.services.linking import LIFE, Gone

_SHOWN_WITHIN: Final = 40.0
_DONE_WITHIN: Final = 60.0
_LONGEST: Final = 300


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Where the person is to be sent: a page of `host`."""

    id: str
    host: str
    scopes: tuple[str, ...]
    url: str = field(repr=False)
    state: str = field(repr=False)

    def with_state(self, state: str) -> str:
        """What comes back with them is ours, instead of the SDK's, which stays here."""
        return self.url.replace(self.state, quote(state, safe=""))


@dataclass(kw_only=True)
class _Login:
    """Lives on the loop."""

    connector: Connector
    page: asyncio.Future[str]
    answer: asyncio.Future[AuthorizationCodeResult]
    task: asyncio.Task[Grant | None] | None = None
    state: str = field(default="", repr=False)


class Logins:
    """Asked from any thread. What is under way ends with this process, or ten minutes later: then it begins anew.

    `document` is where our description as a client stands, by the connector's slug; "" where nobody could fetch it.
    """

    def __init__(
        self,
        portal: Portal,
        *,
        inside: Inside,
        secret: Callable[[str], str],
        clock: Clock,
        document: Callable[[str], str] = lambda slug: "",
    ) -> None:
        self._portal = portal
        self._inside = inside
        self._secret = secret
        self._clock = clock
        self._document = document
        self._under_way: dict[str, _Login] = {}

    def begun(self, connector: Connector, held: SignedIn | None, *, back: str) -> Begun:
        """The server was asked, and says where people sign in. Raises `NotAllowed` where nobody does, `ToolError`
        where its answers are wrong, and `Unavailable`."""
        with crossing.outside(f"sign_in.{name_of(connector.slug)}"):
            return self._portal.call(lambda: self._begun(connector, held, back), halt=Halt())

    def done(self, login: str, connector: Connector, *, code: str, issuer: str) -> Grant:
        """What they came back with is exchanged, and tried by a real request. Raises `Gone`, `ToolError`,
        `Unavailable`."""
        with crossing.outside(f"sign_in.{name_of(connector.slug)}"):
            return self._portal.call(lambda: self._done(login, connector, code, issuer), halt=Halt())

    def given_up(self, login: str) -> None:
        """They said no."""

        async def ended() -> None:
            found = self._under_way.pop(login, None)
            if found is not None and found.task is not None:
                found.task.cancel()

        self._portal.call(ended, halt=Halt())

    def close(self) -> None:
        """Whoever is on their way begins again elsewhere."""
        if self._under_way:
            self._portal.call(self._ended_all, halt=Halt())

    async def _ended_all(self) -> None:
        tasks = [login.task for login in self._under_way.values() if login.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _begun(self, connector: Connector, held: SignedIn | None, back: str) -> Begun:
        loop = asyncio.get_running_loop()
        login = _Login(connector=connector, page=loop.create_future(), answer=loop.create_future())
        login.task = loop.create_task(self._flow(login, held, back))
        waited: set[asyncio.Future[Any]] = {login.page, login.task}
        await asyncio.wait(waited, timeout=_SHOWN_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if not login.page.done():
            login.task.cancel()
            raise await _unshown(login)
        begun = self._begun_at(connector, login)
        self._under_way[begun.id] = login
        login.task.add_done_callback(lambda task: self._ended(begun.id, task))
        return begun

    def _begun_at(self, connector: Connector, login: _Login) -> Begun:
        assert login.task is not None
        url = login.page.result()
        try:
            host = self._checked(connector, url)
        except NotAllowed:
            login.task.cancel()
            raise
        asked = parse_qs(urlsplit(url).query)
        login.state = asked["state"][-1]
        return Begun(
            id=secrets.token_urlsafe(16),
            host=host,
            scopes=tuple(" ".join(asked.get("scope", ())).split()),
            url=url,
            state=login.state,
        )

    def _checked(self, connector: Connector, url: str) -> str:
        """The host that people are sent to: never one within, nor one without https, unless the operator opened it."""
        try:
            at = origin(url)
        except ValueError:
            at = ""
        parts = urlsplit(url)
        is_out = parts.scheme == "https" and not is_inner_name(parts.hostname or "")
        if not at or not (is_out or reach(connector, self._inside)(at)):
            raise NotAllowed(
                f"{connector.title} wants people to sign in at an address that is not safe "
                f"({cleaned(url)[:80]}). Nobody is sent there."
            )
        return parts.netloc

    async def _done(self, login: str, connector: Connector, code: str, issuer: str) -> Grant:
        found = self._under_way.pop(login, None)
        if found is None or found.task is None or found.answer.done():
            raise Gone("I was restarted while you were signing in, so this sign-in has to begin again.")
        if found.connector.url != connector.url:
            found.task.cancel()
            raise Gone(f"{connector.title} was given another address meanwhile.")
        found.answer.set_result(AuthorizationCodeResult(code=code, state=found.state, iss=issuer or None))
        await asyncio.wait({found.task}, timeout=_DONE_WITHIN)
        if not found.task.done():
            found.task.cancel()
            raise Unavailable("its sign-in did not end", service=found.connector.title)
        if (grant := found.task.result()) is None:
            raise ToolError(f"{found.connector.title} gave no token.")
        return grant

    async def _flow(self, login: _Login, held: SignedIn | None, back: str) -> Grant | None:
        connector = login.connector
        auth = oauth.Asking(
            connector,
            back=back,
            document=self._document(connector.slug),
            secret=self._secret,
            page=login.page.set_result,
            answer=login.answer,
            held=held,
        )
        guard = Guard(reach(connector, self._inside))
        try:
            async with (
                asyncio.timeout(LIFE.total_seconds() + _DONE_WITHIN),
                httpx2.AsyncClient(transport=guard, timeout=30) as http,
            ):
                await oauth.greeted(connector, http, auth)
        except CoworkError:
            raise
        except (Refused, OAuthFlowError) as refused:
            raise ToolError(f"{connector.title}: {cleaned(str(refused))[:_LONGEST]}") from None
        except (httpx2.HTTPError, TimeoutError) as out:
            raise Unavailable(
                f"its sign-in did not answer ({type(out).__name__})", service=connector.title
            ) from None
        return auth.grant(self._clock())

    def _ended(self, login: str, task: asyncio.Task[Grant | None]) -> None:
        """Nobody came back, or they did and hear of it there."""
        self._under_way.pop(login, None)
        if not task.cancelled():
            task.exception()


async def _unshown(login: _Login) -> CoworkError:
    """Why nobody can be sent anywhere."""
    title, task = login.connector.title, login.task
    assert task is not None
    await asyncio.wait({task})
    if task.cancelled():
        return Unavailable("it did not say in time where people sign in", service=title)
    error = task.exception()
    if isinstance(error, CoworkError):
        return error
    if error is not None:
        raise error
    return NotAllowed(f"{title} answers without a sign-in: there is nothing to connect.")
