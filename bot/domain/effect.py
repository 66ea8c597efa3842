"""What a call does to the world, and to which part of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    SEND = "send"
    PUBLISH = "publish"
    EXECUTE = "execute"
    EGRESS = "egress"


class Realm(StrEnum):
    """The kind of place a resource is in: each is granted in its own way."""

    FOLDER = "folder"
    SERVICE = "service"
    CONNECTOR = "connector"
    SANDBOX = "sandbox"
    ADDRESS = "address"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One thing a call touches.

    `name` is an absolute path, a service, a connector or a host; `item` is what is touched inside a
    service (a repository, a channel). `existed` says it was there before the call; `own` that this
    task made it.
    """

    realm: Realm
    name: str
    item: str = ""
    existed: bool = False
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class Access:
    """One effect on one resource. A call may have several: a move changes its source and creates its target.

    `is_move`: nothing new appears and nothing else is in it, it is only elsewhere or has another name. `is_deep`: of a
    folder, with all that is in it.
    """

    effect: Effect
    resource: Resource
    is_move: bool = False
    is_deep: bool = False


def services_of(accesses: Iterable[Access]) -> frozenset[str]:
    """The services and connectors that these go to: a connector is not the service of the same name."""
    outside = (Realm.SERVICE, Realm.CONNECTOR)
    return frozenset(
        f"{one.resource.realm}:{one.resource.name}" for one in accesses if one.resource.realm in outside
    )
