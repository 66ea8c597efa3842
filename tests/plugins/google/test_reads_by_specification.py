"""Docs, Sheets, Slides, documents and comments as Google documents them: asked rightly, told shortly."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import ToolError
from bot.sdk.trial import Trial
from plugins.google import plugin
from tests.counterparts.prism import Prism

FILE = "/drive/v3/files/{fileId}"


def about(official: Prism, kind: str, **more: Any) -> None:
    """What Drive says of the file that is looked at next."""
    link = "https://docs.google.com/d/f1/edit"
    official.answer("GET", FILE, {"id": "f1", "name": "Plan", "mimeType": kind, "webViewLink": link} | more)


def test_a_doc_is_read_as_markdown_without_the_images_in_it(google: Trial, official: Prism) -> None:
    about(official, "application/vnd.google-apps.document")
    text = "\ufeff# Plan\n\n![][image1]\n\n* Größe 😀\n\n[image1]: <data:image/png;base64,iVBORw0KGgo=>\n"
    official.answer("GET", f"{FILE}/export", text, media="text/plain")
    result = google.run("read_file", file="f1")
    assert result.text.startswith("[Plan · Google Doc · https://docs.google.com/d/f1/edit]\n\n# Plan")
    assert "Größe 😀" in result.text
    assert "base64" not in result.text
    assert official.calls[-1].query == {"mimeType": "text/markdown"}
    assert not any(call.violations for call in official.calls)


def test_a_sheet_is_read_as_rows_of_every_sheet(google: Trial, official: Prism) -> None:
    about(official, "application/vnd.google-apps.spreadsheet")
    sheets = [
        {"properties": {"title": "Bob's", "gridProperties": {"rowCount": 3, "columnCount": 2}}},
        {"properties": {"title": "Chart", "sheetType": "OBJECT"}},
        {"properties": {"title": "Log", "gridProperties": {"rowCount": 50000, "columnCount": 80}}},
    ]
    official.answer("GET", "/v4/spreadsheets/{spreadsheetId}", {"sheets": sheets})
    ranges = [{"values": [["Name", "Sum"], [], ["Ana\nSilva", "1,5"]]}, {}]
    official.answer("GET", "/v4/spreadsheets/{spreadsheetId}/values:batchGet", {"valueRanges": ranges})
    text = google.run("read_file", file="f1").text
    assert "## Bob's\n\n1: Name | Sum\n3: Ana Silva | 1,5" in text
    assert "## Log (rows to 1,000 and columns to AX: more with read_cells)\n\nThis sheet is empty." in text
    assert official.calls[-1].query["ranges"] == ["'Bob''s'!A1:B3", "'Log'!A1:AX1000"]
    assert not any(call.violations for call in official.calls)


def test_a_range_of_a_sheet_is_read_with_its_row_numbers(google: Trial, official: Prism) -> None:
    path = "/v4/spreadsheets/{spreadsheetId}/values/{range}"
    official.answer("GET", path, {"range": "Log!A41:B43", "values": [["a", 1], [], ["=A1", True]]})
    result = google.run("read_cells", spreadsheet="f1", range="Log!A41:B43", formulas=True)
    assert result.text == "[Log!A41:B43]\n41: a | 1\n43: =A1 | True"
    call = official.calls[-1]
    assert (call.path, call.query) == (
        "/v4/spreadsheets/f1/values/Log%21A41%3AB43",
        {"valueRenderOption": "FORMULA"},
    )
    with pytest.raises(ToolError, match="is not an id or key"):
        google.run("read_cells", spreadsheet="f1", range="Log!A1/../../f2")


def test_slides_are_read_with_their_tables_and_notes(google: Trial, official: Prism) -> None:
    def shape(text: str, name: str = "s") -> Any:
        runs = {"textElements": [{"paragraphMarker": {}}, {"textRun": {"content": text}}]}
        return {"objectId": name, "shape": {"text": runs}}

    cell = {"text": shape("A")["shape"]["text"]}
    notes = {
        "notesProperties": {"speakerNotesObjectId": "n"},
        "pageElements": [shape("Say hello\n", "n"), shape("7")],
    }
    slide = {
        "pageElements": [
            shape("Sprint 7\n"),
            {"elementGroup": {"children": [shape("Done: 5\n")]}},
            {"table": {"tableRows": [{"tableCells": [cell, cell]}]}},
            {"image": {}},
        ],
        "slideProperties": {"notesPage": notes},
    }
    about(official, "application/vnd.google-apps.presentation")
    official.answer("GET", "/v1/presentations/{presentationId}", {"slides": [slide, {}]})
    text = google.run("read_file", file="f1").text
    assert "## Slide 1: Sprint 7\n\nDone: 5\n\n| A | A |\n\nNotes: Say hello\n\n## Slide 2" in text
    assert not any(call.violations for call in official.calls)


def test_a_shortcut_is_not_followed_past_what_was_granted(google: Trial, official: Prism) -> None:
    about(official, "application/vnd.google-apps.shortcut", shortcutDetails={"targetId": "f2"})
    with pytest.raises(ToolError, match="Read what it leads to: f2"):
        google.run("read_file", file="f1")


def test_what_has_no_text_says_so(google: Trial, official: Prism) -> None:
    about(official, "application/vnd.google-apps.form")
    with pytest.raises(ToolError, match="is a form, which has no text to read"):
        google.run("read_file", file="f1")


def test_comments_come_with_their_answers(google: Trial, official: Prism) -> None:
    ana, ben = {"displayName": "Ana Silva"}, {"displayName": "Ben Okoye"}
    comment = {
        "id": "c1",
        "content": "Is this\nright?",
        "createdTime": "2026-11-20T09:00:00Z",
        "author": ana,
        "quotedFileContent": {"value": "12 %"},
        "replies": [
            {"content": "Yes", "createdTime": "2026-11-21T09:00:00Z", "author": ben},
            {"action": "resolve"},
        ],
        "resolved": True,
    }
    official.answer("GET", f"{FILE}/comments", {"comments": [comment], "nextPageToken": "p2"})
    assert google.run("list_comments", file="f1").text == (
        "1 comments:\n"
        "- Ana Silva (2026-11-20): Is this right? · resolved · id c1\n"
        "  on “12 %”\n"
        "  ↳ Ben Okoye (2026-11-21): Yes\n"
        'More with cursor="p2".'
    )
    assert not official.calls[-1].violations


def test_folders_and_shared_drives_can_be_picked(google: Trial, official: Prism) -> None:
    official.answer("GET", "/drive/v3/drives", {"drives": [{"id": "sd", "name": "Team"}]})
    official.answer("GET", "/drive/v3/files", {"files": [{"id": "fo", "name": "Team's notes"}]})
    found = plugin.discover(plugin.client(google.connection), "team")
    assert [(one.id, one.about) for one in found] == [("sd", "shared drive"), ("fo", "folder")]
    assert "name contains 'team'" in official.calls[0].query["q"]


def test_words_that_are_looked_for_cannot_change_what_is_asked(google: Trial, official: Prism) -> None:
    google.run("search_files", query="it's \\ or 'x' in parents")
    text = "'it\\'s \\\\ or \\'x\\' in parents'"
    expected = f"trashed = false and (name contains {text} or fullText contains {text})"
    assert official.calls[-1].query["q"] == expected
    assert "orderBy" not in official.calls[-1].query


def test_pages_with_nothing_that_was_granted_are_gone_past(google: Trial, official: Prism) -> None:
    pages = [
        [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
        [{"id": "c", "name": "C", "parents": ["fo"]}],
    ]
    official.answer("GET", "/drive/v3/files", {"files": pages[0], "nextPageToken": "p2"})
    official.answer("GET", "/drive/v3/files", {"files": pages[1]})
    found = google.within("fo").run("search_files", query="x")
    assert found.ids == ("c",)
    assert found.text.endswith("Only what was granted is shown.")
    assert official.calls[-1].query["pageToken"] == "p2"
