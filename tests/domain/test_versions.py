"""What is handed over again is the next version; those before it keep a name."""

from __future__ import annotations

from bot.domain.receipt import Deliverable
from bot.domain.versions import earlier, newest, numbered


def handed(name: str, title: str, source: str = "", at: int = 1) -> Deliverable:
    return Deliverable(path=f"delivered/1/{at}/{name}", title=title, source=source)


def told(*given: Deliverable) -> list[int]:
    return [one.version for one in numbered(enumerate(given))]


def test_the_same_file_again_or_another_under_the_same_title_is_the_next_version():
    assert told(
        handed("report.docx", "Report", "/own/report.docx"),
        handed("report.docx", "The report, shorter", "/own/report.docx"),
        handed("report-new.docx", "report", "/own/report-new.docx"),
        handed("report-new.docx", "Final", "/own/report-new.docx"),
    ) == [1, 2, 3, 4]


def test_two_files_that_come_together_under_one_title_are_no_versions_of_each_other():
    north, south = (
        handed("north.csv", "Data", "/own/north.csv"),
        handed("south.csv", "Data", "/own/south.csv"),
    )
    again = handed("all.csv", "Data", "/own/all.csv")
    assert [one.version for one in numbered([(1, north), (1, south), (2, again)])] == [1, 1, 2]


def test_another_file_is_no_version():
    assert told(
        handed("INDEX.md", "Index of finance", "/r/finance/INDEX.md"),
        handed("INDEX.md", "Index of HR", "/r/hr/INDEX.md"),
        handed("report.pdf", "Index of HR", "/r/hr/report.pdf"),
    ) == [1, 1, 1]


def test_copies_whose_source_was_not_written_down_are_told_by_their_names():
    assert told(handed("a.md", "A"), handed("a.md", "Better", "/own/a.md"), handed("b.md", "B")) == [1, 2, 1]


def test_earlier_versions_have_names_that_no_other_file_has():
    given = numbered(
        enumerate(
            [
                handed("report.docx", "Report", "/own/report.docx", 1),
                handed("report.docx", "Report", "/own/report.docx", 2),
                handed("report.docx", "Of HR", "/hr/report.docx", 3),
                handed("report (version 2).docx", "A copy", "/own/copy.docx", 4),
                handed("report.docx", "Report", "/own/report.docx", 5),
            ]
        )
    )
    assert {name: one.path for name, one in newest(given).items()} == {
        "report.docx": "delivered/1/5/report.docx",
        "report (version 2).docx": "delivered/1/4/report (version 2).docx",
    }
    assert {name: one.path for name, one in earlier(given).items()} == {
        "report (version 1).docx": "delivered/1/1/report.docx",
        "report (version 2, 2).docx": "delivered/1/2/report.docx",
        "report (version 1, 2).docx": "delivered/1/3/report.docx",
    }
