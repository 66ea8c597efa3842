"""Decks: each kind of slide, within its slide, in the look of the house or of a template."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pptx
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.documents import plots
from bot.errors import ToolError
from tests.documents.decks import (
    CHART,
    DIAGRAM,
    PICTURE,
    TABLE,
    made,
    misplaced,
    opened,
    parts,
    text,
    titles,
)
from tests.office import Office

GOLDEN = {
    "title": "Review of the payments platform",
    "subtitle": "What changed, and what is next",
    "author": "Mina",
    "date": "23 November 2026",
    "slides": [
        {"title": "Where we stand"},
        {
            "title": "Highlights",
            "subtitle": "Three things to remember",
            "bullets": [
                "**Checkout** is 32 % faster",
                {"text": "Only `EU` accounts, see [the plan](https://example.com/plan)", "level": 1},
                "- Two incidents",
            ],
            "notes": "Begin with the checkout.",
        },
        {"title": "For and against", "bullets": ["One contract"], "right": ["Six weeks of work"]},
        {"title": "Figures", "table": TABLE},
        {"title": "Revenue", "bullets": ["Q2 passed the plan"], "chart": CHART},
        {"title": "Parts", "bullets": ["Two of them"], "diagram": DIAGRAM},
        {"title": "The field", "image": PICTURE},
    ],
}


@pytest.fixture(scope="module")
def golden() -> bytes:
    file, notes = made(GOLDEN)
    assert notes == []
    return file


def test_a_deck_says_all_that_it_was_given_in_order(golden: bytes) -> None:
    said = text(golden)
    places = [
        said.index(words)
        for words in (
            "## Slide 1: Review of the payments platform\n\n- What changed, and what is next\n- Mina · 23 November",
            "## Slide 2: Where we stand",
            "## Slide 3: Highlights\n\n- Three things to remember\n\n- Checkout is 32 % faster\n"
            "  - Only EU accounts, see the plan\n- Two incidents\n\n> Notes: Begin with the checkout.",
            "- One contract\n\n- Six weeks of work",
            "| Region | Revenue | Remark |\n| --- | --- | --- |\n| EMEA | 1200.5 | Strong growth |",
            "- Q2 passed the plan\n\nChart: Revenue\n\n|  | Plan | Actual |\n| --- | --- | --- |\n| Q1 | 10 | 9 |",
            "(Picture: Client to ledger)",
            "(Picture: A blue field)\n\n- Seen from above",
        )
    ]
    assert places == sorted(places)


def test_all_of_it_stands_within_its_slide_and_nothing_on_anything_else(golden: bytes) -> None:
    assert misplaced(golden) == []


def test_it_is_wide_and_every_page_has_its_number_and_what_shows_has_words_for_who_cannot_see(
    golden: bytes,
) -> None:
    deck = opened(golden)
    assert round(deck.slide_width / deck.slide_height, 2) == 1.78
    for number, slide in enumerate(list(deck.slides)[1:], 2):
        feet = {place.element.ph.get("type"): place for place in slide.placeholders}
        assert feet["sldNum"].text_frame.text == str(number)
        assert feet["ftr"].text_frame.text == "Review of the payments platform"
    shown = [one for slide in deck.slides for one in slide.shapes if not one.has_text_frame]
    assert [one._element.xpath(".//p:cNvPr")[0].get("descr") for one in shown] == [
        "Table: Region, Revenue, Remark",
        "Column chart “Revenue”: Plan, Actual",
        "Client to ledger",
        "A blue field",
    ]
    assert deck.core_properties.title == "Review of the payments platform"


def test_marks_become_looks_and_links_are_links(golden: bytes) -> None:
    body = opened(golden).slides[2].placeholders[1].text_frame
    runs = {run.text: run for paragraph in body.paragraphs for run in paragraph.runs}
    assert runs["Checkout"].font.bold and not runs[" is 32 % faster"].font.bold
    assert runs["EU"].font.name == "Courier New"
    assert runs["the plan"].hyperlink.address == "https://example.com/plan"
    assert [paragraph.level for paragraph in body.paragraphs] == [0, 1, 0]


def test_a_picture_keeps_its_proportions(golden: bytes) -> None:
    (picture,) = [one for one in opened(golden).slides[7].shapes if one._element.tag.endswith("}pic")]
    assert abs(picture.width / picture.height - 2) < 0.01


def test_the_same_content_is_always_the_same_bytes(golden: bytes) -> None:
    assert made(GOLDEN)[0] == golden


def test_a_chart_is_one_of_powerpoint_and_no_name_in_it_is_reckoned() -> None:
    chart = {
        "kind": "column",
        "categories": ["=1+1", "+cmd|' /C calc'!A0"],
        "series": [{"name": "=HYPERLINK(1)", "values": [1, None]}],
    }
    file, _ = made({"slides": [{"title": "Revenue", "chart": chart}]})
    (shape,) = [one for one in opened(file).slides[0].shapes if one.has_chart]
    assert [list(one.values) for one in shape.chart.plots[0].series] == [[1.0, None]]
    with zipfile.ZipFile(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob)) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
        words = workbook.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet and "=HYPERLINK(1)" in words and "=1+1" in words


@pytest.mark.parametrize("kind", ["bar", "column", "line", "area", "pie", "scatter", "histogram"])
def test_every_kind_of_chart_can_be_opened_again(kind: str) -> None:
    chart = {"kind": kind, "categories": ["1", "2", "3"], "series": [{"name": "a", "values": [1, 2.5, 4]}]}
    file, _ = made({"slides": [{"title": kind, "chart": chart}]})
    assert "Chart" in text(file) and misplaced(file) == []


def test_a_histogram_has_as_many_columns_in_a_deck_as_in_a_picture_however_far_its_values_are_apart() -> None:
    chart = {"kind": "histogram", "series": [{"name": "a", "values": [*range(99), 1e9]}]}
    file, _ = made({"slides": [{"title": "t", "chart": chart}]})
    (shape,) = [one for one in opened(file).slides[0].shapes if one.has_chart]
    assert len(list(shape.chart.plots[0].categories)) == plots.bins(100) == 10


def test_bars_are_read_from_above_with_their_figures_below() -> None:
    chart = {"kind": "bar", "categories": ["a", "b"], "series": [{"name": "x", "values": [1, -2]}]}
    axes = parts(made({"slides": [{"title": "t", "chart": chart}]})[0])["ppt/charts/chart1.xml"].decode()
    assert 'orientation val="maxMin"' in axes and '<c:crosses val="max"/></c:valAx>' in axes


def test_a_long_chart_is_read_in_part_and_its_names_are_as_they_were_written() -> None:
    chart = {
        "kind": "line",
        "categories": [f"{n:04}" for n in range(2_000)],
        "series": [{"name": "x", "values": [0.1 + 0.2] * 2_000}],
    }
    said = text(made({"slides": [{"title": "t", "chart": chart}]})[0])
    assert "| 0007 | 0.3 |" in said and "(The first 500 of 2,000 rows of the chart are shown.)" in said


def test_a_long_line_has_no_marks_and_shows_as_many_labels_as_can_be_read() -> None:
    days = [f"2026-01-{day:03d}" for day in range(100)]
    chart = {"kind": "line", "categories": days, "series": [{"name": "x", "values": [*range(100)]}]}
    drawn = parts(made({"slides": [{"title": "t", "chart": chart}]})[0])["ppt/charts/chart1.xml"].decode()

    assert '<c:symbol val="none"/>' in drawn and '<c:tickLblSkip val="9"/>' in drawn


def test_whole_numbers_stand_at_their_bars_as_such() -> None:
    chart = {"kind": "bar", "categories": ["a", "b"], "series": [{"name": "x", "values": [1, 12]}]}
    drawn = parts(made({"slides": [{"title": "t", "chart": chart}]})[0])["ppt/charts/chart1.xml"].decode()

    assert '<c:numFmt formatCode="#,##0" sourceLinked="0"/>' in drawn


def test_of_a_long_title_it_is_seen_that_it_goes_on() -> None:
    title = "A design of the caching layer that has a very long title, which goes over two lines"
    *_, last = titles(
        made({"slides": [{"title": title, "bullets": [f"{n} {'word ' * 30}" for n in range(20)]}]})[0]
    )

    assert last.startswith("A design of the caching layer") and last.endswith(")") and len(last) < 70


def test_series_that_do_not_match_their_categories_are_refused() -> None:
    chart = {"kind": "line", "categories": ["a"], "series": [{"name": "x", "values": [1, 2]}]}
    with pytest.raises(ToolError, match="2 values for 1 categories"):
        made({"slides": [{"title": "t", "chart": chart}]})


def test_what_is_a_little_too_much_is_made_smaller_but_never_below_twelve_points() -> None:
    file, notes = made({"slides": [{"title": "t", "bullets": ["word " * 45] * 5}]})
    sizes = {
        run.font.size.pt
        for paragraph in opened(file).slides[0].placeholders[1].text_frame.paragraphs
        for run in paragraph.runs
    }
    assert notes == [] and min(sizes) >= 12 and max(sizes) < 20


def test_what_is_far_too_much_goes_on_over_further_slides_that_are_called_so() -> None:
    points = [f"Point {number}: {'word ' * 40}" for number in range(12)]
    file, notes = made({"slides": [{"title": "Much", "bullets": points}, {"title": "Next"}]})
    assert titles(file) == ["Much", "Much (continued)", "Much (continued 2)", "Next"]
    assert notes == ["“Much” did not fit on one slide and goes on over 3."]
    assert misplaced(file) == []
    assert [text(file).count(f"Point {number}:") for number in range(12)] == [1] * 12


def test_one_endless_word_is_broken_and_nothing_of_it_lost() -> None:
    file, _ = made({"slides": [{"title": "Long", "bullets": ["x" * 10_000]}]})
    assert text(file).count("x") == 10_000 and misplaced(file) == []


def test_a_book_is_no_slide() -> None:
    with pytest.raises(ToolError, match=r"would take \d+ slides\. Nothing was made"):
        made({"slides": [{"title": "Long", "bullets": ["word " * 20_000]}]})


def test_a_table_goes_on_by_rows_and_by_columns_with_what_says_what_they_are() -> None:
    tall = {"type": "table", "columns": ["No", "Name"], "rows": [[n, f"Name {n}"] for n in range(40)]}
    wide = {
        "type": "table",
        "columns": ["Key", *(f"Column{n}" for n in range(30))],
        "rows": [["first", *["value"] * 30]],
    }
    file, _ = made({"slides": [{"title": "Tall", "table": tall}, {"title": "Wide", "table": wide}]})
    tables = [one.table for slide in opened(file).slides for one in slide.shapes if one.has_table]
    heads = [[cell.text for cell in table.rows[0].cells] for table in tables]
    assert [head[0] for head in heads] == ["No", "No", "No", "Key", "Key", "Key"]
    assert [name for head in heads[3:] for name in head[1:]] == [f"Column{n}" for n in range(30)]
    assert sum(len(table.rows) - 1 for table in tables[:3]) == 40
    assert misplaced(file) == []


def test_five_thousand_rows_are_refused_with_what_to_do() -> None:
    table = {"type": "table", "columns": ["No"], "rows": [[n] for n in range(5_000)]}
    with pytest.raises(ToolError, match="give the whole as a workbook"):
        made({"slides": [{"title": "t", "table": table}]})


def test_two_slides_of_one_name_are_told_apart() -> None:
    file, notes = made({"slides": [{"title": "Costs"}, {"title": "costs"}], "language": "de"})
    assert titles(file) == ["Costs", "costs (2)"]
    assert notes == ["A slide was called “costs” as one before it; it is now “costs (2)”."]


def test_a_title_that_is_longer_than_its_place_is_whole_in_the_notes() -> None:
    title = "word " * 200
    file, notes = made({"slides": [{"title": title, "bullets": ["a"]}]})
    assert titles(file)[0].endswith("…") and len(notes) == 1
    assert title.strip() in opened(file).slides[0].notes_slide.notes_text_frame.text


def test_a_subtitle_and_a_caption_that_are_cut_are_whole_in_the_notes() -> None:
    image = {**PICTURE, "caption": "seen " * 90}
    file, notes = made({"slides": [{"title": "t", "subtitle": "more " * 90, "image": image}]})
    said = opened(file).slides[0].notes_slide.notes_text_frame.text
    assert said.count("more") == said.count("seen") == 90 and len(notes) == 2


def test_more_things_than_two_go_on_to_the_next_slide() -> None:
    slide = {"title": "All", "bullets": ["a"], "chart": CHART, "image": PICTURE, "table": TABLE}
    file, _ = made({"slides": [slide]})
    assert len(titles(file)) == 2 and misplaced(file) == []


@pytest.fixture
def template() -> bytes:
    """A deck of a house that is not ours, 4:3, with a slide, its notes, and a section."""
    deck: Any = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Secret plans"
    slide.notes_slide.notes_text_frame.text = "Secret notes"
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def test_a_template_keeps_its_look_and_loses_its_slides(template: bytes) -> None:
    file, notes = made(GOLDEN, template)
    before, after = parts(template), parts(file)
    kept = [name for name in before if "slideMaster" in name or "slideLayout" in name or "theme1" in name]
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert not any(b"Secret" in part for part in after.values())
    assert [slide.slide_layout.name for slide in opened(file).slides] == [
        "Title Slide",
        "Section Header",
        "Title and Content",
        "Two Content",
        "Title and Content",
        "Two Content",
        "Two Content",
        "Title and Content",
    ]
    assert notes == [] and misplaced(file) == []


def test_what_a_template_has_no_layout_for_stands_in_boxes_and_is_noted(template: bytes) -> None:
    deck = opened(template)
    deck.slides._sldIdLst.remove(deck.slides._sldIdLst[0])
    deck.part.drop_rel("rId7")
    for layout in list(deck.slide_layouts):
        if layout.name != "Title Only":
            deck.slide_layouts.remove(layout)
    bare = io.BytesIO()
    deck.save(bare)
    file, notes = made(GOLDEN, bare.getvalue())
    assert notes == ["The template has no layout for some slides: what they hold stands in boxes of its own."]
    assert misplaced(file) == [] and "- Checkout is 32 % faster\n  - Only EU" in text(file)


def unnumbered(template: bytes) -> bytes:
    """As LibreOffice writes layouts: their places have no numbers."""
    return _zipped(
        {
            name: re.sub(rb'(<p:ph[^>]*) idx="[1-9]"', rb"\1", part) if "slideLayouts/slide" in name else part
            for name, part in parts(template).items()
        }
    )


def test_a_template_whose_places_have_no_numbers_is_filled_all_the_same(template: bytes) -> None:
    file, notes = made(GOLDEN, unnumbered(template))
    assert notes == [] and misplaced(file) == []
    assert [slide.slide_layout.name for slide in opened(file).slides][3:5] == [
        "Two Content",
        "Title and Content",
    ]
    assert "## Slide 4: For and against\n\n- One contract\n\n- Six weeks of work" in text(file)


def test_a_potx_serves_as_a_template_too(template: bytes) -> None:
    made_of = io.BytesIO()
    with zipfile.ZipFile(made_of, "w") as package:
        for name, part in parts(template).items():
            kinds = part.replace(b"presentation.main+xml", b"template.main+xml")
            package.writestr(name, kinds if name == "[Content_Types].xml" else part)
    assert titles(made(GOLDEN, made_of.getvalue())[0])[0] == "Review of the payments platform"


def test_what_is_no_deck_is_refused_as_a_template(template: bytes) -> None:
    kinds = parts(template)["[Content_Types].xml"]
    for file, words in (
        (b"PK", "is broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "encrypted, or in an old Office format"),
        (
            _zipped({**parts(template), "[Content_Types].xml": kinds.replace(b"presentationml.pres", b"x.")}),
            "is no P",
        ),
        (_zipped({**parts(template), "ppt/slideMasters/slideMaster1.xml": b"<"}), "is broken"),
        (_zipped({**parts(template), "ppt/vbaProject.bin": b""}), "holds macros"),
    ):
        with pytest.raises(ToolError, match=words):
            made(GOLDEN, file)


def _zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, part in members.items():
            package.writestr(name, part)
    return file.getvalue()


WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    [
        "\x00\x0b\ufffe",
        "مرحبا بالعالم",
        "日本語の文" * 20,
        "**",
        "[a](javascript:x)",
        "w" * 3_000,
        "_x0041_",
        "",
    ]
)
CELLS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
SLIDES = st.fixed_dictionaries(
    {"title": WORDS},
    optional={
        "subtitle": WORDS,
        "notes": WORDS,
        "bullets": st.lists(
            WORDS | st.fixed_dictionaries({"text": WORDS, "level": st.integers(0, 2)}), max_size=8
        ),
        "right": st.lists(WORDS, max_size=4),
        "table": st.fixed_dictionaries(
            {
                "type": st.just("table"),
                "columns": st.lists(WORDS, min_size=1, max_size=4),
                "rows": st.lists(st.lists(CELLS, max_size=4), max_size=4),
            }
        ),
    },
)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SLIDES, min_size=1, max_size=2), WORDS)
def test_whatever_it_is_given_it_opens_and_stays_within_its_slides(slides: list[Any], title: str) -> None:
    file, _ = made({"title": title, "slides": slides})
    assert misplaced(file) == []
    assert text(file)


def test_libreoffice_shows_each_slide_with_its_words(golden: bytes, office: Office, tmp_path: Path) -> None:
    deck = tmp_path / "golden.pptx"
    deck.write_bytes(golden)
    with pypdfium2.PdfDocument(office.pdf(deck)) as shown:
        said = [page.get_textpage().get_text_bounded() for page in shown]
    assert len(said) == 8
    assert "Strong growth" in said[4] and "Q2 passed the plan" in said[5] and "Actual" in said[5]
