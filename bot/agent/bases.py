"""What calls are based on: noted when a person is shown them, and compared before they run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.approval import Action
from bot.domain.basis import Basis, lean
from bot.domain.call import Call
from bot.domain.effect import Access, Effect, Realm
from bot.errors import ToolError
from bot.sdk.tool import Tool
from bot.store.calls import CallState, Entry
from bot.tools.drift import Drift, amount, drift

Accesses = Callable[[Call], Sequence[Access]]

_LASTING = (Effect.CREATE, Effect.CHANGE, Effect.DELETE, Effect.SEND, Effect.PUBLISH)
_GOES = (Effect.CHANGE, Effect.DELETE)


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What must still be so when the call is made; of an approved one a person is asked again otherwise.

    `accesses` is what the call was judged by.
    """

    basis: tuple[Basis, ...]
    is_approved: bool
    accesses: tuple[Access, ...]


def of(desk: Any, accesses: Sequence[Access]) -> tuple[Basis, ...]:
    """What stands at every place of a call that changes something; of one that only reads it does not matter."""
    if all(access.effect is Effect.READ for access in accesses):
        return ()
    return tuple(dict.fromkeys(desk.basis(access) for access in accesses if _is_based(access)))


def of_new(accesses: Sequence[Access]) -> Noted:
    """Nothing stands where a call is to make something. A source that another call is to bring is not meant."""
    basis = tuple(
        Basis(place=access.resource.name)
        for access in accesses
        if access.effect is Effect.CREATE and not access.resource.existed
    )
    return Noted(basis=basis, is_approved=False, accesses=tuple(accesses))


def drifted(desk: Any, bases: Sequence[Basis], accesses: Sequence[Access]) -> list[tuple[Basis, Drift]]:
    """What was changed since, place by place. What is gone and is not made anew is left to the call, which fails."""
    made = {access.resource.name for access in accesses if access.effect is Effect.CREATE}
    found = [(was, drift(was, desk.stands(was))) for was in bases]
    return [
        (was, change) for was, change in found if change and not (change.is_gone and was.place not in made)
    ]


def touched(done: Sequence[Entry], accesses: Accesses) -> set[str]:
    """The places in folders where these calls, which were made, were not only to read."""
    places: set[str] = set()
    for entry in done:
        if entry.receipt is not None:
            places.add(entry.receipt.where)
        with suppress(ToolError):
            places |= {one.resource.name for one in accesses(entry.call) if _writes_in_folder(one)}
    return places


def made_since(entry: Entry, beside: Sequence[Entry]) -> list[Entry]:
    """Of the calls beside it (of its turn or batch, in order) those that were made since a person was shown it."""
    first = next((at for at, one in enumerate(beside) if one.approval_id == entry.approval_id), len(beside))
    since = beside[first:]
    return [one for one in since if one.state is CallState.ANSWERED and not one.is_error]


def without(bases: Sequence[Basis], places: Collection[str]) -> tuple[Basis, ...]:
    """Those that nothing of ours has touched."""
    return tuple(basis for basis in bases if not any(map(basis.is_touched_by, places)))


def about(tool: str, bases: Sequence[Basis], accesses: Sequence[Access]) -> str:
    """What stands there now and will not any more: of a call that replaces or deletes; and what is in a folder."""
    going = {one.resource.name: one.effect for one in accesses if one.effect in _GOES}
    said = []
    for basis in bases:
        if basis.account:
            said.append(f"as {basis.account}")
        effect = going.get(basis.place)
        if not basis.print or effect is None or (basis.is_file and tool == "move_file"):
            continue
        replaces = effect is Effect.CHANGE and basis.is_file and tool != "edit_file"
        said.append(f"replaces {amount(basis)}" if replaces else amount(basis))
    return "; ".join(said)


def _is_based(access: Access) -> bool:
    """What is in a service is the service's to tell; whose account is used there, and what a tool was accepted as, is
    ours."""
    realm, is_written = access.resource.realm, access.effect is not Effect.READ
    return realm is Realm.FOLDER or (realm in (Realm.SERVICE, Realm.CONNECTOR) and is_written)


def inverse(tool: Tool, desk: Any, arguments: dict[str, Any], accesses: Sequence[Access]) -> str | None:
    """How a change would be undone, in words; "" where it could not be, None for what changes nothing."""
    if not any(access.effect in _LASTING for access in accesses):
        return None
    return "" if tool.inverse is None else tool.inverse(desk, **arguments)


def leaner(actions: Sequence[Action]) -> tuple[Action, ...]:
    """The same, with no more text of files than an approval is to hold."""
    kept = iter(list(lean([basis for action in actions for basis in action.basis])))
    return tuple(replace(action, basis=tuple(next(kept) for _ in action.basis)) for action in actions)


def _writes_in_folder(access: Access) -> bool:
    return access.resource.realm is Realm.FOLDER and access.effect is not Effect.READ
