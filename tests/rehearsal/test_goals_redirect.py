"""Redirects: what the requester's words change in a proposal, and what is said when they are not understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rehearsal.goals_office import office, tree

FILES = {
    "budget.txt": "Finance budget 2026-01",
    "hires.txt": "HR plan 2026-02",
    "deck.txt": "Sales presentation 2026-03",
    "drafts/idea.txt": "Sales plan 2026-04",
    "odd.txt": "nothing",
}
USUAL = [
    "Finance/2026-01_Finance_Budget.txt",
    "HR/2026-02_HR_Plan.txt",
    "Sales/2026-03_Sales_Presentation.txt",
    "Sales/2026-04_Sales_Plan.txt",
    "Unsorted/odd.txt",
]
FORMS = [
    ("Yes, but merge HR into Finance.", [*USUAL[:1], "Finance/2026-02_Finance_Plan.txt", *USUAL[2:]]),
    (
        "merge HR and Sales into Commercial",
        [
            "Commercial/2026-02_Commercial_Plan.txt",
            "Commercial/2026-03_Commercial_Presentation.txt",
            "Commercial/2026-04_Commercial_Plan.txt",
            USUAL[0],
            USUAL[4],
        ],
    ),
    ("Call HR People", [USUAL[0], "People/2026-02_People_Plan.txt", *USUAL[2:]]),
    ("rename HR to Human Relations please", [USUAL[0], "Human-Relations/2026-02_Human-Relations_Plan.txt", *USUAL[2:]]),
    ("call presentations Deck", [*USUAL[:2], "Sales/2026-03_Sales_Deck.txt", *USUAL[3:]]),
    ("leave budget.txt alone", [*USUAL[1:], "budget.txt"]),
    ("Leave the drafts folder alone and don't move odd.txt", [*USUAL[:3], "drafts/idea.txt", "odd.txt"]),
    ("don't touch Sales", [*USUAL[:2], USUAL[4], "deck.txt", "drafts/idea.txt"]),
    ("skip *.txt", sorted(FILES)),
    ("don't rename", ["Finance/budget.txt", "HR/hires.txt", "Sales/deck.txt", "Sales/idea.txt", "Unsorted/odd.txt"]),
    ("please keep the original names of the plans",
     [USUAL[0], "HR/hires.txt", USUAL[2], "Sales/idea.txt", USUAL[4]]),
    ("no subfolders", ["2026-01_Finance_Budget.txt", "2026-02_HR_Plan.txt", "2026-03_Sales_Presentation.txt",
                       "2026-04_Sales_Plan.txt", "odd.txt"]),
    ("put odd.txt in Legal", ["Finance/2026-01_Finance_Budget.txt", "HR/2026-02_HR_Plan.txt", "Legal/odd.txt",
                              *USUAL[2:4]]),
    ("deck.txt belongs in Marketing",
     [*USUAL[:2], "Marketing/2026-03_Marketing_Presentation.txt", USUAL[3], USUAL[4]]),
    ("group by year instead", ["2026/2026-01_Finance_Budget.txt", "2026/2026-02_HR_Plan.txt",
                               "2026/2026-03_Sales_Presentation.txt", "2026/2026-04_Sales_Plan.txt", USUAL[4]]),
    ("use Department-Type_YYYYMM", ["Finance/Finance-Budget_202601.txt", "HR/HR-Plan_202602.txt",
                                    "Sales/Sales-Plan_202604.txt", "Sales/Sales-Presentation_202603.txt", USUAL[4]]),
    ("rename hires.txt to headcount.txt", [USUAL[0], "HR/headcount.txt", *USUAL[2:]]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), FORMS)
def test_a_redirect_is_followed_in_a_new_checkpoint(tmp_path: Path, words: str, expected: list[str]) -> None:
    desk = office(tmp_path, reports=FILES)
    desk.decisions = [words, "approve"]
    desk.goal("Organize the reports folder, without an index")
    assert tree(tmp_path / "reports") == sorted(expected)
    assert "did not understand" not in "".join(asked["summary"] for asked in desk.checkpoints)


def test_what_is_not_understood_is_said_with_the_forms_that_are(tmp_path: Path) -> None:
    desk = office(tmp_path, reports=FILES)
    desk.decisions = ["Leave budget.txt alone, make it more beautiful", "merge Ghosts into HR", "approve"]
    desk.goal("Organize the reports folder")
    first, second, third = [asked["summary"].splitlines() for asked in desk.checkpoints]
    assert [line for line in first if "understand" in line] == []
    assert second[2:5] == [
        "Changed as you said: “Leave budget.txt alone”.",
        "I did not understand “make it more beautiful”. I work by fixed rules.",
        "What I understand: `merge X into Y`; `call X Y` or `rename X to Y`; `leave X alone`; `put X in Y`; "
        "`keep the names`; `no subfolders`; `group by year` (or type, month, department); "
        "a naming pattern such as `Department_YYYY-MM_Type`.",
    ]
    assert third[3] == "I did not understand “merge Ghosts into HR”. I work by fixed rules."
    assert "budget.txt" in tree(tmp_path / "reports")


def test_redirects_add_up_and_words_said_while_reading_count_too(tmp_path: Path) -> None:
    desk = office(tmp_path, reports=FILES)
    desk.before_turn = {2: "leave odd.txt alone"}
    desk.decisions = ["merge HR into Finance", "call Sales Commercial", "approve"]
    desk.goal("Organize the reports folder")
    assert tree(tmp_path / "reports") == [
        "Commercial/2026-03_Commercial_Presentation.txt",
        "Commercial/2026-04_Commercial_Plan.txt",
        "Finance/2026-01_Finance_Budget.txt",
        "Finance/2026-02_Finance_Plan.txt",
        "INDEX.md",
        "odd.txt",
    ]


def test_words_after_the_approval_are_not_acted_on_and_that_is_said(tmp_path: Path) -> None:
    desk = office(tmp_path, reports=FILES)
    desk.before_turn = {3: "merge HR into Finance"}
    final = desk.goal("Organize the reports folder")
    late = "- You wrote “merge HR into Finance” after the approval: that is not done. Say it as a new goal."
    assert late in final.splitlines()
    assert "HR/2026-02_HR_Plan.txt" in tree(tmp_path / "reports")


def test_the_goal_itself_may_say_what_to_leave_and_how_to_group(tmp_path: Path) -> None:
    desk = office(tmp_path, reports=FILES)
    desk.goal(
        "Organize the reports folder, group by type, leave drafts alone. Don't move anything until I approve."
    )
    assert tree(tmp_path / "reports") == [
        "Budget/2026-01_Finance_Budget.txt",
        "INDEX.md",
        "Plan/2026-02_HR_Plan.txt",
        "Presentation/2026-03_Sales_Presentation.txt",
        "Unsorted/odd.txt",
        "drafts/idea.txt",
    ]
