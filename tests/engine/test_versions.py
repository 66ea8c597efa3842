"""A deliverable is revised in the thread: delivered again it is the next version, and the one before is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine.serving import NotThere
from bot.rehearsal.answer import calls, text
from bot.slack.views import result, words
from tests.engine.office import Office
from tests.engine.test_serving import serving, token


def wrote(said: str):
    return calls(
        ("write_file", {"path": "report.md", "content": said}),
        ("deliver", {"path": "report.md", "title": "Quarterly report"}),
    )


@pytest.fixture
def revised(new_office) -> Office:
    edit = {"path": "report.md", "old_text": "long\n", "new_text": "short\n"}
    office = new_office(
        wrote("# Report\n\nSection 2 is long\n"),
        text("Done."),
        calls(("edit_file", edit), ("deliver", {"path": "report.md", "title": "Quarterly report"})),
        text("Shorter now."),
    )
    task = office.begin("Write the quarterly report")
    office.clock.forward(minutes=5)
    office.say(task.id, "Make section 2 shorter")
    assert office.work(task.id).answer == "Shorter now."
    return office


def test_the_report_of_the_follow_up_tells_the_version_and_the_earlier_one_is_kept_as_it_was(revised):
    first, second = revised.record.handed_over(1)

    assert [Path(one.path).read_text() for one in (first, second)] == [
        "# Report\n\nSection 2 is long\n",
        "# Report\n\nSection 2 is short\n",
    ]
    assert revised.record.snapshot(1).deliverables == (second,)
    shown = str(
        [block.to_dict() for message in result.result(revised.record.snapshot(1)) for block in message.blocks]
    )
    assert "Version 2 of Quarterly report" in shown and "version 1 is above" in shown
    assert [words.file_name(one) for one in (first, second)] == ["report.md", "report (version 2).md"]


def test_every_version_is_downloaded_by_its_name(revised):
    api, known = serving(revised), token(revised)

    def said(name: str) -> str:
        return Path(api.deliverable(known, 1, name).path).read_text().splitlines()[-1]

    assert said("report.md") == "Section 2 is short"
    assert said("report (version 1).md") == "Section 2 is long"
    with pytest.raises(NotThere):
        said("report (version 2).md")
