"""What people ask of a colleague, to the deliverable they can use: real files, real tools, a scripted model."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import RGBColor

from bot.domain.task import Autonomy, Task, TaskState
from bot.rehearsal.answer import Answer, calls, text
from tests.engine.office import Office, results, words
from tests.stories.reports_folder import MONTHS, write_reports

BENCHMARKS = "run,variant,p95_ms\n" + "".join(
    f"{run},{variant},{base + run}\n"
    for variant, base in (("none", 410), ("redis", 35))
    for run in range(1, 5)
)
NOTES = {
    "standup.md": "# Standup\n\n2026-03-02. Decided: ship the cache on Friday. Mia writes the runbook.\n",
    "retro.md": "# Retro\n\n2026-03-06. Decided: no deploys on Fridays. Open: who is on call?\n",
}


def said(office: Office) -> str:
    return "\n".join(came for came, _ in results(office.double))


def approved(office: Office, task: Task) -> tuple[Task, int]:
    """To the end, with every yes that it takes, and how many that was."""
    asked = 0
    while task.state is TaskState.WAITING:
        task, asked = office.approve(task.id), asked + 1
    return task, asked


def no_doubts(office: Office) -> bool:
    sent = [words(office.double, at) for at in range(len(office.double.requests))]
    return not any("faults" in one or "in no result" in one for each in sent for one in each)


def prints(folder: Path) -> set[str]:
    return {
        hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "INDEX.md"
    }


def test_reports_in_six_formats_are_filed_by_what_they_say_and_indexed(new_office):
    def filed(_: Any) -> Answer:
        """From what the documents say: `YYYY-MM_Department_Type`, in a folder of the department."""
        moves, made = [], []
        for came, _ in results(office.double):
            path = re.match(r"\[(.*?) · ", came)[1]
            department = re.search(r"Department: (\w+)", came)[1]
            kind, month = re.search(rf"the (\w+) of {department} for (\w+)", came).groups()
            name = f"2026-{MONTHS.index(month) + 1:02}_{department}_{kind.title()}{Path(path).suffix}"
            made.append(f"{office.reports}/{department}")
            moves.append({"source": path, "destination": f"{office.reports}/{department}/{name}"})
        actions = [{"tool": "make_folder", "input": {"path": path}} for path in sorted(set(made))]
        actions += [{"tool": "move_file", "input": move} for move in moves]
        return calls(
            ("checkpoint", {"title": "File 6 reports", "summary": "By department", "actions": actions})
        )

    def indexed(_: Any) -> Answer:
        names = [
            path.relative_to(office.reports)
            for path in sorted(office.reports.rglob("*.*"))
            if path.parent.name
        ]
        lines = [f"| {name.parent} | {name.name} |" for name in names if "_" in name.name]
        table = "\n".join(["# Index", "", "| Department | Report |", "|---|---|", *lines, ""])
        path = f"{office.reports}/INDEX.md"
        return calls(
            ("write_file", {"path": path, "content": table}), ("deliver", {"path": path, "title": "Index"})
        )

    office = new_office(
        lambda _: calls(("list_folder", {"path": str(office.reports)})),
        lambda _: calls(*(("read_file", {"path": str(path)}) for path in written)),
        filed,
        indexed,
        text("Six reports are filed by department; `INDEX.md` lists them."),
    )
    for path in office.reports.iterdir():
        path.unlink()
    written = write_reports(office.reports, 6)
    before = prints(office.reports)
    goal = (
        "Organize the reports folder. Group reports by department, rename files to follow our naming convention "
        "(YYYY-MM_Department_Type.pdf), and create an index document INDEX.md."
    )
    task, asked = approved(office, office.begin(goal))

    assert (task.state, asked, task.brief.missing) == (TaskState.DONE, 1, ())
    assert prints(office.reports) == before, "every report is there, to the byte"
    files = [path for path in office.reports.rglob("*") if path.is_file() and path.name != "INDEX.md"]
    assert all(re.fullmatch(r"2026-\d\d_[A-Z]\w+_[A-Z]\w+\.\w+", path.name) for path in files)
    assert {path.suffix for path in files} >= {".pdf", ".docx", ".xlsx"}
    index = Path(office.record.handed_over(task.id)[0].path).read_text()
    assert index.count("\n| ") == 1 + len(files)
    assert all(f"| {path.parent.name} | {path.name} |" in index for path in files)
    assert no_doubts(office)


@pytest.fixture
def designing(new_office) -> Office:
    """With the team's template, what is known of the architecture, and benchmarks that have to be queried."""
    sql = "SELECT variant, avg(p95_ms) AS p95_ms FROM benchmarks GROUP BY 1 ORDER BY 1"

    def drafted(_: Any) -> Answer:
        rows = re.findall(r"^\| (\w+) \| ([\d.]+) \|$", said(office), re.M)
        faster = float(rows[0][1]) / float(rows[1][1])
        blocks = [
            {"type": "heading", "text": "Context"},
            {"type": "text", "text": "All reads go to PostgreSQL (`docs/architecture.md`)."},
            {"type": "heading", "text": "Design"},
            {"type": "text", "text": "Reads go through Redis first. It is warmed at start. Misses fill it."},
            {
                "type": "diagram",
                "mermaid": "flowchart LR\n api --> redis --> postgres",
                "alt": "From API to database",
            },
            {"type": "heading", "text": "Benchmarks"},
            {"type": "text", "text": f"With Redis p95 is {faster:.1f} times better (benchmarks.csv)."},
            {
                "type": "table",
                "columns": ["Variant", "p95 ms"],
                "rows": [[name, float(ms)] for name, ms in rows],
            },
        ]
        given = {
            "path": DESIGN.format(office=office),
            "format": "docx",
            "template": f"{office.wiki}/template.docx",
        }
        given["content"] = {"title": "Caching layer", "blocks": blocks}
        return calls(("make_document", given))

    def delivered(_: Any) -> Answer:
        return calls(
            ("deliver", {"path": DESIGN.format(office=office), "title": "Design of the caching layer"})
        )

    def revised(_: Any) -> Answer:
        chart = {
            "kind": "column",
            "categories": ["none", "redis"],
            "series": [{"name": "p95", "values": [412.5, 37.5]}],
        }
        shorter = {
            "do": "replace_text",
            "old_text": " It is warmed at start. Misses fill it.",
            "new_text": "",
        }
        added = {"do": "insert_blocks", "after": "Benchmarks", "blocks": [{"type": "chart", "chart": chart}]}
        return calls(("edit_document", {"path": DESIGN.format(office=office), "edits": [shorter, added]}))

    office = new_office(
        lambda _: calls(
            ("read_file", {"path": f"{office.wiki}/template.docx"}),
            ("read_file", {"path": f"{office.wiki}/architecture.md"}),
            ("query_data", {"sql": sql, "files": [f"{office.wiki}/benchmarks.csv"]}),
        ),
        drafted,
        delivered,
        text("The draft is ready."),
        revised,
        delivered,
        text("Section 2 is shorter, and there is a chart."),
    )
    template = docx.Document()
    template.styles["Heading 1"].font.color.rgb = RGBColor(0x11, 0x22, 0x33)
    template.add_heading("Context", 1)
    template.add_paragraph("Describe the context.")
    template.save(office.wiki / "template.docx")
    (office.wiki / "architecture.md").write_text("# Architecture\n\nAll reads go to PostgreSQL.\n")
    (office.wiki / "benchmarks.csv").write_text(BENCHMARKS)
    return office


