"""What is not text reaches the model as text, every time the same."""

from __future__ import annotations

from bot.domain.approval import ApprovalState
from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text


def test_half_a_character_becomes_a_question_mark_in_every_request(new_office):
    office = new_office(lambda _: calls(("list_folder", {"path": str(office.reports)})), text("Seen."))

    task_id = office.start("Look for caf\udce9.md")
    assert office.advance(task_id).state is TaskState.DONE

    openings = [request["messages"][0]["content"][0]["text"] for request in office.double.requests]
    assert len(openings) == 2
    assert len(set(openings)) == 1
    assert "Look for caf?.md" in openings[0]


def test_half_a_character_in_a_redirection_is_a_question_mark(new_office):
    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})))
    task = office.begin()
    approval_id = office.pending(task.id).id

    assert office.decide(task.id, ApprovalState.REDIRECTED, "Not \ud83d").is_new
    assert office.record.approval(approval_id).words == "Not ?"
