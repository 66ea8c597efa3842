"""Kill the process anywhere: the task goes on where it was, and nothing happens twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from tests.engine.furnished import FILES, furnish
from tests.engine.mortal import Death, MortalDatabase, lived
from tests.laws import tried
from tests.store import databases


def thinking(answer):
    """With a thought in front: its signature is over all that came before, so an edited history is refused."""
    return replace(answer, content=[{"type": "thinking", "thinking": "I go on."}, *answer.content])


def moving(office):
    reports = office.reports
    moves = [
        {
            "tool": "move_file",
            "input": {"source": f"{reports}/{name}.txt", "destination": f"{reports}/Done/{name}.txt"},
        }
        for name in "abc"
    ]
    return [
        calls(
            ("update_plan", {"steps": [{"title": "Move", "status": "completed"}]}),
            ("read_file", {"path": f"{reports}/a.txt"}),
            ("read_file", {"path": f"{reports}/b.txt"}),
        ),
        calls(("write_file", {"path": f"{reports}/report.md", "content": "# Moved"})),
        calls(("checkpoint", {"title": "Move 3", "summary": "s", "actions": moves})),
        calls(("deliver", {"path": f"{reports}/report.md", "title": "Report"})),
        text("Moved."),
    ]


def tidying(office):
    reports = office.reports
    return [
        calls(
            ("make_folder", {"path": f"{reports}/Old"}),
            ("edit_file", {"path": f"{reports}/plan.md", "old_text": "Ship", "new_text": "Sink"}),
            ("delete_file", {"path": f"{reports}/a.txt"}),
            ("copy_file", {"source": f"{reports}/b.txt", "destination": f"{reports}/Old/b.txt"}),
        ),
        text("Tidied."),
    ]


class Lives:
    """Runs a story with deaths. Every run has files of its own, and an empty database."""

    def __init__(self, new_office, folder, script, url=None):
        self.folder, self.script, self.runs = folder, script, 0
        self.database = MortalDatabase(url or databases.sqlite_url(folder))
        self.office = new_office(mind=self.mind, database=self.database)

    def run(self, death=None, **more):
        self.runs += 1
        places = furnish(self.folder / f"run-{self.runs}")
        if self.database.is_sqlite:
            self.database.close()
            databases.empty(self.database)
        return lived(self.database, lambda: self.moved_in(places), death, **more)

    def moved_in(self, places):
        self.office = replace(self.office, **places)
        return self.office

    def mind(self, request):
        turn = sum(message["role"] == "assistant" for message in request["messages"])
        return thinking(self.script(self.office)[turn])


def tree_after(script):
    done = {"wiki/rules.md": "Be kind.\n"} | {f"reports/{name}": content for name, content in FILES.items()}
    if script is moving:
        moved = {f"reports/Done/{name}.txt": done.pop(f"reports/{name}.txt") for name in "abc"}
        return done | moved | {"reports/Done": None, "reports/report.md": "# Moved"}
    del done["reports/a.txt"]
    changed = {"reports/plan.md": "# Plan\n\nSink it.\n"}
    return done | changed | {"reports/Old": None, "reports/Old/b.txt": "beta"}


@pytest.mark.parametrize("script", [moving, tidying])
def test_wherever_the_process_dies_the_end_is_the_same_and_nothing_happens_twice(
    new_office, tmp_path, script
):
    lives = Lives(new_office, tmp_path, script)
    clean = lives.run()
    assert clean.outcome["tree"] == tree_after(script)
    assert clean.outcome["state"] is TaskState.DONE
    assert [state for _, state in clean.outcome["approvals"]] == [ApprovalState.APPROVED]
    assert set(clean.ran.values()) == {1}

    before = [Death(at=number) for number in range(2, clean.writes + 1)]
    behind_intents = [Death(at=number, is_after=True) for number in clean.intents]
    assert len(behind_intents) == 4
    for death in before + behind_intents:
        story = lives.run(death)

        assert story.lives == 2, death
        assert story.outcome == clean.outcome, death
        assert story.ran == clean.ran, death
        assert story.is_append_only, death
        assert lives.office.double.invalid == [], death


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("script", [moving, tidying])
def test_a_process_that_dies_again_and_again_still_gets_there(new_office, tmp_path, kind, script):
    url = databases.sqlite_url(tmp_path) if kind == "sqlite" else databases.migrated_postgres()
    story = Lives(new_office, tmp_path, script, url).run(Death(at=6, again=True))

    assert story.lives > 4
    assert story.outcome["tree"] == tree_after(script)
    assert (story.outcome["errors"], len(story.approvals)) == ([], 1)
    assert set(story.ran.values()) == {1}
    assert story.is_append_only
    assert story.approvals[0].draft.kind is (ApprovalKind.BATCH if script is moving else ApprovalKind.CALLS)
    story.office.database.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("script", [moving, tidying])
def test_however_deaths_and_clicks_follow_each_other_the_end_is_the_same(new_office, tmp_path, script):
    """Up to five processes in a row die, each at a write of its own, and the person clicks up to three times."""
    lives = Lives(new_office, tmp_path, script)
    clean = lives.run()
    deaths = st.builds(Death, at=st.integers(2, clean.writes), is_after=st.booleans())

    @given(deaths=st.lists(deaths, min_size=1, max_size=5), clicks=st.integers(1, 3))
    @settings(max_examples=tried(40))
    def holds(deaths, clicks):
        story = lives.run(deaths[0], later=deaths[1:], clicks=clicks)

        assert story.outcome == clean.outcome
        assert story.ran == clean.ran
        assert story.is_append_only
        assert lives.office.double.invalid == []

    holds()
