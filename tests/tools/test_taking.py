"""Pictures and answers of any size go from process to process without going through the memory of ours."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.documents import apart
from bot.errors import ToolError
from bot.tools import taking
from tests.documents.words import report
from tests.tools.conftest import Grounds
from tests.tools.desks import desk_in, put, run

MEGABYTE = 1_000_000


@contextmanager
def within(most: int) -> Iterator[None]:
    """Of our own memory no more than that at any time."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def images(grounds: Grounds, number: int, size: int) -> list[dict[str, Any]]:
    """None of them is a picture, which the process finds that makes the document."""
    paths = [grounds.granted / f"{one}.png" for one in range(number)]
    for path in paths:
        with path.open("wb") as file:
            file.truncate(size)
    return [{"type": "image", "path": str(path), "alt": "x"} for path in paths]


def test_pictures_are_not_in_our_memory_while_a_document_is_made_or_edited(grounds: Grounds) -> None:
    blocks = images(grounds, 4, 10 * MEGABYTE)
    letter = put(grounds.granted, "a.docx", report())
    edit = {"do": "insert_blocks", "after": "Risks", "blocks": blocks}

    with within(10 * MEGABYTE):
        with pytest.raises(ToolError, match="neither PNG nor JPEG"):
            run(desk_in(grounds), "make_document", path="a.html", format="html", content={"blocks": blocks})
        with pytest.raises(ToolError, match="neither PNG nor JPEG"):
            run(desk_in(grounds), "edit_document", path=letter, edits=[edit])


@pytest.mark.parametrize(
    ("number", "size", "said"),
    [
        (6, 19 * MEGABYTE, "have 114 MB together, and at most 100 MB go"),
        (1, 20 * MEGABYTE + 1, "0.png is larger than 20 MB"),
        (taking.MOST_PICTURES + 1, 1, "At most 200 pictures"),
    ],
)
def test_all_pictures_of_a_document_have_one_bound(
    number: int, size: int, said: str, grounds: Grounds
) -> None:
    blocks = images(grounds, number, size)

    with pytest.raises(ToolError, match=said):
        run(desk_in(grounds), "make_document", path="a.html", format="html", content={"blocks": blocks})


def test_of_an_answer_that_is_too_long_nothing_is_read(
    grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "LARGEST_ANSWER", MEGABYTE)
    table = put(grounds.granted, "n.csv", "n\n1\n")
    sql = "select repeat('x', 1000) as x from range(20000)"

    with within(5 * MEGABYTE), pytest.raises(ToolError, match="takes too much memory"):
        run(desk_in(grounds), "query_data", sql=sql, files=[table], save_as="big.csv")
