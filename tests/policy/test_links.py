"""Only an address that was seen before can be followed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.links import JOINER, links_in, plain

SEEN = links_in(["Look at https://wiki.example/a?b=1, and www.acme.example."])


@pytest.mark.parametrize(
    "row",
    [
        "https://evil.example/x?d=secret",
        "HTTPS://evil.example",
        "see (http://evil.example/a).",
        "www.evil.example/x",
        "mailto:eve@evil.example?body=secret",
        "slack://channel?id=1",
        "<https://evil.example>",
        "https://wiki.example/a?b=2",
        "https://wiki.example/a?b=1&d=secret",
        "a ` https://evil.example",
    ],
)
def test_an_address_that_is_new_reads_the_same_and_is_no_link(row):
    shown = plain(row, SEEN)
    assert shown.replace(JOINER, "") == row
    assert links_in([shown]) == frozenset()


@pytest.mark.parametrize(
    "row", ["https://wiki.example/a?b=1.", "(www.acme.example)", "`curl https://evil.example`", "a.md"]
)
def test_what_was_seen_and_what_stands_in_code_stays_as_it_is(row):
    assert plain(row, SEEN) == row


@given(st.text(), st.sampled_from(["", "`", "``", "```"]))
def test_whatever_stands_around_it_nothing_but_the_joiner_is_added(text, ticks):
    row = f"{text}{ticks}https://evil.example/x{ticks}{text}"
    assert plain(row).replace(JOINER, "") == row.replace(JOINER, "")