DESIGN = "{office.reports}/designs/caching-layer-design.docx"


def test_a_design_document_is_drafted_in_the_teams_template_and_revised_in_the_thread(designing):
    office = designing
    goal = (
        "Draft a technical design document for the new caching layer as designs/caching-layer-design.docx in the "
        "reports folder. Use our design doc template, reference architecture.md, both in the wiki folder, and include "
        "the benchmarks."
    )
    task = office.begin(goal)
    assert (task.state, task.answer, task.brief.missing) == (TaskState.DONE, "The draft is ready.", ())
    office.clock.forward(minutes=5)
    office.say(task.id, "Make section 2 shorter, and add a chart of the benchmarks")
    task, _ = approved(office, office.work(task.id))
    assert task.answer == "Section 2 is shorter, and there is a chart."

    handed = office.record.handed_over(task.id)
    first, second = (docx.Document(one.path) for one in handed)
    assert [one.version for one in handed] == [1, 2]
    for document in (first, second):
        heads = [one for one in document.paragraphs if one.style.name == "Heading 1"]
        assert [one.text for one in heads] == ["Context", "Design", "Benchmarks"]
        assert heads[0].style.font.color.rgb == RGBColor(0x11, 0x22, 0x33), "the look is the template's"
        assert "Describe the context." not in "\n".join(one.text for one in document.paragraphs)
        cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
        assert cells == [["Variant", "p95 ms"], ["none", "412.5"], ["redis", "37.5"]]
    told = ["\n".join(one.text for one in document.paragraphs) for document in (first, second)]
    assert all("p95 is 11.0 times better" in one for one in told)
    assert ["Misses fill it" in one for one in told] == [True, False]
    assert [len(one.inline_shapes) for one in (first, second)] == [1, 2]
    assert no_doubts(office)


