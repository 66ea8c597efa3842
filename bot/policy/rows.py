"""The rows of the policy table, a function each: a verdict, or `None` when the row does not cover the access."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.brief import Boundary, Brief, Deed
from bot.domain.call import Call
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import Grants, KindGrant, Permission
from bot.domain.label import Audience, Label, audience_of
from bot.domain.task import Autonomy
from bot.domain.verdict import Allow, Ask, Deny, Verdict
from bot.policy import granted, scope
from bot.policy.words import deed, short

OUTSIDE = (Realm.SERVICE, Realm.CONNECTOR)
FINAL = {Effect.DELETE: "deleted", Effect.SEND: "sent", Effect.PUBLISH: "published"}
WRITES = (Effect.CREATE, Effect.CHANGE)
SOURCES_SHOWN = 3
_ASKED_READ = (Effect.READ, Realm.CONNECTOR, Permission.ASK)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a row may look at besides the access. The caller leaves out approvals that are expired or used.

    `strange` are the places that the call names, and nobody who may.
    """

    call: Call
    brief: Brief
    grants: Grants
    autonomy: Autonomy
    labels: frozenset[Label]
    read: tuple[str, ...]
    approved: frozenset[str]
    spent_out: str
    strange: tuple[str, ...] = ()


Row = Callable[[Access, Standing], Verdict | None]


def not_granted(access: Access, standing: Standing) -> Verdict | None:
    """Row 1."""
    reason = granted.refusal(access, standing.call.tool, standing.grants)
    return Deny(rule=1, reason=reason) if reason else None


def forbidden(access: Access, standing: Standing) -> Verdict | None:
    """Row 2: the requester's own words."""
    for boundary in standing.brief.boundaries:
        if _forbids(boundary, access):
            return Deny(rule=2, reason=f'You said "{boundary.quote}"; this would {deed(access)}.')
    return None


def plan_comes_first(access: Access, standing: Standing) -> Verdict | None:
    """Row 3."""
    brief = standing.brief
    if not brief.plan_first or brief.plan_approved or access.effect is Effect.READ:
        return None
    reason = f"You asked to see the plan first; this would already {deed(access)}."
    return Ask(rule=3, reason=reason, before_plan=True)


def spent(access: Access, standing: Standing) -> Verdict | None:
    """Row 4."""
    return out_of_budget(standing.spent_out) if standing.spent_out else None


def approved(access: Access, standing: Standing) -> Verdict | None:
    """Row 5: this exact call, or its kind."""
    if standing.call.digest in standing.approved:
        return Allow(rule=5, reason=f"Exactly this call was approved: to {deed(access)}.")
    kind = _kind_of(access, standing)
    if kind is None:
        return None
    reason = f"All calls of this kind were approved for this task: to {deed(access)}."
    return Allow(rule=5, reason=reason, kinds=frozenset({kind.id}) if kind.id else frozenset())


def checked_in(access: Access, standing: Standing) -> Verdict | None:
    """Row 3 again: the requester wants to be asked before this, whatever the autonomy."""
    for wish in standing.brief.check_ins:
        if access.effect in wish.effects and _is_meant(wish.deed, access, wish.where):
            return Ask(rule=3, reason=f'You said "{wish.quote}"; this would {deed(access)}.')
    return None


def final(access: Access, standing: Standing) -> Verdict | None:
    """Row 6: what cannot be taken back, but for what the task made itself."""
    if access.effect not in FINAL or (access.effect is Effect.DELETE and _is_own(access.resource)):
        return None
    return Ask(rule=6, reason=f"Nothing is {FINAL[access.effect]} without a person's approval.")


def supervised(access: Access, standing: Standing) -> Verdict | None:
    """Row 7."""
    if standing.autonomy is not Autonomy.SUPERVISED:
        return None
    return Ask(rule=7, reason="This task is supervised, so each call is approved first.")


def influenced(access: Access, standing: Standing) -> Verdict | None:
    """Row 8: what others wrote may be speaking through the model."""
    if Label.UNTRUSTED not in standing.labels:
        return None
    if _writes_unnamed(access, standing):
        return Ask(
            rule=8,
            reason=f"This would {deed(access)}, a place you did not name, after the task has read text "
            f"that someone else could have written{_where_from(standing.read)}.",
        )
    if audience_of(standing.labels) is not Audience.ANYONE and _leaves_unnamed(access, standing):
        return Ask(
            rule=8,
            reason=f"This would {deed(access)}, which neither you nor an admin named, after the task has read what "
            f"not everyone may read, and text that someone else could have written{_where_from(standing.read)}.",
        )
    if standing.strange and (access.effect is not Effect.READ or access.resource.realm is Realm.ADDRESS):
        return Ask(
            rule=8,
            reason=f"This would {deed(access)}, after the task has read text that someone else could have "
            f"written{_where_from(standing.read)}.",
        )
    return None


