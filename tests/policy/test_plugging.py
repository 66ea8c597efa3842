"""Laws of what is granted of a plugin: nobody's choice widens another's, and nothing outside of a scope is in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.choice import Choice
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.policy import plugging
from bot.sdk.scope import Scope, in_scope

TOOLS = {f"git_{effect}": effect for effect in Effect}
ORDER = (Permission.OFF, Permission.ASK, Permission.ON)
ITEMS = st.sampled_from(["acme/api", "acme/web", "other/api", "acme/api-internal", "ACME/API", "acme"])
PATTERNS = st.lists(st.one_of(ITEMS, st.sampled_from(["*", "acme/*", "*/api", "acme/a*"])), max_size=4).map(
    tuple
)
CHOICES = st.builds(
    Choice,
    is_on=st.booleans(),
    permissions=st.dictionaries(st.sampled_from([*TOOLS, "git_unknown"]), st.sampled_from(ORDER)),
    scope=PATTERNS,
    known=st.sets(st.sampled_from([*TOOLS])).map(frozenset),
)
TRICKS = st.sampled_from(
    ["../", "..%2f", "%2e%2e/", "./", "//", "\\..\\", "%252e%252e%252f", "acme%2fapi/../"]
)


@given(team=CHOICES, person=CHOICES)
def test_what_a_person_chooses_for_themselves_only_narrows(team, person):
    alone, together = plugging.granted(TOOLS, team, None), plugging.granted(TOOLS, team, person)

    if together is None:
        return
    assert alone is not None
    for tool in TOOLS:
        assert ORDER.index(together.permissions[tool]) <= ORDER.index(alone.permissions[tool])
        assert ORDER.index(together.permissions[tool]) <= ORDER.index(
            person.permissions.get(tool, Permission.ON)
        )


@given(team=CHOICES, person=CHOICES, item=ITEMS)
def test_an_item_is_granted_only_where_both_cover_it(team, person, item):
    granted = plugging.granted(TOOLS, team, person)

    if granted is not None and in_scope(item, granted.scope):
        assert in_scope(item, team.scope)
        assert in_scope(item, person.scope)


@given(team=CHOICES)
def test_what_no_admin_has_seen_is_off_and_what_leaves_is_never_simply_on(team):
    granted = plugging.granted(TOOLS, team, None)

    for tool, effect in TOOLS.items() if granted else ():
        if tool not in team.known:
            assert granted.permissions[tool] is Permission.OFF
        if effect in plugging.ALWAYS_ASKED:
            assert granted.permissions[tool] is not Permission.ON


@given(choice=CHOICES)
def test_what_is_off_or_not_installed_grants_nothing(choice):
    off = Choice(is_on=False, known=frozenset(TOOLS))

    assert plugging.granted(TOOLS, None, choice) is None
    assert plugging.granted(TOOLS, off, choice) is None
    assert plugging.granted(TOOLS, Choice(known=frozenset(TOOLS)), off) is None


@given(inside=ITEMS, trick=TRICKS, outside=ITEMS, patterns=PATTERNS)
def test_no_path_trick_leads_out_of_a_scope(inside, trick, outside, patterns):
    """What a service would read as something else is in no scope, or is what it reads."""
    written = f"{inside}/{trick}{outside}"

    assert not Scope(patterns).covers(written) or _read_by_a_service(written, patterns)


def _read_by_a_service(written: str, patterns: tuple[str, ...]) -> bool:
    """Without anything to decode or to climb, it is the item that was compared."""
    return "%" not in written and ".." not in written and in_scope(written.replace("\\", "/"), patterns)
