"""What a server says of its own tools never makes a verdict milder, and no two of them ever have one name."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.connector import Catalogue, Connector, Definition, Health, Transport
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.tooling import Setup, Shown, Toggle
from bot.policy import connecting, setting_up
from bot.policy.plugging import ALWAYS_ASKED, ORDER

CLOCK = Connector(slug="clock", title="Clock", transport=Transport.STDIO, command=("/usr/bin/clock",))
HINTS = st.dictionaries(
    st.sampled_from(["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint", "title"]),
    st.sampled_from([True, False, None, "true", 1]),
)
TOGGLES = st.builds(
    Toggle, effect=st.sampled_from(connecting.EFFECTS), permission=st.sampled_from(list(Permission))
)


def described(hints: dict[str, Any] | None = None, **more: Any) -> Definition:
    annotations = {"annotations": hints} if hints is not None else {}
    return Definition.of("tell", {"name": "tell", "inputSchema": {"type": "object"}, **annotations, **more})


def shown(now: Definition, accepted: Definition | None, toggle: Toggle | None) -> Shown:
    setup = Setup(
        server=CLOCK.server,
        connector=CLOCK,
        toggles={} if toggle is None else {"tell": toggle},
        accepted=() if accepted is None else (accepted,),
        catalogue=Catalogue(tools=(now,)),
    )
    return connecting.shown(setup, None, health=Health(), is_approved=True)


def permission(one: Shown) -> Permission:
    grant = connecting.granted(one)
    assert grant is not None
    return grant.permissions["clock__tell"]


@given(HINTS, TOGGLES | st.none())
def test_hints_never_make_an_accepted_tool_freer(hints: dict[str, Any], toggle: Toggle | None) -> None:
    silent, telling = described(), described(hints)

    without, with_them = shown(silent, silent, toggle), shown(telling, telling, toggle)

    assert permission(with_them) is permission(without)
    assert with_them.tools[0].toggle.effect is without.tools[0].toggle.effect
    if toggle is None:
        assert with_them.tools[0].toggle == Toggle(effect=Effect.DELETE, permission=Permission.ASK)


@given(HINTS, HINTS, TOGGLES)
def test_a_tool_whose_hints_changed_is_off_whatever_was_chosen(
    before: dict[str, Any], after: dict[str, Any], toggle: Toggle
) -> None:
    now, accepted = described(after), described(before)

    found = permission(shown(now, accepted, toggle))

    is_same = now.digest == accepted.digest
    assert found is (connecting.permission(toggle) if is_same else Permission.OFF)


@given(TOGGLES)
def test_what_cannot_be_taken_back_is_never_on(toggle: Toggle) -> None:
    found = connecting.permission(toggle)

    assert ORDER.index(found) <= ORDER.index(toggle.permission)
    assert not (toggle.effect in ALWAYS_ASKED and found is Permission.ON)
    assert set(connecting.offered(toggle.effect)) <= set(Permission)


@given(st.text(max_size=120), st.text(max_size=120))
@example("x.y", "x_y_b24ca9b7")
def test_two_tools_never_have_one_name_and_every_name_is_one_that_the_model_may_use(
    one: str, other: str
) -> None:
    first, second = connecting.tool_name("clock", one), connecting.tool_name("clock", other)

    assert (first == second) is (one == other)
    assert re.fullmatch(r"clock__[A-Za-z0-9_-]{1,57}", first)


def test_what_is_missing_is_noted_and_what_was_accepted_of_it_stays() -> None:
    accepted = Definition.of("gone", {"name": "gone"})
    setup = Setup(server=CLOCK.server, connector=CLOCK, accepted=(accepted,), catalogue=Catalogue())

    seen = setting_up.seen(setup, None, CLOCK, Catalogue(tools=(described(),)))
    found = connecting.shown(seen, None, health=Health(), is_approved=True)

    assert found.missing == ("gone",)
    assert [one.is_new for one in found.tools] == [True]
    assert connecting.granted(found).permissions["clock__tell"] is Permission.OFF
