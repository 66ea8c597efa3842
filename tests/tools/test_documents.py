"""Documents people really send come back as Markdown."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdf
import pytest
from pptx.util import Inches

from bot.tools.documents import Document, read


def _read(content: bytes, name: str) -> Document:
    return read(io.BytesIO(content), name, size=len(content))


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def pdf_of(*pages: str) -> bytes:
    """A minimal PDF with one line of text a page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents {5 + 2 * number} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        stream = f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET" if text else ""
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\n"
    return body + f"{end}startxref\n{len(body)}\n%%EOF\n".encode()


def test_a_pdf_has_a_heading_a_page() -> None:
    document = _read(pdf_of("Invoice 42", "", "Total: 7 EUR"), "invoice.pdf")

    assert document == Document(
        format="pdf", text="## Page 1\n\nInvoice 42\n\n## Page 2\n\n## Page 3\n\nTotal: 7 EUR"
    )


def test_a_pdf_without_text_says_that_it_is_probably_scanned() -> None:
    assert (
        _read(pdf_of("", ""), "scan.pdf").note
        == "No text was found: the pages are probably scanned pictures."
    )


def test_of_a_very_long_pdf_the_first_500_pages_are_shown() -> None:
    document = _read(pdf_of(*[f"p{number}" for number in range(1, 521)]), "long.pdf")

    assert document.text.endswith("## Page 500\n\np500")
    assert document.note == "The first 500 of 520 pages are shown."


def test_a_pdf_that_opens_without_a_password_is_read_though_it_is_locked() -> None:
    writer = pypdf.PdfWriter(io.BytesIO(pdf_of("readable")))
    writer.encrypt(user_password="", owner_password="owner", algorithm="AES-256")

    assert _read(_saved(writer.write), "a.pdf").text == "## Page 1\n\nreadable"


def test_a_word_file_keeps_headings_lists_emphasis_and_tables_and_drops_pictures(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_heading("Minutes", level=1)
    word.add_paragraph("We decided.").add_run(" Firmly.").bold = True
    word.add_paragraph("Ada", style="List Bullet")
    word.add_paragraph("Bob", style="List Bullet")
    word.add_picture(io.BytesIO(_PIXEL))
    table = word.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Who", "When", "Ada", "May"), strict=True
    ):
        cell.text = text

    document = _read(_saved(word.save), "minutes.docx")

    assert document == Document(
        format="docx",
        text="# Minutes\n\nWe decided. **Firmly.**\n\n- Ada\n- Bob\n\n| Who | When |\n| --- | --- |\n| Ada | May |",
        note="Pictures are not shown: 1.",
    )


def test_a_workbook_has_a_table_a_sheet_with_values_not_formulas() -> None:
    workbook = openpyxl.Workbook()
    first = workbook.active
    first.title = "Costs"
    first.append(["Item", "Price", "Note"])
    first.append(["Paper", 3.0, "a|b\nc"])
    first.append(["Ink", 2.5, None])
    workbook.create_sheet("Empty")
    workbook.create_sheet("Secret").append(["x"])
    workbook["Secret"].sheet_state = "hidden"

    document = _read(_saved(workbook.save), "costs.xlsx")

    assert document == Document(
        format="xlsx",
        text="## Costs\n\n| Item | Price | Note |\n| --- | --- | --- |\n| Paper | 3 | a\\|b c |\n| Ink | 2.5 |  |\n\n"
        "## Empty\n\n(empty)\n\n## Secret\n\n| x |\n| --- |",
        note="Hidden in the file: Secret.",
    )


def test_of_a_long_sheet_the_first_10000_rows_are_shown() -> None:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Log")
    for number in range(10_050):
        sheet.append([number, "x"])

    document = _read(_saved(workbook.save), "log.xlsx")

    assert document.text.endswith("| 9999 | x |")
    assert document.note == "Sheet 'Log': the first 10,000 of 10,050 rows are shown."


def test_an_opendocument_sheet_is_read() -> None:
    assert _read(ods_of([["Name", "Age"], ["Ada", "36"]]), "people.ods") == Document(
        format="ods", text="## People\n\n| Name | Age |\n| --- | --- |\n| Ada | 36 |"
    )


def test_slides_have_titles_bullets_tables_and_notes() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Plan"
    body = slide.placeholders[1].text_frame
    body.text = "First"
    body.add_paragraph().text = "Then"
    body.paragraphs[1].level = 1
    slide.notes_slide.notes_text_frame.text = "Speak slowly"
    other = deck.slides.add_slide(deck.slide_layouts[6])
    table = other.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for at, text in {(0, 0): "Q", (0, 1): "EUR", (1, 0): "Q1", (1, 1): "5"}.items():
        table.cell(*at).text = text

    document = _read(_saved(deck.save), "plan.pptx")

    assert document == Document(
        format="pptx",
        text="## Slide 1: Plan\n\n- First\n  - Then\n\n> Notes: Speak slowly\n\n"
        "## Slide 2\n\n| Q | EUR |\n| --- | --- |\n| Q1 | 5 |",
    )


def test_a_web_page_loses_scripts_styles_and_pictures() -> None:
    page = (
        "<html><head><title>Köln</title><meta charset=iso-8859-1><style>p{}</style></head><body>"
        "<script>alert('no')</script><h2>Dom</h2><p>See <a href='https://x.test/'>this</a></p>"
        "<img src='data:image/png;base64,AAAA' alt='spire'><table><tr><th>a</th></tr><tr><td>1</td></tr></table>"
        "</body></html>"
    )

    document = _read(page.encode("iso-8859-1"), "page.html")

    assert document == Document(
        format="html",
        text="# Köln\n\n## Dom\n\nSee [this](https://x.test/)\n\n| a |\n| --- |\n| 1 |",
    )


def test_a_page_nested_too_deeply_is_shown_as_plain_text() -> None:
    document = _read(b"<html>" + b"<div>" * 5000 + b"deep" + b"</div>" * 5000, "deep.html")

    assert document == Document(
        format="html", text="deep", note="The page is nested too deeply; its plain text is shown."
    )


def test_what_a_file_is_goes_by_its_content_not_its_name() -> None:
    assert _read(pdf_of("hello"), "report.docx").format == "pdf"
    assert _read(b"just words", "report.pdf") == Document(format="text", text="just words")


@pytest.mark.parametrize("as_file", [True, False])
def test_an_open_file_and_bytes_in_memory_read_alike(tmp_path: Path, as_file: bool) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of("same"))

    with path.open("rb") as file:
        document = read(file if as_file else io.BytesIO(path.read_bytes()), "a.pdf", size=path.stat().st_size)

    assert document.text == "## Page 1\n\nsame"


def ods_of(rows: list[list[str]], *, down: int = 1, across: int = 1) -> bytes:
    """A minimal OpenDocument sheet, by hand."""
    columns = f'table:number-columns-repeated="{across}"'
    cells = "".join(
        f'<table:table-row table:number-rows-repeated="{down}">'
        + "".join(
            f'<table:table-cell office:value-type="string" {columns}><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="People">{cells}</table:table>'
        f"</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return file.getvalue()


_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)
