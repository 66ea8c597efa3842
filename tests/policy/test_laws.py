"""Laws of the policy table that hold for every call, whatever else is the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from bot.domain.brief import Boundary, Brief, CheckIn
from bot.domain.call import Call
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import FolderGrant, Grants, KindGrant, Permission, ServiceGrant
from bot.domain.label import Label
from bot.domain.task import Autonomy
from bot.domain.verdict import Allow, Ask, Deny, Verdict
from bot.policy.check import check
from bot.policy.scope import is_inside, place_of
from tests.laws import tried

PATHS = ["/", "/a", "/a/b", "/a/b/c.md", "/a/bc", "/a/../d"]
NAMES = ["github", "db"]
ITEMS = ["acme/api", "acme/web", "evil/api", "acme/%2e%2e/evil"]
HOSTS = ["acme.example", "evil.example"]
TOOLS = ["github_create_issue", "db__query"]
PLACES = st.sampled_from([*PATHS, *NAMES, *ITEMS, *HOSTS, "github/acme/api", "db/evil/api"])
FINAL = {Effect.DELETE, Effect.SEND, Effect.PUBLISH}
lawful = settings(max_examples=tried(150), deadline=None)
LOOSEST_FIRST = [Autonomy.AUTONOMOUS, Autonomy.CHECKPOINT, Autonomy.SUPERVISED]
PERMISSIONS = [Permission.OFF, Permission.ASK, Permission.ON]

flag = st.booleans()
resources = st.one_of(
    st.builds(Resource, realm=st.just(Realm.FOLDER), name=st.sampled_from(PATHS), existed=flag, own=flag),
    st.builds(
        Resource,
        realm=st.sampled_from([Realm.SERVICE, Realm.CONNECTOR]),
        name=st.sampled_from(NAMES),
        item=st.sampled_from(ITEMS),
        own=flag,
    ),
    st.builds(Resource, realm=st.just(Realm.ADDRESS), name=st.sampled_from(HOSTS)),
    st.just(Resource(realm=Realm.SANDBOX, name="sandbox")),
)
access = st.builds(Access, effect=st.sampled_from(Effect), resource=resources)
boundaries = st.builds(
    Boundary,
    effects=st.frozensets(st.sampled_from(Effect), min_size=1, max_size=4),
    quote=st.just("hands off"),
    where=st.sampled_from(["", "a/b", "acme", "evil"]),
    only=st.frozensets(st.sampled_from(["acme", "api", "b"]), max_size=2),
)
service_grants = st.builds(
    ServiceGrant,
    permissions=st.fixed_dictionaries(dict.fromkeys(TOOLS, st.sampled_from(PERMISSIONS))),
    scope=st.lists(st.sampled_from(["*", "acme/*", "acme/api"]), min_size=1, max_size=2).map(tuple),
)
kind_grants = st.builds(KindGrant, tool=st.sampled_from(TOOLS), effect=st.sampled_from(Effect), where=PLACES)
folder_grants = st.builds(FolderGrant, path=st.sampled_from(PATHS[:3]), writable=flag)
services = st.fixed_dictionaries(dict.fromkeys(NAMES, service_grants))
grants = st.builds(
    Grants,
    folders=st.lists(folder_grants, min_size=1, max_size=3).map(tuple),
    services=services,
    connectors=services,
    kinds=st.lists(kind_grants, max_size=3).map(tuple),
    sandbox=flag,
    addresses=st.frozensets(PLACES, max_size=2),
)
briefs = st.builds(
    Brief,
    boundaries=st.one_of(st.just(()), boundaries.map(lambda boundary: (boundary,))),
    plan_first=st.sampled_from([False, False, True]),
    plan_approved=flag,
    named=st.frozensets(PLACES, max_size=3),
)
calls = st.builds(Call, id=st.just("toolu_1"), tool=st.sampled_from(TOOLS), input=st.just({}))


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything that `check` is told."""

    call: Call
    accesses: tuple[Access, ...]
    brief: Brief
    grants: Grants
    autonomy: Autonomy
    labels: frozenset[Label]
    is_approved: bool
    spent_out: str

    @property
    def verdict(self) -> Verdict:
        return check(
            self.call,
            self.accesses,
            brief=self.brief,
            grants=self.grants,
            autonomy=self.autonomy,
            labels=self.labels,
            approved=frozenset({self.call.digest}) if self.is_approved else frozenset(),
            spent_out=self.spent_out,
        )


