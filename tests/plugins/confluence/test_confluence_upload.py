"""Attaching a file: its lookups by the specification, and the upload, which none describes, as the library sends it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from atlassian.confluence.server import Server as Library

from bot.sdk import ToolError, Unavailable
from bot.sdk.trial import Trial
from plugins.confluence import plugin
from tests.counterparts.odd import Odd
from tests.plugins.confluence.conftest import GATEWAY, SITE, V1, V2, Confluence, a_page, a_space, signed_in

GIVEN = {"page": "98310", "file": "report.pdf", "comment": "Q4 ü"}
UPLOAD = f"{V1}/content/98310/child/attachment"


@pytest.fixture
def uploading(odd: Odd, tmp_path: Path) -> Trial:
    """Into a page of ENG that has no files."""
    odd.says(a_page(), path=f"{GATEWAY}{V2}/pages/98310")
    odd.says(a_space("7"), path=f"{GATEWAY}{V2}/spaces/7")
    odd.says({"results": []}, path=f"{GATEWAY}{V2}/pages/98310/attachments")
    odd.says({"results": [{"id": "att1"}]})
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\xff")
    return Trial(plugin=plugin, connection=signed_in(odd.url), folder=tmp_path)


def parts(sent: bytes) -> dict[str, tuple[str, bytes]]:
    """Of a form with files: by its name, the file's name and what is in it."""
    boundary = sent.split(b"\r\n", 1)[0]
    found = {}
    for one in sent.split(boundary)[1:-1]:
        head, _, content = one.partition(b"\r\n\r\n")
        names = dict(re.findall(rb'(\w+)="([^"]*)"', head))
        found[names[b"name"].decode()] = (names.get(b"filename", b"").decode(), content.removesuffix(b"\r\n"))
    return found


def test_a_file_goes_up_once_with_its_name_and_a_line_about_it(uploading: Trial, odd: Odd) -> None:
    assert uploading.preview("attach_file", **GIVEN) == (
        "Attach report.pdf to the page 98310 in Confluence\nBilling\nreport.pdf, 9 bytes\nQ4 ü"
    )
    made = uploading.run("attach_file", **GIVEN)
    assert odd.heard.count(f"POST {GATEWAY}{UPLOAD}") == 1
    sent = odd.sent[odd.heard.index(f"POST {GATEWAY}{UPLOAD}")]
    assert parts(sent) == {
        "minorEdit": ("", b"true"),
        "comment": ("", "Q4 ü".encode()),
        "file": ("report.pdf", b"%PDF-1.7\xff"),
    }
    assert made.text == f"Attached report.pdf to the page 98310: {SITE}/wiki/spaces/ENG/pages/98310"


def test_the_upload_is_as_the_library_sends_it(uploading: Trial, odd: Odd, tmp_path: Path) -> None:
    uploading.run("attach_file", **GIVEN)
    ours = parts(odd.sent[odd.heard.index(f"POST {GATEWAY}{UPLOAD}")])
    library = Library(f"{odd.url}/wiki", token="x")
    content, name = b"%PDF-1.7\xff", "report.pdf"
    library.attach_content(content, name, "application/pdf", page_id="98310", comment="Q4 ü")
    theirs = parts(odd.sent[odd.heard.index(f"POST {UPLOAD}")])
    assert {part: theirs[part] for part in ours} == ours


def test_an_upload_whose_answer_is_lost_went_out_once_and_may_have_happened(
    uploading: Trial, odd: Odd
) -> None:
    odd.hangs_up()
    with pytest.raises(Unavailable) as lost:
        uploading.run("attach_file", **GIVEN)
    assert not lost.value.nothing_done
    assert odd.heard.count(f"POST {GATEWAY}{UPLOAD}") == 1


def file_there(confluence: Confluence, *files: dict[str, Any]) -> None:
    confluence.says("GET", f"{V2}/pages/98310/attachments", {"results": list(files)})


def test_a_file_of_that_name_is_not_replaced(trial: Trial, confluence: Confluence) -> None:
    confluence.has(times=2)
    file_there(confluence, {"id": "att1", "title": "report.pdf"})
    with pytest.raises(ToolError, match="has a file report"):
        trial.run("attach_file", **GIVEN)
    assert confluence.calls[-1].query["filename"] == "report.pdf"
    assert confluence.written == []


def test_an_attached_file_goes_into_the_trash_unless_it_was_replaced(
    uploading: Trial, trial: Trial, confluence: Confluence
) -> None:
    made = uploading.run("attach_file", **GIVEN)
    file_there(confluence, {"id": "att1", "title": "report.pdf", "version": {"number": 2}})
    with pytest.raises(ToolError, match="replaced since"):
        trial.undo("attach_file", made, **GIVEN)
    file_there(confluence, {"id": "123", "title": "report.pdf", "version": {"number": 1}})
    trial.undo("attach_file", made, **GIVEN)
    assert confluence.written == [("DELETE", f"{V2}/attachments/123", None)]
    file_there(confluence)
    with pytest.raises(ToolError, match="not on the page any more"):
        trial.undo("attach_file", made, **GIVEN)


def test_a_file_that_a_crash_left_is_found_by_its_name_and_size(trial: Trial, confluence: Confluence) -> None:
    file_there(confluence)
    assert trial.settled("attach_file", effect_id="toolu_1", **GIVEN) is None
    file_there(confluence, {"id": "att1", "title": "report.pdf", "fileSize": 9})
    confluence.has()
    assert trial.settled("attach_file", effect_id="toolu_1", **GIVEN) is not None
    file_there(confluence, {"id": "att1", "title": "report.pdf", "fileSize": 10})
    with pytest.raises(ToolError, match="not clear"):
        trial.settled("attach_file", effect_id="toolu_1", **GIVEN)
