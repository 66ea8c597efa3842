"""Who sits at the terminal: whoever the system says, with the rights of an admin over what is chosen there."""

from __future__ import annotations

import getpass
import os
from typing import Final

from bot.domain.deciders import Facts
from bot.domain.person import TERMINAL, Person

OPERATES: Final = Facts(is_admin=True)


def person() -> Person:
    """By name; in a container that may be a number."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return Person(team=TERMINAL, user=name, name=name)
