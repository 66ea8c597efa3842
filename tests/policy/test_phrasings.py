"""The same wish in other words: found by the same rules; and words that only sound like one are not."""

from __future__ import annotations

import pytest

from bot.policy.reader.reading import read
from tests.policy.test_reader import WRITES, found

MOVES = "no change+create (moving)"

FORBID = {
    "Tidy the folder but don't create anything new": ["no create (making)"],
    "Nothing new should be created": ["no create (making)"],
    "I'd rather you didn't delete anything": ["no delete"],
    "I would prefer that you not send any emails": ["no send"],
    "Make sure that nothing gets deleted": ["no delete"],
    "Please ensure no files are deleted": ["no delete"],
    "Under no circumstances delete files": ["no delete"],
    "Under no circumstances should you delete files": ["no delete"],
    "At no point should you email anyone": ["no send"],
    "Don't you dare delete anything": ["no delete"],
    "never ever delete a file": ["no delete"],
    "no deleting or renaming": ["no delete", MOVES],
    "No deletions, moves or emails": ["no delete", MOVES, "no send"],
    "don't touch PDFs": [f"no {WRITES} in pdf"],
    "do NOT touch anything in Legal": [f"no {WRITES} in legal"],
    "Never touch production": [f"no {WRITES} in production"],
    "Don’t touch the ‘final’ folder": [f"no {WRITES} in final"],
    "Don't put anything in the archive folder": ["no change+create in archive"],
    "don't copy anything to the public folder": ["no change+create in public"],
    "Don't reorganize anything": [MOVES],
    "Everything except drafts/ may be changed": [f"no {WRITES} in drafts"],
    "Ignore the archive folder": [f"no {WRITES} in archive"],
    "Organize everything apart from the legal folder": [f"no {WRITES} in legal"],
    "Rename files but not those in drafts/": [f"no {WRITES} in drafts"],
    "Don't leave the reports folder": [f"no {WRITES} outside reports"],
    "Do everything in ~/reports only": [f"no {WRITES} outside reports"],
}
ASK = {
    "Don't make any changes yet": ["ask before change+delete"],
    "Don't make any changes without asking me": ["ask before change+delete"],
    "Don't touch drafts/ or contracts/ without asking me": [
        "ask before change+delete in contracts",
        "ask before change+delete in drafts",
    ],
    "Don't read the salaries folder without asking me": ["ask before read in salaries"],
    "Show me a list of what you'd delete before deleting": ["ask before delete"],
    "Ask me before any deletion": ["ask before delete"],
    "Confirm each deletion with me": ["ask before delete"],
    "Let me approve every email": ["ask before send"],
    "I want to see the draft before it goes out": ["ask before publish+send"],
    "Report back after each step": ["ask before nothing"],
}
PLAN = [
    "Plan before acting",
    "Show plan first",
    "Make a plan and let me approve it",
    "Propose a plan, then wait",
    "Before you do anything, show me the plan",
    "before changing anything, tell me what you plan to do",
    "Tell me what you're going to do before you do it",
    "Don't act before I confirm",
    "Hold off until I confirm",
    "Wait for approval",
    "Do not proceed without confirmation",
    "Nothing happens without my OK",
]
ONLY_TOLD = ["Do not commit anything", "Don't deploy", "don't touch the others", "Don't message me"]
NOTHING = [
    "Don't produce a PDF",
    "no PDF",
    "Only the numbers in sales.csv matter",
    "It is about the figures in sales.csv",
    "Rename a.txt to b.txt",
    "Explain why no files should be deleted",
    "Find out who must not be emailed",
    "Skip to the summary.md part",
    "Don't put too much detail into it",
    "Review the plan before Friday",
    "The plan is to wait for the train",
]


@pytest.mark.parametrize("words", [*FORBID, *ASK])
def test_the_words_fix_exactly_this(words):
    assert sorted(found(read(words))) == sorted((FORBID | ASK)[words])


@pytest.mark.parametrize("words", PLAN)
def test_the_words_ask_for_the_plan_first(words):
    assert found(read(words)) == ["plan"]


@pytest.mark.parametrize("words", ONLY_TOLD)
def test_a_limit_that_no_rule_can_hold_is_said_to_be_only_told(words):
    assert found(read(words)) == ["unclear"]


@pytest.mark.parametrize("words", NOTHING)
def test_the_words_fix_nothing(words):
    assert found(read(words)) == []
