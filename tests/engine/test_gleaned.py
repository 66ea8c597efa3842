"""Before "done", too: what a task printed of its own bears out nothing, and what its commands made is looked at."""

from __future__ import annotations

import pytest

from bot.rehearsal.answer import calls, text
from bot.sandbox import probe
from bot.sandbox.sandbox import Sandbox
from tests.engine.office import words
from tests.engine.test_inspection import FAULTS, HOLDS, report


@pytest.fixture(autouse=True)
def _only_where_there_is_a_sandbox() -> None:
    if why := probe.trouble():
        pytest.skip(f"no command can be confined here: {why}")


TOLD = "Revenue grew 87.3% to 4,711,000 EUR, costs 31%, as run 1,000 times; it is 42 * 97 = "
MADE = (
    "from docx import Document\nd = Document()\nd.add_paragraph('Costs [insert]')\n"
    f"d.add_paragraph({TOLD!r} + str(42 * 97))\nd.save('report.docx')"
)


@pytest.mark.parametrize(
    "told",
    [
        ("run_command", {"command": "cat report.md"}),
        ("run_command", {"command": f"echo '{TOLD}'"}),
        ("query_data", {"sql": "select * from report", "files": ["report.csv"]}),
        ("read_file", {"path": "report.md"}),
    ],
)
def test_what_it_has_printed_of_its_own_proves_nothing(new_office, told):
    office = new_office(
        calls(("write_file", {"path": "report.md", "content": TOLD})),
        calls(("write_file", {"path": "report.csv", "content": "a,b\n87.3,4711000\n"})),
        calls(told),
        calls(("deliver", {"path": "report.md", "title": "Report"})),
        text("Done."),
        text("It stays."),
        sandbox=Sandbox(),
    )
    office.begin("Write a report on our revenue")
    (note,) = words(office.double)
    assert ": 87.3%, 4,711,000, 31%" in note


def test_a_document_that_a_command_made_is_looked_at_and_what_its_program_came_to_is_no_doubt(new_office):
    office = new_office(
        calls(("run_command", {"command": f"python3 - <<'END'\n{MADE}\nEND"})),
        calls(("deliver", {"path": "report.docx", "title": "Report"})),
        text("Done."),
        text("It stays."),
        sandbox=Sandbox(),
    )
    task = office.begin("Write a report on our revenue")

    assert task.answer == "It stays."
    (note,) = words(office.double)
    assert f"`report.docx` {FAULTS} {HOLDS}. Mend" in note
    assert "cannot be reckoned from one: 87.3%, 4,711,000, 31%. Correct" in note


def test_the_settings_of_a_program_are_no_claims_and_what_it_came_to_is_a_result(new_office):
    code = "sizes = [2048] * 1000\nprint(len(sizes), 'rows of', sizes[0], 'come to', sum(sizes))\n"
    office = new_office(
        calls(
            ("write_file", {"path": "bench.py", "content": code}),
            ("run_command", {"command": "python3 bench.py"}),
        ),
        calls(
            (
                "write_file",
                {"path": "report.md", "content": "1,000 rows of 2,048 bytes come to 2,048,000.\n"},
            ),
            ("deliver", {"path": "report.md", "title": "Report"}),
        ),
        text("Done."),
        sandbox=Sandbox(),
    )
    assert office.begin("Write a report on how much the rows come to").answer == "Done."


def test_what_a_command_found_in_a_folder_bears_out_what_was_written_before(new_office):
    office = new_office(
        lambda _: report(office, "We sold 4,711 units.\n"),
        lambda _: calls(("run_command", {"command": f"wc -l {office.reports}/units.csv"})),
        text("Done."),
        sandbox=Sandbox(),
    )
    (office.reports / "units.csv").write_text("x\n" * 4711)
    assert office.begin("Count the units in the reports folder, and write a report on it").answer == "Done."
