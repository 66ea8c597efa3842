"""Who may decide, and whose yes is still missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.approval import Action, ApprovalKind, Draft
from bot.domain.call import Call
from bot.domain.crew import Crew
from bot.domain.deciders import Authority, Deciders, Facts, Rule, Yes
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.kind import Kind
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Task, TaskState
from bot.domain.verdict import Allow, Deny
from bot.policy import approvers
from bot.policy.approvers import Missing
from tests.laws import tried

ANA = Person(team="T1", user="U1", name="Ana Silva")
BO = Person(team="T1", user="U2", name="Bo Lind")
CY = Person(team="T1", user="U3", name="Cy")
OTHER_TEAMS_BO = Person(team="T2", user="U2", name="Bo Else")
TASK = Task(
    id=1,
    person=ANA,
    place=Place(team="T1", channel="C1"),
    goal="g",
    autonomy=Autonomy.CHECKPOINT,
    state=TaskState.WAITING,
    folders=(),
    created_at=datetime(2026, 11, 22, tzinfo=UTC),
)
BO_MAY = Authority(approvers=frozenset({"U2"}))
FINANCE = Deciders(groups=frozenset({"@finance"}), by_self=False, people=2)
GROUPED = Facts(groups=("@finance",))
GUEST = Facts(is_guest=True)


def access(effect: Effect, name: str, realm: Realm = Realm.FOLDER, item: str = "", **known: bool) -> Access:
    return Access(effect=effect, resource=Resource(realm=realm, name=name, item=item, **known))


def draft(*accesses: Access, kind: ApprovalKind = ApprovalKind.CALLS) -> Draft:
    actions = [
        Action(call=Call(id=f"{n}", tool="t", input={}), preview="p", reason="it asks", accesses=(one,))
        for n, one in enumerate(accesses)
    ]
    return Draft(kind=kind, title="t", actions=tuple(actions))


def rule(deciders: Deciders = FINANCE, **given: object) -> Authority:
    return Authority(rules=(Rule(deciders=deciders, **given),))  # type: ignore[arg-type]


def approve(person: Person, authority: Authority, facts: Facts = Facts(), task: Task = TASK) -> Allow | Deny:
    needs = [approvers.usually(authority)]
    return approvers.may_approve(person, facts, task, approvers.missing(needs, (), task))


def test_where_there_is_no_rule_the_requester_or_a_named_approver_may_decide() -> None:
    assert isinstance(approve(ANA, Authority()), Allow)
    assert isinstance(approve(BO, BO_MAY), Allow)


def test_anyone_else_is_told_who_can() -> None:
    assert [approve(BO, Authority()), approve(CY, BO_MAY), approve(OTHER_TEAMS_BO, Authority())] == [
        Deny(rule=5, reason="Only Ana Silva can decide this."),
        Deny(rule=5, reason="Only Ana Silva or a named approver can decide this."),
        Deny(
            rule=5,
            reason="Bo Else is here as a member of another workspace and cannot decide; Ana Silva can.",
        ),
    ]


@pytest.mark.parametrize("deciders", [Deciders(requester=True), Deciders(admins=True), FINANCE])
def test_a_guest_and_a_stranger_never_count_whatever_the_rule_says(deciders: Deciders) -> None:
    everything = Facts(is_admin=True, groups=("@finance",))
    stranger = replace(OTHER_TEAMS_BO, user="U1")
    named = replace(deciders, users=frozenset({"U1", "U2"}))
    assert not approvers.counts(ANA, replace(everything, is_guest=True), named, TASK)
    assert not approvers.counts(stranger, everything, named, TASK)
    assert approve(ANA, Authority(), GUEST) == Deny(
        rule=5, reason="Ana Silva is here as a guest and cannot decide; an approver whom an admin names can."
    )


@pytest.mark.parametrize(
    ("given", "asked", "fits"),
    [
        ({"effects": frozenset({Effect.DELETE})}, access(Effect.DELETE, "/a"), True),
        ({"effects": frozenset({Effect.DELETE})}, access(Effect.CHANGE, "/a"), False),
        ({"effects": frozenset({Effect.CHANGE})}, access(Effect.CREATE, "/a", existed=True), True),
        ({"where": ("/srv/finance",)}, access(Effect.DELETE, "/srv/finance/q.md"), True),
        ({"where": ("/srv/finance",)}, access(Effect.DELETE, "/srv/finances/q.md"), False),
        ({"where": ("/srv/finance",)}, access(Effect.DELETE, "/srv"), True),
        ({"where": ("github/acme/*",)}, access(Effect.SEND, "github", Realm.SERVICE, "acme/api"), True),
        ({"where": ("github",)}, access(Effect.SEND, "github", Realm.SERVICE, "acme/api"), True),
        ({"where": ("github/acme/*",)}, access(Effect.SEND, "github", Realm.SERVICE, "evil/api"), False),
        ({"channels": frozenset({"C1"})}, access(Effect.DELETE, "/a"), True),
        ({"channels": frozenset({"C2"})}, access(Effect.DELETE, "/a"), False),
    ],
)
def test_a_rule_is_about_effects_places_and_channels(given, asked, fits) -> None:  # type: ignore[no-untyped-def]
    assert (FINANCE in approvers.needed(draft(asked), TASK, rule(**given))) is fits


def test_the_first_rule_that_fits_decides_and_silence_is_as_ever() -> None:
    admins = Deciders(admins=True)
    book = Authority(
        rules=(
            Rule(deciders=admins, effects=frozenset({Effect.DELETE})),
            Rule(deciders=FINANCE, where=("/srv/finance",)),
        )
    )
    deleted, changed = access(Effect.DELETE, "/srv/finance/a"), access(Effect.CHANGE, "/srv/finance/a")
    elsewhere = access(Effect.CHANGE, "/srv/b")
    assert approvers.needed(draft(deleted), TASK, book) == (admins,)
    assert approvers.needed(draft(changed), TASK, book) == (FINANCE,)
    assert approvers.needed(draft(elsewhere), TASK, book) == (Deciders(requester=True),)
    assert approvers.needed(draft(deleted, changed, elsewhere), TASK, book) == (
        admins,
        FINANCE,
        Deciders(requester=True),
    )


def test_an_action_takes_those_of_the_rules_about_it_and_no_requester_besides() -> None:
    """A move changes its source and creates its target."""
    moved = Action(
        call=Call(id="1", tool="move_file", input={}),
        preview="p",
        reason="it asks",
        accesses=(access(Effect.CHANGE, "/srv/a"), access(Effect.CREATE, "/srv/b")),
    )
    asked = replace(draft(), actions=(moved,))
    assert approvers.needed(asked, TASK, rule(effects=frozenset({Effect.CHANGE}))) == (FINANCE,)


def test_what_would_not_have_been_asked_about_takes_nobody_beside_what_a_rule_is_about() -> None:
    asked = draft(access(Effect.CREATE, "/srv/new"), access(Effect.DELETE, "/srv/old"))
    free = replace(asked.actions[0], reason="")
    deletes = rule(effects=frozenset({Effect.DELETE}))
    assert approvers.needed(replace(asked, actions=(free, asked.actions[1])), TASK, deletes) == (FINANCE,)
    assert approvers.needed(replace(asked, actions=(free,)), TASK, deletes) == (Deciders(requester=True),)
    assert approvers.needed(asked, TASK, deletes) == (Deciders(requester=True), FINANCE)
    assert approvers.needed(replace(asked, actions=(free,)), TASK, rule()) == (FINANCE,)


def test_all_of_a_kind_is_not_allowed_by_the_requester_where_a_rule_is_about_a_place_inside() -> None:
    """One yes to moves in /srv would else let those in /srv/finance pass without the people whom they take."""
    finance = rule(where=("/srv/finance",), effects=frozenset({Effect.CHANGE}))
    change = (Effect.CHANGE,)
    kinds = [
        Kind(tool="move_file", effects=change, where=where) for where in ("/srv", "/srv/finance/q", "/srv/b")
    ]
    assert [approvers.leaves_kinds(kind, TASK, finance) for kind in kinds] == [False, False, True]


def test_what_an_action_does_that_is_not_known_is_what_any_rule_is_about() -> None:
    unknown = Draft(
        kind=ApprovalKind.OUTCOME,
        title="t",
        actions=(Action(call=Call(id="1", tool="t", input={}), preview="p"),),
    )
    assert approvers.needed(unknown, TASK, rule(effects=frozenset({Effect.SEND}))) == (FINANCE,)
    assert approvers.needed(unknown, TASK, Authority()) == (Deciders(requester=True),)


def test_a_question_and_a_plan_are_the_requesters_whatever_the_rules_say() -> None:
    for kind in (ApprovalKind.PLAN, ApprovalKind.QUESTION):
        needs = approvers.needed(draft(access(Effect.DELETE, "/a"), kind=kind), TASK, rule())
        assert needs == (Deciders(requester=True),)


def test_who_steers_a_task_or_did_does_not_count_where_self_approval_is_not_allowed() -> None:
    task = replace(TASK, crew=Crew(helpers=(BO,), before=(CY,)))
    dee = replace(CY, user="U4")
    assert [approvers.counts(who, GROUPED, FINANCE, task) for who in (ANA, BO, CY, dee)] == [
        False,
        False,
        False,
        True,
    ]


def test_a_group_that_slack_did_not_tell_of_is_the_reason_for_a_refusal() -> None:
    facts = Facts(unknown=(("@finance", "Slack did not tell me in time."),))
    open_ = [Missing(deciders=FINANCE, people=2)]
    assert approvers.may_approve(BO, facts, TASK, open_) == Deny(
        rule=5, reason="Slack did not tell me in time."
    )


def test_helpers_and_everyone_whose_yes_could_count_may_redirect_and_stop_and_nobody_else() -> None:
    task = replace(TASK, crew=Crew(helpers=(BO,)))
    facts = {ANA.user: Facts(), BO.user: Facts(), CY.user: GROUPED}
    for person in (ANA, BO, CY):
        verdict = approvers.may_turn(person, facts[person.user], task, [FINANCE], Authority())
        assert isinstance(verdict, Allow)
    assert approvers.may_turn(CY, Facts(), task, [FINANCE], Authority()) == Deny(
        rule=5, reason="Only Ana Silva or 2 people of: @finance (not who steers the task) can decide this."
    )


people = st.builds(
    Person,
    team=st.sampled_from(["T1", "T2"]),
    user=st.sampled_from(["U1", "U2", "U3", "U4"]),
    name=st.just("n"),
)
groups = st.lists(st.sampled_from(["@a", "@b"]), unique=True)
facts_ = st.builds(Facts, is_guest=st.booleans(), is_admin=st.booleans(), groups=groups.map(tuple))
yeses = st.lists(st.builds(Yes, person=people, facts=facts_), max_size=6)
deciders_ = st.builds(
    Deciders,
    requester=st.booleans(),
    admins=st.booleans(),
    users=st.frozensets(st.sampled_from(["U1", "U2", "U3"])),
    groups=groups.map(frozenset),
    by_self=st.booleans(),
    people=st.integers(1, 2),
)


@given(needs=st.lists(deciders_, min_size=1, max_size=3), said=yeses)
@settings(max_examples=tried(300), deadline=None)
def test_nothing_is_agreed_by_fewer_distinct_allowed_people_than_it_takes(
    needs: list[Deciders], said: list[Yes]
) -> None:
    if approvers.missing(needs, said, TASK):
        return
    for one in needs:
        able = {
            yes.person.user
            for yes in said
            if not yes.facts.is_guest
            and yes.person.team == "T1"
            and (one.by_self or yes.person.user != "U1")
            and (
                (one.requester and yes.person.user == "U1")
                or (one.admins and yes.facts.is_admin)
                or yes.person.user in one.users
                or set(yes.facts.groups) & one.groups
            )
        }
        assert len(able) >= one.people
