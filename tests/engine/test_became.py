"""What a trouble is told as: whole sentences, whatever the words of the service."""

from __future__ import annotations

import pytest

from bot.engine import became
from bot.errors import Unavailable


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("it answered 503", "it answered 503. What"),
        ("it answered 503.", "it answered 503. What"),
        ("it broke off (reset)", "it broke off (reset). What"),
        ("Nothing answers. Is it up?", "Nothing answers. Is it up? What"),
        ("Wait…", "Wait… What"),
    ],
)
def test_an_outage_is_told_in_whole_sentences(new_office, said, told):
    office = new_office()
    task = office.task(office.start())
    note = became.of_trouble(task, Unavailable(said)).note
    assert note == f"The model cannot be reached: {told} was done is kept."
