"""Google Docs are made, added to and corrected: by requests that Google documents, and once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk.trial import Trial
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism
from tests.plugins.google.conftest import connection

DOCUMENT = "/v1/documents/{documentId}"
FILES = "/drive/v3/files"
PLAN = {"id": "d1", "name": "Plan", "webViewLink": "https://docs.google.com/document/d/d1/edit"}
MARKDOWN = """# Minutes

Ana said **yes** to [this](https://example.com/a) 😀.

1. One
   - *inner*
2. Two

| Who | What |
|---|---|
| Ana | `a` |

> quoted
"""


def doc(*paragraphs: str, **more: Any) -> dict[str, Any]:
    """A document as Docs gives it, with an index for each letter."""
    content: list[Any] = [{"endIndex": 1, "sectionBreak": {}}]
    at = 1
    for text in paragraphs:
        run = {"startIndex": at, "textRun": {"content": text}}
        at += len(text.encode("utf-16-le")) // 2
        content.append({"startIndex": run["startIndex"], "endIndex": at, "paragraph": {"elements": [run]}})
    tab = {"tabProperties": {"tabId": "t.0"}, "documentTab": {"body": {"content": content}} | more}
    return {"documentId": "d1", "revisionId": "r1", "tabs": [tab]}


def sent(official: Prism) -> list[Any]:
    """What was written into a document, in order."""
    return [call.body for call in official.calls if call.path.endswith(":batchUpdate")]


@pytest.fixture
def both(drive: Trial, official: Prism, emulate: Emulate) -> Trial:
    """A Drive that remembers, and Docs as they are documented."""
    return replace(drive, connection=connection(emulate.google.url, docs=official.url))


def test_a_doc_is_made_in_its_folder_and_filled(both: Trial, official: Prism) -> None:
    official.answer("GET", DOCUMENT, doc("\n"))
    made = both.within("meetings").run(
        "create_document", effect_id="e1", title="Protokoll – März", content=MARKDOWN, folder="meetings"
    )
    assert made.receipt is not None
    assert made.receipt.where == f"https://drive.google.com/file/d/{made.ids[0]}/view"
    known = both.run("get_file", file=made.ids[0]).text
    assert "Name: Protokoll – März\nKind: Google Doc" in known
    assert "In folder: meetings" in known
    (written,) = sent(official)
    assert written["writeControl"] == {"requiredRevisionId": "r1"}
    assert not any(call.violations for call in official.calls)


def test_markdown_becomes_headings_lists_links_and_tables(google: Trial, official: Prism) -> None:
    official.answer("GET", FILES, {"files": []})
    official.answer("POST", FILES, PLAN)
    official.answer("GET", DOCUMENT, doc("\n"))
    google.run("create_document", effect_id="e1", title="Plan", content=MARKDOWN)
    (written,) = sent(official)
    inserted = [one["insertText"] for one in written["requests"] if "insertText" in one]
    text = "Minutes\nAna said yes to this 😀.\nOne\n\tinner\nTwo"
    texts = [(one["text"], one["location"]["index"]) for one in inserted]
    assert texts == [("quoted", 1), ("a", 12), ("Ana", 10), ("What", 7), ("Who", 5), (text, 1)]
    assert {"insertTable": {"rows": 2, "columns": 2, "location": {"index": 1}}} in written["requests"]
    styles = [one["updateTextStyle"] for one in written["requests"] if "updateTextStyle" in one]
    links = [one for one in styles if "link" in one["textStyle"]]
    at = 1 + text.index("this")
    assert links[0]["range"] == {"startIndex": at, "endIndex": at + 4}
    bullets = [
        one["createParagraphBullets"] for one in written["requests"] if "createParagraphBullets" in one
    ]
    after_emoji = 1
    first, last = 1 + text.index("One") + after_emoji, 1 + len(text) + after_emoji
    assert bullets == [
        {"range": {"startIndex": first, "endIndex": last}, "bulletPreset": "NUMBERED_DECIMAL_ALPHA_ROMAN"}
    ]
    made = official.calls[1]
    assert made.body["appProperties"] == {"cowork": "cowork-e1"}
    assert not any(call.violations for call in official.calls)


def test_the_last_list_is_made_first_because_its_tabs_go_then(google: Trial, official: Prism) -> None:
    official.answer("GET", DOCUMENT, doc("\n"))
    google.run(
        "append_document", effect_id="e1", document="d1", content="- a\n  - b\n\ntext\n\n1. c\n   1. d"
    )
    made = [
        one["createParagraphBullets"]
        for one in sent(official)[0]["requests"]
        if "createParagraphBullets" in one
    ]
    assert [(one["range"]["startIndex"], one["range"]["endIndex"]) for one in made] == [(11, 15), (1, 5)]
    assert [one["bulletPreset"][:4] for one in made] == ["NUMB", "BULL"]


def test_a_doc_that_is_filled_is_not_filled_again(google: Trial, official: Prism) -> None:
    official.answer("GET", FILES, {"files": [PLAN | {"appProperties": {"cowork": "cowork-e1"}}]})
    official.answer("GET", DOCUMENT, doc("Hello\n"))
    google.run("create_document", effect_id="e1", title="Plan", content="Hello")
    assert not any(call.method == "POST" for call in official.calls)


def test_nothing_that_a_document_names_is_fetched(google: Trial, official: Prism) -> None:
    official.answer("GET", FILES, {"files": []})
    official.answer("POST", FILES, PLAN)
    official.answer("GET", DOCUMENT, doc("\n"))
    google.run(
        "create_document",
        effect_id="e1",
        title="Plan",
        content="![logo](https://evil.example/?d=1) <img src=x>",
    )
    (written,) = sent(official)
    assert not any("insertInlineImage" in one for one in written["requests"])
    assert written["requests"][0]["insertText"]["text"] == "logo (https://evil.example/?d=1) <img src=x>"


def test_what_a_crash_left_empty_is_filled_and_not_made_again(google: Trial, official: Prism) -> None:
    mine = PLAN | {"appProperties": {"cowork": "cowork-e1"}}
    given = {"title": "Plan", "content": "Hello"}
    official.answer("GET", FILES, {"files": [mine]})
    official.answer("GET", DOCUMENT, doc("\n"))
    assert google.settled("create_document", effect_id="e1", **given) is None
    official.answer("GET", FILES, {"files": [mine]})
    official.answer("GET", DOCUMENT, doc("\n"))
    google.run("create_document", effect_id="e1", **given)
    assert [call.path for call in official.calls if call.method == "POST"] == ["/v1/documents/d1:batchUpdate"]


def test_a_doc_that_was_made_is_found_and_that_of_another_call_is_not(google: Trial, official: Prism) -> None:
    given = {"title": "Plan", "content": "Hello"}
    official.answer("GET", FILES, {"files": [PLAN | {"appProperties": {"cowork": "cowork-e1"}}]})
    official.answer("GET", DOCUMENT, doc("Hello\n"))
    found = google.settled("create_document", effect_id="e1", **given)
    assert found is not None and found.ids == ("d1",)
    asked = official.calls[0].query["q"]
    assert asked == "appProperties has { key='cowork' and value='cowork-e1' } and trashed = false"
    official.answer("GET", FILES, {"files": [PLAN | {"appProperties": {"cowork": "cowork-e2"}}]})
    assert google.settled("create_document", effect_id="e1", **given) is None


def test_outside_of_the_granted_folders_nothing_is_made(drive: Trial) -> None:
    narrow = drive.within("meetings")
    for folder in ("private", "salaries"):
        with pytest.raises(NotAllowed):
            narrow.run("create_document", effect_id="e1", title="Plan", content="Hello", folder=folder)


def test_people_see_all_that_is_written(both: Trial) -> None:
    shown = both.preview("create_document", title="Plan", content=MARKDOWN, folder="meetings")
    assert shown == (
        "Make a Google Doc in the folder meetings: “Plan”\n"
        f"In: “Meetings” https://drive.google.com/drive/folders/meetings\nPlan\n\n{MARKDOWN}".strip()
    )
    changed = both.preview("edit_document", document="notes-doc", old_text="Friday", new_text="Monday")
    assert changed == (
        "Change a text in the Google Doc notes-doc\n"
        "“Meeting notes” https://drive.google.com/file/d/notes-doc/view\nNow:\nFriday\n\nThen:\nMonday"
    )


def test_what_is_added_begins_a_paragraph_of_its_own_at_the_end(google: Trial, official: Prism) -> None:
    official.answer("GET", DOCUMENT, doc("Héllo 😀\n"))
    google.run("append_document", effect_id="e1", document="d1", content="## Next\n\n- one")
    (written,) = sent(official)
    first, second = written["requests"][:2]
    assert first["insertText"] == {"text": "\n", "location": {"index": 9}}
    assert second["insertText"] == {"text": "Next\none", "location": {"index": 10}}
    name = {"name": "cowork-e1", "range": {"startIndex": 10, "endIndex": 11}}
    assert written["requests"][-1] == {"createNamedRange": name}
    assert not any(call.violations for call in official.calls)


def _named(start: int) -> dict[str, Any]:
    one = {"name": "cowork-e1", "ranges": [{"startIndex": start, "endIndex": start + 1}]}
    return {"cowork-e1": {"name": "cowork-e1", "namedRanges": [one]}}


def test_what_was_added_is_found_by_its_name_and_taken_away_while_it_is_as_it_was(
    google: Trial, official: Prism
) -> None:
    given = {"document": "d1", "content": "# Next\n\n| a | b |\n|---|---|\n| c | d |"}
    official.answer("GET", DOCUMENT, doc("Hello\n"))
    assert google.settled("append_document", effect_id="e1", **given) is None
    cells = doc("Hello\n", "Next\n", "a\nb\nc\nd\n", "\n", namedRanges=_named(7))
    official.answer("GET", DOCUMENT, cells)
    found = google.settled("append_document", effect_id="e1", **given)
    assert found is not None
    official.answer("GET", DOCUMENT, cells)
    google.undo("append_document", found, **given)
    (written,) = sent(official)
    assert written["requests"] == [
        {"deleteContentRange": {"range": {"startIndex": 7, "endIndex": 20, "tabId": "t.0"}}}
    ]
    official.answer("GET", DOCUMENT, doc("Hello\n", "Next!\n", "a\nb\nc\nd\n", "\n", namedRanges=_named(7)))
    with pytest.raises(ToolError, match="stays as it is"):
        google.undo("append_document", found, **given)


def test_a_text_that_stands_there_once_is_replaced_and_keeps_its_look(google: Trial, official: Prism) -> None:
    official.answer("GET", DOCUMENT, doc("Budget 😀 by Friday.\n"))
    made = google.run("edit_document", effect_id="e1", document="d1", old_text="Friday", new_text="Montag")
    (written,) = sent(official)
    assert written["requests"] == [
        {"insertText": {"text": "Montag", "location": {"index": 15, "tabId": "t.0"}}},
        {"deleteContentRange": {"range": {"startIndex": 21, "endIndex": 26, "tabId": "t.0"}}},
        {"deleteContentRange": {"range": {"startIndex": 14, "endIndex": 15, "tabId": "t.0"}}},
    ]
    assert made.receipt is not None
    assert (made.receipt.before, made.receipt.after) == ("Friday", "Montag")
    assert not any(call.violations for call in official.calls)


@pytest.mark.parametrize(
    ("text", "said"),
    [("Friday, then Friday.\n", "stands in the document 2 times"), ("Monday\n", "does not have this text")],
)
def test_a_text_that_does_not_stand_there_once_is_left(
    google: Trial, official: Prism, text: str, said: str
) -> None:
    official.answer("GET", DOCUMENT, doc(text))
    with pytest.raises(ToolError, match=said):
        google.run("edit_document", effect_id="e1", document="d1", old_text="Friday", new_text="Monday")
    assert sent(official) == []


def test_letters_that_docs_drops_are_not_counted(google: Trial, official: Prism) -> None:
    official.answer("GET", DOCUMENT, doc("by Friday\n"))
    google.run(
        "edit_document", effect_id="e1", document="d1", old_text="Friday", new_text="M\x01on\ue000\r\nday"
    )
    requests = sent(official)[0]["requests"]
    assert requests[0]["insertText"]["text"] == "Mon\nday"
    assert requests[1]["deleteContentRange"]["range"] == {"startIndex": 12, "endIndex": 17, "tabId": "t.0"}
    official.answer("GET", DOCUMENT, doc("\n"))
    google.run("append_document", effect_id="e1", document="d1", content="a\x02 **b**")
    bold = [one["updateTextStyle"] for one in sent(official)[1]["requests"] if "updateTextStyle" in one][1]
    assert bold["range"] == {"startIndex": 3, "endIndex": 4}


def test_a_text_with_something_else_within_it_is_not_replaced(google: Trial, official: Prism) -> None:
    around = doc("by Fri\n")
    elements = around["tabs"][0]["documentTab"]["body"]["content"][1]["paragraph"]["elements"]
    elements[:] = [
        {"startIndex": 1, "textRun": {"content": "by Fri"}},
        {"startIndex": 7, "inlineObjectElement": {"inlineObjectId": "i1"}},
        {"startIndex": 8, "textRun": {"content": "day\n"}},
    ]
    official.answer("GET", DOCUMENT, around)
    with pytest.raises(ToolError, match="does not have this text"):
        google.run("edit_document", effect_id="e1", document="d1", old_text="Friday", new_text="Monday")


@pytest.mark.parametrize(
    ("text", "outcome"), [("by Friday\n", None), ("by Monday\n", "done"), ("by noon\n", "unknown")]
)
def test_whether_a_text_was_replaced_is_told_by_how_it_is_now(
    google: Trial, official: Prism, text: str, outcome: str | None
) -> None:
    official.answer("GET", DOCUMENT, doc(text))
    given = {"document": "d1", "old_text": "Friday", "new_text": "Monday"}
    if outcome == "unknown":
        with pytest.raises(ToolError, match="cannot be told"):
            google.settled("edit_document", effect_id="e1", **given)
    else:
        found = google.settled("edit_document", effect_id="e1", **given)
        assert (found is None) == (outcome is None)


def test_an_old_text_is_put_back_unless_somebody_changed_the_new_one(google: Trial, official: Prism) -> None:
    given = {"document": "d1", "old_text": "Friday", "new_text": "Monday"}
    official.answer("GET", DOCUMENT, doc("by Monday\n"))
    done = google.settled("edit_document", effect_id="e1", **given)
    assert done is not None
    official.answer("GET", DOCUMENT, doc("by Monday\n"))
    assert google.undo("edit_document", done, **given).text == "Put the old text back."
    assert sent(official)[0]["requests"][0]["insertText"]["text"] == "Friday"
    official.answer("GET", DOCUMENT, doc("by Tuesday\n"))
    with pytest.raises(ToolError, match="does not have this text"):
        google.undo("edit_document", done, **given)
