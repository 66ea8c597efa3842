"""Laws of the brief: words add up, only the requester's plain permission takes away, and never a model's reading."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.brief import Boundary, Brief, Deed, Lift, Reading
from bot.domain.call import Call
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import FolderGrant, Grants
from bot.domain.task import Autonomy
from bot.domain.verdict import Allow, Deny
from bot.policy.amending import amended, tightened
from bot.policy.check import check
from bot.policy.reader.reading import read
from tests.laws import tried
from tests.policy.test_reader import ASKS, BINDS, FORMATS, LIFTS, NOTHING, PLANS

lawful = settings(max_examples=tried(200), deadline=None)
GRANTS = Grants(folders=(FolderGrant(path="/srv"),))
WHERE = ["", "drafts", "reports"]
effects = st.frozensets(st.sampled_from(Effect), min_size=1, max_size=3)
boundaries = st.builds(
    Boundary,
    effects=effects,
    quote=st.sampled_from(["hands off", "don't"]),
    where=st.sampled_from(WHERE),
    only=st.frozensets(st.sampled_from(["drafts", "reports"]), max_size=1),
    deed=st.sampled_from(Deed),
)
lifts = st.builds(Lift, effects=effects, quote=st.just("you may"), where=st.sampled_from(WHERE))
readings = st.builds(
    Reading,
    boundaries=st.lists(boundaries, max_size=3).map(tuple),
    plan_first=st.sampled_from(["", "plan first"]),
    lifts=st.lists(lifts, max_size=2).map(tuple),
    drops_plan=st.sampled_from(["", "no plan needed"]),
)
briefs = st.builds(
    Brief,
    boundaries=st.lists(boundaries, max_size=3).map(tuple),
    plan_first=st.booleans(),
    plan_approved=st.booleans(),
)
accesses = st.builds(
    Access,
    effect=st.sampled_from(Effect),
    resource=st.builds(
        Resource,
        realm=st.just(Realm.FOLDER),
        name=st.sampled_from(["/srv/drafts/a", "/srv/reports/b", "/srv/c"]),
        existed=st.booleans(),
    ),
    is_move=st.booleans(),
)
phrases = st.sampled_from([*BINDS, *ASKS, *PLANS, *FORMATS, *LIFTS, *NOTHING])
CALL = Call(id="c", tool="t", input={})


def allowed(brief: Brief, access: Access) -> int:
    """2 allowed, 1 asked, 0 denied."""
    verdict = check(CALL, [access], brief=brief, grants=GRANTS, autonomy=Autonomy.AUTONOMOUS)
    return 2 if isinstance(verdict, Allow) else 0 if isinstance(verdict, Deny) else 1


@lawful
@given(briefs, readings, accesses)
def test_what_a_model_reads_never_widens_the_brief(brief, reading, access):
    assert allowed(tightened(brief, reading), access) <= allowed(brief, access)


@lawful
@given(briefs, readings, accesses)
def test_without_a_lift_later_words_never_widen_it(brief, reading, access):
    reading = replace(reading, lifts=(), drops_plan="")
    assert allowed(amended(brief, reading), access) <= allowed(brief, access)


@lawful
@given(briefs, lifts, accesses)
def test_a_lift_opens_nothing_but_its_own_effects(brief, lift, access):
    after = amended(brief, Reading(lifts=(lift,)))
    if access.effect not in lift.effects and not (access.effect is Effect.CREATE and access.resource.existed):
        assert allowed(after, access) == allowed(brief, access)


@lawful
@given(phrases, phrases, accesses)
def test_what_a_goal_forbids_is_loosened_by_plain_permission_alone(first, second, access):
    brief = tightened(Brief(), read(first))
    if not read(second).lifts and not read(second).drops_plan:
        assert allowed(amended(brief, read(second)), access) <= allowed(brief, access)


@lawful
@given(briefs, readings)
def test_the_same_words_said_twice_change_nothing_more(brief, reading):
    once = tightened(brief, reading)
    assert tightened(once, reading) == once


@lawful
@given(st.text(max_size=300))
def test_any_words_can_be_read(words):
    for boundary in read(words).boundaries:
        assert boundary.quote in words


def test_a_permission_for_one_place_leaves_the_others():
    brief = tightened(Brief(), read("Do not create files"))
    after = amended(brief, read("You may create files in drafts/"))
    made = [
        Access(effect=Effect.CREATE, resource=Resource(realm=Realm.FOLDER, name=f"/srv/{name}"))
        for name in ("drafts/a", "reports/b")
    ]
    assert [allowed(after, access) for access in made] == [2, 0]


def test_a_short_name_is_meant_as_a_whole_word():
    brief = tightened(Brief(), read("don't touch HR/"))
    found = [
        allowed(
            brief, Access(effect=Effect.CREATE, resource=Resource(realm=Realm.FOLDER, name=f"/srv/{name}"))
        )
        for name in ("hr/a.md", "x_HR-2026.md", "chris/three.md")
    ]
    assert found == [0, 0, 2]


def test_to_move_a_file_is_not_to_make_one_but_to_put_it_where_it_may_not_be_is():
    moved = Access(
        effect=Effect.CREATE, resource=Resource(realm=Realm.FOLDER, name="/srv/drafts/a"), is_move=True
    )
    assert allowed(tightened(Brief(), read("no new files")), moved) == 2
    assert allowed(tightened(Brief(), read("don't touch drafts/")), moved) == 0
    assert allowed(tightened(Brief(), read("don't move anything")), moved) == 0
