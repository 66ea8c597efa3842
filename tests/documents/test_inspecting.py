"""A finished document opened again: what it comes to, and what its reader would stumble over."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Cm
from PIL import Image

from bot.documents import inspecting, making
from bot.documents.content import Content
from bot.documents.inspected import Kind
from bot.documents.inspecting import found

CONTENT = Content.model_validate(
    {
        "title": "Report",
        "blocks": [
            {"type": "heading", "text": "Sum"},
            {"type": "text", "text": "Two words. More [of them](https://example.org)."},
            {"type": "table", "columns": ["a"], "rows": [[1], [2]]},
        ],
        "sheets": [
            {
                "name": "Sums",
                "columns": [{"title": "a", "kind": "number"}, {"title": "b", "kind": "number"}],
                "rows": [[1, {"formula": "A2*2"}], [0, 1]],
            }
        ],
        "slides": [{"title": "One", "bullets": ["first", "second"]}, {"title": "Two", "notes": "said"}],
    }
)


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def made(form: Kind, **changed: Any) -> making.Made:
    content = Content.model_validate({**CONTENT.model_dump(), **changed})
    return making.done(making.Order(format=form, content=content))


@pytest.mark.parametrize(
    ("form", "extent"),
    [
        ("docx", "10 words, 1 table"),
        ("xlsx", "1 sheet, 3 rows"),
        ("pptx", "3 slides"),
        ("pdf", "1 page"),
        ("html", "10 words"),
    ],
)
def test_what_is_made_is_opened_again_and_says_what_it_came_to(form: Kind, extent: str) -> None:
    done = made(form)
    assert (done.extent, [note for note in done.notes if note.startswith("To be mended")]) == (extent, [])


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_what_is_still_to_be_filled_in_is_pointed_out(form: Kind) -> None:
    done = made(form, blocks=[{"type": "text", "text": "Dear {{name}}, lorem ipsum. [insert date]"}])
    assert [note.split("”")[0] for note in done.notes] == [
        "To be mended: “{{name}}",
        "To be mended: “lorem ipsum",
        "To be mended: “[insert date]",
    ]


def test_a_placeholder_on_a_slide_and_in_a_cell_is_pointed_out() -> None:
    (note,) = made("pptx", slides=[{"title": "Fine"}, {"title": "TODO: a title"}]).notes
    assert "on slide 3" in note or "on slide 2" in note
    sheet = {"name": "S", "columns": [{"title": "a"}], "rows": [["[your name]"]]}
    assert any("[your name]" in one for one in made("xlsx", sheets=[sheet]).notes)


def test_a_broken_formula_is_named_by_its_cell() -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "=SUM(#REF!)"
    book.active["B3"] = "=SUM(A1:A2)"
    book.create_sheet("Nothing")
    file = io.BytesIO()
    book.save(file)
    look = found(file.getvalue(), "xlsx")
    assert look.extent == "2 sheets, 2 rows"
    assert look.faults == (
        "On the sheet “Sheet” these cells come out as an error: B2 #REF!",
        "The sheet “Nothing” is empty",
    )


def test_what_stands_outside_a_slide_and_an_empty_slide_are_pointed_out() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_textbox(deck.slide_width - 100_000, 0, 900_000, 400_000).text_frame.text = "cut off"
    deck.slides.add_slide(deck.slide_layouts[6])
    file = io.BytesIO()
    deck.save(file)
    look = found(file.getvalue(), "pptx")
    assert look == inspecting.Found(
        extent="2 slides", faults=("On slide 1 something stands outside the slide", "Slide 2 is empty")
    )


def test_a_picture_wider_than_the_text_and_a_document_without_words_are_pointed_out() -> None:
    document = docx.Document()
    picture = io.BytesIO()
    Image.new("RGB", (20, 10)).save(picture, "PNG")
    document.add_picture(picture, width=Cm(40))
    file = io.BytesIO()
    document.save(file)
    assert found(file.getvalue(), "docx").faults == ("1 picture wider than the text: it runs off the page",)
    empty = io.BytesIO()
    docx.Document().save(empty)
    assert found(empty.getvalue(), "docx").faults == ("It says nothing",)


def test_an_empty_page_and_text_that_runs_out_of_the_page_are_pointed_out() -> None:
    look = found(_pdf("BT /F1 20 Tf 500 100 Td (much too long for the page that it is on) Tj ET", ""), "pdf")
    assert look.extent == "2 pages"
    assert look.faults == ("On page 1 text runs out of the page", "Page 2 is empty")


def test_an_office_file_that_loads_from_elsewhere_does_not_stand_alone() -> None:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph("Hello")
    document.part.relate_to("http://a.test", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    document.save(file)
    assert found(file.getvalue(), "docx").faults == ()
    document.part.relate_to("http://a.test/x.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
    document.save(file := io.BytesIO())
    assert found(file.getvalue(), "docx").faults == (
        "It loads 1 part from elsewhere: it does not stand alone",
    )


def test_html_that_needs_others_does_not_stand_alone() -> None:
    look = found(b"<html><body><p>two words</p><img src='https://example.org/a.png'></body></html>", "html")
    assert look.extent == "2 words" and look.faults[0].startswith("It loads 1 part from elsewhere")


@pytest.mark.parametrize("form", ["docx", "xlsx", "pptx", "pdf"])
def test_what_does_not_open_is_a_fault_like_others(form: Kind) -> None:
    whole = made(form).file
    for broken in (b"", b"nothing", whole[: len(whole) // 2]):
        look = found(broken, form)
        assert look.extent == "" and len(look.faults) == 1


def test_a_bomb_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 20_000_000)
    (fault,) = found(file.getvalue(), "docx").faults
    assert "unpacks to" in fault


def test_entities_of_a_strangers_file_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("[insert secret]")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr(
            "word/document.xml",
            f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><w:document xmlns:w='
            '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:t>a &x;</w:t></w:p></w:document>',
        )
    assert "secret" not in " ".join(found(file.getvalue(), "docx").faults)


def test_the_first_page_of_a_pdf_is_shown(tmp_path: Path) -> None:
    place = tmp_path / "a.pdf"
    place.write_bytes(made("pdf").file)
    with place.open("rb") as file:
        seen = inspecting.done(inspecting.Order(format="pdf", file=file.fileno()))
        file.seek(0)
        order = inspecting.Order(format="pdf", file=file.fileno(), picture=False)
        assert inspecting.done(order).model_dump() == seen.model_dump() | {"picture": None}
    assert seen.extent == "1 page" and seen.picture
    with Image.open(io.BytesIO(seen.picture)) as picture:
        assert picture.format == "PNG" and picture.width == 1_000 and 1_400 < picture.height < 1_420
        assert len(picture.convert("L").getcolors() or ()) > 20


def test_of_a_deck_the_first_four_slides_are_shown(tmp_path: Path) -> None:
    import pypdf

    writer = pypdf.PdfWriter()
    for _ in range(5):
        writer.add_blank_page(800, 450)
    place = tmp_path / "deck.pdf"
    with place.open("wb") as target:
        writer.write(target)
    with place.open("rb") as file:
        seen = inspecting.done(inspecting.Order(format="pdf", file=file.fileno()))
    assert seen.picture is not None
    with Image.open(io.BytesIO(seen.picture)) as picture:
        assert picture.width == 1_000 and 560 <= picture.height <= 576


def _pdf(*pages: str) -> bytes:
    import pypdf
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = pypdf.PdfWriter()
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")}
    )
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    for content in pages:
        page = writer.add_blank_page(595, 842)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(content.encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
