"""A limit on a place holds whatever way a call would get there: by a link, from above, or with everything else."""

from __future__ import annotations

import os

import pytest

from bot.domain.task import Autonomy, TaskState
from bot.rehearsal.answer import calls, text
from tests.engine.office import results

SECRET = "Ana earns 90,000"


@pytest.fixture
def at_work(new_office):
    """A task of this goal whose model makes one call; `{reports}` in its arguments is the granted folder."""

    def at_work(goal, tool, **arguments):
        office = new_office(lambda _: calls((tool, placed(office, arguments))), text("I tried."))
        secret = office.reports / "salaries" / "list.txt"
        secret.parent.mkdir()
        secret.write_text(SECRET)
        deep = office.reports / "work" / "drafts" / "one.md"
        deep.parent.mkdir(parents=True)
        deep.write_text("One")
        os.symlink("salaries", office.reports / "latest")
        before = office.tree()
        task = office.begin(goal, autonomy=Autonomy.AUTONOMOUS)
        assert task.state is TaskState.DONE
        assert office.tree() == before
        ((answer, is_error),) = results(office.double, 1)
        return answer.replace(str(office.reports), ""), is_error

    return at_work


def placed(office, arguments):
    return {
        name: value.format(reports=office.reports) if isinstance(value, str) else value
        for name, value in arguments.items()
    }


def denied(words, what):
    return f'Not allowed (rule 2): You said "{words}"; this would {what}.', True


DONT_READ = "don't read the salaries folder"


def test_a_folder_that_may_not_be_read_is_not_read_through_a_link(at_work):
    answer = at_work(f"Look around, {DONT_READ}", "read_file", path="{reports}/latest/list.txt")
    assert answer == denied(DONT_READ, "read /salaries/list.txt")


def test_it_is_not_copied_from_through_a_link(at_work):
    answer = at_work(
        f"Look around, {DONT_READ}", "copy_file", source="{reports}/latest/list.txt", destination="mine.txt"
    )
    assert answer == denied(DONT_READ, "read /salaries/list.txt")


def test_it_is_not_searched_with_the_folder_around_it(at_work):
    answer = at_work(f"Look around, {DONT_READ}", "search_files", query="earns", path="{reports}")
    assert answer == denied(DONT_READ, "read /salaries")


def test_it_is_not_searched_with_everything(at_work):
    answer = at_work(f"Look around, {DONT_READ}", "search_files", query="earns")
    assert answer == denied(DONT_READ, "read /salaries")


def test_it_is_not_listed_with_the_folder_around_it(at_work):
    answer = at_work(f"Look around, {DONT_READ}", "list_folder", path="{reports}", recursive=True)
    assert answer == denied(DONT_READ, "read /salaries")


def test_the_folder_around_it_may_be_listed_by_itself(at_work):
    answer, is_error = at_work(f"Look around, {DONT_READ}", "list_folder", path="{reports}")
    assert not is_error
    assert "salaries/" in answer


def test_elsewhere_may_be_searched(at_work):
    answer, is_error = at_work(
        f"Look around, {DONT_READ}", "search_files", query="One", path="{reports}/work"
    )
    assert (is_error, answer.splitlines()[0]) == (False, "2 matches")


def test_only_some_places_are_searched_where_only_they_may_be_read(at_work):
    answer, is_error = at_work("Only read files in reports/work", "search_files", query="earns")
    assert is_error
    assert "earns" not in answer.partition(";")[2]


def test_what_may_not_be_touched_is_not_moved_with_the_folder_around_it(at_work):
    answer = at_work(
        "Tidy up, don't touch drafts/", "move_file", source="{reports}/work", destination="{reports}/done"
    )
    assert answer == denied("don't touch drafts/", "change /work/drafts")


@pytest.mark.parametrize("words", ["the client files folder", "the Client Files folder", "client_files/"])
def test_a_name_is_known_however_its_words_are_joined(new_office, words):
    path = "client-files/a.txt"
    office = new_office(
        lambda _: calls(("write_file", {"path": f"{office.reports}/{path}", "content": "x"})), text("No.")
    )
    office.begin(f"Tidy up, don't touch {words}", autonomy=Autonomy.AUTONOMOUS)
    assert not (office.reports / path).exists()
