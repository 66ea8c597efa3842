"""Organising a folder: what is proposed is what happens, and everything is accounted for."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.rehearsal.goals.capabilities import INTRODUCTION
from tests.rehearsal.goals_office import calls_of, office, tree

GOAL = (
    "Organize the Q4 reports folder. Group reports by department, rename files to follow our naming convention "
    "(YYYY-MM_Department_Type.pdf), and create an index document."
)
FILES = {
    "fin q4.txt": "Department: Finance\nPeriod: Q4 2025\n\nBudget",
    "old/HR_review.MD": "# HR Review March 2026",
    "old/deep/sales report 2026-01.txt": "Sales report",
    "sales-2026-01-report.txt": "as named",
    "Übersicht März 2026.txt": "Department: Vertrieb\nBericht",
    "scan.txt": "nothing to go by",
    ".secret": "left alone",
}


def test_a_folder_is_moved_as_shown_with_nothing_lost_and_an_index_of_all(tmp_path: Path) -> None:
    desk = office(tmp_path, **{"Q4-reports": FILES})
    folder = tmp_path / "Q4-reports"
    (folder / "locked.pdf").write_bytes(b"\xff\xfe\x00\x80")
    before = sorted(_hash(folder / name) for name in tree(folder))

    final = desk.goal(GOAL)

    assert tree(folder) == [
        ".secret",
        "Finance/2025-10_Finance_Budget.txt",
        "HR/2026-03_HR_Review.md",
        "INDEX.md",
        "Sales/2026-01_Sales_Report-2.txt",
        "Sales/2026-01_Sales_Report.txt",
        "Sales/2026-03_Sales_Report.txt",
        "Unsorted/locked.pdf",
        "Unsorted/scan.txt",
    ]
    assert sorted(_hash(folder / name) for name in tree(folder) if name != "INDEX.md") == before
    shown = [action["input"] for action in desk.checkpoints[0]["actions"] if action["tool"] == "move_file"]
    assert [move["source"] for move in shown if not Path(move["destination"]).exists()] == []
    assert (folder / "INDEX.md").read_text() == "\n".join(
        [
            "# Index of Q4-reports",
            "",
            "7 files.",
            "",
            "| File | Department | Period | Type | Was |",
            "|---|---|---|---|---|",
            "| Finance/2025-10_Finance_Budget.txt | Finance | 2025-10 | Budget | fin q4.txt |",
            "| HR/2026-03_HR_Review.md | HR | 2026-03 | Review | old/HR_review.MD |",
            "| Sales/2026-01_Sales_Report-2.txt | Sales | 2026-01 | Report | sales-2026-01-report.txt |",
            "| Sales/2026-01_Sales_Report.txt | Sales | 2026-01 | Report | old/deep/sales report 2026-01.txt |",
            "| Sales/2026-03_Sales_Report.txt | Sales | 2026-03 | Report | Übersicht März 2026.txt |",
            "| Unsorted/locked.pdf | – | – | – | locked.pdf |",
            "| Unsorted/scan.txt | – | – | – | scan.txt |",
            "",
        ]
    )
    assert desk.delivered == [("Index of Q4-reports", (folder / "INDEX.md").read_text())]
    assert final == "\n".join(
        [
            f"Done: 7 files were moved in `{folder}`.",
            "- Finance/: 1 file",
            "- HR/: 1 file",
            "- Sales/: 3 files",
            "- **Unsorted/**: 2 files that I cannot place, under their own names:",
            "  - `locked.pdf`: locked.pdf is not text that I can read: it is encrypted or broken.",
            "  - `scan.txt`: no department, period or type found",
            "- Now empty, and left for you to delete: `old/` and `old/deep/`",
            "",
            "`INDEX.md` in the folder lists all 7 files.",
        ]
    )


def test_the_checkpoint_sums_up_by_department_and_moves_nothing_before_approval(tmp_path: Path) -> None:
    desk = office(tmp_path, reports={name: text for name, text in FILES.items() if "Ü" not in name})
    desk.decisions = ["stop"]
    final = desk.goal("Show me the plan first: organise the reports folder")
    assert desk.checkpoints[0]["title"] == "Move 5 files in reports"
    assert desk.checkpoints[0]["summary"] == "\n".join(
        [
            f"5 files of 5 in `{tmp_path / 'reports'}` would move into 3 folders. Nothing has been moved yet.",
            "",
            "- **Finance/**: 1 file (1 Budget, 2025-10)",
            "- **HR/**: 1 file (1 Review, 2026-03)",
            "- **Sales/**: 2 files (2 Report, 2026-01)",
            "- **Unsorted/**: 1 file that I cannot place, under their own names:",
            "  - `scan.txt`: no department, period or type found",
            "- Names: `YYYY-MM_Department_Type` with their own ending.",
        ]
    )
    assert tree(tmp_path / "reports") == sorted(name for name in FILES if "Ü" not in name)
    assert final == "Stopped. Not executed: stopped by Ana Silva."


def test_the_plan_is_kept_and_closed_and_the_first_words_say_what_i_am(tmp_path: Path) -> None:
    desk = office(tmp_path, reports={"a.txt": "Finance report 2026-01"})
    desk.goal("Tidy up the reports folder")
    assert desk.turns[0].content[0] == {"type": "text", "text": INTRODUCTION}
    assert [turn for turn in desk.turns[1:] if {"type": "text", "text": INTRODUCTION} in turn.content] == []
    statuses = [[step["status"] for step in plan] for plan in desk.plans]
    assert statuses == [
        ["in_progress", "pending", "pending", "pending", "pending"],
        ["completed", "in_progress", "pending", "pending", "pending"],
        ["completed", "completed", "in_progress", "pending", "pending"],
        ["completed", "completed", "completed", "completed", "in_progress"],
        ["completed"] * 5,
    ]


def test_a_folder_in_order_is_left_as_it_is_and_gets_its_index(tmp_path: Path) -> None:
    desk = office(tmp_path, reports=FILES)
    desk.goal("Organize the reports folder")
    ordered = tree(tmp_path / "reports")
    index = (tmp_path / "reports/INDEX.md").read_text()

    final = desk.say("Organise the reports folder")

    assert len(desk.checkpoints) == 1
    assert tree(tmp_path / "reports") == ordered
    assert (tmp_path / "reports/INDEX.md").read_text() != index
    assert final.startswith(
        f"Everything in `{tmp_path / 'reports'}` is in its place already: nothing was moved."
    )


def test_a_thousand_files_are_read_ten_a_turn_and_moved_in_one_checkpoint(tmp_path: Path) -> None:
    names = ("Finance", "HR", "Sales")
    files = {f"in/{n}.txt": f"{names[n % 3]} report 2025-{n % 12 + 1:02d}" for n in range(1000)}
    desk = office(tmp_path, reports=files)
    final = desk.goal("Organize the reports folder")
    assert max(len(calls_of([turn], "read_file")) for turn in desk.turns) == 10
    assert len(desk.checkpoints) == 1
    assert len([a for a in desk.checkpoints[0]["actions"] if a["tool"] == "move_file"]) == 1000
    assert len(tree(tmp_path / "reports")) == 1001
    assert final.startswith(f"Done: 1,000 files were moved in `{tmp_path / 'reports'}`.")


def test_a_failure_in_the_batch_is_reported_exactly(tmp_path: Path) -> None:
    desk = office(tmp_path, reports={"a.txt": "Finance report 2026-01", "b.txt": "HR report 2026-01"})
    folder = tmp_path / "reports"
    desk.on_approval = (folder / "b.txt").unlink
    final = desk.goal("Organize the reports folder")
    assert final == "\n".join(
        [
            f"Not finished: 3 of 4 actions in `{folder}` ran, then one failed.",
            "",
            f"- Failed: {folder}/b.txt → {folder}/HR/2026-01_HR_Report.txt "
            f"([Errno 2] No such file or directory: '{folder}/b.txt' -> '{folder}/HR/2026-01_HR_Report.txt')",
            f"- Done: Made {folder}/Finance",
            f"- Done: Made {folder}/HR",
            f"- Done: Moved {folder}/a.txt → {folder}/Finance/2026-01_Finance_Report.txt",
            "",
            f"Say “organise {folder}” to get a new proposal from what is there now.",
        ]
    )
    assert [step["status"] for step in desk.plans[-1]] == ["completed"] * 3 + ["failed"] * 2


def test_a_denied_index_is_said_and_the_moves_stand(tmp_path: Path) -> None:
    desk = office(tmp_path, reports={"a.txt": "Finance report 2026-01"})
    desk.refused = {"write_file": "Not allowed (rule 2): you said “do not create files”."}
    final = desk.goal("Organize the reports folder but do not create files")
    assert tree(tmp_path / "reports") == ["Finance/2026-01_Finance_Report.txt"]
    assert final.endswith("INDEX.md was not written: Not allowed (rule 2): you said “do not create files”.")


def test_a_denied_checkpoint_ends_the_work(tmp_path: Path) -> None:
    desk = office(tmp_path, reports={"a.txt": "Finance report 2026-01"})
    desk.refused = {"checkpoint": "Not allowed (rule 1): `reports` is not granted."}
    final = desk.goal("Organize the reports folder")
    assert (
        final
        == f"Nothing was moved in `{tmp_path / 'reports'}`. Not allowed (rule 1): `reports` is not granted."
    )


def test_an_unread_file_that_already_lies_in_order_stays(tmp_path: Path) -> None:
    desk = office(tmp_path, reports={"Finance/a.txt": "Finance report 2026-01"})
    (tmp_path / "reports/Finance/2026-02_Finance_Budget.pdf").write_bytes(b"\xff\xfe\x00")
    desk.goal("Organize the reports folder")
    assert tree(tmp_path / "reports") == [
        "Finance/2026-01_Finance_Report.txt",
        "Finance/2026-02_Finance_Budget.pdf",
        "INDEX.md",
    ]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
