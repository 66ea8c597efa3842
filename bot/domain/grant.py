"""What a person or an admin allowed: folders, services with their permissions and scope, connectors, kinds of call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePath

from bot.domain.effect import Effect


class Permission(StrEnum):
    OFF = "off"
    ASK = "ask"
    ON = "on"


@dataclass(frozen=True, kw_only=True)
class FolderGrant:
    path: str
    writable: bool = True


@dataclass(frozen=True, kw_only=True)
class ServiceGrant:
    """A plugin or connector that is on: a permission per tool, and the items in scope ("acme/*" patterns; none = no
    item). `reasons` say of a tool why it is off, where nobody switched it off."""

    permissions: Mapping[str, Permission] = field(default_factory=dict)
    scope: tuple[str, ...] = ("*",)
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class KindGrant:
    """A yes to all calls of one kind in one task: a tool with an effect inside `where`.

    Callers count and expire it, by its `id`.
    """

    tool: str
    effect: Effect
    where: str = ""
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Grants:
    """`addresses` are the hosts and services to which an admin lets text go even after private data was seen."""

    folders: tuple[FolderGrant, ...] = ()
    services: Mapping[str, ServiceGrant] = field(default_factory=dict)
    connectors: Mapping[str, ServiceGrant] = field(default_factory=dict)
    kinds: tuple[KindGrant, ...] = ()
    sandbox: bool = False
    addresses: frozenset[str] = frozenset()

    def besides(self, outside: Grants, *, kinds: tuple[KindGrant, ...]) -> Grants:
        """With what is granted outside now: services, connectors and where these go; and these kinds."""
        return replace(
            self,
            services=outside.services,
            connectors=outside.connectors,
            addresses=self.addresses | outside.addresses,
            kinds=kinds,
        )


def near(text: str, folders: Iterable[FolderGrant]) -> str:
    """`text` with each path in one of these shortened to start with that folder's own name."""
    for folder in folders:
        parent = str(PurePath(folder.path).parent)
        if len(parent) > 1:
            text = text.replace(f"{folder.path}/", folder.path[len(parent) + 1 :] + "/")
    return text


def clearly_near(text: str, folders: Sequence[FolderGrant]) -> str:
    """The same where no two of them have one name; as it is otherwise."""
    names = [PurePath(folder.path).name for folder in folders]
    return near(text, folders) if len(set(names)) == len(names) else text
