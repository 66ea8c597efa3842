"""What a goal must be to be taken, how long words may be, and which folders a goal may use."""

from __future__ import annotations

from bot.domain.grant import FolderGrant
from bot.domain.veil import Veil
from bot.errors import NotAllowed
from bot.store.encoding import legible

GOAL_LIMIT = 10_000
WORDS_LIMIT = 10_000


def checked(goal: str, veil: Veil = Veil()) -> str:
    """As it is written down: secrets in it are hidden."""
    goal = legible(goal).strip()
    if not goal:
        raise NotAllowed("Tell me the goal, for example: `/cowork Organize the reports folder`.")
    if len(goal) > GOAL_LIMIT:
        raise NotAllowed(
            f"Your goal has {len(goal):,} characters; I can take {GOAL_LIMIT:,}. "
            "Put the long part in a file in a granted folder and name that file in the goal."
        )
    return veil.masked(goal)


def checked_words(text: str, veil: Veil = Veil()) -> str:
    """Words in a thread, secrets hidden. Too long ones are refused whole: what was cut off could be the "not"."""
    text = legible(text).strip()
    if len(text) > WORDS_LIMIT:
        raise NotAllowed(
            f"That has {len(text):,} characters; I can take {WORDS_LIMIT:,}, so I did not read it. "
            "Say it shorter, or put the long part in a file in a granted folder."
        )
    return veil.masked(text)


def chosen_folders(granted: tuple[FolderGrant, ...], folder: str) -> tuple[FolderGrant, ...]:
    if not folder:
        return granted
    chosen = tuple(grant for grant in granted if grant.path == folder)
    if not chosen:
        names = ", ".join(grant.path for grant in granted) or "none"
        raise NotAllowed(
            f"The folder {folder} is not granted. Granted: {names}. An operator sets COWORK_FOLDERS."
        )
    return chosen
