"""What people choose for a plugin: admins for everybody, each for their own tasks and only less; told to the log."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.choice import Choice
from bot.domain.deciders import Facts
from bot.domain.grant import Permission
from bot.domain.person import Person
from bot.engine.plugging import AdminsOnly, Plugging, Wish, effects
from bot.errors import NotAllowed
from bot.policy import plugging
from bot.sdk.connect import Per
from bot.sdk.scope import in_scope
from bot.store import entries
from tests.engine.mortal import Death, Died, MortalDatabase
from tests.engine.tracker import ITEMS, TRACKER, UPGRADED
from tests.laws import tried
from tests.store import databases

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADMIN = Person(team="T1", user="UANA", name="Ana Silva")
BEN = Person(team="T1", user="UBEN", name="Ben Ito")
IS_ADMIN, IS_MEMBER = Facts(is_admin=True), Facts()
CREATE, DELETE, LIST = "tracker_create_issue", "tracker_delete_label", "tracker_list_issues"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path):
    made = databases.sqlite(tmp_path) if request.param == "sqlite" else databases.postgres()
    yield made
    made.close()


def office(database, plugin=TRACKER):
    return Plugging(database, {"tracker": plugin}, clock=lambda: NOW)


def installed(database, plugin=TRACKER):
    made = office(database, plugin)
    made.install(ADMIN, "tracker", IS_ADMIN)
    return made


def logged(database):
    with database.read() as session:
        return [(one.action, one.actor, json.loads(one.data)) for one in entries.all_of(session)]


def granted(shelved):
    return plugging.granted(effects(shelved.plugin), shelved.team, shelved.own)


def test_an_admin_installs_it_with_its_reads_on_and_everything_else_off(database):
    made = office(database)
    assert granted(made.shelved(ADMIN, "tracker")) is None

    made.install(ADMIN, "tracker", IS_ADMIN)

    grant = granted(made.shelved(BEN, "tracker"))
    assert [name for name, one in grant.permissions.items() if one is not Permission.OFF] == [
        LIST,
        "tracker_list_labels",
    ]
    assert grant.scope == ("*",)
    [(action, actor, told)] = logged(database)
    assert (action, actor, told["by"]) == ("plugin_installed", "UANA@T1", "Ana Silva")
    assert {"what": LIST, "before": "", "after": "on"} in told["changes"]
    assert {"what": CREATE, "before": "", "after": "off"} in told["changes"]


def test_what_is_changed_is_told_with_what_was_before(database):
    made = installed(database)
    wish = Wish(permissions={CREATE: Permission.ASK}, scope=("acme/*",))

    made.choose(ADMIN, "tracker", wish, IS_ADMIN)
    made.choose(ADMIN, "tracker", wish, IS_ADMIN)

    assert granted(made.shelved(BEN, "tracker")).permissions[CREATE] is Permission.ASK
    assert [told["changes"] for _, _, told in logged(database)[1:]] == [
        [
            {"what": CREATE, "before": "off", "after": "ask"},
            {"what": "scope", "before": "*", "after": "acme/*"},
        ]
    ]


@pytest.mark.parametrize(
    "deed",
    [
        lambda made: made.install(BEN, "tracker", IS_MEMBER),
        lambda made: made.disable(BEN, "tracker", IS_MEMBER),
        lambda made: made.enable(BEN, "tracker", IS_MEMBER),
        lambda made: made.choose(BEN, "tracker", Wish(scope=("*",)), IS_MEMBER),
        lambda made: made.accept(BEN, "tracker", IS_MEMBER),
        lambda made: made.uninstall(BEN, "tracker", IS_MEMBER, pytest.fail),
        lambda made: made.uninstall(BEN, "tracker", Facts(is_admin=True, is_guest=True), pytest.fail),
    ],
)
def test_what_is_for_everybody_is_for_admins_only(database, deed):
    made = installed(database)

    with pytest.raises(AdminsOnly, match="Only an admin of this workspace can"):
        deed(made)

    assert len(logged(database)) == 1


def test_a_member_narrows_it_for_their_own_tasks_and_for_nobody_elses(database):
    made = installed(database)
    made.choose(ADMIN, "tracker", Wish(scope=("acme/*",)), IS_ADMIN)

    wish = Wish(permissions={LIST: Permission.OFF}, scope=("acme/payments",))
    made.choose(BEN, "tracker", wish, IS_MEMBER, Per.PERSON)

    own = granted(made.shelved(BEN, "tracker"))
    assert (own.permissions[LIST], own.scope) == (Permission.OFF, ("acme/payments",))
    others = granted(made.shelved(ADMIN, "tracker"))
    assert (others.permissions[LIST], others.scope) == (Permission.ON, ("acme/*",))
    with pytest.raises(NotAllowed, match="outside of what the admins chose"):
        made.choose(BEN, "tracker", Wish(scope=("other/secret",)), IS_MEMBER, Per.PERSON)


@pytest.mark.parametrize("scope", [(), ("",), ("acme/?",), ("acme/[ab]",), ("x" * 151,), tuple("a" * 101)])
def test_a_scope_that_cannot_be_is_refused_and_changes_nothing(database, scope):
    made = installed(database)

    with pytest.raises(NotAllowed):
        made.choose(ADMIN, "tracker", Wish(scope=scope), IS_ADMIN)

    assert made.shelved(ADMIN, "tracker").team.scope == ("*",)


def test_what_a_person_must_see_each_time_cannot_be_switched_on(database):
    made = installed(database)

    with pytest.raises(NotAllowed, match="no choice for tracker_delete_label"):
        made.choose(ADMIN, "tracker", Wish(permissions={DELETE: Permission.ON}), IS_ADMIN)
    with pytest.raises(NotAllowed, match="no choice"):
        made.choose(ADMIN, "tracker", Wish(permissions={"tracker_rule": Permission.OFF}), IS_ADMIN)


def test_disabled_it_is_kept_as_it_was_chosen_and_uninstalled_it_is_forgotten(database):
    made = installed(database)
    made.choose(ADMIN, "tracker", Wish(permissions={CREATE: Permission.ON}), IS_ADMIN)
    made.choose(BEN, "tracker", Wish(scope=("acme/api",)), IS_MEMBER, Per.PERSON)

    made.disable(ADMIN, "tracker", IS_ADMIN)
    assert granted(made.shelved(BEN, "tracker")) is None
    made.enable(ADMIN, "tracker", IS_ADMIN)
    assert granted(made.shelved(BEN, "tracker")).permissions[CREATE] is Permission.ON
    made.uninstall(ADMIN, "tracker", IS_ADMIN, lambda: None)
    made.install(ADMIN, "tracker", IS_ADMIN)

    again = made.shelved(BEN, "tracker")
    assert (again.team.permissions, again.own) == ({}, None)
    with pytest.raises(NotAllowed, match="not installed"):
        office(database, replace(TRACKER, name="tracker")).disable(
            replace(ADMIN, team="T2"), "tracker", IS_ADMIN
        )


def test_disabled_by_a_member_it_is_off_for_their_tasks_alone(database):
    made = installed(database)

    made.disable(BEN, "tracker", IS_MEMBER, Per.PERSON)

    assert (made.shelved(BEN, "tracker").is_on, made.shelved(ADMIN, "tracker").is_on) == (False, True)
    made.enable(BEN, "tracker", IS_MEMBER, Per.PERSON)
    assert made.shelved(BEN, "tracker").is_on


def test_what_an_upgrade_brings_is_off_until_an_admin_accepts_it(database):
    installed(database)
    newer = office(database, UPGRADED)
    new = "tracker_invite_person"
    newer.choose(ADMIN, "tracker", Wish(permissions={new: Permission.ASK}), IS_ADMIN)

    assert newer.shelved(ADMIN, "tracker").unseen == (new,)
    assert granted(newer.shelved(ADMIN, "tracker")).permissions[new] is Permission.OFF
    newer.accept(ADMIN, "tracker", IS_ADMIN)

    assert newer.shelved(ADMIN, "tracker").unseen == ()
    assert granted(newer.shelved(ADMIN, "tracker")).permissions[new] is Permission.ASK
    assert logged(database)[-1][2]["changes"] == [
        {"what": "version", "before": "1.0.0", "after": "1.1.0"},
        {"what": new, "before": "off", "after": "ask"},
    ]


SCOPES = st.sampled_from(["*", "acme/*", "acme/payments", "*/secret", "other/*", "a*", "ACME/*", "acme/./*"])
PERMISSIONS = st.dictionaries(st.sampled_from(sorted(effects(TRACKER))), st.sampled_from(list(Permission)))
WISHES = st.builds(
    Wish, permissions=PERMISSIONS, scope=st.none() | st.lists(SCOPES, min_size=1, max_size=3).map(tuple)
)
PER = st.sampled_from(list(Per))
CLICKS = st.one_of(
    st.tuples(st.just("choose"), WISHES, PER),
    st.tuples(st.sampled_from(["enable", "disable"]), PER),
    st.tuples(st.sampled_from(["install", "accept", "uninstall"])),
)


@settings(max_examples=tried(60), deadline=None)
@given(team=WISHES, clicks=st.lists(CLICKS, max_size=6))
def test_nothing_that_a_member_clicks_widens_what_the_team_has(tmp_path_factory, team, clicks):
    database = databases.sqlite(tmp_path_factory.mktemp("choices"))
    made = installed(database)
    on = {
        tool: one for tool, one in team.permissions.items() if one in plugging.offered(effects(TRACKER)[tool])
    }
    made.choose(ADMIN, "tracker", replace(team, permissions=on), IS_ADMIN)
    before = made.shelved(ADMIN, "tracker")
    for verb, *rest in clicks:
        try:
            _click(made, verb, *rest)
        except NotAllowed:
            continue
    after = made.shelved(BEN, "tracker")
    database.close()

    assert after.team == before.team
    widest, own = granted(before), granted(after)
    if own is not None:
        order = plugging.ORDER.index
        assert all(order(one) <= order(widest.permissions[tool]) for tool, one in own.permissions.items())
        assert all(in_scope(item, widest.scope) for item in ITEMS if in_scope(item, own.scope))


def _click(made, verb, *rest):
    """As a member, with whatever a forged click could carry."""
    match verb, *rest:
        case "choose", wish, per:
            made.choose(BEN, "tracker", wish, IS_MEMBER, per)
        case (("enable" | "disable"), per):
            getattr(made, verb)(BEN, "tracker", IS_MEMBER, per)
        case "uninstall", *_:
            made.uninstall(BEN, "tracker", IS_MEMBER, pytest.fail)
        case _:
            getattr(made, verb)(BEN, "tracker", IS_MEMBER)


def test_of_a_pattern_with_odd_wildcards_only_the_same_lies_in_another():
    team = Choice(scope=("acme/?",), known=frozenset(effects(TRACKER)))

    grant = plugging.granted(effects(TRACKER), team, Choice(scope=("acme/*",)))

    assert grant.scope == ("acme/?",)
    assert plugging.granted(effects(TRACKER), team, Choice()).scope == ("acme/?",)


@pytest.mark.parametrize("is_after", [True, False])
def test_a_death_in_between_leaves_the_choice_and_its_entry_or_neither(tmp_path, is_after):
    database = MortalDatabase(databases.sqlite(tmp_path).url)
    made = installed(database)
    database.reborn(Death(at=1, is_after=is_after))

    with pytest.raises(Died):
        made.choose(ADMIN, "tracker", Wish(permissions={CREATE: Permission.ASK}), IS_ADMIN)
    database.reborn(None)

    assert (CREATE in made.shelved(ADMIN, "tracker").team.permissions) is is_after
    assert len(logged(database)) == (2 if is_after else 1)
    database.close()
