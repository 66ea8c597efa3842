"""What is known of the data a task has seen: who could have written it, and who may read it. Labels only grow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.destination import Issued


class Label(StrEnum):
    """UNTRUSTED: someone else could have written it. INTERNAL: only members of the workspace may read it.

    PRIVATE: only some of them may.
    """

    UNTRUSTED = "untrusted"
    INTERNAL = "internal"
    PRIVATE = "private"


class Audience(StrEnum):
    """Who may read something, the widest first. REQUESTER: of nobody else is it known that they may."""

    ANYONE = "anyone"
    WORKSPACE = "workspace"
    REQUESTER = "requester"

    def is_wider_than(self, other: Audience) -> bool:
        order = list(Audience)
        return order.index(self) < order.index(other)


_OF_AUDIENCE = {
    Audience.ANYONE: frozenset[Label](),
    Audience.WORKSPACE: frozenset({Label.INTERNAL}),
    Audience.REQUESTER: frozenset({Label.PRIVATE}),
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a result comes from, by a name that people know. `is_trusted`: nobody else could have written it.

    `issued` are ids that came with it: a service gave them itself, whoever wrote the rest.
    """

    name: str
    audience: Audience = Audience.REQUESTER
    is_trusted: bool = False
    issued: tuple[Issued, ...] = ()

    @property
    def labels(self) -> frozenset[Label]:
        written_by_others = frozenset() if self.is_trusted else frozenset({Label.UNTRUSTED})
        return _OF_AUDIENCE[self.audience] | written_by_others


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a task has seen so far. `untrusted` names the sources that someone else could have written, in order."""

    labels: frozenset[Label] = frozenset()
    untrusted: tuple[str, ...] = ()
    issued: frozenset[Issued] = frozenset()

    def shown(self, audiences: Iterable[Audience]) -> Seen:
        """With what people are shown on a card, and the model is not."""
        return self.grown((), frozenset[Label]().union(*(_OF_AUDIENCE[one] for one in audiences)))

    def grown(self, sources: Iterable[Source], labels: Iterable[Label] = ()) -> Seen:
        """With these besides; nothing is ever taken away."""
        sources = tuple(sources)
        named = [one.name for one in sources if not one.is_trusted]
        return Seen(
            labels=self.labels.union(labels, *(one.labels for one in sources)),
            untrusted=tuple(dict.fromkeys((*self.untrusted, *named))),
            issued=self.issued.union(*(one.issued for one in sources)),
        )


def audience_of(labels: Iterable[Label]) -> Audience:
    """Who may read what is made of data with these labels: only those who may read all of it."""
    if Label.PRIVATE in labels:
        return Audience.REQUESTER
    return Audience.WORKSPACE if Label.INTERNAL in labels else Audience.ANYONE
