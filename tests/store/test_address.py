"""A database that cannot be used is told to the operator before anything is opened, with what to do."""

from __future__ import annotations

import pytest

from bot.errors import NotConfigured
from bot.store.database import Database


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "COWORK_DATABASE_URL is not the URL of a database. Use postgresql+psycopg://"),
        ("mysql://me:secret@h/d", "mysql is not a database that Cowork can use. Use postgresql+psycopg://"),
        (
            "postgresql+other://me:secret@h/d",
            "There is no driver for PostgreSQL at postgresql+other://me:***@h/d (",
        ),
        ("sqlite+other:///x", "There is no driver for SQLite at x ("),
    ],
)
def test_an_address_that_cannot_be_used_is_the_operators_with_the_remedy(url: str, said: str) -> None:
    with pytest.raises(NotConfigured) as raised:
        Database(url)
    assert str(raised.value).startswith(said)
    assert "secret" not in str(raised.value)
