"""PDF: what is written stands in it, and no word of it is anything but words."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from PIL import Image

from bot.documents import pages
from bot.documents.content import Content
from bot.documents.drawing import Drawing
from bot.errors import ToolError

HOSTILE = [
    '#import "@preview/x:1.0.0": *',
    '#read("/etc/passwd") #sys.inputs #panic("x")',
    "$ sum_x^2 $ = heading *bold* _it_ `raw` <label> @ref \\ #",
    '") + read("content.json") + ("',
    "]]} #{ {{[[ /* // ~ -- --- https://x.test",
    "a\u202eb\u0000c\ufeffd\u200e",
]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[pypdf.PdfReader, list[str]]]:
    def made(*blocks: dict[str, Any], images: dict[str, bytes] | None = None, **more: Any) -> Any:
        place = tmp_path / str(len(list(tmp_path.iterdir())))
        place.mkdir()
        monkeypatch.chdir(place)
        drawing = Drawing(images or {})
        file = pages.written(Content.model_validate({"blocks": blocks, **more}), drawing, None)
        return pypdf.PdfReader(io.BytesIO(file)), drawing.notes

    return made


Made = Callable[..., tuple[pypdf.PdfReader, list[str]]]


def words(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).replace("\u200b", "").split())


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def heading(words: str, level: int = 1) -> dict[str, Any]:
    return {"type": "heading", "text": words, "level": level}


def test_a_report_has_its_title_outline_language_tags_and_page_numbers(made: Made) -> None:
    pdf, notes = made(
        heading("First"),
        text("One **bold** [link](https://example.org/a).[^s] Again.[^s]"),
        {"type": "footnote", "name": "s", "text": "From *sales.csv*"},
        heading("Deeper", 2),
        {"type": "page_break"},
        heading("Second"),
        text("- one\n- two\n  1. deep\n\n> said"),
        title="Ünïcode report",
        author="Ann",
        date="March 2026",
        language="de-DE",
    )
    assert (pdf.metadata.title, pdf.metadata.author, len(pdf.pages), notes) == (
        "Ünïcode report",
        "Ann",
        2,
        [],
    )
    assert pdf.root_object["/Lang"] == "de-DE" and pdf.root_object["/MarkInfo"]["/Marked"]
    first, [deeper], second = pdf.outline
    assert [one.title for one in (first, deeper, second)] == ["First", "Deeper", "Second"]
    said = words(pdf)
    assert "1 / 2" in said and "2 / 2" in said and said.count("From sales.csv") == 1
    links = [
        one.get_object().get("/A", {}).get("/URI") for page in pdf.pages for one in page.get("/Annots", [])
    ]
    assert "https://example.org/a" in links


def test_nothing_that_is_written_is_code_of_the_setter(made: Made) -> None:
    told = "\n\n".join(HOSTILE[:-1])
    blocks = [
        *(heading(one) for one in HOSTILE),
        {"type": "code", "code": told, "language": '"); read("/etc/passwd'},
        {"type": "table", "columns": HOSTILE, "rows": [HOSTILE, HOSTILE[:2]], "caption": HOSTILE[1]},
        text("`" + "` `".join(HOSTILE[1:2]) + "`"),
    ]
    pdf, _ = made(*blocks, title=HOSTILE[0], subtitle=HOSTILE[1], author=HOSTILE[3], date=HOSTILE[2])
    said = words(pdf)
    assert said.count('#read("/etc/passwd") #sys.inputs #panic("x")') >= 5
    assert "root:" not in said and '{"title"' not in said


def test_a_long_table_repeats_its_head_and_no_word_leaves_the_page(made: Made) -> None:
    rows = [[f"row {number}", number * 1.5, "x" * 300, None, True] for number in range(70)]
    pdf, _ = made(
        {
            "type": "table",
            "columns": ["The name", "Sum", "Long", "None", "Is so"],
            "rows": rows,
            "caption": "All",
        },
        text("y" * 2_000),
        {"type": "code", "code": "z" * 900},
    )
    assert len(pdf.pages) > 3
    assert all("The name" in page.extract_text() for page in pdf.pages[:-2])
    for page in pypdfium2.PdfDocument(pdf.stream):
        assert _rightmost(page) < page.get_width() - 55
    said = words(pdf)
    assert "row 69" in said and "103.5" in said and "yes" in said


def test_a_wide_table_stands_on_a_page_turned_on_its_side_and_too_wide_a_one_is_said(made: Made) -> None:
    def table(width: int) -> dict[str, Any]:
        return {"type": "table", "columns": [f"c{one}" for one in range(width)], "rows": [list(range(width))]}

    pdf, notes = made(text("before"), table(12), text("after"))
    assert [page.mediabox.width > page.mediabox.height for page in pdf.pages] == [False, True, False]
    assert notes == []
    assert "30 columns is too wide" in made(table(30))[1][0]


def test_pictures_are_in_it_with_their_words_and_on_one_page(made: Made) -> None:
    tall = io.BytesIO()
    Image.new("RGB", (50, 4_000), (0, 120, 0)).save(tall, "JPEG")
    chart = {
        "kind": "pie",
        "categories": ["a", "b"],
        "series": [{"name": "s", "values": [1, 2]}],
        "title": "Parts",
    }
    pdf, _ = made(
        {"type": "image", "path": "tall.jpg", "alt": "A tall thing", "caption": "Tall"},
        {"type": "chart", "chart": chart, "caption": "Shares"},
        {"type": "diagram", "mermaid": "flowchart TD\n A-->B-->C-->D", "alt": "Four steps"},
        images={"tall.jpg": tall.getvalue()},
    )
    said = words(pdf)
    assert "Figure 1: Tall" in said and "Figure 2: Shares" in said
    assert {"A tall thing", "Pie chart “Parts”: s", "Four steps"} <= _alternatives(pdf)


def test_what_skips_a_level_is_set_all_the_same_and_always_the_same(made: Made) -> None:
    first, _ = made(heading("One"), heading("Far below", 4), text("end"))
    again, _ = made(heading("One"), heading("Far below", 4), text("end"))
    assert "Far below" in words(first)
    assert first.metadata.creation_date is None
    assert first.stream.seek(0) == again.stream.seek(0) == 0
    assert first.stream.read() == again.stream.read()


def test_characters_that_no_font_has_are_said(made: Made) -> None:
    _, notes = made(text("Egyptian \U000131f9 and \U000131fa"))
    assert len(notes) == 1 and notes[0].startswith("2 characters have no font") and "\U000131f9" in notes[0]
    assert made(text("Żółć Ωμέγα Привет “” € ½ → ✓"))[1] == []


def test_it_takes_no_template_and_no_broken_picture(made: Made) -> None:
    with pytest.raises(ToolError, match="no template"):
        pages.written(Content(), Drawing(), b"x")
    with pytest.raises(ToolError, match="broken"):
        made({"type": "image", "path": "a.png", "alt": "x"}, images={"a.png": b"\x89PNG nothing"})


def _rightmost(page: pypdfium2.PdfPage) -> float:
    text = page.get_textpage()
    return max(text.get_rect(place)[2] for place in range(text.count_rects()))


def _alternatives(pdf: pypdf.PdfReader) -> set[str]:
    found: set[str] = set()

    def visit(one: Any) -> None:
        one = one.get_object()
        if isinstance(one, list):
            for each in one:
                visit(each)
        elif isinstance(one, dict):
            if "/Alt" in one:
                found.add(str(one["/Alt"]))
            if "/K" in one:
                visit(one["/K"])

    visit(pdf.root_object["/StructTreeRoot"])
    return found


def test_no_word_or_figure_in_a_table_is_broken_while_there_is_room() -> None:
    columns = [["order", "A product with a name as long as names are, or longer", "Missing"]]
    widths = pages._widths(list(zip(*columns, ["1,000,000", "x " * 60, "0"], strict=True)), 70)
    assert [width >= longest for width, longest in zip(widths, (9, 7, 7), strict=True)] == [True] * 3
    assert sum(widths) == pytest.approx(70) and widths[1] > 30
    crowded = pages._widths([("1,000,000,000,000",)] * 5 + [("0",)], 70)
    assert sum(crowded) == pytest.approx(70) and crowded[0] > 3 * crowded[-1]


def test_code_of_one_line_longer_than_a_page_goes_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = Content.model_validate({"blocks": [{"type": "code", "code": "word " * 4_000}]})
    file = pages.written(given, Drawing(), None)
    assert sum(page.extract_text().count("word") for page in pypdf.PdfReader(io.BytesIO(file)).pages) == 4_000


def test_a_crowded_table_is_given_more_room_and_breaks_words_before_figures(made: Made) -> None:
    figures = [f"{number},703,703,400.25" for number in range(1, 8)]
    pdf, notes = made({"type": "table", "columns": ["Measurement " * 2] * 7, "rows": [figures]})
    (page,) = pdf.pages
    assert page.mediabox.width > page.mediabox.height and notes == []
    assert [one for one in figures if one not in page.extract_text()] == []

    columns = [["1,000,000,000.25"]] * 6 + [["x" * 40]]
    assert pages._room(columns) == 1
    widths = pages._widths(columns, 110)
    assert min(widths[:6]) > 16 > widths[6] and sum(widths) == pytest.approx(110)
    assert pages._breakable("2026-03-31 €1,000.25 (12%) abcdefghij", 4).split() == [
        *("2026-03-31", "€1,000.25", "(12%)"),
        "abcd\u200befgh\u200bij",
    ]


def test_figures_that_do_not_stand_beside_each_other_at_all_are_said(made: Made) -> None:
    _, notes = made({"type": "table", "columns": ["n"] * 12, "rows": [["1" * 20] * 12]})
    assert notes == ["A table of 12 columns is too wide to be read on a page: split it up."]