def outward(access: Access, standing: Standing) -> Verdict | None:
    """Row 9: what was there before the task, and what appears in an outside service."""
    if access.resource.realm in OUTSIDE:
        return _by_permission(access, standing)
    if access.resource.realm is not Realm.FOLDER or access.effect is not Effect.CHANGE:
        return None
    if _is_own(access.resource):
        return None
    if standing.autonomy is Autonomy.AUTONOMOUS:
        return Allow(rule=9, reason=f"An autonomous task may {deed(access)}; there is a receipt.")
    return Ask(rule=9, reason="This changes what was there before the task.")


def ordinary(access: Access, standing: Standing) -> Verdict | None:
    """Row 10."""
    match access.effect, access.resource.realm:
        case (Effect.READ | Effect.EGRESS, _):
            return Allow(rule=10, reason=f"It may {deed(access)} without asking.")
        case (Effect.CREATE, Realm.FOLDER) | (Effect.EXECUTE, Realm.SANDBOX):
            return Allow(rule=10, reason=f"It may {deed(access)}, which was granted.")
        case (Effect.CHANGE | Effect.DELETE, Realm.FOLDER) if access.resource.own:
            return Allow(rule=10, reason=f"It may {deed(access)}, which this task made itself.")
    return None


def is_heard_of(access: Access, standing: Standing) -> bool:
    """Whether the table says anything of such an access, at whatever autonomy."""
    return any(row(access, standing) for row in (final, outward, ordinary))


def out_of_budget(spent_out: str) -> Ask:
    return Ask(rule=4, reason=f"A budget is used up: {spent_out}. The work so far is kept.", pause=True)


def covers(kind: KindGrant, call: Call, access: Access) -> bool:
    """Whether "all of this kind" holds this access. What cannot be taken back it holds in one exact place only."""
    if (kind.tool, kind.effect) != (call.tool, access.effect):
        return False
    if access.effect in FINAL:
        return kind.where == scope.place_of(access.resource)
    return not kind.where or scope.is_within(access.resource, kind.where)


def _kind_of(access: Access, standing: Standing) -> KindGrant | None:
    """The kind that holds this access. A yes to a kind was given before the call was shown: it is no yes where the
    requester wants to be asked, nor where others' text may be speaking."""
    if not standing.grants.kinds or checked_in(access, standing) or influenced(access, standing):
        return None
    if access.effect in FINAL and Label.UNTRUSTED in standing.labels:
        return None
    return next((kind for kind in standing.grants.kinds if covers(kind, standing.call, access)), None)


def _forbids(boundary: Boundary, access: Access) -> bool:
    if access.effect not in boundary.effects or not _is_meant(boundary.deed, access, boundary.where):
        return False
    if not boundary.only:
        return True
    return not (
        _is_own(access.resource) or any(scope.has_part(access.resource, part) for part in boundary.only)
    )


def _is_meant(meant: Deed, access: Access, where: str) -> bool:
    if meant is not Deed.ANY and access.is_move != (meant is Deed.MOVING):
        return False
    return scope.contains(access.resource, where)


def _writes_unnamed(access: Access, standing: Standing) -> bool:
    resource = access.resource
    if access.effect not in WRITES or resource.realm not in (Realm.FOLDER, *OUTSIDE) or _is_own(resource):
        return False
    if resource.realm is Realm.FOLDER:
        folders = [folder.path for folder in standing.grants.folders]
        return not scope.is_named(resource.name, standing.brief.named, folders)
    return not scope.is_within_any(resource, standing.brief.named)


def _leaves_unnamed(access: Access, standing: Standing) -> bool:
    if access.effect is not Effect.EGRESS and (access.effect, access.resource.realm) != (
        Effect.READ,
        Realm.ADDRESS,
    ):
        return False
    return not scope.is_within_any(access.resource, standing.brief.named | standing.grants.addresses)


def _where_from(read: Sequence[str]) -> str:
    """The last sources read, since what speaks through the model is most often what it read last."""
    named = [short(name) for name in read[-SOURCES_SHOWN:]]
    more = len(read) - len(named)
    return f" ({', '.join(named)}{f' and {more} more' if more else ''})" if named else ""


def _by_permission(access: Access, standing: Standing) -> Verdict | None:
    """What only reads is not asked for, but of a connector whose admin wants that."""
    tool = standing.call.tool
    chosen = granted.permission(access, tool, standing.grants)
    is_asked_read = (access.effect, access.resource.realm, chosen) == _ASKED_READ
    if access.effect not in (*WRITES, Effect.EGRESS) and not is_asked_read:
        return None
    if chosen is Permission.ON:
        return Allow(rule=9, reason=f"{tool} is switched on, so it may {deed(access)}.")
    named = tool.removeprefix(access.resource.name).strip("_").replace("_", " ")
    return Ask(rule=9, reason=f"This would {deed(access)}, and “{named}” is set to ask each time.")


def _is_own(resource: Resource) -> bool:
    return resource.own and resource.realm is Realm.FOLDER
