"""A Word file is changed where an edit says so, and is the same everywhere else."""

from __future__ import annotations

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from bot.errors import ToolError
from tests.documents.words import edited, opened, parts, report, saved, texts, with_parts

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


def test_what_was_deleted_with_changes_tracked_is_not_found() -> None:
    document = opened(report())
    gone = document.paragraphs[3].runs[0]._r
    gone.addprevious(mark := OxmlElement("w:del"))
    mark.append(gone)
    gone.find(qn("w:t")).tag = qn("w:delText")

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


def test_a_bookmark_that_ends_outside_of_what_is_deleted_keeps_its_ends() -> None:
    document = opened(report())
    for tag, place in (("w:bookmarkStart", 2), ("w:bookmarkEnd", 6)):
        document.paragraphs[place]._p.append(mark := OxmlElement(tag))
        mark.set(qn("w:id"), "7")

    after = edited(saved(document), {"do": "delete_section", "heading": "Risks"}).file
    body = parts(after)["word/document.xml"]
    assert body.index(b"w:bookmarkStart") < body.index(b"w:bookmarkEnd")


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
