"""An approval holds one exact call: whatever else changes in the arguments, it is another call."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.brief import Brief
from bot.domain.call import Call
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import Grants, Permission, ServiceGrant
from bot.domain.task import Autonomy
from bot.domain.verdict import Verdict
from bot.policy.check import check

TOOL = "slack_send_message"
SEND = Access(effect=Effect.SEND, resource=Resource(realm=Realm.SERVICE, name="slack", item="#sales"))
GRANTS = Grants(services={"slack": ServiceGrant(permissions={TOOL: Permission.ON, "other": Permission.ON})})

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)
inputs = st.dictionaries(st.sampled_from(["channel", "text", "thread"]), json_values)


def verdict_on(call: Call, approved: Call) -> Verdict:
    return check(
        call,
        [SEND],
        brief=Brief(),
        grants=GRANTS,
        autonomy=Autonomy.AUTONOMOUS,
        approved=frozenset({approved.digest}),
    )


@given(inputs, inputs)
def test_an_approval_holds_for_no_other_arguments(seen: dict[str, Any], made: dict[str, Any]) -> None:
    assume(seen != made)
    approved = Call(id="toolu_1", tool=TOOL, input=seen)
    assert verdict_on(approved, approved).rule == 5
    assert verdict_on(Call(id="toolu_1", tool=TOOL, input=made), approved).rule == 6


@given(inputs)
def test_an_approval_holds_for_no_other_tool(seen: dict[str, Any]) -> None:
    approved = Call(id="toolu_1", tool=TOOL, input=seen)
    assert verdict_on(Call(id="toolu_1", tool="other", input=seen), approved).rule == 6


@given(inputs)
def test_the_order_of_the_arguments_does_not_count(seen: dict[str, Any]) -> None:
    approved = Call(id="toolu_1", tool=TOOL, input=seen)
    again = Call(id="toolu_2", tool=TOOL, input=dict(reversed(seen.items())))
    assert verdict_on(again, approved) == verdict_on(approved, approved)
