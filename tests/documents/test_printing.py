"""How an Office file looks, by a LibreOffice that reaches nothing but that file."""

from __future__ import annotations

import io
import os
import re
import socket
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from PIL import Image

from bot.documents import inspecting, printing
from bot.sandbox import probe
from tests.office import Office

_LINK = re.compile(rb'r:embed="(rId\d+)"')


@pytest.fixture
def _boxed(office: Office) -> None:
    if why := probe.trouble():
        pytest.skip(f"nothing can be confined here: {why}")


@pytest.fixture
def _photographed() -> None:
    if not printing.has_browser():
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def calling(address: str) -> bytes:
    """A letter whose picture is not in it but at an address."""
    picture, file = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (20, 20), (255, 0, 0)).save(picture, "PNG")
    letter = docx.Document()
    letter.add_paragraph("Dear reader")
    letter.add_picture(picture)
    letter.save(file)
    made = io.BytesIO()
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(made, "w") as taken:
        for name in given.namelist():
            part = given.read(name)
            if name == "word/document.xml":
                part = _LINK.sub(rb'r:link="\1"', part)
            if name == "word/_rels/document.xml.rels":
                link = f'Target="{address}" TargetMode="External"'.encode()
                part = re.sub(rb'Target="media/[^"]+"', link, part)
            taken.writestr(name, part)
    return made.getvalue()


@pytest.mark.usefixtures("_boxed")
def test_a_document_is_shown_and_nothing_that_it_names_elsewhere_is_fetched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        place = tmp_path / "letter.docx"
        place.write_bytes(calling(f"http://127.0.0.1:{server.getsockname()[1]}/picture.png"))
        with place.open("rb") as file:
            seen = inspecting.done(inspecting.Order(format="docx", file=file.fileno()))
        with pytest.raises(BlockingIOError):
            server.accept()
    assert seen.picture is not None
    assert seen.extent == "1 page, 2 words, 1 picture"
    with Image.open(io.BytesIO(seen.picture)) as picture:
        assert picture.width == 1_000 and len(picture.convert("L").getcolors() or ()) > 5


@pytest.mark.usefixtures("_boxed")
def test_formulas_that_nobody_has_reckoned_yet_are_told_by_what_they_print(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([0, "=1/A1", "=Nobody!A1", "=1+1"])
    book.save(place := tmp_path / "sums.xlsx")
    with place.open("rb") as file:
        seen = inspecting.done(inspecting.Order(format="xlsx", file=file.fileno()))

    assert seen.faults == ["Cells come out as an error: #DIV/0!, #NAME?"]


@pytest.mark.usefixtures("_boxed", "_photographed")
def test_a_page_is_shown_with_nothing_in_it_run(tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    dark = "document.documentElement.style.background = 'black'"
    place.write_text(f"<body style='background: white'><h1>Dear reader</h1><script>{dark}</script>")
    with place.open("rb") as file:
        seen = inspecting.done(inspecting.Order(format="html", file=file.fileno()))

    assert seen.picture is not None
    with Image.open(io.BytesIO(seen.picture)) as picture:
        assert picture.size[0] == 1_000 and picture.convert("L").getpixel((900, 600)) == 255


def test_where_libreoffice_or_the_box_is_missing_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert printing.printed(b"x", "docx") is None
    assert printing.photographed(b"x") is None
