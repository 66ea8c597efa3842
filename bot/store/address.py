"""The address of a database: which one it means, and what to do about one that cannot be used."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import NotConfigured

_KNOWN = ("sqlite", "postgresql")
_SHAPE = "Use postgresql+psycopg://USER:PASSWORD@HOST/NAME, or leave COWORK_DATABASE_URL empty for SQLite."
_DRIVER = "Begin the URL with postgresql+psycopg://, and install the driver: uv sync --extra postgres"


class Unusable(NotConfigured):
    """What was found of an address, and the remedy."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(f"{found} {remedy}")
        self.found = found
        self.remedy = remedy


def known(address: str | URL) -> URL:
    """Raises `Unusable` for what is no address, and for a database that is not ours to use."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise Unusable("COWORK_DATABASE_URL is not the URL of a database.", _SHAPE) from None
    if url.get_backend_name() not in _KNOWN:
        raise Unusable(f"{url.get_backend_name()} is not a database that Cowork can use.", _SHAPE)
    return url


def driverless(url: URL, error: Exception) -> Unusable:
    return Unusable(f"There is no driver for {shown(url)} ({error}).", _DRIVER)


def shown(url: URL) -> str:
    """Without the password."""
    if url.get_backend_name() == "sqlite":
        return f"SQLite at {url.database}"
    return f"PostgreSQL at {url.render_as_string(hide_password=True)}"
