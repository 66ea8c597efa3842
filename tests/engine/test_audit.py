"""What the audit log holds of a task: enough to answer for every effect without asking the model."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from bot.audit import wording
from bot.domain.approval import ApprovalState
from bot.domain.task import Autonomy
from bot.rehearsal.answer import calls, text
from bot.store import entries
from tests.engine.office import BEN


def logged(office: Any, action: str) -> list[dict[str, Any]]:
    with office.database.read() as session:
        return [json.loads(one.data) for one in entries.all_of(session) if one.action == action]


def test_of_an_approved_call_it_holds_who_asked_who_approved_which_rule_what_and_what_it_changed(
    new_office: Any,
) -> None:
    def said(_: Any) -> Any:
        return calls(("write_file", {"path": f"{office.reports}/a.txt", "content": "x" * 1000}))

    office = new_office(said, text("Done."), changes={"approvers": frozenset({"UBEN"})})
    task = office.begin()
    asked = office.pending(task.id)
    office.decide(task.id, ApprovalState.APPROVED, person=BEN)
    office.work(task.id)

    [begun], [done], [put], [first, _] = (
        logged(office, action) for action in ("calling", "called", "asked", "said")
    )
    where = f"{office.reports}/a.txt"
    digest = hashlib.sha256(b"x" * 1000).hexdigest()
    assert put["actions"] == [
        {"tool": "write_file", "what": asked.draft.actions[0].preview, "digest": begun["digest"]}
    ]
    assert [rule for rule, _ in put["rules"].values()] == [9]
    assert begun["for"] == "UANA@T1" and begun["approved_by"] == ["UBEN@T1"]
    assert (begun["rule"], begun["approval"], begun["turn"]) == (5, asked.id, first["turn"])
    assert begun["input"] == {"path": where, "content": f"{'x' * 300}… (1,000 characters, SHA-256 {digest})"}
    assert begun["based_on"] == [[where, f"file:5:{hashlib.sha256(b'alpha').hexdigest()}"]]
    assert done["ok"] and done["receipt"] == {
        "effect": "change",
        "what": "Replaced",
        "where": where,
        "before": "5 bytes",
        "after": "1,000 bytes",
        "undo": "Put back the old content",
    }
    assert first["request_id"].startswith("req_") and set(first["tokens"]) == {
        "in",
        "out",
        "cache_read",
        "cache_write",
    }


def test_of_a_read_a_denial_and_a_failure_it_holds_the_arguments_and_the_outcome(new_office: Any) -> None:
    office = new_office(
        lambda _: calls(("read_file", {"path": f"{office.reports}/a.txt"})),
        lambda _: calls(("read_file", {"path": f"{office.reports}/none.txt"})),
        lambda _: calls(("write_file", {"path": f"{office.wiki}/a.txt", "content": "x"})),
        text("Done."),
    )

    office.begin(autonomy=Autonomy.AUTONOMOUS)

    read, failed = logged(office, "called")
    [denied] = logged(office, "denied")
    assert (read["ok"], read["input"], read["rule"]) == (True, {"path": f"{office.reports}/a.txt"}, 10)
    assert not failed["ok"] and "none.txt" in failed["outcome"]
    assert (denied["rule"], denied["input"]["path"]) == (1, f"{office.wiki}/a.txt")


def test_the_news_that_others_read_stay_short(new_office: Any) -> None:
    office = new_office(lambda _: calls(("read_file", {"path": f"{office.reports}/a.txt"})), text("Done."))

    task = office.begin()

    assert all(not {"input", "tokens", "receipt"} & set(event.data) for event in office.record.news(task.id))


def told(office: Any, task: int) -> list[str]:
    account = office.record.account(task)
    return [wording.opening(account), *(line for deed in account.effects for line in wording.deed(deed))]


def test_the_account_of_a_task_says_of_each_effect_who_asked_which_rule_who_approved_and_what_it_changed(
    new_office: Any,
) -> None:
    def said(_: Any) -> Any:
        return calls(
            ("write_file", {"path": f"{office.reports}/new.txt", "content": "new"}),
            ("write_file", {"path": f"{office.wiki}/a.txt", "content": "x"}),
            ("delete_file", {"path": f"{office.reports}/a.txt"}),
        )

    office = new_office(said, text("Done."), changes={"approvers": frozenset({"UBEN"})})
    task = office.begin("Tidy up", autonomy=Autonomy.AUTONOMOUS)
    asked = office.pending(task.id)
    office.clock.forward(minutes=5)
    office.decide(task.id, ApprovalState.APPROVED, person=BEN)
    office.work(task.id)

    lines = told(office, task.id)
    assert lines[0] == "Task 1 was asked for by UANA@T1 on 2026-11-22 09:30:00 UTC, autonomous: “Tidy up”"
    [created, denied, deleted] = [number for number, line in enumerate(lines[1:], 1) if line[0] != " "]
    assert lines[created] == f"Created {office.reports}/new.txt (3 bytes)"
    assert lines[created + 2].startswith("   Allowed by rule 10: ")
    assert lines[denied].startswith("Not allowed: Write ")
    assert lines[denied + 2].startswith("   Forbidden by rule 1: ")
    assert lines[deleted].startswith(f"Deleted {office.reports}/a.txt")
    below = "\n".join(lines[deleted:])
    assert "Allowed by rule 5: " in below and "It had been asked for by rule 6: " in below
    assert (
        f"“{asked.draft.title}”, asked on 2026-11-22 09:30:00 UTC: approved by UBEN@T1 on 2026-11-22 09:35:00 UTC"
        in below
    )
    assert "It can be undone: " in below and "The model asked for it in request req_" in below
    assert len(office.record.account(task.id).deeds) == 3


def test_a_call_that_was_begun_and_never_answered_is_told_as_unknown(new_office: Any) -> None:
    def dies(bench: Any) -> Any:
        def run(*_: Any) -> Any:
            raise KeyboardInterrupt

        bench.toolbox.run = run
        return bench

    def said(_: Any) -> Any:
        return calls(("write_file", {"path": f"{office.reports}/new.txt", "content": "new"}))

    office = new_office(said)
    office.laid_out = dies
    task = office.start()
    with pytest.raises(KeyboardInterrupt):
        office.work(task)

    assert told(office, task)[1].startswith("Begun, and its outcome is not known: Write ")
