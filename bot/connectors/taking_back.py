"""Sign-ins that are over are taken back where they were given: each asked for once, and what comes of it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import httpx2

from bot.connectors import grants
from bot.connectors.signed_in import SignedIn

AT_ONCE: Final = 8
WITHIN: Final = 20.0
"""Seconds for all of them: somebody waits."""
LATE: Final = "it did not answer in time"


async def taken_back(held: Sequence[SignedIn], http: Callable[[], httpx2.AsyncClient]) -> list[str]:
    """For each in order why it was not, "" where it was."""
    if not held:
        return []
    turns = asyncio.Semaphore(AT_ONCE)

    async def asked(one: SignedIn) -> str:
        async with turns:
            return await grants.revoked(one, http)

    asking = [asyncio.ensure_future(asked(one)) for one in held]
    _, late = await asyncio.wait(asking, timeout=WITHIN)
    for one in late:
        one.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return [LATE if one in late else one.result() for one in asking]


def told(whys: Sequence[str]) -> str:
    """For whoever removed a connector, in words; "" where nobody was signed in."""
    total, failed = len(whys), sum(map(bool, whys))
    if not total:
        return ""
    if not failed:
        which = "The sign-in" if total == 1 else f"All {total:,} sign-ins"
        return f"{which} at its server {'was' if total == 1 else 'were'} taken back there, too."
    if failed == total:
        which = "The sign-in" if total == 1 else f"The {total:,} sign-ins"
        return f"{which} at its server could not be taken back there: whoever made one can end it in their account."
    done = total - failed
    return (
        f"Of {total:,} sign-ins at its server {done:,} {'was' if done == 1 else 'were'} taken back there: whoever "
        "made another can end it in their account."
    )