situations = st.builds(
    Situation,
    call=calls,
    accesses=st.one_of(access.map(lambda one: (one,)), st.lists(access, max_size=3).map(tuple)),
    brief=briefs,
    grants=grants,
    autonomy=st.sampled_from(Autonomy),
    labels=st.frozensets(st.sampled_from(Label)),
    is_approved=st.sampled_from([False, False, True]),
    spent_out=st.sampled_from(["", "", "", "200 turns"]),
)


def strictness(verdict: Verdict) -> int:
    return [Allow, Ask, Deny].index(type(verdict))


def assert_no_looser(tight: Situation, loose: Situation) -> None:
    event(f"{type(loose.verdict).__name__} to {type(tight.verdict).__name__}")
    assert strictness(tight.verdict) >= strictness(loose.verdict), (tight.verdict, loose.verdict)


def without(items: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in items.items() if name != key}


def is_a_limit(folder: FolderGrant, folders: tuple[FolderGrant, ...]) -> bool:
    """A read-only folder in or equal to a writable one takes away: it is no grant to lose."""
    return not folder.writable and any(
        is_inside(folder.path, other.path) for other in folders if other.writable
    )


@lawful
@given(situations)
def test_a_tighter_autonomy_never_permits_more(situation: Situation) -> None:
    autonomous, checkpoint, supervised = (replace(situation, autonomy=level) for level in LOOSEST_FIRST)
    assert_no_looser(checkpoint, autonomous)
    assert_no_looser(supervised, checkpoint)


@lawful
@given(situations)
def test_no_autonomy_loosens_rows_1_to_5(situation: Situation) -> None:
    verdicts = [replace(situation, autonomy=level).verdict for level in Autonomy]
    if any(verdict.rule in range(1, 5) for verdict in verdicts):
        assert verdicts == [verdicts[0]] * 3
    assume(len(situation.accesses) == 1)
    if any(verdict.rule == 5 for verdict in verdicts):
        assert verdicts == [verdicts[0]] * 3


@lawful
@given(situations, boundaries)
def test_a_boundary_never_permits_more(situation: Situation, boundary: Boundary) -> None:
    brief = replace(situation.brief, boundaries=(*situation.brief.boundaries, boundary))
    assert_no_looser(replace(situation, brief=brief), situation)


@lawful
@given(situations, st.frozensets(st.sampled_from(Effect), max_size=4), st.sampled_from(["", "a/b", "acme"]))
def test_a_wish_to_be_asked_never_permits_more(
    situation: Situation, effects: frozenset[Effect], where: str
) -> None:
    wish = CheckIn(quote="ask me first", effects=effects, where=where)
    asked = replace(situation.brief, check_ins=(*situation.brief.check_ins, wish))
    assert_no_looser(replace(situation, brief=asked), situation)


@lawful
@given(situations)
def test_plan_first_never_permits_more(situation: Situation) -> None:
    asked = replace(situation.brief, plan_first=True, plan_approved=False)
    assert_no_looser(replace(situation, brief=asked), situation)


@lawful
@given(situations, st.sampled_from(Label))
def test_a_label_never_permits_more(situation: Situation, label: Label) -> None:
    assert_no_looser(replace(situation, labels=situation.labels | {label}), situation)


@lawful
@given(situations)
def test_dropping_an_approval_never_permits_more(situation: Situation) -> None:
    assert_no_looser(replace(situation, is_approved=False), replace(situation, is_approved=True))


@lawful
@given(situations)
def test_a_spent_budget_never_permits_anything(situation: Situation) -> None:
    spent = replace(situation, spent_out="200 turns")
    assert_no_looser(spent, situation)
    assert not isinstance(spent.verdict, Allow)


@lawful
@given(situations, access)
def test_doing_more_in_one_call_never_permits_more(situation: Situation, more: Access) -> None:
    assert_no_looser(replace(situation, accesses=(*situation.accesses, more)), situation)


@lawful
@given(situations, st.randoms(use_true_random=False))
def test_the_order_of_what_a_call_does_does_not_count(situation: Situation, random: Any) -> None:
    shuffled = tuple(random.sample(situation.accesses, len(situation.accesses)))
    again = replace(situation, accesses=shuffled).verdict
    assert (type(again), again.rule) == (type(situation.verdict), situation.verdict.rule)


