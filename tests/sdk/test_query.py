"""Whatever a query says, it finds nothing outside of what it is kept within."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.sdk import ToolError
from bot.sdk.query import bounded, one_of, quoted

PIECES = st.sampled_from(
    ["(", ")", '"', "'", "\\", " OR ", " AND ", " order by ", "project = HR", "a ~ b", " ", "ü", "NOT ", "\n"]
)


def read(query: str) -> list[str]:
    """What stands outermost: a reader of its own, word for word, with quotes and escapes as the services take them."""
    top, depth, at = [""], 0, 0
    while at < len(query):
        letter = query[at]
        if letter == "\\":
            at += 2
            continue
        if letter in "\"'":
            at = closed(query, at)
            continue
        depth += {"(": 1, ")": -1}.get(letter, 0)
        assert depth >= 0
        if depth == 0:
            top[-1] += letter
        at += 1
    assert depth == 0
    return " ".join(top).split()


def closed(query: str, at: int) -> int:
    mark, at = query[at], at + 1
    while query[at] != mark:
        at += 2 if query[at] == "\\" else 1
    return at + 1


@example("a = 1) OR (project = HR")
@example(") OR project = HR OR (")
@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_condition_stands_beside_the_bound(query: str) -> None:
    try:
        kept = bounded(query, one_of("project", ["PAY"]), order="ORDER BY rank")
    except ToolError:
        return
    assert kept.startswith('project in ("PAY")')
    words = [word.upper().strip("()") for word in read(kept)]
    conditions = words[: words.index("ORDER")]
    assert "OR" not in conditions
    assert "=" not in conditions


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", 'p in ("A") ORDER BY rank'),
        ("a = 1", 'p in ("A") AND (a = 1) ORDER BY rank'),
        ("a = 1 Order  By key", 'p in ("A") AND (a = 1) Order  By key'),
        ('a ~ "order by x"', 'p in ("A") AND (a ~ "order by x") ORDER BY rank'),
        ("order by key", 'p in ("A") order by key'),
    ],
)
def test_a_query_keeps_its_order_or_gets_one(query: str, kept: str) -> None:
    assert bounded(query, one_of("p", ["A"]), order="ORDER BY rank") == kept


def test_without_a_bound_nothing_is_added() -> None:
    assert bounded("a = 1", "", order="") == "(a = 1)"
    assert bounded("", "", order="ORDER BY rank") == ""


def test_a_name_is_quoted_whole() -> None:
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'
