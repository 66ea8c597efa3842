"""Writing to Confluence: what is shown, what is sent by its specification, what is proved, and how it is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.sdk import ToolError
from bot.sdk.trial import Trial
from plugins.confluence import plugin
from plugins.confluence.storage import storage
from tests.plugins.confluence.conftest import SITE, V1, V2, Confluence, a_page

# What is uploaded has no published specification: see test_confluence_upload.py.
WRITES = [one.name for one in plugin.actions if one.effect != "read" and one.name != "attach_file"]
LINK = f"{SITE}/wiki/spaces/ENG/pages/98310"
TEXT = "# Calls\n\n- `GET /bills` 🎉\n- **new**"


def example_of(name: str) -> dict[str, Any]:
    return dict(next(one.example for one in plugin.actions if one.name == name))


def is_all_there(confluence: Confluence) -> None:
    confluence.has_spaces("7", times=8)
    confluence.has(times=12)
    confluence.has("98320", times=8)
    confluence.says("POST", f"{V2}/pages", a_page("98400"))


@pytest.mark.parametrize("name", WRITES)
def test_every_writing_is_a_request_that_the_specification_knows(
    name: str, trial: Trial, confluence: Confluence
) -> None:
    is_all_there(confluence)
    assert trial.preview(name, **example_of(name))
    made = trial.run(name, effect_id="toolu_1", **example_of(name))
    assert made.receipt is not None
    assert made.receipt.where.startswith(SITE)
    assert len(confluence.written) == 1
    assert [call.violations for call in confluence.calls if call.violations] == []


@pytest.mark.parametrize("name", [*WRITES, "attach_file"])
def test_nothing_is_written_outside_of_the_scope(name: str, trial: Trial, confluence: Confluence) -> None:
    is_all_there(confluence)
    with pytest.raises(NotAllowed):
        trial.within("OTHER").run(name, **example_of(name))
    assert confluence.written == []


def test_a_page_is_created_as_the_card_says_it(trial: Trial, confluence: Confluence) -> None:
    given = {"space": "ENG", "title": "Billing  API", "body": TEXT, "parent": "98310"}
    confluence.has_spaces("7", times=3)
    confluence.has(times=3, title="Services")
    assert trial.preview("create_page", **given) == (
        "Create a page in ENG (Confluence): “Billing API”\n"
        f"Space: Space ENG\nBelow: Services\nTitle: Billing API\n\n{TEXT}"
    )
    confluence.says("POST", f"{V2}/pages", a_page("98400", title="Billing API", version=1))
    made = trial.run("create_page", **given)
    new = {
        "spaceId": "7",
        "status": "current",
        "title": "Billing API",
        "body": {"representation": "storage", "value": storage(TEXT)},
        "parentId": "98310",
    }
    assert confluence.written == [("POST", f"{V2}/pages", new)]
    link = f"{SITE}/wiki/spaces/ENG/pages/98400"
    assert made.text == f"Created “Billing API”, page 98400: {link}"
    assert made.receipt is not None
    assert (made.receipt.where, made.receipt.undo) == (link, "Put it into the trash")


def test_a_page_is_not_put_below_one_of_another_space(trial: Trial, confluence: Confluence) -> None:
    given = {"space": "ENG", "title": "x", "parent": "98310"}
    confluence.has_spaces("7", times=3)
    confluence.has(space="8", times=3)
    with pytest.raises(NotAllowed):
        trial.within("ENG").run("create_page", **given)
    with pytest.raises(ToolError, match="not in the space ENG"):
        trial.run("create_page", **given)
    assert confluence.written == []


@pytest.mark.parametrize(
    ("version", "children", "comments"), [(2, [], []), (1, [{"id": "1"}], []), (1, [], [{"id": "1"}])]
)
def test_a_created_page_that_somebody_touched_stays(
    trial: Trial, confluence: Confluence, version: int, children: list[Any], comments: list[Any]
) -> None:
    is_all_there(confluence)
    made = trial.run("create_page", **example_of("create_page"))
    confluence.says("GET", f"{V2}/pages/98400", a_page("98400", version=version))
    confluence.says("GET", f"{V2}/pages/98400/children", {"results": children})
    confluence.says("GET", f"{V2}/pages/98400/footer-comments", {"results": comments})
    with pytest.raises(ToolError, match="since: it was left as it is"):
        trial.undo("create_page", made, **example_of("create_page"))
    assert len(confluence.written) == 1


def test_a_created_page_goes_into_the_trash(trial: Trial, confluence: Confluence) -> None:
    is_all_there(confluence)
    made = trial.run("create_page", **example_of("create_page"))
    confluence.says("GET", f"{V2}/pages/98400", a_page("98400", version=1))
    confluence.says("GET", f"{V2}/pages/98400/children", {"results": []})
    confluence.says("GET", f"{V2}/pages/98400/footer-comments", {"results": []})
    trial.undo("create_page", made, **example_of("create_page"))
    assert confluence.written[-1][:2] == ("DELETE", f"{V2}/pages/98400")


def test_an_update_shows_what_changes_and_what_gets_lost(trial: Trial, confluence: Confluence) -> None:
    confluence.has(times=2, raw='<p>Old</p><p>Same</p><ac:structured-macro ac:name="toc" />')
    assert trial.preview("update_page", page="98310", version=2, body="New\n\nSame") == (
        "Update the page 98310 in Confluence, version 2 → 3\n"
        "Title stays: Billing\n\nWill be gone: the macro “toc”\n\n"
        "What changes:\n-Old\n+New\n \n Same\n-\n-[toc]\n\nThe whole new text:\nNew\n\nSame"
    )


def test_an_update_is_of_the_version_that_was_approved(trial: Trial, confluence: Confluence) -> None:
    confluence.has(times=2, version=5)
    for does in (trial.preview, trial.run):
        confluence.has(times=2, version=5)
        with pytest.raises(ToolError, match="at version 5 by now, not 2"):
            does("update_page", page="98310", version=2, body=TEXT)
    assert confluence.written == []


def test_what_was_changed_in_the_same_moment_is_refused_by_confluence(
    trial: Trial, confluence: Confluence
) -> None:
    confluence.has(times=2)
    refused = {"errors": [{"status": 409, "code": "CONFLICT", "title": "Version must be incremented"}]}
    confluence.says("PUT", f"{V2}/pages/98310", refused, code=409)
    with pytest.raises(ToolError, match=r"\(409\): Version must be incremented"):
        trial.run("update_page", page="98310", version=2, body=TEXT)


def test_an_update_is_taken_back_to_the_very_text_before(trial: Trial, confluence: Confluence) -> None:
    given = {"page": "98310", "version": 2, "body": TEXT}
    confluence.has(times=2)
    made = trial.run("update_page", **given)
    sent = {"representation": "storage", "value": storage(TEXT)}
    assert confluence.written[0][2] == {
        "id": "98310",
        "status": "current",
        "title": "Billing",
        "body": sent,
        "version": {"number": 3},
    }
    assert made.text == f"“Billing” is at version 3 now: {LINK}"
    old = '<p>Old</p><ac:structured-macro ac:name="toc" />'
    confluence.has(times=1, version=3)
    confluence.says("GET", f"{V2}/pages/98310", a_page(raw=old, title="Bills", version=2))
    trial.undo("update_page", made, **given)
    assert confluence.calls[-3].query["version"] == "2"
    restored = confluence.written[-1][2]
    assert (restored["title"], restored["body"]["value"]) == ("Bills", old)
    assert restored["version"] == {"number": 4, "message": "Back to version 2"}
    confluence.has(version=4)
    with pytest.raises(ToolError, match="at version 4 by now"):
        trial.undo("update_page", made, **given)


def test_a_page_is_renamed_with_its_text_as_it_is(trial: Trial, confluence: Confluence) -> None:
    raw = '<p>Old</p><ac:structured-macro ac:name="toc" />'
    confluence.has(times=4, raw=raw)
    shown = trial.preview("update_page", page="98310", version=2, title="Bills")
    assert shown == "Rename the page 98310 in Confluence: “Bills”\nTitle: Billing → Bills"
    trial.run("update_page", page="98310", version=2, title="Bills")
    sent = confluence.written[0][2]
    assert (sent["title"], sent["body"]["value"]) == ("Bills", raw)


def test_an_update_of_nothing_is_refused(trial: Trial, confluence: Confluence) -> None:
    confluence.has()
    with pytest.raises(ToolError, match="Say what to change"):
        trial.run("update_page", page="98310", version=2)


def test_a_page_is_moved_and_back(trial: Trial, confluence: Confluence) -> None:
    given = {"page": "98310", "parent": "98320"}
    confluence.has(times=5)
    confluence.has("98320", title="Archive", times=5)
    confluence.says("GET", f"{V2}/pages/98300", a_page("98300", title="Services"), times=2)
    assert trial.preview("move_page", **given) == (
        "Move the page 98310 to below the page 98320 in Confluence\nPage: Billing\n"
        "From below: Services\nTo below: Archive\nThe pages below it move with it. "
        "Who may read them may change: what they stand below decides, too."
    )
    made = trial.within("ENG").run("move_page", **given)
    assert confluence.written == [("PUT", f"{V1}/content/98310/move/append/98320", None)]
    confluence.running.reset()
    confluence.has(parent="98320")
    confluence.says("GET", f"{V2}/pages/98300", a_page("98300", title="Services"))
    trial.undo("move_page", made, **given)
    assert confluence.written[0][1] == f"{V1}/content/98310/move/append/98300"
    confluence.has(parent="98330")
    with pytest.raises(ToolError, match="moved on since"):
        trial.undo("move_page", made, **given)


def test_a_page_is_not_moved_to_where_others_may_read_it(trial: Trial, confluence: Confluence) -> None:
    confluence.has(times=2)
    confluence.has("98320", "8", times=2)
    with pytest.raises(ToolError, match="different spaces"):
        trial.run("move_page", page="98310", parent="98320")
    assert confluence.written == []


def test_a_comment_is_sent_as_shown_and_deleted_unless_edited_or_answered(
    trial: Trial, confluence: Confluence
) -> None:
    given = {"page": "98310", "text": TEXT}
    confluence.has(times=3)
    assert (
        trial.preview("add_comment", **given) == f"Comment on the page 98310 in Confluence\nBilling\n\n{TEXT}"
    )
    confluence.says("POST", f"{V2}/footer-comments", {"id": "7"}, code=201)
    made = trial.run("add_comment", **given)
    body = {"representation": "storage", "value": storage(TEXT)}
    assert confluence.written == [("POST", f"{V2}/footer-comments", {"pageId": "98310", "body": body})]
    assert made.receipt is not None
    assert made.receipt.where == f"{LINK}?focusedCommentId=7"
    for version, answers in ((2, []), (1, [{"id": "8"}])):
        confluence.says("GET", f"{V2}/footer-comments/7", {"id": "7", "version": {"number": version}})
        confluence.says("GET", f"{V2}/footer-comments/7/children", {"results": answers})
        with pytest.raises(ToolError, match="edited or answered since"):
            trial.undo("add_comment", made, **given)
    confluence.says("GET", f"{V2}/footer-comments/7", {"id": "7", "version": {"number": 1}})
    confluence.says("GET", f"{V2}/footer-comments/7/children", {"results": []})
    trial.undo("add_comment", made, **given)
    assert confluence.written[-1][:2] == ("DELETE", f"{V2}/footer-comments/7")


def in_space(confluence: Confluence, *pages: dict[str, Any]) -> None:
    confluence.has_spaces("7")
    confluence.says("GET", f"{V2}/spaces/7/pages", {"results": list(pages)})


def test_a_page_that_a_crash_left_is_found_by_its_title(trial: Trial, confluence: Confluence) -> None:
    given = {"space": "ENG", "title": "Calls", "body": TEXT}
    in_space(confluence, a_page("98400", title="Calls", text=TEXT, version=1))
    found = trial.settled("create_page", effect_id="toolu_1", **given)
    assert found is not None
    assert found.ids == ("98400",)
    in_space(confluence)
    assert trial.settled("create_page", effect_id="toolu_1", **given) is None
    in_space(confluence, a_page("98400", title="Calls", text="Another's", version=1))
    with pytest.raises(ToolError, match="not clear"):
        trial.settled("create_page", effect_id="toolu_1", **given)


def test_an_update_is_settled_by_the_version_and_the_text(trial: Trial, confluence: Confluence) -> None:
    given = {"page": "98310", "version": 2, "body": TEXT}
    confluence.has(version=3, text=TEXT)
    assert trial.settled("update_page", effect_id="toolu_1", **given) is not None
    confluence.has(version=2)
    assert trial.settled("update_page", effect_id="toolu_1", **given) is None
    confluence.has(version=3, text="Another's")
    with pytest.raises(ToolError, match="not clear"):
        trial.settled("update_page", effect_id="toolu_1", **given)


@pytest.mark.parametrize(("parent", "is_done"), [("98320", True), ("98300", False)])
def test_a_move_is_settled_when_the_page_stands_there(
    trial: Trial, confluence: Confluence, parent: str, is_done: bool
) -> None:
    confluence.has(parent=parent)
    confluence.has("98320")
    found = trial.settled("move_page", effect_id="toolu_1", page="98310", parent="98320")
    assert (found is not None) == is_done


def test_a_comment_with_these_words_is_for_a_person_to_judge(trial: Trial, confluence: Confluence) -> None:
    path = f"{V2}/pages/98310/footer-comments"
    for words in ("Other", TEXT):
        body = {"storage": {"value": storage(words), "representation": "storage"}}
        confluence.says("GET", path, {"results": [{"id": "7", "body": body}]})
    given = {"page": "98310", "text": TEXT}
    assert trial.settled("add_comment", effect_id="toolu_1", **given) is None
    with pytest.raises(ToolError, match="not clear"):
        trial.settled("add_comment", effect_id="toolu_1", **given)
