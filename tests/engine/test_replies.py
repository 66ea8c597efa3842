"""A reply that is nothing but a yes is told from one that says what to change."""

from __future__ import annotations

import pytest

from bot.engine.replies import is_stop, is_yes


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes!",
        "ok, go ahead",
        "yes please",
        "Looks good to me.",
        "approve it",
        "sounds good 👍",
        "Sure, thanks",
    ],
)
def test_a_yes_in_any_of_its_words(text: str) -> None:
    assert is_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes, but merge Runbooks into Processes",
        "no",
        "ok with the names, not the folders",
        "go slower",
        "please leave finance alone",
    ],
)
def test_more_than_a_yes_is_a_redirection(text: str) -> None:
    assert not is_yes(text)


@pytest.mark.parametrize(
    ("text", "stops"), [("stop", True), ("Please stop!", True), ("stop renaming", False), ("", False)]
)
def test_a_stop_is_nothing_but_a_stop(text: str, stops: bool) -> None:
    assert is_stop(text) is stops
