"""A token that somebody types is tried by a real call, kept sealed, used, hidden, found dead and forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.person import Person
from bot.errors import BadArgument, NotAllowed, NotConfigured, SignInNeeded, Unavailable
from bot.sdk.connect import Connection, Minted, Per
from bot.services.happened import Change
from bot.store import connections as store
from bot.store.database import Database
from bot.store.sealing import Seal
from tests.counterparts.emulate import Emulate
from tests.services.accounts import ANA, BEN, NOW, SEAL, Accounts, accounts, asked, github

KEY = "-----KEY----- 0123456789abcdef -----END-----"


def typed(
    of: Accounts, token: str, person: Person = ANA, per: Per = Per.PERSON, *, is_admin: bool = False
) -> str:
    values = {"token": f" {token}\n"}
    return of.connecting.store_form(person, "github", "token", per, values, is_admin=is_admin).account


def used(of: Accounts, person: Person = ANA, *, writes: bool = False) -> Connection:
    return of.connections.current("T1", person.user, "github", writes=writes)


def test_a_good_token_is_kept_sealed_and_used_and_shown_to_nobody(
    database: Database, emulate: Emulate
) -> None:
    of, token = accounts(database, github(emulate.github.url)), emulate.github.token

    assert typed(of, token) == "octocat"

    connection = used(of)
    assert connection.secrets == {"token": token}
    assert (connection.per, connection.account) == (Per.PERSON, "octocat")
    assert connection.endpoints == {"api": emulate.github.url}
    [own] = of.connections.health("T1", "UANA").own
    assert (own.account, own.can, own.is_ok, own.checked_at) == ("octocat", ("read issues",), True, NOW)
    assert token not in repr(own) + repr(connection)
    with database.read() as session:
        [sealed] = session.execute(text("SELECT sealed FROM connection")).scalars()
    assert token not in sealed
    assert [one.change for one in of.happened] == [Change.CONNECTED]


def test_a_bad_token_is_refused_with_the_reason_and_nothing_is_kept(
    database: Database, emulate: Emulate
) -> None:
    of = accounts(database, github(emulate.github.url))

    with pytest.raises(NotAllowed, match=r"GitHub refused the token\. Nothing was kept"):
        typed(of, "ghp_nobodys")
    with pytest.raises(BadArgument, match="Token is missing"):
        typed(of, " ")

    assert of.connections.health("T1", "UANA").own == ()


def test_a_service_that_does_not_answer_is_not_taken_for_a_bad_token(database: Database) -> None:
    of = accounts(database, github("http://127.0.0.1:9"))

    with pytest.raises(NotAllowed, match="cannot be reached just now"):
        typed(of, "ghp_octocat")


def test_without_a_key_nothing_is_kept_and_the_remedy_is_told(database: Database, emulate: Emulate) -> None:
    of = accounts(database, github(emulate.github.url), seal=Seal())

    with pytest.raises(NotConfigured, match="COWORK_SECRET_KEY is not set"):
        typed(of, emulate.github.token)


def test_only_an_admin_connects_for_the_team(database: Database, emulate: Emulate) -> None:
    of = accounts(database, github(emulate.github.url))

    with pytest.raises(NotAllowed, match="Only a workspace admin"):
        typed(of, emulate.github.token, per=Per.TEAM)
    typed(of, emulate.github.token, per=Per.TEAM, is_admin=True)

    assert used(of, BEN).per is Per.TEAM


def test_reads_are_the_teams_first_and_writes_the_persons(database: Database, emulate: Emulate) -> None:
    of = accounts(database, github(emulate.github.url))
    typed(of, emulate.github.token, per=Per.TEAM, is_admin=True)
    typed(of, emulate.github.other_token)

    assert used(of).account == "octocat"
    assert used(of, writes=True).account == "reviewer"
    assert used(of, BEN, writes=True).account == "octocat"


def test_what_nobody_connected_asks_the_person(database: Database, emulate: Emulate) -> None:
    of = accounts(database, github(emulate.github.url))

    with pytest.raises(SignInNeeded, match="GitHub is not connected") as asks:
        used(of, BEN)

    assert (asks.value.plugin, asks.value.owner, asks.value.seen) == ("github", "UBEN", "")


def test_a_token_that_was_taken_back_is_found_by_a_call_and_told_once(
    database: Database, emulate: Emulate
) -> None:
    of = accounts(database, github(emulate.github.url))
    typed(of, emulate.github.token)
    emulate.forget("github", emulate.github.token)

    def call() -> None:
        client = of.connections.plugin("github").client
        of.connections.using(
            "T1", "UANA", "github", lambda given: asked(client(given), "GitHub", "/user"), writes=False
        )

    for _ in range(2):
        with pytest.raises(SignInNeeded, match="needs a new sign-in: GitHub refused the token") as dead:
            call()
    [own] = of.connections.health("T1", "UANA").own
    assert not own.is_ok
    assert dead.value.seen == own.state
    assert [one.change for one in of.happened] == [Change.CONNECTED, Change.DIED]
    emulate.reset()
    typed(of, emulate.github.token)
    call()


def test_what_is_minted_is_used_until_shortly_before_it_ends(database: Database, emulate: Emulate) -> None:
    minted = []

    def mint(connection: Connection, now: datetime) -> Minted:
        assert connection.secrets == {"id": "12345", "key": KEY}
        minted.append(now)
        return Minted(token=emulate.github.token, until=now + timedelta(hours=1))

    of = accounts(database, github(emulate.github.url, mint))
    of.connecting.store_form(ANA, "github", "app", Per.PERSON, {"id": "12345", "key": KEY})

    assert of.veil.masked(f"12345 {KEY}") == "12345 …(hidden: GitHub key)"
    assert [used(of).secrets["token"] for _ in range(3)] == [emulate.github.token] * 3
    assert len(minted) == 1
    of.clock.pass_(minutes=59, seconds=1)
    used(of)
    assert len(minted) == 2


def test_disconnecting_forgets_it_and_says_where_to_end_it(database: Database, emulate: Emulate) -> None:
    of = accounts(database, github(emulate.github.url))
    typed(of, emulate.github.token)

    assert "settings of GitHub" in of.connecting.disconnect(ANA, "github", Per.PERSON)

    with pytest.raises(SignInNeeded):
        used(of)
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM connection")).scalar() == 0


def test_a_sealed_text_in_anothers_row_is_not_theirs(database: Database, emulate: Emulate) -> None:
    of = accounts(database, github(emulate.github.url))
    typed(of, emulate.github.token)
    typed(of, emulate.github.other_token, BEN)
    with database.write("test") as session:
        session.execute(
            text(
                "UPDATE connection SET sealed = (SELECT sealed FROM connection WHERE \"user\" = 'UANA') "
                "WHERE \"user\" = 'UBEN'"
            )
        )

    with pytest.raises(NotConfigured, match="holds the secrets of another"):
        used(of, BEN)


def test_a_new_key_opens_them_once_they_were_sealed_with_it(database: Database, emulate: Emulate) -> None:
    old, new = SEAL.keys[0], "another-key-of-the-operator-9876543210"
    typed(accounts(database, github(emulate.github.url)), emulate.github.token)

    with database.write("test") as session:
        assert store.rotate(session, Seal((new, old))) == 1

    assert used(accounts(database, github(emulate.github.url), seal=Seal((new,)))).account == "octocat"
    with pytest.raises(NotConfigured):
        used(accounts(database, github(emulate.github.url)))


def test_a_service_that_cannot_be_reached_is_not_dead(database: Database, emulate: Emulate) -> None:
    of = accounts(database, github(emulate.github.url))
    typed(of, emulate.github.token)
    of.given["COWORK_GITHUB_API_URL"] = "http://127.0.0.1:9/"

    with pytest.raises(Unavailable):
        of.connections.check("T1", "UANA", "github")
    assert used(of).endpoints == {"api": "http://127.0.0.1:9"}
