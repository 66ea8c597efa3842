"""Connecting an account in a browser: our page, who is at it, the service's page, and back."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import partial

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.domain.connected import Connected
from bot.domain.person import Person
from bot.errors import CoworkError, NotAllowed, NotConfigured, SignInNeeded, ToolError, Unavailable
from bot.sdk.connect import Per
from bot.services.entrances import Entrance
from bot.services.linking import Declined, Gone, Linking, NotThem
from bot.store.links import Link
from bot.web import pages

COOKIE = "cowork_connect"
_LIFE = 900
_LONGEST = 64

Tell = Callable[[Person, str], None]
"""Says something to a person in Slack, and to them alone."""

logger = logging.getLogger(__name__)


def routes(linking: Linking, tell: Tell) -> list[Route]:
    at = _Pages(linking, tell)
    start = "/connect/{plugin}/start/{nonce}"
    return [
        Route("/connect/sign-in/callback", at.from_slack),
        Route(start, at.shown, methods=["GET"]),
        Route(start, at.gone_on, methods=["POST"]),
        Route("/connect/{plugin}/callback", at.back),
        Route("/connect/{plugin}/client.json", at.described),
    ]


class _Pages:
    """What is looked up, asked of services and written down happens on a thread of its own."""

    def __init__(self, linking: Linking, tell: Tell) -> None:
        self._linking = linking
        self._tell = tell

    async def shown(self, request: Request) -> Response:
        """Looking changes nothing: programs that follow links do it, too."""
        return await self._answer(request, partial(self._shown, *_of(request)))

    async def gone_on(self, request: Request) -> Response:
        given = await request.form(max_files=0, max_fields=4)
        step, digits = str(given.get("step", "")), str(given.get("digits", ""))[:_LONGEST]
        return await self._answer(
            request, partial(self._gone_on, *_of(request), _browser(request), step, digits)
        )

    async def from_slack(self, request: Request) -> Response:
        query = request.query_params
        return await self._answer(
            request,
            partial(self._from_slack, query.get("state", ""), _browser(request), query.get("code", "")),
        )

    async def back(self, request: Request) -> Response:
        query, plugin = request.query_params, request.path_params["plugin"]
        come = partial(
            self._back,
            plugin,
            query.get("state", ""),
            _browser(request),
            query.get("code", ""),
            query.get("error", ""),
            query.get("iss", ""),
        )
        return await self._answer(request, come)

    async def described(self, request: Request) -> Response:
        """Read by authorization servers: it says nothing but the address that was asked for."""
        found = self._linking.description(request.path_params["plugin"])
        return Response(status_code=404) if found is None else JSONResponse(found)

    def _shown(self, plugin: str, nonce: str) -> Response:
        link, entrance = self._linking.link(plugin, nonce)
        if self._linking.slack is not None:
            return self._asking(link, entrance, pages.form("slack", "Sign in with Slack"))
        note = "So that nobody connects an account in somebody else's name, I show you a code in Slack."
        return self._asking(link, entrance, pages.said(note), pages.form("code", "Show me the code in Slack"))

    def _gone_on(self, plugin: str, nonce: str, browser: str, step: str, digits: str) -> Response:
        if step == "slack":
            return _to(self._linking.slack_page(plugin, nonce, browser))
        if step == "code":
            return self._code(plugin, nonce, browser)
        if not self._linking.try_code(plugin, nonce, browser, digits):
            return self._digits(
                plugin, nonce, pages.alert("That is not the code that I showed you in Slack.")
            )
        return self._leaving(plugin, nonce, browser)

    def _leaving(self, plugin: str, nonce: str, browser: str) -> Response:
        """Off to the service; where it was not known before whose page that is, they are told, and go themselves."""
        link, entrance, leaving = self._linking.page(plugin, nonce, browser)
        if not leaving.host:
            return _to(leaving.url)
        asked = ", ".join(leaving.asked)
        return pages.page(
            f"Connect {entrance.title}",
            pages.said(f"For {_whom(link)}."),
            pages.said(f"You sign in at {leaving.host}. Go on only if that is where you have your account."),
            pages.folded("What is asked for", asked) if asked else "",
            pages.led(f"Go on to {leaving.host}", leaving.url),
            pages.said("If I am restarted meanwhile, I ask you to begin again.", soft=True),
        )

    def _code(self, plugin: str, nonce: str, browser: str) -> Response:
        code = self._linking.code(plugin, nonce, browser)
        if code is not None:
            self._tell(
                code.person,
                f"{code.digits} is your code to connect {code.title}. Type it on the page that you opened. "
                "Give it to nobody: whoever has it connects their account in your name. If you did not ask for it, "
                "do nothing.",
            )
        return self._digits(plugin, nonce)

    def _digits(self, plugin: str, nonce: str, *above: str) -> Response:
        link, entrance = self._linking.link(plugin, nonce)
        return self._asking(
            link,
            entrance,
            *above,
            pages.form("digits", f"Go on to {entrance.title}", pages.digits("The six digits from Slack")),
            pages.said("They are in your direct messages with Cowork.", soft=True),
        )

    def _asking(self, link: Link, entrance: Entrance, *steps: str) -> Response:
        asked = ", ".join(entrance.asked(link))
        return pages.page(
            f"Connect {entrance.title}",
            pages.said(f"For {_whom(link)}."),
            pages.said(entrance.access(link)),
            pages.folded(f"What {entrance.title} is asked for", asked) if asked else "",
            *steps,
            pages.said(
                f"If you are not {link.person.name}, close this page: somebody gave you their link.",
                soft=True,
            ),
            leads_to=self._linking.origins(entrance),
        )

    def _from_slack(self, state: str, browser: str, code: str) -> Response:
        plugin, nonce = self._linking.known_by_slack(state, browser, code)
        return self._leaving(plugin, nonce, browser)

    def _back(self, plugin: str, state: str, browser: str, code: str, error: str, issuer: str) -> Response:
        link, title, made = self._linking.came_back(
            plugin, state, browser, code=code, error=error[:_LONGEST], issuer=issuer
        )
        self._tell(link.person, _told(link, made, title))
        can = [f"{ability[:1].upper()}{ability[1:]}" for ability in made.can]
        return pages.page(
            f"{title} is connected",
            pages.said(f"As {made.account}, for {_whom(link)}."),
            pages.said("With it I can:") if can else "",
            pages.listed(can),
            pages.said("You can close this page and go back to Slack."),
        )

    async def _answer(self, request: Request, act: Callable[[], Response]) -> Response:
        answer = await to_thread.run_sync(lambda: _answered(act))
        if COOKIE not in request.cookies:
            answer.set_cookie(
                COOKIE,
                request.state.browser if hasattr(request.state, "browser") else secrets.token_urlsafe(32),
                max_age=_LIFE,
                path="/connect",
                secure=self._linking.is_secure,
                httponly=True,
                samesite="lax",
            )
        return answer


def _answered(act: Callable[[], Response]) -> Response:
    """What went wrong as a page: what happened, that nothing was connected, and what to do."""
    try:
        return act()
    except (Gone, NotThem, Declined) as why:
        again = (
            ""
            if isinstance(why, NotThem)
            else "Nothing was connected. Press Connect in Slack for a new link."
        )
        return _refused(str(why), again, status=410 if isinstance(why, Gone) else 403)
    except (ToolError, SignInNeeded, NotAllowed, NotConfigured) as why:
        return _refused(str(why), "Nothing was connected. Press Connect in Slack to try again.", status=400)
    except Unavailable as out:
        told = f"{out.service} does not answer just now: {out}."
        return _refused(
            told, "Nothing was connected. Press Connect in Slack to try again in a while.", status=503
        )
    except CoworkError:
        raise
    except Exception:
        logger.exception("an account could not be connected")
        return _refused(
            "Something went wrong on my side.", "Press Connect in Slack to try again.", status=500
        )


def _refused(why: str, then: str, *, status: int) -> Response:
    parts = [pages.said(why), pages.said(then)] if then else [pages.said(why)]
    return pages.page("Not connected", *parts, status=status, refused=True)


def _to(url: str) -> Response:
    """Where we sent people from is nobody's business there."""
    return RedirectResponse(
        url, status_code=303, headers={"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    )


def _of(request: Request) -> tuple[str, str]:
    return request.path_params["plugin"], request.path_params["nonce"]


def _browser(request: Request) -> str:
    """Known by a cookie; a new one is given one with the answer."""
    known = request.cookies.get(COOKIE)
    if known is None:
        known = request.state.browser = secrets.token_urlsafe(32)
    return known


def _whom(link: Link) -> str:
    where = f" in {link.workspace}" if link.workspace else ""
    if link.per is Per.TEAM:
        return f"everybody{where or ' in your workspace'}, as {link.person.name} asked"
    return f"{link.person.name}{where}"


def _told(link: Link, made: Connected, title: str) -> str:
    can = f", and can {', '.join(made.can)}" if made.can else ""
    whom = "for everybody" if link.per is Per.TEAM else "for you"
    return f"{title} is connected as {made.account} {whom}{can}."
