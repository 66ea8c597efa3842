"""Who may decide what a task put to a person, and whose word is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.approval import Action, ApprovalKind, Draft
from bot.domain.deciders import Authority, Deciders, Facts, Rule, Yes
from bot.domain.effect import Access, Realm, Resource
from bot.domain.kind import Kind
from bot.domain.person import Person
from bot.domain.task import Task
from bot.domain.verdict import Allow, Deny
from bot.policy import scope
from bot.policy.check import in_full
from bot.sdk.scope import in_scope

RULE = 5
TOKEN = "An API token cannot say yes to what was asked for through a token of the same person."
_RUNS = (ApprovalKind.CALLS, ApprovalKind.BATCH, ApprovalKind.OUTCOME)


@dataclass(frozen=True, kw_only=True)
class Missing:
    """How many more it takes of these deciders."""

    deciders: Deciders
    people: int


def needed(draft: Draft, task: Task, authority: Authority) -> tuple[Deciders, ...]:
    """Whom it takes for all that is asked: each of these has to be satisfied by itself.

    What no rule is about takes the requester as ever; an action of a batch that would not even have been asked about
    (it has no reason) takes nobody.
    """
    usual = usually(authority)
    if draft.kind not in _RUNS:
        return (usual,)
    found: list[Deciders] = []
    for action in draft.actions:
        found += _of_action(action, task, authority) or ([usual] if action.reason else [])
    return tuple(dict.fromkeys(found)) or (usual,)


def leaves_kinds(kind: Kind, task: Task, authority: Authority) -> bool:
    """Whether the requester alone may allow all of a kind: no rule is about anything in the folder it is for."""
    folder = Resource(realm=Realm.FOLDER, name=kind.where, existed=True)
    rules = [rule for rule in authority.rules if _is_of_channel(rule, task)]
    done = (Access(effect=effect, resource=folder) for effect in kind.effects)
    return is_usual([deciders for access in done for deciders in _of(access, rules)])


def usually(authority: Authority) -> Deciders:
    """Where no rule fits. A rule about everything says of this, too, whether tokens count."""
    by_token = any(
        rule.deciders.by_token and not (rule.effects or rule.where or rule.channels)
        for rule in authority.rules
    )
    return Deciders(requester=True, users=authority.approvers, by_token=by_token)


def missing(needs: Iterable[Deciders], said: Sequence[Yes], task: Task) -> tuple[Missing, ...]:
    """What it still takes after these have said yes; nobody counts twice."""
    found = []
    for deciders in needs:
        agreed = {
            (yes.person.team, yes.person.user)
            for yes in said
            if counts(yes.person, yes.facts, deciders, task)
        }
        if len(agreed) < deciders.people:
            found.append(Missing(deciders=deciders, people=deciders.people - len(agreed)))
    return tuple(found)


def counts(person: Person, facts: Facts, deciders: Deciders, task: Task) -> bool:
    """Whether this person's yes is one of those it takes. Never that of a guest or of another workspace."""
    if facts.is_guest or person.team != task.person.team:
        return False
    if facts.asked_by_token and not deciders.by_token:
        return False
    is_its_own = task.is_or_was_steered_by(person) or person.user in deciders.editors
    if not deciders.by_self and is_its_own:
        return False
    return (
        (deciders.requester and person.is_same(task.person))
        or (deciders.admins and facts.is_admin)
        or person.user in deciders.users
        or bool(deciders.groups.intersection(facts.groups))
    )


def may_approve(person: Person, facts: Facts, task: Task, open_: Sequence[Missing]) -> Allow | Deny:
    """Whether their yes counts for something that is still missing. The reason of a `Deny` says whose does."""
    if any(counts(person, facts, one.deciders, task) for one in open_):
        return Allow(rule=RULE, reason=f"{person.name} may decide this.")
    return _denied(person, facts, task, " and ", [one.deciders for one in open_])


def asks_others(needs: Iterable[Deciders]) -> bool:
    """Whether anybody but the requester could decide."""
    return any(one.users or one.groups or one.admins for one in needs)


def is_usual(needs: Iterable[Deciders]) -> bool:
    """Whether the requester alone is enough."""
    return all(one.requester and one.people == 1 for one in needs)


def is_admin(person: Person, facts: Facts, task: Task) -> bool:
    """Of the task's own workspace: they may stop it, whoever's it is."""
    return facts.is_admin and not facts.is_guest and person.team == task.person.team


def may_undo(person: Person, facts: Facts, task: Task, authority: Authority) -> Allow | Deny:
    """Whether they may have taken back what the task did: as for what no rule is about."""
    return may_approve(person, facts, task, [Missing(deciders=usually(authority), people=1)])


