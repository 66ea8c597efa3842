"""Tokens end and are renewed by one process at a time; the new pair is kept before it is used, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import timedelta

import pytest

from bot import crossing
from bot.domain.connected import Connected
from bot.errors import NotConfigured, SignInNeeded, Unavailable
from bot.sdk.connect import Connection
from bot.services.happened import Change
from bot.store import connections as store
from bot.store.database import Database
from tests.counterparts.oauth import OAuthProvider
from tests.services.accounts import ANA, SEAL, Accounts, accounts, anybody
from tests.services.browser import Browser, front

APP = {"COWORK_ANYBODY_CLIENT_ID": "cowork", "COWORK_ANYBODY_CLIENT_SECRET": "the-secret-of-the-app"}


@pytest.fixture
def of(database: Database, oauth_provider: OAuthProvider) -> Accounts:
    """Ana is connected, with a token that lasts an hour."""
    oauth_provider.person(email="ana@example.com")
    made = accounts(database, anybody(oauth_provider.url), given=APP)
    with front(made) as at, Browser() as browser:
        link = at.link(ANA)
        browser.press(link, "code")
        browser.press(link, "digits", digits=at.code(ANA))
    return made


def used(of: Accounts) -> Connection:
    return of.connections.current("T1", "UANA", "anybody", writes=False)


def own(of: Accounts) -> Connected:
    [found] = of.connections.health("T1", "UANA").own
    return found


def refreshes(provider: OAuthProvider) -> list[str]:
    calls = [call["body"] for call in provider.calls if call["path"] == "/token"]
    return [body["refresh_token"] for body in calls if body["grant_type"] == "refresh_token"]


def test_a_token_is_used_until_a_minute_before_its_end_and_then_renewed(
    of: Accounts, oauth_provider: OAuthProvider
) -> None:
    first = used(of).secrets["token"]
    of.clock.pass_(minutes=58, seconds=59)
    assert used(of).secrets["token"] == first

    of.clock.pass_(seconds=1)
    second = used(of).secrets["token"]

    assert second != first
    assert own(of).ends_at == of.clock() + timedelta(hours=1)
    assert len(refreshes(oauth_provider)) == 1
    assert "refresh_token" not in used(of).secrets
    assert of.veil.masked(f"{first} {second}") == "…(hidden: Anybody token) …(hidden: Anybody token)"


def test_each_renewal_uses_what_the_one_before_gave(of: Accounts, oauth_provider: OAuthProvider) -> None:
    """A refresh token is good once: whoever used an old one would lose the connection."""
    for _ in range(3):
        of.clock.pass_(hours=1)
        used(of)

    assert len(set(refreshes(oauth_provider))) == 3
    assert own(of).is_ok


def test_many_threads_and_two_processes_renew_it_once(of: Accounts, oauth_provider: OAuthProvider) -> None:
    other = accounts(Database(of.database.url), anybody(oauth_provider.url), given=APP, clock=of.clock)
    of.clock.pass_(hours=1)
    begun = threading.Barrier(12)

    def use(one: Accounts) -> str:
        begun.wait(60)
        return used(one).secrets["token"]

    with ThreadPoolExecutor(12) as pool:
        tokens = set(pool.map(use, [of, other] * 6))
    other.database.close()

    assert len(tokens) == 1
    assert len(refreshes(oauth_provider)) == 1
    assert own(of).is_ok


def test_who_comes_while_another_process_renews_takes_what_that_one_kept(
    of: Accounts, oauth_provider: OAuthProvider
) -> None:
    of.clock.pass_(hours=1)
    one, now = own(of), of.clock()
    with of.database.write("test") as session:
        assert store.claim(session, one, by="another", now=now, until=now + timedelta(minutes=1))
        assert not store.claim(session, one, by="us", now=now, until=now + timedelta(minutes=1))
    kept = {"token": "the-token-that-the-other-got", "refresh_token": "the-next"}

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(used, of)
        with of.database.write("test") as session:
            ends = now + timedelta(hours=1)
            assert store.renewed(session, SEAL, one, kept, by="another", ends_at=ends, now=now)
        assert waiting.result(10).secrets == {"token": "the-token-that-the-other-got"}

    assert refreshes(oauth_provider) == []


def test_who_died_while_renewing_is_not_waited_for_longer_than_a_minute(
    of: Accounts, oauth_provider: OAuthProvider
) -> None:
    of.clock.pass_(hours=1)
    one, now = own(of), of.clock()
    with of.database.write("test") as session:
        store.claim(session, one, by="dead", now=now, until=now + timedelta(minutes=1))
    of.clock.pass_(minutes=1)

    used(of)

    assert len(refreshes(oauth_provider)) == 1
    with of.database.write("test") as session:
        late = store.renewed(session, SEAL, one, {"token": "late"}, by="dead", ends_at=None, now=of.clock())
    assert not late


def test_a_death_before_the_new_pair_is_kept_leaves_the_old_one_as_it_was(
    of: Accounts, oauth_provider: OAuthProvider
) -> None:
    """What was got is lost with us; the service says so at the next try, and the person is asked, once."""
    of.clock.pass_(hours=1)
    with dying("connection.renew"), pytest.raises(SystemError):
        used(of)
    assert own(of).is_ok

    of.clock.pass_(minutes=1)
    with pytest.raises(SignInNeeded, match="needs a new sign-in"):
        used(of)

    assert [one.change for one in of.happened] == [Change.CONNECTED, Change.DIED]


def test_a_death_after_the_new_pair_is_kept_loses_nothing(of: Accounts) -> None:
    of.clock.pass_(hours=1)
    with dying("connection.renew.done"), pytest.raises(SystemError):
        used(of)

    assert used(of).account == "ana@example.com"
    of.clock.pass_(hours=1)
    used(of)


def test_a_refresh_token_that_ran_out_needs_a_new_sign_in_and_is_tried_no_more(
    of: Accounts, oauth_provider: OAuthProvider
) -> None:
    of.clock.pass_(hours=1)
    oauth_provider.forget()

    for _ in range(3):
        with pytest.raises(SignInNeeded, match="needs a new sign-in: Anybody refused the sign-in") as dead:
            used(of)

    assert (dead.value.plugin, dead.value.owner, dead.value.seen) == ("anybody", "UANA", own(of).state)
    assert not own(of).is_ok
    assert len(refreshes(oauth_provider)) == 1
    assert [one.change for one in of.happened] == [Change.CONNECTED, Change.DIED]


def test_a_service_that_is_out_is_tried_again_later_and_kills_nothing(
    of: Accounts, oauth_provider: OAuthProvider
) -> None:
    of.clock.pass_(hours=1)
    of.given["COWORK_ANYBODY_API_URL"] = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        used(of)

    del of.given["COWORK_ANYBODY_API_URL"]
    assert used(of).account == "ana@example.com"


def test_while_it_is_out_a_token_that_still_lasts_is_used(of: Accounts) -> None:
    first = used(of).secrets["token"]
    of.clock.pass_(minutes=59, seconds=30)
    of.given["COWORK_ANYBODY_API_URL"] = "http://127.0.0.1:9"

    assert used(of).secrets["token"] == first


def test_an_app_that_the_service_does_not_know_is_the_operators_matter(
    of: Accounts, oauth_provider: OAuthProvider
) -> None:
    of.clock.pass_(hours=1)
    oauth_provider.refuse("invalid_client")

    with pytest.raises(NotConfigured, match="COWORK_ANYBODY_CLIENT_ID"):
        used(of)
    assert own(of).is_ok


def test_a_token_that_the_service_refuses_early_is_renewed_once(of: Accounts) -> None:
    of.clock.pass_(minutes=10)
    before = used(of)

    assert isinstance(of.connections.refused("T1", "UANA", before, "refused the token."), Unavailable)
    after = used(of)
    assert after.secrets != before.secrets
    assert isinstance(of.connections.refused("T1", "UANA", before, "refused the token."), Unavailable)
    assert used(of).secrets == after.secrets
    assert isinstance(of.connections.refused("T1", "UANA", after, "refused the token."), SignInNeeded)
    assert not own(of).is_ok


@contextmanager
def dying(point: str) -> Iterator[None]:
    """We are killed there."""

    class Death:
        def reached(self, now: str) -> None:
            if now == point:
                raise SystemError("killed here")

        def around(self, name: str) -> nullcontext[None]:
            return nullcontext()

    death = Death()
    crossing.watch(death)
    try:
        yield
    finally:
        crossing.unwatch(death)
