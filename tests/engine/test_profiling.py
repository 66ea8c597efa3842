"""The rehearsal model profiles a data file: types, ranges, gaps, outliers, three charts, a report handed over."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from docx import Document

from bot.domain.task import TaskState
from bot.rehearsal.mind import rehearse
from tests.engine.office import words


def sales() -> str:
    """90 days but for three, of three regions; every 17th price is missing, and one order is far too large."""
    lines = ["date,region,units,price"]
    for number in range(270):
        day = date(2026, 1, 1) + timedelta(days=number % 90)
        if day.day == 13:
            continue
        units = 900 if number == 77 else 3 + number * 7 % 11
        price = "" if number % 17 == 0 else f"{5 + number * 13 % 400 / 10:.2f}"
        lines.append(f"{day},{('North', 'South', 'East')[number % 3]},{units},{price}")
    return "\n".join(lines) + "\n"


def cells(document) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def test_profile_a_data_file(new_office):
    office = new_office(mind=rehearse)
    (office.reports / "sales.csv").write_text(sales())
    task = office.begin("Profile the sales.csv file")

    assert (task.state, task.brief.missing) == (TaskState.DONE, ())
    assert "Done: `sales-profile.docx` is the profile of `sales.csv`.\n- 261 rows, 4 columns" in task.answer
    assert "- `units`: 1 outlier." in task.answer and "- `date`: 3 days without a row" in task.answer
    (handed,) = office.record.handed_over(task.id)
    document = Document(handed.path)
    found = cells(document)
    assert ["date", "date", "2026-01-01", "2026-03-31"] in [row[:4] for row in found]
    assert ["units", "bigint", "3", "900"] in [row[:4] for row in found]
    assert any("900" in row and "units" not in row for row in found[5:])
    assert len(document.inline_shapes) == 3
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "price: 15 values missing (5.7%)" in said and 'SELECT "region" AS name, count(*) AS rows' in said
    assert [each for each in words(office.double) if "in no result" in each] == []


def test_a_file_that_cannot_be_told_is_asked_for(new_office):
    office = new_office(mind=rehearse)
    for name in ("north.csv", "south.csv"):
        (office.reports / name).write_text("a,b\n1,2\n")
    task = office.begin("Profile the data file, please")
    assert "I cannot tell which file you mean" in task.answer
    assert office.record.handed_over(task.id) == []


def test_a_file_without_rows_and_one_that_is_no_table_are_said(new_office):
    office = new_office(mind=rehearse)
    (office.reports / "empty.csv").write_text("a,b\n")
    assert "has no rows: there is nothing to profile." in office.begin("Profile empty.csv").answer


def test_odd_names_and_one_column_make_what_charts_there_are(new_office):
    office = new_office(mind=rehearse)
    (office.reports / "odd.csv").write_text(
        '"the ""size"" (cm)"\n' + "".join(f"{one}\n" for one in range(40))
    )
    task = office.begin("Profile odd.csv as a PDF")

    (handed,) = office.record.handed_over(task.id)
    assert Path(handed.path).name == "odd-profile.pdf" and Path(handed.path).read_bytes().startswith(b"%PDF")
    assert "40 rows, 1 column" in task.answer and task.brief.missing == ()
