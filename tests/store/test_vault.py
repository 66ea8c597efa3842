"""What is kept secret is encrypted at rest, opens with any key of the operator's, and moves to a new one whole."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.errors import NotConfigured
from bot.store import vault
from bot.store.sealing import Seal
from tests.store.conftest import NOW

OLD, NEW = "an-old-key-of-the-operator-0123456789", "a-new-key-of-the-operator-9876543210"
VALUE = "räume-auf-4711-Zq7Wm1Kx"


def kept(database, seal=Seal((OLD,)), name="GITHUB_TOKEN", value=VALUE):
    with database.write("test") as session:
        vault.keep(session, seal, owner="operator", name=name, value=value, now=NOW)


def opened(database, seal, name="GITHUB_TOKEN"):
    with database.read() as session:
        return vault.value(session, seal, owner="operator", name=name)


def rows(database):
    with database.read() as session:
        return session.execute(text("SELECT owner, name, sealed FROM secret ORDER BY name")).all()


def test_it_is_read_as_it_was_kept_and_stands_encrypted_in_the_database(database):
    kept(database)

    assert opened(database, Seal((OLD,))) == VALUE
    assert opened(database, Seal((OLD,)), "OTHER") is None
    [(owner, name, sealed)] = rows(database)
    assert (owner, name) == ("operator", "GITHUB_TOKEN")
    assert VALUE not in sealed and "4711" not in sealed


def test_of_one_name_the_last_counts(database):
    kept(database)
    kept(database, value="another one")

    assert opened(database, Seal((OLD,))) == "another one"
    with database.read() as session:
        assert [(one.owner, one.name, one.at) for one in vault.names(session)] == [
            ("operator", "GITHUB_TOKEN", NOW)
        ]


def test_a_rotation_seals_everything_with_the_new_key(database):
    kept(database)
    kept(database, name="OTHER", value="second")
    with database.write("test") as session:
        assert vault.rotate(session, Seal((NEW, OLD))) == 2

    assert opened(database, Seal((NEW,))) == VALUE
    assert opened(database, Seal((NEW,)), "OTHER") == "second"
    with pytest.raises(NotConfigured, match="another key"):
        opened(database, Seal((OLD,)))


def test_a_rotation_that_cannot_open_one_changes_none(database):
    kept(database, name="A")
    kept(database, Seal((NEW,)), name="B")
    before = rows(database)

    with pytest.raises(NotConfigured, match="Nothing was changed"), database.write("test") as session:
        vault.rotate(session, Seal(("a-third-key-of-the-operator-55555555", OLD)))

    assert rows(database) == before


@pytest.mark.parametrize(("keys", "why"), [((), "openssl rand"), (("short",), "too short")])
def test_without_a_key_nothing_is_kept_and_the_remedy_is_said(database, keys, why):
    with pytest.raises(NotConfigured, match=why):
        kept(database, Seal(keys))

    assert rows(database) == []


def test_what_was_altered_does_not_open(database):
    kept(database)
    with database.write("test") as session:
        session.execute(text("UPDATE secret SET sealed = replace(sealed, substr(sealed, 20, 4), 'AAAA')"))

    with pytest.raises(NotConfigured, match="or was altered"):
        opened(database, Seal((OLD,)))


def test_what_is_forgotten_is_gone(database):
    kept(database)
    with database.write("test") as session:
        assert vault.forget(session, owner="operator", name="GITHUB_TOKEN")
        assert not vault.forget(session, owner="operator", name="GITHUB_TOKEN")
    assert rows(database) == []
