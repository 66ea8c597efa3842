"""A document that is handed over is opened again: what it comes to is told, and the picture of it stands beside it."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
from PIL import Image

from bot.tools.handing_over import kept_at
from tests.tools.conftest import Grounds
from tests.tools.desks import desk_in, put, run


def test_a_pdf_is_handed_over_with_its_extent_its_faults_and_a_picture(grounds: Grounds) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(300, 400)
    file = io.BytesIO()
    writer.write(file)
    path = put(grounds.granted, "report.pdf", file.getvalue())
    result = run(desk_in(grounds), "deliver", path=path, title="Report")
    assert result.text.splitlines() == [
        f'Delivered "Report" (report.pdf, {len(file.getvalue()):,} bytes, 1 page) in the thread.',
        "To be mended: Page 1 is empty. If so, mend it and deliver it again.",
    ]
    assert result.deliverable is not None
    copy, picture = (
        kept_at(grounds.own.parent, one) for one in (result.deliverable.path, result.deliverable.preview)
    )
    assert (copy.parent, Path(result.deliverable.preview).parts[0]) == (picture.parent, "delivered")
    with Image.open(picture) as shown:
        assert (shown.format, shown.size) == ("PNG", (1_000, 1_334))


def test_what_cannot_be_opened_is_handed_over_all_the_same(grounds: Grounds) -> None:
    path = put(grounds.granted, "broken.docx", b"no zip")
    result = run(desk_in(grounds), "deliver", path=path, title="Broken")
    assert "It does not open" in result.text and "6 bytes" in result.text
    assert result.deliverable is not None and result.deliverable.preview == ""
    assert kept_at(grounds.own.parent, result.deliverable.path).read_bytes() == b"no zip"


def test_a_placeholder_is_told_of_with_no_word_that_others_may_have_written(grounds: Grounds) -> None:
    said = "<html><body><p>Dear {{name}} [insert “orders” to the model here]</p></body></html>"
    path = put(grounds.granted, "letter.html", said)
    result = run(desk_in(grounds), "deliver", path=path, title="Letter")
    assert "8 words" in result.text
    assert "To be mended: “…” stands in it: a placeholder" in result.text
    assert "name" not in result.text and "orders" not in result.text
