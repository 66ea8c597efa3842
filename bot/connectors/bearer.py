"""What goes with each request to a server that people sign in to: a token that is good now, and nobody is asked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from typing import Final

import httpx2
from anyio import to_thread

from bot import crossing
from bot.connectors import grants
from bot.connectors.signed_in import SignedIn, SignIns
from bot.domain.clock import Clock
from bot.domain.connected import name_of
from bot.domain.connector import Connector, origin
from bot.domain.person import Person
from bot.errors import CoworkError, SignInNeeded, Unavailable

Http = Callable[[], httpx2.AsyncClient]
"""A client behind the guard, without a sign-in of its own."""

_LOOKS: Final = 300
_BETWEEN_LOOKS: Final = 0.1
_CHALLENGED: Final = re.compile(r'\b(error|scope)="?([^",]*)"?')
_SCOPES: Final = re.compile(r"[^\x21\x23-\x5b\x5d-\x7e ]")


class Bearer(httpx2.Auth):
    """`trouble` is why the last request was refused: what the call that sent it is to raise; None after a success.

    Nothing is raised in the request itself: that would end the connection, and the calls of others with it.
    """

    def __init__(
        self, connector: Connector, person: Person, *, sign_ins: SignIns, http: Http, clock: Clock
    ) -> None:
        self.trouble: CoworkError | None = None
        self._connector = connector
        self._person = person
        self._sign_ins = sign_ins
        self._http = http
        self._clock = clock
        self._turn = asyncio.Lock()
        self._renewals: set[asyncio.Task[None]] = set()

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        if origin(str(request.url)) != origin(self._connector.url):
            yield request
            return
        held = await self._now()
        if held is not None and self._sign_ins.is_due(held):
            held = await self._renewed(held)
        answer = yield _borne(request, held)
        if answer.status_code == 401 and held is not None and (again := await self._again(held)) is not None:
            held = again
            answer = yield _borne(request, held)
        await self._judged(held, answer)

    async def _again(self, held: SignedIn) -> SignedIn | None:
        """After a refusal: the token that another process got meanwhile, or one renewed now; None: it is of no use."""
        now = await self._now()
        if now is None or now.grant is None or held.grant is None:
            return None
        if now.grant.token == held.grant.token:
            if not now.grant.refresh:
                return None
            now = await self._renewed(now)
        is_other = now is not None and now.grant is not None and now.grant.token != held.grant.token
        return now if is_other else None

    async def _judged(self, held: SignedIn | None, answer: httpx2.Response) -> None:
        title = self._connector.title
        if answer.status_code == 401:
            if isinstance(self.trouble, Unavailable):
                return
            if held is not None and held.grant is not None:
                await to_thread.run_sync(self._sign_ins.died, held, "it does not take the token any more.")
                held = await self._now()
            said = f"{title} is not signed in to." if held is None else f"{title} needs a new sign-in."
            self.trouble = self._needed(held, said)
        elif answer.status_code == 403 and held is not None and (scope := _more(answer, held)):
            await to_thread.run_sync(self._sign_ins.wants_more, held, scope)
            self.trouble = self._needed(held, f"{title} needs more access for this: {scope}.")
        elif answer.status_code < 400:
            self.trouble = None

    async def _renewed(self, held: SignedIn) -> SignedIn | None:
        """Of several tasks and processes one renews it, and the others take what that one kept."""
        async with self._turn:
            for _ in range(_LOOKS):
                now = await self._now()
                if now is None or now.grant is None or held.grant is None:
                    return now
                if now.grant.token != held.grant.token and not self._sign_ins.is_due(now):
                    return now
                if by := await to_thread.run_sync(self._sign_ins.claimed, now):
                    await self._exchanged(now, by)
                    return await self._now()
                await asyncio.sleep(_BETWEEN_LOOKS)
        self.trouble = Unavailable(
            "another process renews its sign-in", 10, service=self._connector.title, nothing_done=True
        )
        return held

    async def _exchanged(self, held: SignedIn, by: str) -> None:
        """To its end, even if the call that wanted it is given up: a refresh token is good once."""
        task = asyncio.get_running_loop().create_task(self._exchange(held, by))
        self._renewals.add(task)
        task.add_done_callback(self._renewals.discard)
        await asyncio.shield(task)

    async def _exchange(self, held: SignedIn, by: str) -> None:
        run, self.trouble = to_thread.run_sync, None
        try:
            with crossing.outside(f"sign_in.{name_of(self._connector.slug)}"):
                async with self._http() as http:
                    grant = await grants.renewed(self._connector, held, http, self._clock)
        except SignInNeeded as refused:
            why = str(refused)
            await run(lambda: self._sign_ins.died(held, why, by=by))
        except Unavailable as out:
            self.trouble = out
            await run(lambda: self._sign_ins.let_go(held, by=by))
        else:
            await run(lambda: self._sign_ins.renewed(self._connector, held, grant, by=by))

    async def _now(self) -> SignedIn | None:
        return await to_thread.run_sync(self._sign_ins.of, self._connector, self._person)

    def _needed(self, held: SignedIn | None, said: str) -> SignInNeeded:
        return self._sign_ins.needed(self._connector, self._person, held, said)


def _borne(request: httpx2.Request, held: SignedIn | None) -> httpx2.Request:
    if held is not None and held.grant is not None:
        request.headers["Authorization"] = f"Bearer {held.grant.token}"
    return request


def _more(answer: httpx2.Response, held: SignedIn) -> str:
    """The scopes that a call was refused for, "" where it was refused for something else, or has them all."""
    said = dict(_CHALLENGED.findall(answer.headers.get("www-authenticate", "")))
    scope = _SCOPES.sub("", said.get("scope", ""))[:500]
    if said.get("error") != "insufficient_scope" or set(scope.split()) <= set(held.one.scopes):
        return ""
    return scope
