"""Where a call's arguments say that something goes, and from whom such a name may come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Aim(StrEnum):
    """NAME: a recipient, a channel, a repository. ADDRESS: a host or a URL. COMMAND: what is run."""

    NAME = "name"
    ADDRESS = "address"
    COMMAND = "command"


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Marks an argument that says where something goes: `to: Annotated[str, "Who gets it.", Destination()]`."""

    aim: Aim = Aim.NAME


@dataclass(frozen=True, kw_only=True)
class Target:
    """What such an argument holds in one call; `shown` is the same for people."""

    text: str
    shown: str
    aim: Aim = Aim.NAME


@dataclass(frozen=True, kw_only=True)
class Issued:
    """An id that a service itself gave to something of its own; `by` is the service as in `services_of`."""

    by: str
    id: str


@dataclass(frozen=True, kw_only=True)
class Origins:
    """From where a destination may come, besides an admin's lists: `said` are the requester's own words."""

    said: tuple[str, ...] = ()
    issued: frozenset[Issued] = frozenset()
