"""What cannot be read is refused with the reason and what to do, and never harms the one who reads."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import docx
import openpyxl
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ToolError
from bot.tools.documents import read
from tests.tools.test_documents import ods_of, pdf_of


def _refusal(content: bytes, name: str) -> str:
    with pytest.raises(ToolError) as refused:
        read(io.BytesIO(content), name, size=len(content))
    return str(refused.value)


def test_an_encrypted_pdf() -> None:
    writer = pypdf.PdfWriter(io.BytesIO(pdf_of("secret")))
    writer.encrypt("password", algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)

    assert _refusal(file.getvalue(), "a.pdf") == "'a.pdf' is encrypted. Ask for a copy without a password."


def test_an_encrypted_office_file() -> None:
    content = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 500
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 500
    )

    assert _refusal(content, "a.docx") == "'a.docx' is encrypted. Ask for a copy without a password."


def test_an_old_word_file() -> None:
    content = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "WordDocument".encode("utf-16-le") + b"\0" * 500
    )

    assert "old Office format" in _refusal(content, "a.doc")
    assert "Ask for it as DOCX" in _refusal(content, "a.doc")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"),
        (b"\x7fELF\x02\x01\0", "a program"),
        (b"SQLite format 3\0", "an SQLite database"),
        (bytes(range(256)) * 10, "not text (binary, or of an unknown format)"),
    ],
)
def test_what_holds_no_text(content: bytes, what: str) -> None:
    refusal = _refusal(content, "thing")

    assert refusal.startswith(f"'thing' is {what} and cannot be read as text. Read here are PDF, DOCX")


def test_a_file_over_50_mb_is_refused_unread() -> None:
    with pytest.raises(ToolError, match=r"'a.txt' has 51.0 MB; at most 50 MB are read\. Ask for a smaller"):
        read(io.BytesIO(), "a.txt", size=51 * 1024 * 1024)


def test_a_zip_of_something_else_says_what_is_in_it() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("photo.jpg", b"x")

    assert "it holds 1 parts: photo.jpg" in _refusal(file.getvalue(), "a.zip")


def _bomb(megabytes: int) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w") as part,
    ):
        for _ in range(megabytes):
            part.write(b"\0" * 1024 * 1024)
    return file.getvalue()


def test_a_zip_bomb_is_refused_by_the_sizes_it_states() -> None:
    assert "unpacks to 300 MB in 1 parts; at most 200 MB" in _refusal(_bomb(300), "bomb.docx")


def test_a_small_zip_bomb_is_refused_by_its_ratio() -> None:
    assert "times its size, as only a trap does" in _refusal(_bomb(20), "bomb.docx")


def test_a_zip_bomb_that_lies_about_its_size_is_found_out() -> None:
    content = _bomb(300)
    lie = content.replace(struct.pack("<L", 300 * 1024 * 1024), struct.pack("<L", 1000))

    assert lie != content
    assert "is broken: its packed content cannot be read" in _refusal(lie, "bomb.docx")


def test_a_workbook_that_would_abort_the_whole_process_is_refused() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = workbook.active["XFD1048576"] = 1
    file = io.BytesIO()
    workbook.save(file)

    assert "takes too much memory to read" in _refusal(file.getvalue(), "stray.xlsx")


@pytest.mark.parametrize(("rows", "columns"), [(1, 2_000_000_000), (2_000_000_000, 3), (1_048_576, 16_384)])
def test_an_opendocument_sheet_that_repeats_itself_without_end_is_cut_or_refused(
    rows: int, columns: int
) -> None:
    content = ods_of([["x"]], down=rows, across=columns)

    try:
        document = read(io.BytesIO(content), "bomb.ods", size=len(content))
    except ToolError as refusal:
        assert str(refusal).startswith("'bomb.ods' ")
    else:
        assert len(document.text) < 1_000_000
        assert "are shown" in document.note


def test_a_word_file_whose_entities_multiply_is_refused_soon() -> None:
    file, began = io.BytesIO(), time.monotonic()
    docx.Document().save(file)
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    evil = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "ha">{entities}]><w:document xmlns:w="w">&e12;</w:document>'
    target = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            new.writestr(member, evil if member == "word/document.xml" else old.read(member))

    assert "is broken" in _refusal(target.getvalue(), "laughs.docx")
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx"])
def test_a_file_cut_in_half_is_told_to_be_broken(name: str) -> None:
    file = io.BytesIO()
    match name:
        case "a.pdf":
            file.write(b"%PDF-1.4\n garbage")
        case "a.docx":
            docx.Document().save(file)
        case _:
            openpyxl.Workbook().save(file)
    content = file.getvalue()

    assert "is broken" in _refusal(content if name == "a.pdf" else content[: len(content) // 2], name)


@settings(max_examples=12, deadline=None)
@given(damage=st.binary(min_size=1, max_size=30), at=st.floats(0, 1), kind=st.sampled_from(["pdf", "ods"]))
def test_any_damage_ends_in_a_document_or_a_clear_refusal(damage: bytes, at: float, kind: str) -> None:
    whole = pdf_of("one", "two") if kind == "pdf" else ods_of([["a", "b"]])
    place = int(at * len(whole))
    content = whole[:place] + damage + whole[place + len(damage) :]

    try:
        document = read(io.BytesIO(content), f"a.{kind}", size=len(content))
    except ToolError as refusal:
        assert str(refusal).startswith(f"'a.{kind}' ")
    else:
        document.text.encode("utf-8")