def test_an_onboarding_guide_for_a_code_folder_covers_what_a_newcomer_needs(new_office):
    def guide(_: Any) -> Answer:
        command = re.search(r"uv run \S+", said(office))[0]
        blocks = [
            block
            for head, words in (
                ("Project structure", "`src/pay.py` is the service, `tests` its tests."),
                ("Setup instructions", f"`{command}` (README.md)"),
                ("Key patterns and conventions", "Ruff, lines of 100 (pyproject.toml)."),
                ("Common debugging tips", "Set `LOG_LEVEL` (src/pay.py)."),
            )
            for block in ({"type": "heading", "text": head}, {"type": "text", "text": words})
        ]
        content = {"title": "Onboarding: pay", "blocks": blocks}
        return calls(
            ("make_document", {"path": "onboarding.docx", "format": "docx", "content": content}),
            ("deliver", {"path": "onboarding.docx", "title": "Onboarding guide"}),
        )

    office = new_office(
        lambda _: calls(("list_folder", {"path": str(office.reports), "recursive": True})),
        lambda _: calls(*(("read_file", {"path": f"{office.reports}/{name}"}) for name in code)),
        guide,
        text("The guide is in the thread."),
    )
    code = {
        "README.md": "# Pay\n\nuv run pytest\n",
        "pyproject.toml": "[tool.ruff]\nline-length = 100\n",
        "src/pay.py": 'import os\nlevel = os.getenv("LOG_LEVEL")\n',
    }
    for name, content in code.items():
        (office.reports / name).parent.mkdir(exist_ok=True)
        (office.reports / name).write_text(content)
    task = office.begin("Generate a developer onboarding guide for the code in the reports folder, as Word")

    assert (task.state, task.brief.missing) == (TaskState.DONE, ())
    document = docx.Document(office.record.handed_over(task.id)[0].path)
    heads = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert heads == [
        "Project structure",
        "Setup instructions",
        "Key patterns and conventions",
        "Common debugging tips",
    ]
    told = "\n".join(one.text for one in document.paragraphs)
    assert "uv run pytest" in told and all(name in told for name in code)
    assert no_doubts(office)


@pytest.mark.parametrize(("autonomy", "asked"), [(Autonomy.SUPERVISED, 5), (Autonomy.CHECKPOINT, 1)])
def test_the_same_notes_are_organised_alike_with_each_action_approved_or_at_one_checkpoint(
    new_office, autonomy, asked
):
    def move(name: str) -> tuple[str, dict[str, str]]:
        return "move_file", {
            "source": f"{office.reports}/{name}",
            "destination": f"{office.reports}/2026-03/{name}",
        }

    digest = "# Digest\n\n- Ship the cache on Friday (standup.md)\n- No deploys on Fridays (retro.md)\n"
    office = new_office(
        lambda _: calls(*(("read_file", {"path": f"{office.reports}/{name}"}) for name in NOTES)),
        lambda _: calls(("make_folder", {"path": f"{office.reports}/2026-03"})),
        lambda _: calls(*map(move, NOTES)),
        lambda _: calls(("write_file", {"path": f"{office.reports}/2026-03/digest.md", "content": digest})),
        lambda _: calls(("deliver", {"path": f"{office.reports}/2026-03/digest.md", "title": "Digest"})),
        text("Organised."),
    )
    for path in office.reports.iterdir():
        path.unlink()
    for name, content in NOTES.items():
        (office.reports / name).write_text(content)
    goal = "Organize these meeting notes in the reports folder"
    task, count = approved(office, office.begin(goal, autonomy=autonomy))

    assert (task.state, task.answer, count) == (TaskState.DONE, "Organised.", asked)
    found = {path.name: path.read_text() for path in (office.reports / "2026-03").iterdir()}
    assert found == {**NOTES, "digest.md": digest}
    assert [path.name for path in office.reports.iterdir()] == ["2026-03"]
    assert Path(office.record.handed_over(task.id)[0].path).read_text() == digest
