"""The operator's rules as they are written, and what is said of a wrong one."""

from __future__ import annotations

import pytest

from bot.domain.deciders import Deciders, Rule
from bot.domain.effect import Effect
from bot.policy import rulebook

WHOLE = """
[[rule]]
effects = ["delete", "send"]
where = ["/srv/finance", "github/acme/*"]
channels = ["C012AB3CD"]
who = ["@finance-leads", "S012AB3CD", "admins", "U012AB3CD"]
self = false
people = 2

[[rule]]
who = "requester"
tokens = true
"""


def test_rules_are_read_in_their_order() -> None:
    assert rulebook.rules(WHOLE) == (
        Rule(
            deciders=Deciders(
                admins=True,
                users=frozenset({"U012AB3CD"}),
                groups=frozenset({"@finance-leads", "S012AB3CD"}),
                by_self=False,
                people=2,
            ),
            effects=frozenset({Effect.DELETE, Effect.SEND}),
            where=("/srv/finance", "github/acme/*"),
            channels=frozenset({"C012AB3CD"}),
        ),
        Rule(deciders=Deciders(requester=True, by_token=True)),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("who", "it is not TOML"),
        ('who = ["bob"]', 'rule 1, who: "bob" is nobody I know'),
        ("who = []", "rule 1, who: List should have at least 1 item"),
        ('effects = "delete"', "rule 1, who: Field required"),
        ('who = "admins"\neffects = ["burn"]', "rule 1, effects 1: Input should be 'read', "),
        ('who = "admins"\nchannels = "#finance"', 'rule 1, channels: "#finance" is no channel id'),
        ('who = "admins"\nwhere = ["/"]', 'rule 1, where: "/" is no place'),
        ('who = "admins"\nwhere = ["/srv/../etc"]', 'rule 1, where: "/srv/../etc" is no place'),
        ('who = "admins"\npeople = 3', "rule 1, people: Input should be less than or equal to 2"),
        ('who = ["U012AB3CD"]\npeople = 2', 'rule 1: "who" names fewer than the 2 people it takes'),
        ('who = "requester"\nself = false', 'rule 1: the requester is in "who"'),
        ('who = "admins"\nslef = false', "rule 1, slef: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_is_said_with_the_number_of_its_rule(line: str, said: str) -> None:
    with pytest.raises(ValueError) as refusal:
        rulebook.rules(f"[[rule]]\n{line}\n")
    assert str(refusal.value).startswith(said)
