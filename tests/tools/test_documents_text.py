"""Text in any encoding, tables in any separator, and excerpts of both."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ToolError
from bot.tools.documents import Document, Excerpt, excerpt, read


def _read(content: bytes, name: str) -> Document:
    return read(io.BytesIO(content), name, size=len(content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_read_in_the_encoding_it_has(encoding: str) -> None:
    assert _read("Grüße – 日本".encode(encoding), "a.txt") == Document(format="text", text="Grüße – 日本")


def test_old_windows_text_is_read_with_a_note() -> None:
    document = _read("Grüße – “x”".encode("cp1252"), "a.txt")

    assert document.text == "Grüße – “x”"
    assert document.note.startswith("The file is not UTF-8; it was read as Windows-1252")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.json", "json"),
        ("a.yml", "yaml"),
        ("README.md", "markdown"),
        ("a.py", "text"),
        ("Makefile", "text"),
    ],
)
def test_code_and_its_kin_come_as_they_are(name: str, form: str) -> None:
    assert _read(b"a:\n\t1\r\n", name) == Document(format=form, text="a:\n\t1\r\n")


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert _read(b"", "a.pdf") == Document(format="text", text="", note="The file is empty.")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_csv_is_a_table_whatever_separates_it(separator: str) -> None:
    rows = [["Name", "Note"], ["Ada", '"a, b; c"'], ["Bob"]]
    content = "\r\n".join(separator.join(row) for row in rows)

    assert _read(content.encode(), "a.csv") == Document(
        format="csv", text="| Name | Note |\n| --- | --- |\n| Ada | a, b; c |\n| Bob |  |"
    )


def test_of_a_long_csv_the_first_10000_rows_are_shown() -> None:
    document = _read(b"a,b\n" * 12_000, "a.csv")

    assert len(document.text.splitlines()) == 10_001
    assert document.note == "Table: the first 10,000 of 12,000 rows are shown."


def test_a_csv_that_is_none_comes_as_text() -> None:
    content = '"' + "x" * 200_000

    assert _read(content.encode(), "a.csv") == Document(format="text", text=content)


def test_an_excerpt_says_where_it_is_and_where_to_go_on() -> None:
    text = "\n".join(f"line {number}" for number in range(1, 11)) + "\n"

    assert excerpt(text, 3, 2) == Excerpt(text="line 3\nline 4", first=3, last=4, total=10, next=5)
    assert excerpt(text, 9) == Excerpt(text="line 9\nline 10", first=9, last=10, total=10, next=None)


def test_an_excerpt_has_at_most_400_lines_and_24000_characters() -> None:
    assert excerpt("x\n" * 1000).next == 401
    many = excerpt("y" * 99 + "\n" + ("y" * 99 + "\n") * 999, limit=1000)
    assert (many.last, many.next, len(many.text) <= 24_000) == (240, 241, True)


def test_a_very_long_line_is_cut_with_a_mark() -> None:
    assert excerpt("z" * 5000).text == "z" * 2000 + " … [3,000 more characters in this line]"


def test_an_offset_beyond_the_end_is_told_the_end() -> None:
    with pytest.raises(ToolError, match=r"has 3 lines\. Give an offset from 1 to 3"):
        excerpt("a\nb\nc", 4)
    with pytest.raises(ToolError, match="from 1 on"):
        excerpt("a", 0)


def test_an_empty_text_has_no_lines() -> None:
    assert excerpt("") == Excerpt(text="", first=0, last=0, total=0, next=None)


@given(text=st.text(), limit=st.integers(1, 5))
def test_going_on_from_excerpt_to_excerpt_shows_every_line_once(text: str, limit: int) -> None:
    lines: list[str] = []
    offset: int | None = 1
    while offset is not None:
        part = excerpt(text, offset, limit)
        lines += part.text.split("\n") if part.total else []
        offset = part.next

    assert len(lines) == excerpt(text).total
    assert "\n".join(lines) == text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
