"""The account of a connection: Google's, or one on a CalDAV server."""

from __future__ import annotations

from bot.sdk import Connection
from plugins.calendar.account import Account
from plugins.calendar.caldav import CalDav
from plugins.calendar.googlecal import GoogleCalendar

CALDAV = "caldav"


def account(connection: Connection) -> Account:
    """Made for one call; asks nobody yet."""
    return CalDav(connection) if connection.way == CALDAV else GoogleCalendar(connection)
