"""A Word file is changed where an edit says so, and is the same everywhere else."""

from __future__ import annotations

from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.word.xml import legal
from bot.errors import ToolError
from tests.documents.words import edited, made, opened, parts, report, saved, texts, with_parts
from tests.laws import HOUSE, tried

COSTS = {"do": "replace_text", "old_text": "total cost is 40", "new_text": "sum is 50"}
PROTECTED = b'<w:documentProtection w:edit="readOnly" w:enforcement="1"/>'


def _with(name: str, old: bytes, new: bytes) -> bytes:
    """The report, with other bytes in one of its parts."""
    assert old in parts(report())[name]
    return with_parts(report(), lambda part, content: content.replace(old, new) if part == name else content)


def test_text_is_replaced_across_runs_in_the_look_of_its_first_letter() -> None:
    made = edited(report(), COSTS)

    runs = [one for one in opened(made.file).paragraphs[1].runs if one.text]
    assert [(one.text, one.bold) for one in runs] == [("The ", None), ("sum is 50", True), (" EUR.", None)]
    assert made.told == ["Replaced in 1 place"]


def test_every_part_that_an_edit_does_not_touch_stays_byte_for_byte() -> None:
    before = report()
    after = edited(before, COSTS, {"do": "delete_section", "heading": "Risks"}).file

    assert {name for name, content in parts(after).items() if parts(before)[name] != content} == {
        "word/document.xml"
    }
    assert list(parts(after)) == list(parts(before))
    assert edited(before, COSTS).file == edited(before, COSTS).file


def test_text_of_headers_and_tables_is_found_too() -> None:
    after = edited(
        report(),
        {"do": "replace_text", "old_text": "March", "new_text": "April"},
        {"do": "replace_text", "old_text": "Hosting", "new_text": "Servers\nand\tdisks"},
    ).file

    assert opened(after).sections[0].header.paragraphs[0].text == "Draft of April"
    assert opened(after).tables[0].cell(1, 0).text == "Servers\nand\tdisks"


def test_a_typed_apostrophe_finds_a_printed_one() -> None:
    after = edited(report(), {"do": "replace_text", "old_text": "It's late", "new_text": "It’s on time"}).file

    assert "It’s on time." in texts(after)


def test_what_occurs_more_than_once_is_replaced_only_everywhere() -> None:
    edit = {"do": "replace_text", "old_text": "EUR", "new_text": "USD"}
    with pytest.raises(ToolError, match="occurs 3 times"):
        edited(report(), edit)

    made = edited(report(), {**edit, "everywhere": True})
    assert made.told == ["Replaced in 3 places"]
    assert b"EUR" not in parts(made.file)["word/document.xml"]


@pytest.mark.parametrize(("tag", "text"), [("w:del", "w:delText"), ("w:moveFrom", "w:t")])
def test_what_was_deleted_or_moved_with_changes_tracked_is_not_found(tag: str, text: str) -> None:
    document = opened(report())
    gone = document.paragraphs[3].runs[0]._r
    gone.addprevious(mark := OxmlElement(tag))
    mark.append(gone)
    gone.find(qn("w:t")).tag = qn(text)

    with pytest.raises(ToolError, match="does not occur"):
        edited(saved(document), {"do": "replace_text", "old_text": "late", "new_text": "x"})


def test_an_entry_of_a_table_of_contents_follows_its_heading() -> None:
    document = opened(report())
    document.styles.add_style("toc 1", 1)
    document.paragraphs[0].insert_paragraph_before("Costs\t2", style="toc 1")

    after = edited(saved(document), {"do": "replace_text", "old_text": "Costs", "new_text": "Prices"}).file
    assert [one for one in texts(after) if "rices" in one or "osts" in one] == ["Prices\t2", "Prices"]


def test_a_section_goes_with_all_below_it_and_its_page_set_up_stays() -> None:
    after = opened(edited(report(), {"do": "delete_section", "heading": "Risks"}).file)

    assert [one.text for one in after.paragraphs] == [
        "Report",
        "The total cost is 40 EUR.",
        "",
        "Costs",
        "All in EUR.",
    ]
    assert len(after.sections) == 2


@pytest.mark.parametrize("pair", ["w:bookmark", "w:perm", "w:moveFromRange"])
def test_a_range_that_ends_outside_of_what_is_deleted_keeps_its_ends(pair: str) -> None:
    document = opened(report())
    for tag, place in ((f"{pair}Start", 2), (f"{pair}End", 6)):
        document.paragraphs[place]._p.append(mark := OxmlElement(tag))
        mark.set(qn("w:id"), "7")

    after = edited(saved(document), {"do": "delete_section", "heading": "Risks"}).file
    body = parts(after)["word/document.xml"]
    assert body.index(f"{pair}Start".encode()) < body.index(f"{pair}End".encode())


