"""Where the result of a call comes from: when its tool does not say, from everything that it touches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.destination import Issued
from bot.domain.effect import Access, Effect, Realm, services_of
from bot.domain.label import Audience, Source

MOST_IDS = 500
_OUTSIDE = (Realm.SERVICE, Realm.CONNECTOR, Realm.ADDRESS, Realm.SANDBOX)


def sources_of(accesses: Iterable[Access]) -> tuple[Source, ...]:
    """Others could have written whatever comes back, and of nobody but the requester is it known that they may read it.

    What an address answers anyone may read. A change to a file gives back nothing of what is in it.
    """
    return tuple(
        Source(name=_name(access), audience=_audience(access))
        for access in accesses
        if access.effect is Effect.READ or access.resource.realm in _OUTSIDE
    )


def with_ids(sources: Sequence[Source], ids: Sequence[str], accesses: Sequence[Access]) -> tuple[Source, ...]:
    """The sources with the ids that the one service that was asked gave itself; of several it is not known which."""
    asked = services_of(accesses)
    if not ids or len(asked) != 1:
        return tuple(sources)
    (by,) = asked
    first = sources[0] if sources else Source(name=by, audience=Audience.ANYONE, is_trusted=True)
    issued = tuple(Issued(by=by, id=one) for one in dict.fromkeys(ids[:MOST_IDS]))
    return (replace(first, issued=issued), *sources[1:])


def _audience(access: Access) -> Audience:
    return Audience.ANYONE if access.resource.realm is Realm.ADDRESS else Audience.REQUESTER


def _name(access: Access) -> str:
    resource = access.resource
    return f"{resource.name}/{resource.item}" if resource.item else resource.name
