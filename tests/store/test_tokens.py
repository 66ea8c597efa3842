"""API tokens: known by their secret alone, over when they run out or are revoked, and told of in the audit log."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.token import TokenScope
from bot.domain.veil import Veil
from bot.engine.tokens import Tokens, Unknown
from bot.errors import NotAllowed
from bot.store import entries, tokens
from tests.store.conftest import ANA, NOW

BEN = replace(ANA, user="UBEN", name="Ben")
SCOPES = (TokenScope.READ, TokenScope.WRITE)


class Clock:
    now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def kept(database, clock):
    return Tokens(database, clock=clock)


def uses(database):
    with database.read() as session:
        return session.execute(text("SELECT used_at FROM api_token")).scalar_one()


def test_a_token_is_known_by_its_secret_and_the_secret_is_kept_nowhere(kept, database):
    made = kept.make(ANA, " ci  nightly ", SCOPES, by="root@terminal")

    token = kept.known(made.secret)
    assert (token.person, token.person.via) == (ANA, "API token ci nightly")
    assert (token.name, token.scopes, token.expires_at) == (
        "ci nightly",
        frozenset(SCOPES),
        NOW + timedelta(days=90),
    )
    with database.read() as session:
        row = session.execute(text("SELECT * FROM api_token")).one()
    assert not any(made.secret[3:] in str(value) for value in row)
    for other in (made.secret[:-1], made.secret + "x", "", "ck_", made.token.id):
        with pytest.raises(Unknown, match="not known here"):
            kept.known(other)


def test_where_a_secret_is_written_it_is_hidden(kept):
    secret = kept.make(ANA, "ci", SCOPES, by="root@terminal").secret
    assert Veil().masked(f"My token is {secret}, use it") != f"My token is {secret}, use it"
    assert secret[3:] not in Veil().masked(f'{{"secret": "{secret}"}}')


def test_it_is_over_at_its_hour_and_from_the_moment_it_is_revoked(kept, clock):
    first, second = (kept.make(ANA, name, SCOPES, by="root@terminal", days=1) for name in ("a", "b"))
    kept.revoke(second.token.id, by="root@terminal")
    with pytest.raises(Unknown, match="was revoked"):
        kept.known(second.secret)
    with pytest.raises(Unknown, match="was revoked"):
        kept.again(second.token)

    clock.now = NOW + timedelta(days=1) - timedelta(seconds=1)
    assert kept.known(first.secret).name == "a"
    clock.now = NOW + timedelta(days=1)
    with pytest.raises(Unknown, match="has run out"):
        kept.known(first.secret)


def test_a_name_is_one_token_at_a_time_of_a_person(kept):
    first = kept.make(ANA, "ci", SCOPES, by="root@terminal")
    with pytest.raises(NotAllowed, match="There is a token “ci” already"):
        kept.make(ANA, "ci", SCOPES, by="root@terminal")
    kept.make(BEN, "ci", SCOPES, by="root@terminal")
    kept.revoke(first.token.id, by="root@terminal")
    again = kept.make(ANA, "ci", SCOPES, by="root@terminal")
    assert kept.known(again.secret).id == again.token.id
    assert [one.name for one in kept.listed(BEN)] == ["ci"] and len(kept.listed()) == 3


@pytest.mark.parametrize(
    ("name", "scopes", "days", "why"),
    [
        ("", SCOPES, 1, "a name"),
        ("x" * 61, SCOPES, 1, "a name"),
        ("a\u202eb", SCOPES, 1, "a name"),
        ("ci", (), 1, "what it may do"),
        ("ci", SCOPES, 0, "at most"),
        ("ci", SCOPES, 367, "at most"),
        ("ci", SCOPES, float("nan"), "at most"),
    ],
)
def test_what_cannot_be_a_token_is_refused(kept, name, scopes, days, why):
    with pytest.raises(NotAllowed, match=why):
        kept.make(ANA, name, scopes, by="root@terminal", days=days)
    assert kept.listed() == []


def test_one_revokes_ones_own_and_the_operator_any(kept):
    token = kept.make(ANA, "ci", SCOPES, by="UANA@T1").token
    with pytest.raises(NotAllowed, match="There is no token"):
        kept.revoke(token.id, by="UBEN@T1", owner=BEN)
    assert kept.listed()[0].revoked_at is None
    kept.revoke(token.id, by="UANA@T1", owner=ANA)
    assert kept.listed()[0].revoked_at == NOW


def test_that_it_is_used_is_written_once_an_hour_at_most(kept, database, clock):
    secret = kept.make(ANA, "ci", SCOPES, by="root@terminal").secret
    assert kept.listed()[0].used_at is None
    found = []
    for minutes in (0, 59, 61):
        clock.now = NOW + timedelta(minutes=minutes)
        kept.known(secret)
        found.append(kept.listed()[0].used_at)
    assert found == [NOW, NOW, NOW + timedelta(minutes=61)]


def test_the_audit_log_has_who_made_and_who_revoked_it_and_no_secret(kept, database):
    made = kept.make(ANA, "ci", SCOPES, by="root@terminal")
    kept.revoke(made.token.id, by="UANA@T1")
    kept.revoke(made.token.id, by="UANA@T1")
    with database.read() as session:
        log = entries.newest(session, actions=["token_made", "token_revoked"], has="", limit=9)
    assert [(one.actor, one.action) for one in log] == [
        ("UANA@T1", "token_revoked"),
        ("root@terminal", "token_made"),
    ]
    told = json.loads(log[1].data)
    assert (told["name"], told["person"], told["scopes"]) == ("ci", "UANA@T1", ["tasks:read", "tasks:write"])
    assert not any(made.secret[3:] in one.data for one in log)


def test_only_words_that_came_by_a_token_count_as_asked_by_one(database):
    program = replace(ANA, via="API token ci")
    with database.write("test") as session:
        tokens.asked_by(session, 1, ANA)
        assert not tokens.has_asked(session, 1, ANA)
        tokens.asked_by(session, 1, program)
        tokens.asked_by(session, 1, program)
    with database.read() as session:
        asked = [tokens.has_asked(session, task, who) for task, who in ((1, ANA), (1, BEN), (2, ANA))]
    assert asked == [True, False, False]


def test_of_a_workspace_there_are_only_its_own_and_only_those_are_revoked_for_it(kept):
    kept.make(ANA, "ci", SCOPES, by="root@terminal")
    other = kept.make(replace(ANA, team="T2"), "ci", SCOPES, by="root@terminal").token
    assert [one.person.team for one in kept.of_team("T1")] == ["T1"]
    with pytest.raises(NotAllowed, match="There is no token"):
        kept.revoke(other.id, by="UMIA@T1", team="T1")
    assert kept.of_team("T2")[0].revoked_at is None