def may_turn(
    person: Person, facts: Facts, task: Task, needs: Sequence[Deciders], authority: Authority
) -> Allow | Deny:
    """Whether they may redirect, answer or stop: whoever steers the task, and everyone whose yes could count.

    To say no is never too much, also for a token.
    """
    facts = replace(facts, asked_by_token=False)
    able = [usually(authority), *needs]
    is_helper = task.crew.helps(person) and not facts.is_guest
    if is_helper or any(counts(person, facts, deciders, task) for deciders in able):
        return Allow(rule=RULE, reason=f"{person.name} may decide this.")
    return _denied(person, facts, task, " or ", able)


def may_fill_in(person: Person, facts: Facts, needs: Sequence[Deciders]) -> Allow | Deny:
    """Whether what they write may go to a connector that asks: a token's, as its yes, only where it did not ask."""
    if facts.asked_by_token and not all(one.by_token for one in needs):
        return Deny(rule=RULE, reason=TOKEN)
    return Allow(rule=RULE, reason=f"{person.name} may answer this.")


def said(deciders: Deciders, task: Task, *, besides: Person | None = None) -> str:
    """In words for people: "Ana Silva or a named approver", "two of @leads, not who steers the task"."""
    is_asked = deciders.requester and not (besides is not None and besides.is_same(task.person))
    who = [
        *([task.person.name] if is_asked else []),
        *(["a named approver"] if deciders.users else []),
        *sorted(deciders.groups),
        *(["a workspace admin"] if deciders.admins else []),
    ]
    whom = " or ".join(who) or "an approver whom an admin names"
    whom = whom if deciders.people == 1 else f"{deciders.people} people of: {whom}"
    return f"{whom}{besides_self(deciders)}"


def besides_self(deciders: Deciders) -> str:
    """Whose yes does not count, in words behind those whose does."""
    if deciders.by_self:
        return ""
    return f" (not who {'edited it or ' if deciders.editors else ''}steers the task)"


def _of_action(action: Action, task: Task, authority: Authority) -> list[Deciders]:
    """As it is laid down; where nobody may say yes to what is their own, those who edited it may not either."""
    found = _laid_down(action, task, authority)
    editors = frozenset(action.revision.editors if action.revision else ())
    return [one if one.by_self else replace(one, editors=editors) for one in found]


def _laid_down(action: Action, task: Task, authority: Authority) -> list[Deciders]:
    """By the rules that fit what an action does. Where that is not known, any rule of this channel may be about it."""
    of_channel = [rule for rule in authority.rules if _is_of_channel(rule, task)]
    if action.accesses is None:
        return [rule.deciders for rule in of_channel]
    return [deciders for access in in_full(action.accesses) for deciders in _of(access, of_channel)]


def _of(access: Access, rules: Sequence[Rule]) -> list[Deciders]:
    """Of the first rule that fits; and, where the access is to all of a folder, of each for a place inside it."""
    of_kind = [rule for rule in rules if _is_effect(rule, access)]
    first = next((rule for rule in of_kind if _is_there(rule, access)), None)
    inside = [rule.deciders for rule in of_kind if rule is not first and _reaches_into(access, rule)]
    return inside if first is None else [first.deciders, *inside]


def _is_of_channel(rule: Rule, task: Task) -> bool:
    return not rule.channels or task.place.channel in rule.channels


def _is_effect(rule: Rule, access: Access) -> bool:
    return not rule.effects or access.effect in rule.effects


def _is_there(rule: Rule, access: Access) -> bool:
    """A folder and all in it; a service or an item of one, with * for any; a host."""
    resource = access.resource
    is_item = resource.realm in (Realm.SERVICE, Realm.CONNECTOR)
    return (
        not rule.where
        or scope.is_within_any(resource, rule.where)
        or (is_item and in_scope(scope.place_of(resource), rule.where))
    )


def _reaches_into(access: Access, rule: Rule) -> bool:
    is_folder = access.resource.realm is Realm.FOLDER
    return is_folder and any(scope.is_inside(place, access.resource.name) for place in rule.where)


def _denied(person: Person, facts: Facts, task: Task, joint: str, able: Sequence[Deciders]) -> Deny:
    who = joint.join(dict.fromkeys(said(deciders, task, besides=person) for deciders in able))
    if facts.is_guest or person.team != task.person.team:
        sort = "a guest" if facts.is_guest else "a member of another workspace"
        return Deny(rule=RULE, reason=f"{person.name} is here as {sort} and cannot decide; {who} can.")
    if facts.asked_by_token and any(
        counts(person, replace(facts, asked_by_token=False), deciders, task) for deciders in able
    ):
        return Deny(rule=RULE, reason=f"{TOKEN} Press Approve in Slack.")
    asked = {group for deciders in able for group in deciders.groups}
    if silent := [why for group, why in facts.unknown if group in asked]:
        return Deny(rule=RULE, reason=silent[0])
    return Deny(rule=RULE, reason=f"Only {who} can decide this.")