@pytest.mark.parametrize("places", [(2, 6), (0, 3)])
def test_a_field_is_not_cut_in_two(places: tuple[int, int]) -> None:
    document = opened(report())
    for kind, place in zip(("begin", "end"), places, strict=True):
        run = document.paragraphs[place].add_run()._r
        run.append(mark := OxmlElement("w:fldChar"))
        mark.set(qn("w:fldCharType"), kind)

    with pytest.raises(ToolError, match=r"field .* would be cut in two\. Nothing was changed"):
        edited(saved(document), {"do": "delete_section", "heading": "Risks"})


def test_whoever_edits_a_document_that_tracks_changes_is_told_that_these_are_not() -> None:
    tracked = _with("word/settings.xml", b"<w:zoom", b"<w:trackRevisions/><w:zoom")

    assert "tracks changes" in edited(tracked, COSTS).notes[0]
    assert edited(report(), COSTS).notes == []


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"words", "broken, or no Office file"),
        (report()[:900], "broken, or no Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "encrypted"),
        (with_parts(report(), lambda name, content: content, **{"word__vbaProject.bin": b"x"}), "macros"),
        (with_parts(report(), lambda name, content: content, **{"_xmlsignatures__sig1.xml": b"<x/>"}), "signed"),
        (
            with_parts(report(), lambda name, content: content, **{"word__media__x.bin": bytes(20_000_000)}),
            "trap",
        ),
        (_with("word/document.xml", b"<w:body>", b"<w:body><"), "broken"),
        (_with("word/document.xml", b"<w:document", b'<!DOCTYPE x [<!ENTITY a "b">]><w:document'), "broken"),
        (
            _with("word/document.xml", b"http://schemas.openxmlformats.org/word", b"http://purl.oclc.org/ooxml/word"),
            "Strict",
        ),
        (
            _with("word/settings.xml", b"<w:zoom", PROTECTED + b"<w:zoom"),
            "protected",
        ),
        (_with("[Content_Types].xml", b"wordprocessingml.document.main", b"thing.main"), "is none"),
    ],
    ids=["text", "cut", "encrypted", "macros", "signed", "bomb", "xml", "entity", "strict", "protected", "other"],
)  # fmt: skip
def test_what_must_not_or_cannot_be_edited_is_refused(file: bytes, why: str) -> None:
    with pytest.raises(ToolError, match=why):
        edited(file, COSTS)


def test_a_heading_must_be_there_once() -> None:
    with pytest.raises(ToolError, match="'Budget' is not in the document"):
        edited(report(), {"do": "delete_section", "heading": "Budget"})
    document = opened(report())
    document.add_heading("Risks", 2)
    with pytest.raises(ToolError, match="is in the document 2 times"):
        edited(saved(document), {"do": "delete_section", "heading": "Risks"})


def _document(*blocks: dict[str, Any], **content: Any) -> bytes:
    return made(blocks=list(blocks), **content).file


def test_blocks_are_inserted_after_a_heading_in_the_documents_own_styles() -> None:
    blocks = [{"type": "text", "text": "- a\n- *b*"}, {"type": "heading", "text": "Deeper", "level": 3}]
    result = edited(report(), {"do": "insert_blocks", "after": "Risks", "blocks": blocks})

    word = opened(result.file)
    assert [(one.style.name, one.text) for one in word.paragraphs][2:7] == [
        ("Heading 2", "Risks"), ("List Bullet", "a"), ("List Bullet", "b"), ("Heading 3", "Deeper"),
        ("Normal", "It’s late."),
    ]  # fmt: skip
    assert (result.told, result.notes) == (["Inserted 3 blocks"], [])
    changed = {name for name, content in parts(result.file).items() if parts(report()).get(name) != content}
    assert changed == {"word/document.xml", "word/numbering.xml"}


def test_blocks_are_put_at_the_end() -> None:
    text = {"do": "insert_blocks", "after": "", "blocks": [{"type": "text", "text": "The end."}]}

    assert texts(edited(report(), text).file)[-1] == "The end."
    empty = docx.Document()
    assert texts(edited(saved(empty), text).file) == ["The end."]


def test_a_section_gets_other_words_and_its_heading_and_the_rest_stay() -> None:
    blocks = [{"type": "table", "columns": ["A", "B"], "rows": [["x", 1]], "caption": "New"}]
    result = edited(report(), {"do": "replace_section", "heading": "Costs", "blocks": blocks})

    word = opened(result.file)
    assert [one.text for one in word.paragraphs][-4:] == ["", "Costs", "Table 1: New", ""]
    assert [[cell.text for row in table.rows for cell in row.cells] for table in word.tables] == [
        ["A", "B", "x", "1"]
    ]
    assert word.tables[0].style.name == "Table Grid"
    assert result.told == ["Replaced 2 blocks by 3 blocks"]


