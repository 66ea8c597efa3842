"""Who may decide."""

from __future__ import annotations

from bot.domain.person import Person
from bot.domain.verdict import Allow, Deny
from bot.policy.approvers import may_decide

ANA = Person(team="T1", user="U1", name="Ana Silva")
BO = Person(team="T1", user="U2", name="Bo Lind")
OTHER_TEAMS_BO = Person(team="T2", user="U2", name="Bo Else")
NAMED = frozenset({"U2"})


def test_the_requester_and_a_named_approver_may_decide() -> None:
    assert [
        may_decide(ANA, ANA, frozenset(), is_guest=False, is_stranger=False),
        may_decide(BO, ANA, NAMED, is_guest=False, is_stranger=False),
    ] == [
        Allow(rule=5, reason="Ana Silva asked for this task."),
        Allow(rule=5, reason="Bo Lind is a named approver."),
    ]


def test_anyone_else_is_told_who_can() -> None:
    assert [
        may_decide(BO, ANA, frozenset(), is_guest=False, is_stranger=False),
        may_decide(BO, ANA, frozenset({"U3"}), is_guest=False, is_stranger=False),
    ] == [
        Deny(rule=5, reason="Only Ana Silva can decide this."),
        Deny(rule=5, reason="Only Ana Silva or a named approver can decide this."),
    ]


def test_the_same_user_id_in_another_team_is_somebody_else() -> None:
    assert may_decide(OTHER_TEAMS_BO, ANA, NAMED, is_guest=False, is_stranger=False) == Deny(
        rule=5, reason="Only Ana Silva or a named approver can decide this."
    )


def test_a_guest_never_decides_not_even_on_what_they_asked_for() -> None:
    assert [
        may_decide(BO, ANA, NAMED, is_guest=True, is_stranger=False),
        may_decide(ANA, ANA, NAMED, is_guest=True, is_stranger=False),
        may_decide(ANA, ANA, frozenset(), is_guest=True, is_stranger=False),
    ] == [
        Deny(
            rule=5,
            reason="Bo Lind is here as a guest and cannot decide; Ana Silva or a named approver can.",
        ),
        Deny(rule=5, reason="Ana Silva is here as a guest and cannot decide; a named approver can."),
        Deny(
            rule=5,
            reason="Ana Silva is here as a guest and cannot decide; only an approver whom an admin names can.",
        ),
    ]


def test_a_stranger_never_decides_even_when_named() -> None:
    assert may_decide(BO, ANA, NAMED, is_guest=False, is_stranger=True) == Deny(
        rule=5,
        reason="Bo Lind is here as a member of another workspace and cannot decide; "
        "Ana Silva or a named approver can.",
    )
