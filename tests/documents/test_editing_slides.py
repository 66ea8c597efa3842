"""Decks edited: what is named is changed, in the look that was there, and every other part stays byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import Any

import pptx
import pypdfium2
import pytest
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt
from pydantic import TypeAdapter

from bot.documents import editing
from bot.documents.edits import Edit
from bot.documents.going import lost
from bot.errors import ToolError
from tests.documents.decks import CHART, PICTURE, TABLE, made, misplaced, opened, parts, picture, text, titles
from tests.office import Office

_EDITS: TypeAdapter[list[Any]] = TypeAdapter(list[Edit])
_SECTIONS = (
    '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
    '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}">'
    '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
    '<p14:section name="First" id="{00000000-0000-0000-0000-000000000001}"><p14:sldIdLst>'
    '<p14:sldId id="256"/><p14:sldId id="257"/></p14:sldIdLst></p14:section>'
    '<p14:section name="Last" id="{00000000-0000-0000-0000-000000000002}"><p14:sldIdLst>'
    '<p14:sldId id="258"/><p14:sldId id="259"/></p14:sldIdLst></p14:section>'
    "</p14:sectionLst></p:ext></p:extLst>"
)


@cache
def deck() -> bytes:
    """Of a house that is not ours: words of several looks, a picture, a table, a chart, links, sections, notes."""
    made: Any = pptx.Presentation()
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text = "Results of March"
    body = first.placeholders[1].text_frame
    body.text = ""
    words = body.paragraphs[0]
    for said, is_bold in (("Revenue is ", False), ("4", True), ("0 million", True), (" EUR", False)):
        run = words.add_run()
        run.text, run.font.bold, run.font.size = said, is_bold, Pt(22)
    below = body.add_paragraph()
    below.level, below.text = 1, "Only Europe"
    second = made.slides.add_slide(made.slide_layouts[5])
    second.shapes.title.text = "Pictures"
    second.shapes.add_picture(io.BytesIO(picture()), Inches(1), Inches(2), Inches(4))
    second.notes_slide.notes_text_frame.text = "Say nothing of the secret"
    third = made.slides.add_slide(made.slide_layouts[5])
    third.shapes.title.text = "Figures"
    table = third.shapes.add_table(1, 2, Inches(1), Inches(2), Inches(6), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "Costs of March", "12"
    link = third.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1))
    link.text_frame.text = "To the pictures"
    link.click_action.target_slide = second
    fourth = made.slides.add_slide(made.slide_layouts[5])
    fourth.shapes.title.text = "Chart"
    data: Any = CategoryChartData()
    data.categories = ["Q1", "Q2"]
    data.add_series("Plan", (1, 2))
    chart = fourth.shapes.add_chart(51, Inches(1), Inches(2), Inches(6), Inches(4), data).chart
    chart.plots[0].series[0].format.fill.solid()
    chart.plots[0].series[0].format.fill.fore_color.rgb = RGBColor(200, 0, 0)
    made.part._element.append(parse_xml(_SECTIONS))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def edited(*edits: dict[str, Any], file: bytes | None = None) -> tuple[bytes, list[str]]:
    order = editing.Order.model_construct(
        file=file or deck(), edits=_EDITS.validate_python(list(edits)), images={"field.png": picture()}
    )
    done = editing.done(order)
    return done.file, done.told


def changed(file: bytes, before: bytes | None = None) -> set[str]:
    """The names of the parts that are not as they were."""
    old, new = parts(before or deck()), parts(file)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def sections(file: bytes) -> list[list[str]]:
    """The ids of the slides of each."""
    root = opened(file).part._element
    return [[one.get("id") for one in group] for group in root.iter("{*}sldIdLst") if "p14" in group.prefix]


def test_a_text_is_replaced_across_runs_in_the_look_in_which_it_began() -> None:
    file, told = edited({"do": "replace_text", "old_text": "40 million", "new_text": "38 million"})
    (runs,) = [one.runs for one in opened(file).slides[0].placeholders[1].text_frame.paragraphs[:1]]
    assert "".join(run.text for run in runs) == "Revenue is 38 million EUR"
    assert [(run.text, run.font.bold) for run in runs if run.text][1] == ("38 million", True)
    assert told == ["Replaced in 1 place"]
    assert changed(file) == {"ppt/slides/slide1.xml"}


def test_a_text_that_occurs_often_is_replaced_only_where_that_was_said() -> None:
    with pytest.raises(ToolError, match="'March' occurs 2 times"):
        edited({"do": "replace_text", "old_text": "March", "new_text": "April"})
    file, _ = edited({"do": "replace_text", "old_text": "March", "new_text": "April", "everywhere": True})
    assert "March" not in text(file) and text(file).count("April") == 2
    assert changed(file) == {"ppt/slides/slide1.xml", "ppt/slides/slide3.xml"}


def test_a_title_keeps_its_look() -> None:
    file, _ = edited({"do": "set_title", "slide": 2, "title": "Photos"})
    assert titles(file) == ["Results of March", "Photos", "Figures", "Chart"]
    assert changed(file) == {"ppt/slides/slide2.xml"}


def test_bullets_take_the_looks_of_those_they_replace_level_by_level() -> None:
    bullets = ["Profit **doubled**", {"text": "In Asia too", "level": 1}, {"text": "a*b", "level": 2}]
    file, _ = edited({"do": "set_bullets", "slide": 1, "bullets": bullets})
    shown = opened(file).slides[0].placeholders[1].text_frame.paragraphs
    assert [(one.text, one.level) for one in shown] == [("Profit doubled", 0), ("In Asia too", 1), ("a*b", 2)]
    assert [(run.text, run.font.bold, run.font.size) for run in shown[0].runs] == [
        ("Profit ", False, Pt(22)),
        ("doubled", True, Pt(22)),
    ]
    assert changed(file) == {"ppt/slides/slide1.xml"}


def test_what_grows_out_of_its_place_is_made_smaller_and_what_is_still_too_much_is_told() -> None:
    bullets = ["a word " * 12] * 7
    order = [{"do": "set_bullets", "slide": 1, "bullets": bullets}]
    done = editing.done(
        editing.Order.model_construct(file=deck(), edits=_EDITS.validate_python(order), images={})
    )
    body = opened(done.file).slides[0].placeholders[1].text_frame
    sizes = {run.font.size.pt for paragraph in body.paragraphs for run in paragraph.runs}
    assert len(sizes) == 1 and 12 <= min(sizes) < 22 and done.notes == []
    order = [{"do": "set_title", "slide": 2, "title": "a word " * 100}]
    done = editing.done(
        editing.Order.model_construct(file=deck(), edits=_EDITS.validate_python(order), images={})
    )
    assert done.notes == [
        "The text on slide 2 as it is now is more than fits there: shorten it, or split the slide."
    ]


def test_a_slide_is_added_in_the_look_of_the_deck_and_the_others_are_not_written_anew() -> None:
    content = {"title": "Outlook", "bullets": ["Up"], "chart": CHART, "notes": "Smile"}
    file, told = edited({"do": "add_slide", "after": 1, "content": content})
    assert titles(file) == ["Results of March", "Outlook", "Pictures", "Figures", "Chart"]
    assert opened(file).slides[1].slide_layout.name == "Two Content"
    assert "| Q1 | 10 | 9 |" in text(file) and "> Notes: Smile" in text(file) and misplaced(file) == []
    assert sections(file) == [["256", "260", "257"], ["258", "259"]]
    assert told == ["Added 1 slide after slide 1"]
    new = parts(file).keys() - parts(deck()).keys()
    assert changed(file) - new == {
        "[Content_Types].xml",
        "ppt/presentation.xml",
        "ppt/_rels/presentation.xml.rels",
    }


def test_a_slide_is_added_where_the_places_of_the_layouts_have_no_numbers() -> None:
    changed = {
        name: re.sub(rb'(<p:ph[^>]*) idx="[1-9]"', rb"\1", part) if "slideLayouts/slide" in name else part
        for name, part in parts(deck()).items()
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, part in changed.items():
            package.writestr(name, part)
    content = {"title": "Both", "bullets": ["Left"], "right": ["Right"]}
    file, _ = edited({"do": "add_slide", "after": 4, "content": content}, file=target.getvalue())
    shapes = list(opened(file).slides[4].placeholders)
    assert [(one.text_frame.text, bool(one._element.spPr.xfrm is not None)) for one in shapes] == [
        ("Both", True),
        ("Left", True),
        ("Right", True),
    ]
    assert shapes[1].left + shapes[1].width <= shapes[2].left


def test_slides_added_behind_one_stand_in_the_order_in_which_they_were_added() -> None:
    file, _ = edited(
        {"do": "add_slide", "after": 4, "content": {"title": "A", "table": TABLE}},
        {"do": "add_slide", "after": 4, "content": {"title": "B", "image": PICTURE}},
        {"do": "add_slide", "after": 0, "content": {"title": "Front"}},
    )
    assert titles(file) == ["Front", "Results of March", "Pictures", "Figures", "Chart", "A", "B"]


def test_a_removed_slide_is_gone_with_its_notes_its_picture_and_what_led_to_it() -> None:
    file, _ = edited({"do": "remove_slide", "slide": 2})
    assert titles(file) == ["Results of March", "Figures", "Chart"]
    assert not any(b"secret" in part for part in parts(file).values())
    assert not any("media" in name or "notesSlide" in name for name in parts(file))
    assert sections(file) == [["256"], ["258", "259"]]
    gone = lost(deck(), file)
    assert gone[0] == "Pictures" and any("secret" in one for one in gone) and "Chart" not in gone
    kept = {"ppt/slides/slide1.xml", "ppt/slides/slide4.xml", "ppt/charts/chart1.xml"}
    assert not kept & changed(file) and "To the pictures" in text(file)


def test_numbers_are_those_of_the_file_as_it_was_read() -> None:
    file, _ = edited(
        {"do": "remove_slide", "slide": 1},
        {"do": "move_slide", "slide": 4, "after": 0},
        {"do": "set_title", "slide": 3, "title": "Third"},
    )
    assert titles(file) == ["Chart", "Pictures", "Third"]
    with pytest.raises(ToolError, match="Slide 1 is not there any more"):
        edited({"do": "remove_slide", "slide": 1}, {"do": "set_title", "slide": 1, "title": "x"})


def test_a_moved_slide_changes_nothing_but_the_order() -> None:
    file, _ = edited({"do": "move_slide", "slide": 1, "after": 3})
    assert titles(file) == ["Pictures", "Figures", "Results of March", "Chart"]
    assert sections(file) == [["257"], ["258", "256", "259"]]
    assert changed(file) == {"ppt/presentation.xml"} and lost(deck(), file) == []


def test_notes_are_replaced_and_made_where_there_were_none() -> None:
    file, _ = edited({"do": "set_notes", "slide": 2, "notes": "One\nTwo"})
    assert opened(file).slides[1].notes_slide.notes_text_frame.text == "One\nTwo"
    assert changed(file) == {"ppt/notesSlides/notesSlide1.xml"}
    file, _ = edited({"do": "set_notes", "slide": 1, "notes": "New"})
    assert opened(file).slides[0].notes_slide.notes_text_frame.text == "New"
    assert "ppt/slides/slide1.xml" not in changed(file)


def test_notes_come_with_a_master_where_the_deck_has_none() -> None:
    bare, _ = made({"slides": [{"title": "One"}]})
    file, _ = edited({"do": "set_notes", "slide": 1, "notes": "New"}, file=bare)
    assert opened(file).slides[0].notes_slide.notes_text_frame.text == "New"
    assert b"notesMasterIdLst" in parts(file)["ppt/presentation.xml"]


def test_a_chart_has_other_figures_and_looks_as_it_did() -> None:
    series = [{"name": "=Plan", "values": [3, None, 5.5]}, {"name": "Actual", "values": [1, 2, 3]}]
    file, _ = edited({"do": "set_chart", "slide": 4, "categories": ["Q1", "Q2", "Q3"], "series": series})
    (shape,) = [one for one in opened(file).slides[3].shapes if one.has_chart]
    row, new = shape.chart.plots[0].series
    assert new.format.fill.fore_color.theme_color == MSO_THEME_COLOR.ACCENT_2
    assert list(row.values) == [3.0, None, 5.5] and list(shape.chart.plots[0].categories) == [
        "Q1",
        "Q2",
        "Q3",
    ]
    assert row.format.fill.fore_color.rgb == RGBColor(200, 0, 0)
    with zipfile.ZipFile(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob)) as workbook:
        assert "<f>" not in workbook.read("xl/worksheets/sheet1.xml").decode()
    assert changed(file) - {"[Content_Types].xml"} == {
        "ppt/charts/chart1.xml",
        "ppt/embeddings/Microsoft_Excel_Sheet1.xlsx",
    }


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"do": "set_title", "slide": 9, "title": "x"}, "There is no slide 9: the deck has 4"),
        ({"do": "set_bullets", "slide": 2, "bullets": ["x"]}, "no text 1"),
        ({"do": "replace_text", "old_text": "nowhere", "new_text": "x"}, "does not occur"),
        (
            {"do": "set_chart", "slide": 1, "categories": ["a"], "series": [{"name": "x", "values": [1]}]},
            "no chart 1",
        ),
        (
            {"do": "set_chart", "slide": 4, "categories": ["a"], "series": [{"name": "x", "values": [1, 2]}]},
            "2 values for 1 categories",
        ),
        ({"do": "delete_section", "heading": "x"}, "delete_section is for docx, and this file is a pptx"),
    ],
)
def test_what_cannot_be_done_is_said(edit: dict[str, Any], words: str) -> None:
    with pytest.raises(ToolError, match=words):
        edited(edit)


def test_the_last_slide_stays() -> None:
    file, _ = made({"slides": [{"title": "One"}]})
    with pytest.raises(ToolError, match="A deck has at least one slide"):
        edited({"do": "remove_slide", "slide": 1}, file=file)


def test_libreoffice_opens_what_was_edited_in_every_way(office: Office, tmp_path: Any) -> None:
    file, _ = edited(
        {"do": "replace_text", "old_text": "40 million", "new_text": "38 million"},
        {"do": "set_title", "slide": 3, "title": "Costs"},
        {"do": "add_slide", "after": 4, "content": {"title": "Outlook", "bullets": ["Up"], "chart": CHART}},
        {"do": "set_notes", "slide": 1, "notes": "New"},
        {"do": "remove_slide", "slide": 2},
        {"do": "move_slide", "slide": 4, "after": 0},
    )
    target = tmp_path / "edited.pptx"
    target.write_bytes(file)
    with pypdfium2.PdfDocument(office.pdf(target)) as shown:
        said = [page.get_textpage().get_text_bounded() for page in shown]
    assert [words.split()[0] for words in said] == ["Chart", "Results", "Costs", "Outlook"]
    assert "38 million" in said[1] and "Actual" in said[3]
