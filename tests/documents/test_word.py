"""A Word file is what Word itself would make of the content: styles, lists, notes and captions that it counts."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bot.documents.content import Content
from bot.documents.drawing import Drawing
from bot.documents.word import written
from bot.errors import ToolError
from bot.tools.documents import read
from tests.documents.words import made, opened, parts, picture
from tests.laws import HOUSE, tried
from tests.office import Office

SMALL = {"columns": ["Item", "EUR"], "rows": [["Hosting", 40], ["Travel", 7.5]], "caption": "Costs"}
COST = {"kind": "column", "categories": ["Q1", "Q2"], "series": [{"name": "EUR", "values": [1, 2]}]}


def block(kind: str, **given: Any) -> dict[str, Any]:
    return {"type": kind, **given}


def text(words: str) -> dict[str, Any]:
    return block("text", text=words)


def markdown(file: bytes) -> str:
    return read(io.BytesIO(file), "a.docx", size=len(file)).text


def document(file: bytes) -> Any:
    return opened(file).element.body


def test_the_text_comes_back_as_it_was_said() -> None:
    file = made(
        title="Report",
        blocks=[
            block("heading", text="Costs & risks", level=2),
            text(
                "It is **late**, *very*, see [the plan](https://example.com/?a=1&b=2).\n\n- one\n  - deep\n- two"
            ),
            block("table", **SMALL),
        ],
    ).file

    assert markdown(file).splitlines()[2:] == [
        "## Costs & risks", "", "It is **late**, *very*, see [the plan](https://example.com/?a=1&b=2).", "",
        "- one", "  - deep", "- two", "", "Table 1: Costs", "",
        "| Item | EUR |", "| --- | --- |", "| Hosting | 40 |", "| Travel | 7.5 |",
    ]  # fmt: skip


def test_title_author_and_language_are_the_files_own() -> None:
    word = opened(made(title="Report", author="Ada", date="1 May", language="de", blocks=[text("x")]).file)

    assert [(one.style.name, one.text) for one in word.paragraphs] == [
        ("Title", "Report"),
        ("Byline", "Ada · 1 May"),
        ("Normal", "x"),
    ]
    assert (word.core_properties.title, word.core_properties.author) == ("Report", "Ada")
    language = word.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "de-DE"
    footer = word.sections[0].footer.paragraphs[0]._p
    assert [one.get(qn("w:instr")).strip() for one in footer.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_each_list_of_numbers_begins_anew() -> None:
    blocks = [
        text("1. a\n2. b\n   1. deep\n3. c\n\nBetween.\n\n1. d"),
        text("1. e\n2. f"),
        text("4. four\n\n1) g"),
    ]
    word = opened(made(blocks=blocks).file)

    numbered = [
        (one.text, number.numId.val, number.ilvl.val)
        for one in word.paragraphs
        if one._p.pPr is not None and (number := one._p.pPr.numPr) is not None
    ]
    lists = [numbered[place][1] for place in (0, 2, 4, 5, 7, 8)]
    first, deep, second, third, fourth, fifth = lists
    assert numbered == [
        ("a", first, 0), ("b", first, 0), ("deep", deep, 1), ("c", first, 0), ("d", second, 0),
        ("e", third, 0), ("f", third, 0), ("four", fourth, 0),
        ("g", fifth, 0),
    ]  # fmt: skip
    assert len(set(lists)) == 6
    nums = word.part.numbering_part.element.findall(qn("w:num"))
    starts = {one.numId: one.find(f".//{qn('w:startOverride')}").get(qn("w:val")) for one in nums}
    assert [starts[one] for one in lists] == ["1", "1", "1", "1", "4", "1"]


def test_a_table_repeats_its_head_keeps_rows_whole_and_sets_numbers_to_the_right() -> None:
    table = opened(made(blocks=[block("table", **SMALL)]).file).tables[0]

    rows = [one._tr.trPr for one in table.rows]
    assert [one.find(qn("w:tblHeader")) is not None for one in rows] == [True, False, False]
    assert all(one.find(qn("w:cantSplit")) is not None for one in rows)
    assert [str(one.paragraphs[0].alignment) for one in table.rows[1].cells] == ["None", "RIGHT (2)"]
    assert table.style.name == "House Table"


@pytest.mark.parametrize("count", [1, 3, 12, 50])
def test_a_table_is_as_wide_as_the_text(count: int) -> None:
    word = opened(made(blocks=[block("table", columns=["Responsibility"] * count, rows=[])]).file)

    page = word.sections[0]
    space = (page.page_width - page.left_margin - page.right_margin) // 635
    assert space - count <= sum(one.width // 635 for one in word.tables[0].columns) <= space


def test_captions_are_fields_that_count_in_their_order_and_their_language() -> None:
    image = block("image", path="dot.png", alt="", caption="One")
    file = made(language="de", blocks=[block("table", **SMALL), image, block("table", **SMALL), image]).file

    captions = [one for one in document(file).iter(qn("w:p")) if one.style == "Caption"]
    assert ["".join(word.text for word in one.iter(qn("w:t"))) for one in captions] == [
        "Tabelle 1: Costs", "Abbildung 1: One", "Tabelle 2: Costs", "Abbildung 2: One",
    ]  # fmt: skip
    fields = [one.text for one in document(file).iter(qn("w:instrText"))]
    assert fields == [f" SEQ {one} \\* ARABIC " for one in ("Tabelle", "Abbildung", "Tabelle", "Abbildung")]


def test_a_picture_is_within_the_page_and_has_words_for_those_who_do_not_see_it() -> None:
    image = block("image", path="dot.png", alt="A “red” bar & more")
    word = opened(made(blocks=[image, image]).file)

    page = word.sections[0]
    shapes = list(word.inline_shapes)
    assert [one._inline.docPr.get("descr") for one in shapes] == ["A “red” bar & more"] * 2
    assert shapes[0].width == page.page_width - page.left_margin - page.right_margin
    assert abs(shapes[0].width / shapes[0].height - 5) < 0.01
    assert len({one._inline.docPr.id for one in shapes}) == 2
    assert sum("media" in name for name in parts(made(blocks=[image, image]).file)) == 1


def test_a_tall_picture_leaves_room_for_its_caption() -> None:
    content = Content.model_validate({"blocks": [block("image", path="tall", alt="", caption="Tall")]})
    word = opened(written(content, Drawing({"tall": picture(300, 6000)}), None))
    assert word.inline_shapes[0].height < 0.8 * word.sections[0].page_height


def test_footnotes_are_words_own_and_keep_their_links() -> None:
    note = block("footnote", name="one", text="See [there](https://example.org).")
    result = made(blocks=[text("A[^one], b[^none]."), note, block("footnote", name="lost", text="x")])

    notes = parts(result.file)["word/footnotes1.xml"].decode()
    assert "See " in notes
    assert b"https://example.org" in parts(result.file)["word/_rels/footnotes1.xml.rels"]
    assert "[^none]" in markdown(result.file)
    assert result.notes == ["No text points to these footnotes, so they are not there: lost."]


def test_code_keeps_its_lines_and_spaces() -> None:
    word = opened(made(blocks=[block("code", code="if a:\n\tb  = 1\n\n    c\n")]).file)

    assert [(one.style.name, one.text) for one in word.paragraphs] == [("Code", "if a:\n\tb  = 1\n\n    c")]


def test_text_from_right_to_left_is_set_so() -> None:
    table = block("table", columns=["مرحبا"], rows=[["plain"]])
    body = document(made(blocks=[text("مرحبا **بك**"), text("hello مرحبا"), table]).file)

    found = [one.find(f".//{qn('w:bidi')}") is not None for one in body.iter(qn("w:p"))]
    assert found == [True, False, True, False, False]


def test_the_same_content_is_always_the_same_bytes_and_tells_no_time() -> None:
    content = {
        "title": "A",
        "blocks": [text("- a[^n]"), block("footnote", name="n", text="b"), block("chart", chart=COST)],
    }

    assert made(**content).file == made(**content).file
    assert b"dcterms" not in parts(made(**content).file)["docProps/core.xml"]


def test_markup_in_words_stays_words() -> None:
    words = "<w:p/> & ]]> {{title}} \x00\x0b\ufffe [x](javascript:alert(1))"
    file = made(title=words, author=words, blocks=[text(words), block("code", code=words)]).file

    assert opened(file).paragraphs[0].text == "<w:p/> & ]]> {{title}}  [x](javascript:alert(1))"
    assert b"javascript" not in parts(file)["word/_rels/document.xml.rels"]


_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    [
        "",
        "- a\n  1. b\n    > c",
        "x" * 10_000,
        "مرحبا",
        "[^n]",
        "[a](https://x.y/ü ä)",
        "**",
        "|",
        "\x00\x1b",
        "1. a\n\n       b",
    ]
)
_BLOCKS = st.one_of(
    st.builds(lambda words: text(words), _WORDS),
    st.builds(lambda words, level: block("heading", text=words, level=level), _WORDS, st.integers(1, 4)),
    st.builds(
        lambda columns, row, caption: block("table", columns=columns, rows=[row, []], caption=caption),
        st.lists(_WORDS, min_size=1, max_size=4),
        st.lists(_WORDS | st.integers() | st.booleans() | st.none(), max_size=6),
        _WORDS,
    ),
    st.builds(lambda words: block("code", code=words), _WORDS),
    st.builds(lambda words: block("footnote", name="n", text=words), _WORDS),
    st.builds(lambda words: block("image", path="dot.png", alt=words, caption=words), _WORDS),
    st.just(block("page_break")),
)  # fmt: skip


@settings(HOUSE, max_examples=tried(90))
@given(_WORDS, st.lists(_BLOCKS, min_size=1, max_size=5))
def test_no_content_makes_a_file_that_does_not_open(title: str, blocks: list[dict[str, Any]]) -> None:
    file = made(title=title, blocks=blocks).file

    word = opened(file)
    ids = {one.get(qn("w:id")) for one in document(file).iter(qn("w:footnoteReference"))}
    notes = parts(file).get("word/footnotes1.xml", b"")
    assert all(f'w:id="{one}"'.encode() in notes for one in ids)
    assert all(len(row.cells) == len(table.columns) for table in word.tables for row in table.rows)
    assert word.element.body[-1].tag == qn("w:sectPr")


def test_an_image_that_is_none_is_refused() -> None:
    with pytest.raises(ToolError, match="was not given"):
        made(blocks=[block("image", path="gone.png", alt="")])


def test_libreoffice_shows_it_all(office: Office, tmp_path: Path) -> None:
    rows = [[f"Row {number}", number] for number in range(60)]
    blocks = [
        block("heading", text="Summary"), text("Words[^n] and 中文.\n\n1. One\n2. Two\n\nmiddle\n\n1. Again"),
        block("footnote", name="n", text="Noted below."),
        block("table", columns=["Name", "Count"], rows=rows, caption="Rows"),
        block("chart", chart=COST, caption="Costs"), block("code", code="a = 1"), block("page_break"),
        text("Last page."),
    ]  # fmt: skip
    path = tmp_path / "report.docx"
    path.write_bytes(made(title="Report", blocks=blocks).file)

    pages = [page.extract_text() for page in PdfReader(office.pdf(path)).pages]
    assert "Noted below." in pages[0]
    assert "1. Again" in pages[0]
    assert ["Name Count" in page for page in pages[:2]] == [True, True], "the head stands on each page"
    assert "Figure 1: Costs" in "".join(pages)
    assert "Last page." in pages[-1]
    assert pages[-1].strip().endswith(f"{len(pages)} / {len(pages)}")


def test_a_table_too_wide_for_the_page_stands_on_one_that_lies_on_its_side() -> None:
    wide = {
        "type": "table",
        "columns": [f"Column {number}" for number in range(14)],
        "rows": [[1234567.25] * 14],
    }
    text = {"type": "text", "text": "Words."}

    between = opened(made(blocks=[text, wide, text]).file).sections
    assert [one.page_width > one.page_height for one in between] == [False, True, False]
    assert [one.page_width > one.page_height for one in opened(made(blocks=[text, wide]).file).sections] == [
        False,
        True,
    ]
    assert len(opened(made(blocks=[text, {**wide, "columns": ["A"], "rows": [[1]]}]).file).sections) == 1