@lawful
@given(situations, st.data())
def test_losing_a_folder_never_permits_more(situation: Situation, data: st.DataObject) -> None:
    folders = situation.grants.folders
    assume(folders)
    lost = data.draw(st.sampled_from(range(len(folders))))
    assume(not is_a_limit(folders[lost], folders))
    fewer = replace(situation.grants, folders=folders[:lost] + folders[lost + 1 :])
    assert_no_looser(replace(situation, grants=fewer), situation)


@lawful
@given(situations, st.data())
def test_making_a_folder_read_only_never_permits_more(situation: Situation, data: st.DataObject) -> None:
    folders = situation.grants.folders
    assume(folders)
    at = data.draw(st.sampled_from(range(len(folders))))
    tighter = (*folders[:at], replace(folders[at], writable=False), *folders[at + 1 :])
    assert_no_looser(replace(situation, grants=replace(situation.grants, folders=tighter)), situation)


@lawful
@given(situations, st.sampled_from(NAMES))
def test_losing_any_other_grant_never_permits_more(situation: Situation, name: str) -> None:
    grants = situation.grants
    for fewer in (
        replace(grants, services=without(grants.services, name)),
        replace(grants, connectors=without(grants.connectors, name)),
        replace(grants, kinds=grants.kinds[1:]),
        replace(grants, addresses=frozenset(sorted(grants.addresses)[1:])),
        replace(grants, sandbox=False),
        replace(situation.grants, folders=()),
    ):
        assert_no_looser(replace(situation, grants=fewer), situation)


@lawful
@given(situations, st.sampled_from(NAMES), service_grants, st.sampled_from(TOOLS))
def test_a_lower_permission_or_a_narrower_scope_never_permits_more(
    situation: Situation, name: str, granted: ServiceGrant, tool: str
) -> None:
    def holding(service: ServiceGrant) -> Situation:
        both = {name: service}
        return replace(situation, grants=replace(situation.grants, services=both, connectors=both))

    for lower, higher in pairwise(PERMISSIONS):
        tight = replace(granted, permissions={**granted.permissions, tool: lower})
        loose = replace(granted, permissions={**granted.permissions, tool: higher})
        assert_no_looser(holding(tight), holding(loose))
    assert_no_looser(holding(replace(granted, scope=granted.scope[1:])), holding(granted))


@lawful
@given(situations)
def test_with_nothing_granted_only_addresses_and_the_tasks_own_files_are_left(situation: Situation) -> None:
    bare = replace(situation, grants=Grants())
    assume(bare.accesses)
    for one in bare.accesses:
        here = one.resource
        is_own_file = here.realm is Realm.FOLDER and here.own
        if not is_own_file and here.realm is not Realm.ADDRESS:
            assert isinstance(bare.verdict, Deny)


@lawful
@given(situations, st.sampled_from([Effect.CREATE, Effect.CHANGE, Effect.EXECUTE]))
def test_what_no_row_covers_is_denied(situation: Situation, effect: Effect) -> None:
    unheard_of = Access(effect=effect, resource=Resource(realm=Realm.ADDRESS, name="acme.example"))
    plain = replace(
        situation,
        accesses=(unheard_of,),
        brief=Brief(),
        grants=replace(situation.grants, kinds=()),
        is_approved=False,
        spent_out="",
    )
    assert plain.verdict == replace(plain, autonomy=Autonomy.AUTONOMOUS, labels=frozenset()).verdict
    assert (type(plain.verdict), plain.verdict.rule) == (Deny, 0)


@lawful
@given(situations)
def test_delete_send_and_publish_never_pass_unapproved_but_for_deleting_ones_own_file(
    situation: Situation,
) -> None:
    unapproved = replace(situation, is_approved=False)
    for one in situation.accesses:
        own_file = one.effect is Effect.DELETE and one.resource.own and one.resource.realm is Realm.FOLDER
        exact = KindGrant(tool=situation.call.tool, effect=one.effect, where=place_of(one.resource))
        if one.effect in FINAL and not own_file and exact not in situation.grants.kinds:
            assert not isinstance(unapproved.verdict, Allow)
