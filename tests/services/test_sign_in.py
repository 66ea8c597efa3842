"""From the link in Slack to a connection: by the right person, in one browser, once; and what happens otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from bot import crossing
from bot.errors import NotAllowed, SignInNeeded
from bot.sdk.connect import Per
from bot.services.slack_sign_in import SlackSignIn
from bot.store.database import Database
from tests.counterparts.oauth import OAuthProvider
from tests.services.accounts import ANA, BEN, Accounts, accounts, anybody
from tests.services.browser import Browser, Front, front

APP = {"COWORK_ANYBODY_CLIENT_ID": "cowork", "COWORK_ANYBODY_CLIENT_SECRET": "the-secret-of-the-app"}


@pytest.fixture
def of(database: Database, oauth_provider: OAuthProvider) -> Accounts:
    oauth_provider.person(email="ana@example.com")
    return accounts(database, anybody(oauth_provider.url), given=APP)


@pytest.fixture
def at(of: Accounts) -> Iterator[Front]:
    with front(of) as made:
        yield made


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as opened:
        yield opened


def signed_in(at: Front, browser: Browser, *, writes: bool = False, per: Per = Per.PERSON) -> str:
    link = at.link(ANA, per=per, writes=writes)
    browser.open(link)
    browser.press(link, "code")
    return browser.press(link, "digits", digits=at.code(ANA))


def stopped_at_service(at: Front, browser: Browser) -> str:
    """The answer of the service, before it is given to us."""
    link = at.link(ANA)
    browser.press(link, "code")
    return browser.press(link, "digits", digits=at.code(ANA), until=f"{at.url}/connect/anybody/callback")


def owned(of: Accounts, user: str = "UANA") -> list[tuple[str, bool]]:
    health = of.connections.health("T1", user)
    return [(one.account, one.is_ok) for one in (*health.own, *health.team)]


def test_a_person_signs_in_and_is_told_as_whom_and_what_i_can(
    of: Accounts, at: Front, browser: Browser, oauth_provider: OAuthProvider
) -> None:
    link = at.link(ANA)

    asked = browser.open(link)
    assert "Connect Anybody" in asked and "For Ana Silva in Acme" in asked
    assert "asks to read in Anybody" in asked and "read:work, offline_access" in asked
    browser.press(link, "code")
    done = browser.press(link, "digits", digits=at.code(ANA))

    assert "Anybody is connected" in done and "As ana@example.com, for Ana Silva in Acme" in done
    assert "Read issues" in done
    assert at.told[-1] == ("UANA", "Anybody is connected as ana@example.com for you, and can read issues.")
    connection = of.connections.current("T1", "UANA", "anybody", writes=False)
    assert connection.account == "ana@example.com"
    [call] = oauth_provider.calls
    assert call["body"]["code_verifier"] and call["body"]["client_secret"] == "the-secret-of-the-app"
    sent = parse_qs(urlsplit(browser.seen[0]).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert sent["scope"] == ["read:work offline_access"]
    token = connection.secrets["token"]
    assert token not in "".join(browser.seen) + str(at.told)
    assert of.veil.masked(token) == "…(hidden: Anybody token)"


def test_pages_are_kept_by_nobody_and_framed_by_nobody(at: Front, browser: Browser) -> None:
    browser.open(at.link(ANA))

    assert browser.page is not None
    headers = browser.page.headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    cookie = headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/connect" in cookie


def test_who_was_forwarded_a_link_gets_no_code_and_connects_nothing(
    of: Accounts, at: Front, browser: Browser
) -> None:
    """The code goes to Ana in Slack: Ben, who has her link, has to guess."""
    link = at.link(ANA)
    browser.press(link, "code")
    wrong = "000000" if at.code(ANA) != "000000" else "111111"

    said = [browser.press(link, "digits", digits=wrong) for _ in range(5)]

    assert all("That is not the code" in one for one in said[:4])
    assert "five times" in said[4] and browser.status == 410
    assert "link was used" in browser.press(link, "digits", digits=at.code(ANA))
    assert [user for user, _ in at.told] == ["UANA"]
    assert owned(of) == owned(of, "UBEN") == []


def test_a_link_goes_on_in_the_browser_that_opened_it_only(of: Accounts, at: Front, browser: Browser) -> None:
    link = at.link(ANA)
    browser.press(link, "code")

    with Browser() as other:
        assert "another browser" in other.press(link, "digits", digits=at.code(ANA))
        assert "another browser" in other.press(link, "code")

    assert len(at.told) == 1
    assert "is connected" in browser.press(link, "digits", digits=at.code(ANA))


def test_an_answer_of_the_service_counts_once(of: Accounts, at: Front, browser: Browser) -> None:
    callback = stopped_at_service(at, browser)
    assert "is connected" in browser.open(callback)

    again = browser.open(callback)

    assert "used before, or came too late" in again and browser.status == 410
    assert owned(of) == [("ana@example.com", True)]


def test_an_answer_in_another_browser_connects_nothing(of: Accounts, at: Front, browser: Browser) -> None:
    """Somebody who makes another open the end of their own sign-in would lend them their account."""
    callback = stopped_at_service(at, browser)

    with Browser() as other:
        assert "belongs to another browser" in other.open(callback)

    assert "used before" in browser.open(callback)
    assert owned(of) == []


@pytest.mark.parametrize("state", ["", "made-up", "gAAAAA"])
def test_an_answer_that_nobody_asked_for_connects_nothing(
    at: Front, browser: Browser, of: Accounts, state: str
) -> None:
    said = browser.open(f"{at.url}/connect/anybody/callback?code=c&state={state}")

    assert "not of a link of ours" in said and browser.status == 410
    assert owned(of) == []


def test_an_answer_at_the_address_of_another_service_connects_nothing(
    of: Accounts, at: Front, browser: Browser
) -> None:
    callback = stopped_at_service(at, browser)

    assert "of another service" in browser.open(callback.replace("/anybody/", "/other/"))
    assert owned(of) == []


def test_who_says_no_is_told_that_nothing_was_connected(
    of: Accounts, at: Front, browser: Browser, oauth_provider: OAuthProvider
) -> None:
    oauth_provider.deny()

    said = signed_in(at, browser)

    assert "you said no there" in said and "Nothing was connected" in said
    assert browser.status == 403
    assert owned(of) == []


def test_a_link_is_good_for_ten_minutes(of: Accounts, at: Front, browser: Browser) -> None:
    link = at.link(ANA)
    browser.press(link, "code")
    of.clock.pass_(minutes=10)

    assert "ten minutes are over" in browser.press(link, "digits", digits=at.code(ANA))
    assert "ten minutes are over" in browser.open(link)


def test_a_service_that_takes_no_code_connects_nothing(
    of: Accounts, at: Front, browser: Browser, oauth_provider: OAuthProvider
) -> None:
    oauth_provider.refuse("invalid_grant")

    assert "refused the sign-in (invalid_grant)" in signed_in(at, browser)
    assert owned(of) == []


def test_what_is_written_on_the_page_is_no_markup(at: Front, browser: Browser) -> None:
    evil = type(ANA)(team="T1", user="UEVE", name="<script>alert(1)</script>")

    browser.open(at.link(evil))

    assert browser.page is not None and "<script>" not in browser.page.text


def test_only_an_admin_gets_a_link_for_everybody(at: Front, of: Accounts, browser: Browser) -> None:
    with pytest.raises(NotAllowed, match="Only a workspace admin"):
        at.linking.link_for(BEN, "anybody", "oauth", Per.TEAM)

    assert "for everybody in Acme, as Ana Silva asked" in signed_in(at, browser, per=Per.TEAM)
    assert of.connections.current("T1", "UBEN", "anybody", writes=False).per is Per.TEAM


def test_an_app_that_is_not_registered_is_no_way(database: Database, oauth_provider: OAuthProvider) -> None:
    of = accounts(database, anybody(oauth_provider.url))

    assert of.connections.ways("anybody", Per.PERSON) == ()
    with front(of) as at, pytest.raises(NotAllowed, match="cannot be connected this way here"):
        at.link(ANA)


def test_a_write_asks_for_more_access_and_gets_it(
    of: Accounts, at: Front, browser: Browser, oauth_provider: OAuthProvider
) -> None:
    signed_in(at, browser)
    with pytest.raises(SignInNeeded, match="needs more access") as asks:
        of.connections.current("T1", "UANA", "anybody", writes=True, needs=("write:work",))
    assert asks.value.writes

    link = at.link(ANA, writes=True)
    assert "asks to read and to write" in browser.open(link)
    signed_in(at, browser, writes=True)

    of.connections.current("T1", "UANA", "anybody", writes=True, needs=("write:work",))


def test_disconnecting_takes_the_token_back_at_the_service(
    of: Accounts, at: Front, browser: Browser, oauth_provider: OAuthProvider
) -> None:
    signed_in(at, browser)
    pending = at.link(ANA)

    assert of.connecting.disconnect(ANA, "anybody", Per.PERSON) == (
        "Anybody is disconnected, and I have forgotten its sign-in."
    )

    assert oauth_provider.calls[-1]["path"] == "/revoke"
    assert owned(of) == []
    assert "link was used" in browser.open(pending)


def test_a_death_between_the_service_and_us_keeps_nothing_and_the_next_link_works(
    of: Accounts, at: Front, browser: Browser
) -> None:
    """The token was given, and we die before it is kept: nobody has it, and the person signs in anew."""

    class Death:
        def reached(self, point: str) -> None:
            if point == "connection.keep":
                raise SystemError("killed here")

        def around(self, name: str):
            return nullcontext()

    death = Death()
    crossing.watch(death)
    try:
        assert "Something went wrong" in signed_in(at, browser)
    finally:
        crossing.unwatch(death)

    assert owned(of) == []
    with of.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM connect_link")).scalar() == 0
    assert "is connected" in signed_in(at, browser)


def slack_at(provider: OAuthProvider) -> SlackSignIn:
    return SlackSignIn(
        id="1.2",
        secret="s",
        authorize=f"{provider.url}/authorize",
        token=f"{provider.url}/token",
        who=f"{provider.url}/userinfo",
    )


def test_with_slack_set_up_they_sign_in_there_first(
    of: Accounts, oauth_provider: OAuthProvider, browser: Browser
) -> None:
    claims = {"https://slack.com/user_id": "UANA", "https://slack.com/team_id": "T1"}
    oauth_provider.person(email="ana@example.com", **claims)
    with front(of, slack_at(oauth_provider)) as at:
        link = at.link(ANA)
        assert "Sign in with Slack" in browser.open(link)
        assert "is connected" in browser.press(link, "slack")

    assert owned(of) == [("ana@example.com", True)]


def test_another_person_in_slack_is_refused_and_the_link_is_closed(
    of: Accounts, oauth_provider: OAuthProvider, browser: Browser
) -> None:
    claims = {"https://slack.com/user_id": "UBEN", "https://slack.com/team_id": "T1"}
    oauth_provider.person(email="ben@example.com", **claims)
    with front(of, slack_at(oauth_provider)) as at:
        link = at.link(ANA)
        said = browser.press(link, "slack")
        assert "made for Ana Silva in Slack, and you are somebody else" in said
        assert browser.status == 403
        assert "link was used" in browser.open(link)

    assert owned(of) == owned(of, "UBEN") == []


def test_an_answer_of_slack_counts_once(
    of: Accounts, oauth_provider: OAuthProvider, browser: Browser
) -> None:
    claims = {"https://slack.com/user_id": "UANA", "https://slack.com/team_id": "T1"}
    oauth_provider.person(email="ana@example.com", **claims)
    with front(of, slack_at(oauth_provider)) as at:
        link = at.link(ANA)
        callback = browser.press(link, "slack", until=f"{at.url}/connect/sign-in/callback")
        assert browser.open(callback, until=f"{oauth_provider.url}/authorize").startswith(oauth_provider.url)

        assert "used before, or came too late" in browser.open(callback)

    assert owned(of) == []
