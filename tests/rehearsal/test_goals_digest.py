"""Digesting meeting notes: what was decided, who does what by when, what is open, what follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rehearsal.goals.assignments import Assignment, assignment
from bot.rehearsal.goals.capabilities import INTRODUCTION
from bot.rehearsal.goals.notes import notes_in
from tests.rehearsal.goals_office import Office, calls_of, office

NOTES = """\
# Architecture review, 13 March 2026
Attendees: Ana, Ben, Chloé

We decided to use PostgreSQL for the ledger.
- What about rollbacks?
Budget is TBD.
Decision: freeze the API on 2026-04-01

**Action items**
- [ ] Ben to write the load test by 20 March
- [x] @ana will update the wiki by 2026-03-14
- Chloé Martin: order hardware (due next Tuesday)
- Clean the backlog

### Open questions
1. Who owns the on-call rota?

Next meeting on 27 March 2026 at 10:00

| Action | Owner | Due |
|---|---|---|
| Ship it | Eve | 2026-05-01 |

Decisions:
- None
"""
SAID = [
    (4, "decision", "We decided to use PostgreSQL for the ledger."),
    (5, "question", "What about rollbacks?"),
    (6, "question", "Budget is TBD."),
    (7, "decision", "Freeze the API on 2026-04-01"),
    (10, "action", "Write the load test"),
    (11, "action", "Update the wiki"),
    (12, "action", "Order hardware"),
    (13, "action", "Clean the backlog"),
    (16, "question", "Who owns the on-call rota?"),
    (18, "follow-up", "Next meeting on 27 March 2026 at 10:00"),
    (22, "action", "Ship it"),
]
ASSIGNMENTS = [
    ("Ben to write the load test by Friday", ("Write the load test", "Ben", "Friday", "2026-03-20")),
    ("@ana will update the wiki by 2026-03-14", ("Update the wiki", "ana", "2026-03-14", "2026-03-14")),
    ("Ben and Ana to call Legal tomorrow", ("Call Legal tomorrow", "Ben and Ana", "", "")),
    ("Check invoices (Ben)", ("Check invoices", "Ben", "", "")),
    ("Check invoices (Ben, by EOM)", ("Check invoices", "Ben", "EOM", "2026-03-31")),
    ("Update docs - Owner: Dana Fox, due EOW", ("Update docs", "Dana Fox", "EOW", "2026-03-13")),
    ("[Eve] ship it before 1 April", ("Ship it", "Eve", "1 April", "2026-04-01")),
    ("order hardware → Chloé", ("Order hardware", "Chloé", "", "")),
    ("book a room @ben (due 31.03.2026)", ("Book a room", "ben", "31.03.2026", "2026-03-31")),
    (
        "We need to clean the backlog by end of next week",
        ("We need to clean the backlog", "", "end of next week", ""),
    ),
    ("Review the contract by March 20th", ("Review the contract", "", "March 20th", "2026-03-20")),
]


@pytest.mark.parametrize(("words", "expected"), ASSIGNMENTS)
def test_who_and_by_when_are_found(words: str, expected: tuple[str, str, str, str]) -> None:
    what, who, due, day = expected
    assert assignment(words, "2026-03-13") == Assignment(what=what, who=who, due=due, day=day)


def test_everything_of_the_four_kinds_is_found_with_its_line() -> None:
    assert [(note.line, note.kind, note.words) for note in notes_in("a.md", NOTES)] == SAID


def test_notes_from_a_converted_document_are_read_without_its_marks() -> None:
    text = "**Decision:** use snake\\_case in *API*\n\n1\\. Ben to call ACME\n\nNext meeting: 20 March 2026"
    assert [(note.kind, note.words) for note in notes_in("a.docx", text)] == [
        ("decision", "Use snake_case in API"),
        ("action", "Call ACME"),
        ("follow-up", "Next meeting: 20 March 2026"),
    ]


def test_one_meetings_notes_become_a_delivered_report_and_an_approved_post(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    desk.tools["slack_post_message"] = ["channel", "text"]
    final = desk.goal(
        "Process the meeting notes from yesterday's architecture review. Extract: decisions made, action items (with "
        "assignees), open questions, and follow-up meeting needs. Post the summary to #engineering in Slack and create "
        "Jira tickets for action items.",
        now="2026-03-14 09:00 UTC",
    )
    title, report = desk.delivered[0]
    assert title == "Meeting digest"
    assert report.splitlines()[:12] == [
        "# Meeting digest",
        "",
        "From `architecture-review-2026-03-13.md`: 2 decisions, 5 action items, 3 open questions, 1 follow-up.",
        "",
        "## Decisions (2)",
        "",
        "1. We decided to use PostgreSQL for the ledger.",
        "   > We decided to use PostgreSQL for the ledger.",
        "   > (architecture-review-2026-03-13.md, line 4)",
        "2. Freeze the API on 2026-04-01",
        "   > Decision: freeze the API on 2026-04-01",
        "   > (architecture-review-2026-03-13.md, line 7)",
    ]
    assert "| 1 | Write the load test | Ben | 20 March (2026-03-20) | open |" in report
    assert "| 2 | Update the wiki | ana | 2026-03-14 | done |" in report
    assert "| 4 | Clean the backlog | unassigned | none given | open |" in report
    assert [sent["channel"] for sent in desk.sent] == ["#engineering"]
    assert "• Chloé Martin: Order hardware, by next Tuesday (2026-03-17)" in desk.sent[0]["text"]
    assert "Creating tickets is beyond my fixed rules: none were created." in final
    assert final.endswith("Posted to #engineering. Posted in #engineering: https://slack.test/p1")
    assert {step["status"] for step in desk.plans[-1]} == {"completed"}


def test_a_post_that_is_refused_is_said_and_the_report_stands(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    desk.tools["slack_post_message"] = ["channel", "text"]
    desk.refused = {"slack_post_message": "Not executed: redirected by Ana Silva: not there"}
    final = desk.goal("Digest the meeting notes of standup.md and send them to #engineering")
    assert final.endswith(
        "It was not posted to #engineering: Not executed: redirected by Ana Silva: not there"
    )
    assert len(desk.delivered) == 1


def test_without_a_tool_that_sends_the_plugin_is_named_and_nothing_claimed(tmp_path: Path) -> None:
    final = _desk(tmp_path).goal(
        "Summarise the meeting notes in the notes folder and post them to #engineering"
    )
    assert final.endswith(
        "Posting to #engineering needs the Slack plugin, which is not switched on here: I have not posted anything."
    )


def test_a_report_is_posted_later_when_asked(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    desk.tools["slack_post_message"] = ["channel", "text"]
    final = desk.goal("Digest the meeting notes in the notes folder")
    assert final.endswith("Say “post it to #channel” and I ask for approval, then post it.")
    assert desk.sent == []
    desk.say("great, post it to #general")
    assert desk.sent[0]["channel"] == "#general"
    assert desk.sent[0]["text"].startswith(
        "*Meeting digest*\n\nFrom `architecture-review-2026-03-13.md`, `standup.md`: "
    )


def test_a_whole_folder_of_notes_goes_into_the_named_text_file(tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    desk.goal("Digest the meeting notes in the notes folder into summary.txt")
    assert [call["path"] for call in calls_of(desk.turns, "write_file")] == ["summary.txt"]
    report = desk.delivered[0][1]
    assert report.startswith(
        "MEETING DIGEST\nFrom architecture-review-2026-03-13.md, standup.md: 2 decisions, 6 "
    )
    assert "- Ben: Fix the build\n    standup.md, line 1: - [ ] Ben to fix the build" in report


def test_long_notes_are_read_to_the_end(tmp_path: Path) -> None:
    long = "\n".join(["Nothing to note here."] * 5000 + ["Decision: we end here"])
    desk = office(tmp_path, notes={"long.md": long})
    desk.goal("Digest the meeting notes")
    assert [call.get("offset") for call in calls_of(desk.turns, "read_file")] == [None, 2001, 4001]
    assert "   > Decision: we end here\n   > (long.md, line 5001)" in desk.delivered[0][1]


def test_when_no_file_looks_like_notes_a_person_is_asked_which(tmp_path: Path) -> None:
    desk = office(tmp_path, work={"monday.md": "- [ ] Ben to fix it", "tuesday.md": "hm"})
    desk.answers = ["monday.md"]
    desk.goal("Extract the action items")
    assert desk.checkpoints == [
        {
            "question": "No file here looks like meeting notes by its name. Which one do you mean?",
            "options": ["monday.md", "tuesday.md"],
        }
    ]
    assert "From `monday.md`: 0 decisions, 1 action item," in desk.delivered[0][1]


def test_a_folder_without_notes_is_said(tmp_path: Path) -> None:
    desk = office(tmp_path, notes={"a.png": "x"})
    final = desk.goal("Digest the meeting notes")
    assert final == f"I find no notes in `{tmp_path / 'notes'}`: there is no Markdown, text or Word file."


def test_notes_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    desk = office(tmp_path, notes={})
    (tmp_path / "notes/a.md").write_bytes(b"\xff\xfe\x00")
    final = desk.goal("Digest the meeting notes")
    assert final.startswith("I could not read the notes. ")
    assert INTRODUCTION in desk.turns[0].content[0]["text"]


def _desk(tmp_path: Path) -> Office:
    notes = {"architecture-review-2026-03-13.md": NOTES, "standup.md": "- [ ] Ben to fix the build"}
    return office(
        tmp_path, work={f"notes/{name}": text for name, text in notes.items()} | {"other.txt": "hm"}
    )
