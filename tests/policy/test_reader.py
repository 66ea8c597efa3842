"""What the requester's words fix by the rules alone: a table of phrases, and what must not bind."""

from __future__ import annotations

import pytest

from bot.domain.brief import Boundary, Reading
from bot.policy.reader.reading import read

WRITES = "change+create+delete"
ALL_WRITES = "change+create+delete+publish+send"

BINDS = {
    "Do not create files.": ["no create (making)"],
    "Don't create any new files in the wiki.": ["no create in wiki"],
    "do not create or delete files": ["no create (making)", "no delete"],
    "Review the database schema. Do not create files.": ["no create (making)"],
    "Please don’t create any documents": ["no create (making)"],
    "don't write any files": ["no change+create (making)"],
    "No new files, no deletions.": ["no create (making)", "no delete"],
    "Tidy up the reports, with no new files": ["no create (making)"],
    "No new files from now on.": ["no create (making)"],
    "From now on no new files": ["no create (making)"],
    "Don't create files from now on": ["no create (making)"],
    "Don't move or rename anything from here on": ["no change+create (moving)"],
    "Please make no new files.": ["no create (making)"],
    "Tidy up, but create no new files in the wiki": ["no create in wiki"],
    "delete nothing": ["no delete"],
    "Change nothing, just tell me what you find": ["no change"],
    "Summarize the reports, but don't change anything.": ["no change"],
    "Do not modify, move or delete anything": ["no change", "no change+create (moving)", "no delete"],
    "without changing anything": ["no change"],
    "List the duplicates without deleting any of them": ["no delete"],
    "You must not edit the original files": ["no change"],
    "Never delete anything": ["no delete"],
    "I don't want you to delete anything": ["no delete"],
    "Avoid deleting files": ["no delete"],
    "Don't remove the originals": ["no delete"],
    "Nothing may be deleted.": ["no delete"],
    "The drafts folder must not be changed": ["no change in drafts"],
    "No files should be deleted": ["no delete"],
    "no changes to the wiki": [f"no {WRITES} in wiki"],
    "Don't make any changes to the wiki": [f"no {WRITES} in wiki"],
    "don't touch drafts/": [f"no {WRITES} in drafts"],
    "Don't touch anything": ["no change+delete"],
    "Don't touch the invoices.": [f"no {WRITES} in invoice"],
    "Do not touch drafts/ or the archive folder.": [f"no {WRITES} in drafts", f"no {WRITES} in archive"],
    'Don\'t touch "old plans" please': [f"no {WRITES} in old plans"],
    "Leave contracts/ alone": [f"no {WRITES} in contracts"],
    "leave *.pdf as they are": [f"no {WRITES} in .pdf"],
    "Keep the originals untouched": ["no change+delete"],
    "hands off the payroll folder": [f"no {WRITES} in payroll"],
    "stay out of the hr folder": [f"no {WRITES}+read in hr"],
    "The legal folder is off-limits": [f"no {WRITES} in legal"],
    "don't read the salaries folder": ["no read in salaries"],
    "don't rename the files": ["no change+create (moving)"],
    "Don't move anything": ["no change+create (moving)"],
    "don't move budget.xlsx": ["no change+create in budget.xlsx (moving)"],
    "Only the payments repo.": [f"no {WRITES}+read outside payments"],
    "only touch files in ~/reports": [f"no {WRITES} outside reports"],
    "Work only in reports/2024": [f"no {WRITES} outside reports/2024"],
    "Stay inside the handbook folder": [f"no {WRITES} outside handbook"],
    "Don't change anything outside the docs folder": ["no change+create outside docs"],
    "Limit yourself to the payments and billing repos": [f"no {WRITES} outside billing,payments"],
    "Only send to @ana": ["no publish+send outside ana"],
    "read-only please": [f"no {ALL_WRITES}"],
    "This is read-only.": [f"no {ALL_WRITES}"],
    "Audit the folder, read-only": [f"no {ALL_WRITES}"],
    "Just look, don't touch anything": ["no change+delete", f"no {ALL_WRITES}"],
    "no emails": ["no send"],
    "Don't send anything": ["no send"],
    "Never email customers": ["no send"],
    "Don't send it to @ben": ["no send in ben"],
    "Don't post in #general": ["no publish+send in general"],
    "do not publish anything": ["no publish+send"],
    "don't share this with anyone": ["no publish+send"],
    "don't run any commands": ["no execute"],
    "No scripts": ["no execute"],
    "don't use the internet": ["no egress"],
    "No web access": ["no egress"],
}
ASKS = {
    "Don't delete anything without asking me.": ["ask before delete"],
    "Delete nothing but the temp files": ["ask before delete"],
    "Do not move anything yet": ["ask before change+create (moving)"],
    "Don't delete files unless they are duplicates": ["ask before delete"],
    "Check with me before sending anything": ["ask before send"],
    "Ask me before you delete files.": ["ask before delete"],
    "Show me the draft before you post it": ["ask before publish+send"],
    "Check in with me after each folder": ["ask before nothing"],
}
PLANS = {
    "Show me the plan first.": ["plan"],
    "Plan first, please": ["plan"],
    "Organize the reports, and show me a plan before you move anything": [
        "plan",
        "ask before change+create (moving)",
    ],
    "Let me see the plan": ["plan"],
    "I want to approve the plan": ["plan"],
    "Don't do anything until I approve": ["plan"],
    "wait for my ok": ["plan"],
    "Do a dry run": ["plan"],
    "First, show me your plan": ["plan"],
}
FORMATS = {
    "Write it as a Word document": ["docx"],
    "Give me a report in Markdown, as PDF too": ["md", "pdf"],
    "save it as summary.md": ["md:summary.md"],
    "Make me an Excel sheet of the invoices": ["xlsx"],
    "turn the notes into slides": ["pptx"],
    "export the list as CSV": ["csv"],
    "create overview.html from the notes": ["html:overview.html"],
}
LIFTS = {
    "You may create files now": ["may create"],
    "you can now delete files": ["may delete"],
    "Feel free to edit drafts/": ["may change in drafts"],
    "New files are fine now": ["may create"],
    "No plan needed": ["no plan"],
}
UNCLEAR = {
    "don't change the tone": ["unclear"],
    "without changing the meaning": ["unclear"],
    "no new folders": ["unclear"],
}
NOTHING = [
    "Organize the reports folder",
    "Don't forget to create a summary.",
    "don't hesitate to delete what is old",
    "Do not fail to send it",
    "Don't just create a list",
    "Make the file read-only and rename it.",
    "List the read-only files",
    "Report that no changes were made since May.",
    "List the jobs that make no new files",
    "Are there no new files since Monday?",
    "Find files that do not change often",
    "Why don't you delete the old files?",
    "Can't you create a report?",
    "If you do not delete the files, tell me",
    'Write a page titled "Do not delete anything here"',
    "> Please do not send anything before Friday\nSummarise this mail",
    "```\n# do not delete anything\n```\nExplain this",
    "don't make it too long",
    "don't write more than two pages",
    "don't read too much into it",
    "Create a project plan first, then the budget.",
    "Show me the plan for Q4",
    "Summarise the PDFs in reports",
    "Read summary.md and tell me what is in it",
    "Use only short sentences",
    "only the facts please",
    "keep the names",
    "You can create files now, but not in drafts",
    "Can you create files now?",
    "you may delete it if it is empty",
]


