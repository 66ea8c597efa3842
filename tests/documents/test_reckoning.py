"""What formulas come to, and where that is left to the spreadsheet, as a wrong answer would be filed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from bot.documents.formula_tree import parsed
from bot.documents.reckoning.reckoner import Reckoner
from bot.documents.reckoning.values import NotReckoned, Value
from tests.documents import invented

_HUNDREDTHS = some.integers(0, 10_000_000)


def test_what_turns_on_the_last_digits_is_left_to_the_spreadsheet() -> None:
    answered = {formula: _answer(formula) for formula in invented.NARROW}

    assert {formula: one for formula, one in answered.items() if one != "left"} == {}


def test_what_is_beyond_doubt_is_reckoned() -> None:
    assert {formula: _answer(formula) for formula in invented.PLAIN} == invented.PLAIN


@given(_HUNDREDTHS, _HUNDREDTHS)
def test_no_formula_gets_its_cents_wrong(one: int, other: int) -> None:
    """On paper each of them is so: it is said, or left."""
    first, second, both = one / 100, other / 100, (one + other) / 100
    for formula in (
        f"{first}+{second}={both}",
        f"NOT({first}+{second}<>{both})",
        f"{first}+{second}>={both}",
        f"SUM({first},{second})={both}",
        f"SUM({first},{second},-{both})=0",
        f"{first}+{second}-{both}=0",
        f"INT({first}*100)={one}",
        f"ROUNDUP({first}*100,0)={one}",
        f"MOD({first}*100,1)=0",
    ):
        assert _answer(formula) in (True, "left"), formula


def test_a_sum_beyond_all_numbers_is_a_problem_and_no_fault() -> None:
    assert _answer('IFERROR(SUM(9e307,9e307,9e307),"too large")') == "too large"


def _answer(formula: str) -> Value:
    formulas = {("one", 1, 1): parsed(formula), ("one", 1, 5): parsed("0.1+0.2")}
    try:
        return Reckoner({}, formulas).value(("one", 1, 1))
    except NotReckoned:
        return "left"
