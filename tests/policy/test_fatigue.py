"""Laws of what people are spared."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, event, given
from hypothesis import strategies as st

from bot.domain.brief import CheckIn
from bot.domain.effect import Access, Effect, Realm
from bot.domain.grant import Permission
from bot.domain.label import Label
from bot.domain.task import Autonomy
from bot.domain.verdict import Allow, Ask
from bot.policy.granted import permission
from tests.policy.test_laws import Situation, access, lawful, situations

unsupervised = st.sampled_from([Autonomy.CHECKPOINT, Autonomy.AUTONOMOUS])


@lawful
@given(situations, access, unsupervised)
def test_reads_never_ask_below_supervised_but_of_a_connector_whose_admin_wants_it(
    situation: Situation, one: Access, level: Autonomy
) -> None:
    assume(one.resource.realm is not Realm.ADDRESS)  # to read there is to send an address out
    is_asked = permission(one, situation.call.tool, situation.grants) is Permission.ASK
    reading = replace(
        situation,
        accesses=(replace(one, effect=Effect.READ),),
        autonomy=level,
        is_approved=False,
        spent_out="",
    )
    event(type(reading.verdict).__name__)
    if one.resource.realm is Realm.CONNECTOR and is_asked:
        assert not isinstance(reading.verdict, Allow), reading.verdict
    else:
        assert not isinstance(reading.verdict, Ask), reading.verdict


@lawful
@given(situations)
def test_a_yes_to_a_kind_never_passes_what_the_requester_wants_to_be_asked_about(
    situation: Situation,
) -> None:
    wish = CheckIn(quote="ask me first", effects=frozenset(Effect))
    asked = replace(situation, brief=replace(situation.brief, check_ins=(wish,)), is_approved=False)
    assume(asked.accesses)
    assert not isinstance(asked.verdict, Allow)


@lawful
@given(situations)
def test_a_yes_to_a_kind_never_passes_what_others_text_may_have_asked_for(situation: Situation) -> None:
    both = frozenset(Label)
    told = replace(situation, labels=both, is_approved=False)
    bare = replace(told, grants=replace(told.grants, kinds=()))
    if isinstance(bare.verdict, Ask) and bare.verdict.rule == 8:
        assert isinstance(told.verdict, Ask), told.verdict
