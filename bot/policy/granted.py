"""Row 1 of the table: whether what an access touches was granted, and if not, why."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.effect import Access, Effect, Realm
from bot.domain.grant import Grants, Permission, ServiceGrant
from bot.policy import scope
from bot.policy.words import shown
from bot.sdk.scope import in_scope


def refusal(access: Access, tool: str, grants: Grants) -> str | None:
    """Why the access is not granted, in a sentence; `None` when it is."""
    match access.resource.realm:
        case Realm.FOLDER:
            return _folder_refusal(access, grants)
        case Realm.SERVICE | Realm.CONNECTOR:
            return _service_refusal(access, tool, grants)
        case Realm.SANDBOX:
            return (
                None if grants.sandbox else "No sandbox was granted to this task, so no command can be run."
            )
        case Realm.ADDRESS:
            return None


def permission(access: Access, tool: str, grants: Grants) -> Permission:
    """How a tool of a service or connector is switched; what nobody switched is off."""
    granted = _of_realm(access.resource.realm, grants).get(access.resource.name)
    return granted.permissions.get(tool, Permission.OFF) if granted else Permission.OFF


def _folder_refusal(access: Access, grants: Grants) -> str | None:
    path = access.resource.name
    if access.resource.own and scope.is_inside(path, "/"):
        return None
    folders = scope.innermost(path, grants.folders)
    if not folders:
        return f"{shown(path)} is not inside a folder granted to this task."
    if access.effect is Effect.READ or all(folder.writable for folder in folders):
        return None
    return f"{shown(path)} may only be read: {shown(folders[0].path)} was granted read-only."


def _service_refusal(access: Access, tool: str, grants: Grants) -> str | None:
    resource = access.resource
    granted = _of_realm(resource.realm, grants).get(resource.name)
    if granted is None:
        return _absence(resource.realm, resource.name)
    if permission(access, tool, grants) is Permission.OFF:
        return granted.reasons.get(tool) or f"{shown(tool)} is switched off for {shown(resource.name)}."
    if not in_scope(resource.item, granted.scope):
        return _outside(resource.name, resource.item, granted)
    return None


def _of_realm(realm: Realm, grants: Grants) -> Mapping[str, ServiceGrant]:
    return grants.connectors if realm is Realm.CONNECTOR else grants.services


def _absence(realm: Realm, name: str) -> str:
    if realm is Realm.CONNECTOR:
        return f"{shown(name)} is not on the admin's list of connectors."
    return f"{shown(name)} is not switched on for this task."


def _outside(service: str, item: str, granted: ServiceGrant) -> str:
    within = ", ".join(granted.scope) or "nothing"
    what = shown(item) if item else "The whole of it"
    return f"{what} is outside what was granted of {shown(service)} ({shown(within)})."
