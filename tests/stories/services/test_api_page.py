"""Code in a granted folder becomes a page in Confluence; one that somebody changed meanwhile is not overwritten."""

from __future__ import annotations

import re
from typing import Any

from bot.domain.task import TaskState
from bot.rehearsal.answer import Answer, calls, text
from plugins.confluence.storage import storage
from tests.engine.office import Office, results
from tests.plugins.confluence.conftest import SITE, V2, Confluence, a_page, signed_in
from tests.stories.services.conftest import Staffed, asked, told

GOAL = "Document the API in api.py of the reports folder as a page “Billing API” in the Confluence space ENG"
CODE = '@get("/bills")\ndef bills(): ...\n\n@post("/bills")\ndef bill(): ...\n'
BODY = "# Calls\n\n- `GET /bills`\n- `POST /bills`"
LINK = f"{SITE}/wiki/spaces/ENG/pages/98400"


def _calls_in(code: str) -> str:
    found = re.findall(r'@(\w+)\("(.+?)"\)', code)
    return "# Calls\n\n" + "\n".join(f"- `{verb.upper()} {path}`" for verb, path in found)


def at_work(staffed: Staffed, confluence: Confluence, *after: Any) -> Office:
    """A model that has read the code by its first turn."""

    def reads(request: dict[str, Any]) -> Answer:
        return calls(("read_file", {"path": f"{office.reports}/api.py"}))

    office = staffed({"confluence": signed_in(confluence.running.url)}, reads, *after)
    (office.reports / "api.py").write_text(CODE)
    return office


def _creates(request: dict[str, Any]) -> Answer:
    page = {"space": "ENG", "title": "Billing API", "body": _calls_in(told(request))}
    return calls(("confluence_create_page", page))


def test_the_page_is_shown_whole_and_made_after_a_yes(staffed: Staffed, confluence: Confluence) -> None:
    office = at_work(staffed, confluence, _creates, text("Documented."))
    confluence.has_spaces("7", times=12)
    confluence.says("POST", f"{V2}/pages", a_page("98400", title="Billing API", version=1))

    task = office.begin(GOAL)
    (action,) = asked(office, task)

    assert action.preview == "Create a page in ENG (Confluence): “Billing API”"
    assert action.detail == f"Space: Space ENG\nTitle: Billing API\n\n{BODY}"
    assert confluence.written == []

    assert office.approve(task.id).state is TaskState.DONE

    new = {"spaceId": "7", "status": "current", "title": "Billing API"}
    assert confluence.written == [
        ("POST", f"{V2}/pages", new | {"body": {"representation": "storage", "value": storage(BODY)}})
    ]
    assert [one.where for one in office.record.snapshot(task.id).receipts] == [LINK]


def _updates(version: int, body: str) -> Answer:
    return calls(("confluence_update_page", {"page": "98310", "version": version, "body": body}))


def test_a_page_that_changed_while_its_update_waited_is_read_again_and_asked_for_anew(
    staffed: Staffed, confluence: Confluence
) -> None:
    again = f"{BODY}\n\nSeen by Mia."
    read = calls(("confluence_read_page", {"page": "98310"}))
    office = at_work(staffed, confluence, read, _updates(2, BODY), read, _updates(3, again), text("Updated."))
    confluence.has(text="Old", times=10)

    task = office.begin(GOAL)
    (first,) = asked(office, task)
    assert "-Old\n+# Calls" in first.detail
    confluence.running.reset()
    confluence.has(text="Seen by Mia.", version=3, times=20)
    assert office.approve(task.id).state is TaskState.WAITING

    (second,) = asked(office, task)
    assert confluence.written == []
    assert second.preview == "Update the page 98310 in Confluence, version 3 → 4"
    assert "Seen by Mia." in second.detail
    office.approve(task.id)
    ((_, _, body),) = confluence.written
    assert (body["version"]["number"], body["body"]["value"]) == (4, storage(again))


def test_a_page_that_changes_in_the_moment_of_writing_is_told_of(
    staffed: Staffed, confluence: Confluence
) -> None:
    office = at_work(staffed, confluence, _updates(2, BODY), text("Somebody was faster."))
    confluence.has(text="Old", times=20)
    conflict = {"errors": [{"status": 409, "code": "CONFLICT", "title": "Version must be 4", "detail": None}]}
    confluence.says("PUT", f"{V2}/pages/98310", conflict, code=409)
    task = office.begin(GOAL)

    office.approve(task.id)

    ((said, is_error),) = results(office.double)
    assert (said, is_error) == ("Confluence refused the call (409): Version must be 4.", True)
    assert office.record.snapshot(task.id).receipts == ()
