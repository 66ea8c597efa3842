"""`cowork undo`: what a task of the terminal did is taken back, once, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.process import Cowork
from tests.tools.trees import tree

Begin = Callable[..., Cowork]


def test_a_task_of_the_terminal_is_undone_once(cowork: Begin, place: Path) -> None:
    reports = place / "reports"
    reports.mkdir()
    (reports / "fin_q1.txt").write_text("Finance department\nQuarterly report Q1 2026\nRevenue rose.\n")
    (reports / "mkt.md").write_text("# Marketing\nCampaign plan March 2026\n")
    before = tree(reports)
    process = cowork("run", "Organize the reports folder", "--folder", str(reports), "--json")
    number = process.news("task")["task"]
    process.news("decide")
    process.answer("approve")
    assert process.news("result")["state"] == "done"
    assert process.end() == 0 and tree(reports) != before

    undo = cowork("undo", str(number), "--json")
    assert undo.news("undoing")["what"] == "5 changes"
    result = undo.news("result")
    assert (result["state"], result["answer"]) == (
        "done",
        "Undone: 5 changes. Everything is as it was before.",
    )
    assert undo.end() == 0 and tree(reports) == before

    again = cowork("undo", str(number))
    assert again.until(lambda line: "undid this before" in line)
    assert again.end() == 0 and tree(reports) == before


def test_a_task_that_changed_nothing_or_is_not_there_is_said_so(cowork: Begin, place: Path) -> None:
    unknown = cowork("undo", "7")
    assert unknown.end() == 2
    assert "Task 7 is not a task of the terminal" in "".join(unknown.complaints)