@pytest.mark.parametrize("words", [*BINDS, *ASKS, *PLANS, *FORMATS, *LIFTS, *UNCLEAR])
def test_the_words_fix_exactly_this(words):
    expected = (BINDS | ASKS | PLANS | FORMATS | LIFTS | UNCLEAR)[words]
    assert sorted(found(read(words))) == sorted(expected)


@pytest.mark.parametrize("words", NOTHING)
def test_the_words_fix_nothing(words):
    assert found(read(words)) == []


def test_a_boundary_quotes_the_requester_letter_by_letter():
    words = "Tidy up the reports; please don’t  touch\tdrafts/, thanks"
    (boundary,) = read(words).boundaries
    assert boundary.quote == "don’t  touch\tdrafts/"


def test_places_and_people_that_are_named_are_known():
    reading = read(
        "Post the list of acme/payments to #finance for @ana, see https://acme.example/list and ~/reports"
    )
    assert reading.named >= {"acme/payments", "finance", "ana", "acme.example", "~/reports"}
    assert reading.recipients == ("#finance", "@ana")


@pytest.mark.parametrize(
    ("words", "host"),
    [
        ("Look at https://acme.example, please", "acme.example"),
        ("Look at www.acme-tools.com/list!", "www.acme-tools.com"),
        ("The site (www.acme-tools.com) is slow", "www.acme-tools.com"),
        ("See HTTP://Acme.Example:8080/x?y=https://evil.example", "acme.example"),
    ],
)
def test_the_host_of_an_address_that_is_named_is_known_and_no_other(words, host):
    assert {name for name in read(words).named if "." in name} == {host}


@pytest.mark.parametrize("words", ["See https://[redacted] for it", "See https://[", "me@www.evil.example"])
def test_an_address_that_cannot_be_read_names_no_host(words):
    assert not {name for name in read(words).named if name.startswith(("www", "["))}


def test_a_pathological_text_is_read_in_no_time():
    for hard in (
        "don't " * 1500,
        "a/" * 4000,
        '"' * 9000,
        "only the " * 1000,
        "x y " * 2400 + "folder",
        "no " * 3000,
    ):
        read(hard[:10_000])


def found(reading: Reading) -> list[str]:
    """A reading in short, without the places that are merely named."""
    said = [_boundary(one) for one in reading.boundaries]
    said += [
        f"ask before {_effects(one.effects) or 'nothing'}{f' in {one.where}' if one.where else ''}{_deed(one.deed)}"
        for one in reading.check_ins
    ]
    said += ["plan"] if reading.plan_first else []
    said += [f"{one.format}{f':{one.name}' if one.name else ''}" for one in reading.wanted]
    said += [
        f"may {_effects(one.effects)}{f' in {one.where}' if one.where else ''}{' (ask)' if one.is_partial else ''}"
        for one in reading.lifts
    ]
    said += ["no plan"] if reading.drops_plan else []
    return said + ["unclear" for _ in reading.unclear]


def _boundary(one: Boundary) -> str:
    where = f" in {one.where}" if one.where else f" outside {','.join(sorted(one.only))}" if one.only else ""
    return f"no {_effects(one.effects)}{where}{_deed(one.deed)}"


def _effects(effects: frozenset[str]) -> str:
    return "+".join(sorted(effects))


def _deed(deed: str) -> str:
    return "" if deed == "any" else f" ({deed})"
