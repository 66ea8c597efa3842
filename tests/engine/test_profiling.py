"""The rehearsal model profiles a data file: types, ranges, gaps, outliers, three charts, a report handed over."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from docx import Document

from bot.documents import profile, query
from bot.documents.profile import Column, Profile
from bot.domain.plan import StepState
from bot.domain.task import TaskState
from bot.rehearsal.goals import profiled, tables
from bot.rehearsal.goals.questions import questions, standing_out
from bot.rehearsal.mind import rehearse
from bot.slack.views.words import state
from tests.documents.shelves import asked
from tests.documents.shelves import profiled as profiled_file
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
    assert ["units", "whole number", "3", "900"] in [row[:4] for row in found]
    assert any("900" in row and "units" not in row for row in found[5:])
    assert len(document.inline_shapes) == 3
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "price: 15 values missing (5.7%)" in said and 'SELECT "region" AS name, count(*) AS rows' in said
    assert [each for each in words(office.double) if "in no result" in each] == []

    office.say(task.id, "Make the outliers shorter")
    assert "What I made I cannot revise by words" in office.work(task.id).answer
    office.say(task.id, "Profile the sales.csv file as a web page")
    assert "Done: `sales-profile.html` is the profile" in office.work(task.id).answer


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("Profile the data file, please", "I cannot tell which file you mean. There are `empty.csv`,"),
        (
            "Profile the nothing.csv file",
            "I found no `nothing.csv` in the folders that I was granted. There are",
        ),
        ("Profile locked.pdf", "`locked.pdf` is no table that I can read. There are"),
        ("Profile empty.csv", "`empty.csv` has no rows: there is nothing to profile."),
        ("Profile verywide.csv", "`verywide.csv` has no rows"),
        ("Profile zero.xlsx", "`zero.xlsx` cannot be read as a workbook"),
    ],
)
def test_what_cannot_be_profiled_is_said_and_ends_as_no_success(new_office, goal: str, said: str):
    office = new_office(mind=rehearse)
    for name in ("north.csv", "south.csv", "wide.csv", "verywide.csv", "empty.csv", "locked.pdf"):
        (office.reports / name).write_text("a,b\n")
    (office.reports / "zero.xlsx").write_bytes(b"no workbook")
    task = office.begin(goal)

    assert f"No report was made. {said}" in task.answer
    assert str(office.reports) not in task.answer
    assert (state(task), task.plan.steps[-1].state) == ("Ended, not all done", StepState.FAILED)
    assert len([step for step in task.plan.steps if step.state is StepState.FAILED]) == 1
    assert office.record.handed_over(task.id) == []


def test_odd_names_and_one_column_make_what_charts_there_are(new_office):
    office = new_office(mind=rehearse)
    (office.reports / "odd.csv").write_text(
        '"the ""size"" (cm)"\n' + "".join(f"{one}\n" for one in range(40))
    )
    task = office.begin("Profile odd.csv as a PDF")

    (handed,) = office.record.handed_over(task.id)
    assert Path(handed.path).name == "odd-profile.pdf" and Path(handed.path).read_bytes().startswith(b"%PDF")
    assert "40 rows, 1 column" in task.answer and task.brief.missing == ()


def report(path: Path, content: str) -> list[dict]:
    """The blocks that the report of a file is made of, by the rules of the rehearsal model alone."""
    path.write_text(content)
    (found,) = tables.profiles(profile.words(profiled_file(path)))

    def rows(sql: str) -> list[list[str]]:
        told = asked(sql, path) if sql else query.Told(tables=[], columns=[], rows=[])
        return [told.columns, *told.rows]

    questions_asked = [(one, rows(one.sql)) for one in questions(found)]
    extremes = [(one, rows(one.sql)) for one in standing_out(found)]
    return list(profiled.content(path.name, found, questions_asked, extremes)["blocks"])


def charts(blocks: list[dict]) -> dict[str, dict[str, float]]:
    """What each chart shows, by its title."""
    drawn = [block["chart"] for block in blocks if block["type"] == "chart"]
    return {
        one["title"]: dict(zip(one["categories"], one["series"][0]["values"], strict=True)) for one in drawn
    }


def test_steps_and_months_that_hold_nothing_are_shown_empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        f"2026-0{1 + 3 * (one % 2)}-05,{10 + one % 3 if one % 2 else 1_000 + one % 3}" for one in range(40)
    ]
    shown = charts(report(tmp_path / "bi.csv", "\n".join(["day,size", *rows]) + "\n"))

    assert shown["Rows by month of day"] == {"2026-01": 20, "2026-02": 0, "2026-03": 0, "2026-04": 20}
    spread = shown["Spread of size"]
    assert list(spread)[:2] == ["100", "200"] and list(spread.values()) == [20, *[0] * 8, 7, 13]


def test_a_running_number_makes_no_chart_where_there_is_better_and_every_outlier_is_shown(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    lines = ["id,units,price,place,note"]
    for one in range(300):
        units, price = 100_000 if one == 7 else 1 + one % 40, 100 if one % 8 else 900 + one
        lines.append(f"{one + 1},{units},{price}.5,{' ' * (one == 3)}{'NS'[one % 2]},{'same' * (one % 2)}")
    blocks = report(tmp_path / "orders.csv", "\n".join(lines) + "\n")

    assert list(charts(blocks)) == ["Rows by place", "Spread of units", "Missing values by column"]
    overview, units, *_ = [block for block in blocks if block["type"] == "table"]
    assert overview["rows"][0] == ["id", "whole number", "1", "300", "300", "0", ""]
    assert units["caption"] == "Most extreme values of units" and units["rows"][0][:2] == [
        "8",
        "100,000",
    ]
    said = "\n".join(block["text"] for block in blocks if block["type"] == "text")
    assert "place: 1 value with blanks before or after" in said and "note: nothing but same" in said
    assert "units: 1 value above 60" in said


def test_a_file_of_many_columns_is_reported_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    titles = ",".join(f"m{one:03}" for one in range(60))
    rows = [",".join(["9999" if row == 5 else f"{row % 7}"] * 60) for row in range(30)]
    blocks = report(tmp_path / "wide.csv", "\n".join([titles, *rows]) + "\n")

    _, *extremes = [block for block in blocks if block["type"] == "table"]
    assert [len(one["columns"]) for one in extremes] == [4, 4, 4]
    (said,) = [block["text"] for block in blocks if block.get("text", "").startswith("These lie")]
    assert said.endswith("- 52 more columns with outliers")


def test_columns_that_are_left_out_are_said():
    columns = [Column(name="a", type="BIGINT", missing=0, distinct=1, least="1", most="1")]
    (found,) = tables.profiles(
        "Note: It was read as UTF-16.\n"
        + profile.words(Profile(table="t", rows=9, repeated=0, columns=columns, left_out=["b", "c"]))
    )
    said = profiled.outcome("t.csv", "t-profile.pdf", found)
    assert "- 9 rows, 3 columns, 0 repeated rows." in said and "Only its first 1 columns" not in said
    assert said.endswith("- It was read as UTF-16.\n- Only its first column is described.")
