"""A finished file is what it is called, or it is not finished."""

from __future__ import annotations

import zipfile

import pytest
from docx import Document

from bot.domain.brief import Format
from bot.tools.documents.checking import fault

GOOD = {
    Format.MARKDOWN: b"# Title\n",
    Format.TEXT: b"words",
    Format.CSV: b"a,b\n1,2\n",
    Format.JSON: b'{"a": 1}',
    Format.HTML: b"<!doctype html><p>Hi",
    Format.PDF: b"%PDF-1.7\n1 0 obj\n%%EOF\n",
}
BAD = {
    Format.MARKDOWN: (b"\xff\xfe\x00", "it does not open (UnicodeDecodeError)"),
    Format.TEXT: (b"  \n", "it is empty"),
    Format.CSV: (b'"a\n', "it does not open (Error)"),
    Format.JSON: (b"{a}", "it does not open (JSONDecodeError)"),
    Format.HTML: (b"words", "it has no HTML in it"),
    Format.PDF: (b"%PDF-1.7\ncut off", "it is not a PDF"),
    Format.WORD: (b"words", "it does not open (BadZipFile)"),
}


@pytest.mark.parametrize("form", GOOD)
def test_a_file_of_its_format_passes(tmp_path, form):
    (tmp_path / "file").write_bytes(GOOD[form])
    assert fault(tmp_path / "file", form) == ""


@pytest.mark.parametrize("form", BAD)
def test_a_file_that_only_has_the_name_does_not(tmp_path, form):
    content, why = BAD[form]
    (tmp_path / "file").write_bytes(content)
    assert fault(tmp_path / "file", form) == why


def test_an_office_document_is_told_from_another(tmp_path):
    document = Document()
    document.add_paragraph("Hello")
    document.save(str(tmp_path / "a.docx"))
    assert fault(tmp_path / "a.docx", Format.WORD) == ""
    assert fault(tmp_path / "a.docx", Format.EXCEL) == "it has no xl/workbook.xml"
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as package:
        package.writestr("xl/workbook.xml", "words")
    assert fault(tmp_path / "b.xlsx", Format.EXCEL) == "its xl/workbook.xml is not XML"


def test_a_file_that_is_gone_or_empty_is_none(tmp_path):
    assert fault(tmp_path / "gone.md", Format.MARKDOWN) == "it is not there"
    (tmp_path / "empty.md").touch()
    assert fault(tmp_path / "empty.md", Format.MARKDOWN) == "it is empty"