def test_pictures_links_and_notes_are_added_beside_those_that_are_there() -> None:
    image = {"type": "image", "path": "dot.png", "alt": "Dot", "caption": "First"}
    note = {"type": "footnote", "name": "n", "text": "Noted."}
    before = _document(image, {"type": "text", "text": "Here[^n]. [a](https://a.example)"}, note)
    more = [
        {**image, "caption": "Zeroth"},
        {"type": "text", "text": "There[^n]. [b](https://b.example)"},
        note,
    ]
    after = edited(before, {"do": "insert_blocks", "after": "Here. a", "blocks": more}).file

    assert [one for one in texts(after) if one.startswith("Figure")] == [
        "Figure 1: First",
        "Figure 2: Zeroth",
    ]
    assert parts(after)["word/footnotes1.xml"].count(b"Noted.") == 2
    assert sum(name.startswith("word/media/") for name in parts(after)) == 1
    links = parts(after)["word/_rels/document.xml.rels"]
    assert (links.count(b"https://a.example"), links.count(b"https://b.example")) == (1, 1)


def test_captions_are_counted_anew_when_one_comes_before_or_goes() -> None:
    table = {"type": "table", "columns": ["A"], "rows": []}
    heads = [{"type": "heading", "text": name} for name in ("One", "Two")]
    before = _document(heads[0], {**table, "caption": "a"}, heads[1], {**table, "caption": "b"})
    new = {"do": "insert_blocks", "after": "One", "blocks": [{**table, "caption": "new"}]}

    def captions(file: bytes) -> list[str]:
        return [one for one in texts(file) if one.startswith("Table")]

    assert captions(edited(before, new).file) == ["Table 1: new", "Table 2: a", "Table 3: b"]
    assert captions(edited(before, {"do": "delete_section", "heading": "One"}).file) == ["Table 1: b"]


def test_a_cell_gets_other_words_in_its_look_and_a_row_one_like_it() -> None:
    before = _document({"type": "table", "columns": ["Item", "EUR"], "rows": [["Hosting", 40]]})
    made = edited(
        before,
        {"do": "set_table_cell", "table": 1, "row": 2, "column": 2, "text": "**50**"},
        {"do": "add_table_row", "table": 1, "after": 1, "cells": ["Travel", "7"]},
    )
    after = made.file

    assert made.lost == ["40"]
    table = opened(after).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Item", "EUR"],
        ["Travel", "7"],
        ["Hosting", "50"],
    ]
    assert str(table.cell(2, 1).paragraphs[0].alignment) == "RIGHT (2)"
    assert table.cell(2, 1).paragraphs[0].runs[0].bold
    assert [one._tr.trPr.find(qn("w:tblHeader")) is None for one in table.rows] == [False, True, True]


def test_a_table_within_a_cell_is_not_counted() -> None:
    document = opened(report())
    inner = document.tables[0].cell(0, 0).add_table(1, 2)
    inner.cell(0, 0).text = "inner"
    document.add_table(1, 1)

    after = opened(
        edited(
            saved(document),
            {"do": "set_table_cell", "table": 1, "row": 2, "column": 2, "text": "41"},
            {"do": "set_table_cell", "table": 2, "row": 1, "column": 1, "text": "last"},
        ).file
    )
    assert [table.rows[-1].cells[-1].text for table in after.tables] == ["41", "last"]
    assert after.tables[0].cell(0, 0).tables[0].cell(0, 0).text == "inner"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ({"do": "set_table_cell", "table": 2, "row": 1, "column": 1, "text": ""}, "no table 2: there are 1"),
        (
            {"do": "set_table_cell", "table": 1, "row": 9, "column": 1, "text": ""},
            "no row 9 in table 1: there are 2",
        ),
        ({"do": "set_table_cell", "table": 1, "row": 1, "column": 3, "text": ""}, "there are 2"),
        ({"do": "add_table_row", "table": 1, "after": 1, "cells": ["a"]}, "has 2 cells, and 1 were given"),
        (
            {"do": "insert_blocks", "after": "Nowhere", "blocks": [{"type": "page_break"}]},
            "'Nowhere' is not in",
        ),
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(edit: dict[str, Any], why: str) -> None:
    with pytest.raises(ToolError, match=why):
        edited(report(), edit)


@settings(HOUSE, max_examples=tried(60))
@given(st.integers(0, 24), st.integers(1, 25), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_whatever_is_replaced_by_whatever_the_rest_of_the_text_stays(
    start: int, length: int, new: str
) -> None:
    old = "The total cost is 40 EUR."
    part = old[start : start + length]
    edit = {"do": "replace_text", "old_text": part, "new_text": new, "everywhere": True}
    said = legal(new)

    after = edited(report(), edit).file
    assert texts(after)[1] == old.replace(part, said)
    assert {name for name, content in parts(after).items() if parts(report())[name] != content} <= {
        "word/document.xml",
        "word/header1.xml",
    }
