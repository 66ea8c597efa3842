"""`cowork run`: a whole task in a process of its own, on a folder of real files, decided through a pipe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import alone
from bot.rehearsal import trouble
from bot.rehearsal.gate import Gate
from bot.rehearsal.mind import rehearse
from bot.rehearsal.server import ModelDouble
from tests.cli.conftest import Invoke
from tests.cli.process import Cowork
from tests.cli.pseudo import Terminal

Begin = Callable[..., Cowork]
GOAL = "Organize the reports folder"
FILES = {
    "fin_q1.txt": "Finance department\nQuarterly report Q1 2026\nRevenue rose.\n",
    "fin_q2.txt": "Finance department\nQuarterly report Q2 2026\nRevenue fell.\n",
    "mkt.md": "# Marketing\nCampaign plan March 2026\n",
}
ORGANISED = {
    "Finance/2026-01_Finance_Report.txt": FILES["fin_q1.txt"],
    "Finance/2026-04_Finance_Report.txt": FILES["fin_q2.txt"],
    "Marketing/2026-03_Marketing_Plan.md": FILES["mkt.md"],
}


@pytest.fixture
def reports(place: Path) -> Path:
    folder = place / "reports"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_text(content)
    return folder


@pytest.fixture
def double() -> Iterator[ModelDouble]:
    with ModelDouble(rehearse) as double:
        yield double


def held(folder: Path) -> dict[str, str]:
    """Every file by its path in the folder, but for the index."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "INDEX.md")
    return {str(path.relative_to(folder)): path.read_text() for path in files}


def test_an_approved_checkpoint_moves_exactly_what_it_showed(cowork: Begin, reports: Path) -> None:
    process = cowork("run", GOAL, "--folder", str(reports), "--json")
    asked = process.news("decide")
    assert held(reports) == FILES
    assert {Path(one).name for one in asked["read"]} >= set(FILES)
    moves = {
        Path(action["input"]["source"]).name: Path(action["input"]["destination"])
        for action in asked["actions"]
        if action["tool"] == "move_file"
    }
    process.answer("approve")
    index = Path(process.news("delivered")["path"]).read_text()
    result = process.news("result")
    assert process.end() == 0
    assert held(reports) == ORGANISED
    assert {str(path.relative_to(reports)): FILES[name] for name, path in moves.items()} == ORGANISED
    assert (result["state"], result["note"]) == ("done", "")
    assert [receipt["what"] for receipt in result["receipts"]] == [
        *["Made folder"] * 2,
        *["Moved"] * 3,
        "Created",
    ]
    assert Path(result["deliverables"][0]["path"]).read_text() == index == (reports / "INDEX.md").read_text()


def test_a_redirection_changes_the_proposal_before_anything_moves(cowork: Begin, reports: Path) -> None:
    process = cowork("run", GOAL, "--folder", str(reports), "--json")
    process.news("decide")
    process.answer("redirect group by year")
    assert process.news("decided")["words"] == "group by year"
    process.news("decide")
    assert held(reports) == FILES
    process.answer("approve")
    assert process.news("result")["state"] == "done"
    assert process.end() == 0
    assert {name.split("/")[0] for name in held(reports)} == {"2026"}


def test_a_stop_leaves_every_file_where_it_was(cowork: Begin, reports: Path) -> None:
    process = cowork("run", GOAL, "--folder", str(reports), "--json")
    process.news("decide")
    process.answer("stop")
    result = process.news("result")
    assert (result["state"], result["receipts"], process.end()) == ("stopped", [], 1)
    assert held(reports) == FILES


def test_when_nobody_answers_the_task_is_kept_and_goes_on_later(cowork: Begin, reports: Path) -> None:
    process = cowork("run", GOAL, "--folder", str(reports), "--json")
    number = process.news("task")["task"]
    assert process.end() == 3
    assert json.loads(process.said[-1]) == {
        "news": "kept",
        "task": number,
        "why": "It waits for your decision.",
        "command": f"cowork run --task {number}",
    }
    later = cowork("run", "--task", str(number), "--json")
    assert later.news("task")["resumed"] is True
    later.news("decide")
    later.answer("approve")
    assert later.news("result")["state"] == "done"
    assert later.end() == 0
    assert held(reports) == ORGANISED


def test_ctrl_c_in_the_middle_parks_the_task_and_another_run_finishes_it(
    cowork: Begin, reports: Path, double: ModelDouble
) -> None:
    model = {"ANTHROPIC_BASE_URL": double.url, "COWORK_MODEL": "rehearsal"}
    thinking = Gate()
    double.faults.next(trouble.dribble(), trouble.slow_start(thinking))
    process = cowork("run", GOAL, "--folder", str(reports), "--json", **model)
    number = process.news("task")["task"]
    assert thinking.reached.wait(60)
    process.interrupt()
    assert process.news("kept")["why"] == "Interrupted; nothing is lost."
    assert (process.end(), process.complaints) == (3, [])
    thinking.open()
    later = cowork("run", "--task", str(number), "--json", **model)
    later.news("decide")
    later.answer("approve")
    assert later.news("result")["state"] == "done"
    assert (later.end(), held(reports), double.invalid) == (0, ORGANISED, [])


def test_ctrl_c_at_the_prompt_keeps_the_task(cowork: Begin, reports: Path) -> None:
    process = cowork("run", GOAL, "--folder", str(reports), "--json")
    process.news("decide")
    process.interrupt()
    assert process.news("kept")["why"] == "Interrupted; nothing is lost."
    assert (process.end(), process.complaints, held(reports)) == (3, [], FILES)


def test_the_text_for_people_tells_the_whole_story(cowork: Begin, reports: Path) -> None:
    process = cowork("run", GOAL, "--folder", str(reports))
    process.until(lambda line: line.startswith("Why you are asked"))
    process.answer("perhaps")
    process.answer("approve")
    assert process.end() == 0
    assert process.said[:2] == [f"Task 1: {GOAL}", f"Folders: {reports}"]
    at = process.said.index("On approval exactly this happens (5 actions):")
    (read,) = [
        line
        for line in process.said
        if line.startswith("Before this it read what others could have written: ")
    ]
    shown = [line for line in process.said[at + 1 : at + 13] if line != read]
    assert shown == [
        "   1. Make folder reports/Finance",
        "   2. Make folder reports/Marketing",
        "   3. Move reports/fin_q1.txt → reports/Finance/2026-01_Finance_Report.txt",
        "   4. Move reports/fin_q2.txt → reports/Finance/2026-04_Finance_Report.txt",
        "   5. Move reports/mkt.md → reports/Marketing/2026-03_Marketing_Plan.md",
        "Undo would: delete the folder while it is empty",
        "Undo would: move it back",
        "Why you are asked: This changes what was there before the task.",
        "(approve · redirect WORDS · stop) > perhaps",
        "Answer approve, redirect and what should be different, or stop.",
        "(approve · redirect WORDS · stop) > approve",
    ]
    assert "  ● Write and deliver INDEX.md (done)" in process.said
    assert process.text.count("Done: 3 files were moved") == 1
    assert "What was done (6), from the journal" in process.said
    assert process.said[-1].startswith("Task 1 done · ")
    assert [line for line in process.said if "\x1b" in line or line != line.rstrip()] == []


def test_words_with_a_task_number_continue_a_finished_task(cowork: Begin, reports: Path) -> None:
    process = cowork("run", GOAL, "--folder", str(reports), "--json")
    process.news("decide")
    process.answer("approve")
    process.news("result")
    assert process.end() == 0
    later = cowork("run", "Organize the reports folder", "--task", "1", "--json")
    assert later.news("steered")["text"] == "Organize the reports folder"
    assert later.news("result")["answer"].startswith("Everything in")
    assert (later.end(), held(reports)) == (0, ORGANISED)


def test_a_name_on_disk_cannot_forge_an_action(cowork: Begin, reports: Path) -> None:
    (reports / "mkt.md").rename(reports / "mkt\x1b[2K\n   9. Make folder x.md")
    process = cowork("run", GOAL, "--folder", str(reports))
    assert process.end() == 3
    assert [line for line in process.said if "\x1b" in line or line.startswith("   9.")] == []


def test_on_a_terminal_the_plan_and_what_is_being_done_are_shown_while_it_lasts(
    place: Path, reports: Path, double: ModelDouble
) -> None:
    thinking = Gate()
    double.faults.next(trouble.dribble(), trouble.slow_start(thinking))
    words = ["run", GOAL, "--folder", str(reports)]
    model = {"ANTHROPIC_BASE_URL": double.url, "COWORK_MODEL": "rehearsal"}
    with Terminal(words, place, model) as terminal:
        terminal.until("◐ List the folder reports (now)")
        terminal.until("Thinking · ")
        thinking.open()
        terminal.until("(approve · redirect WORDS · stop) > ")
        terminal.type("stop\r")
        terminal.until("Task 1 stopped")
        assert terminal.end() == 1


def test_a_model_that_cannot_be_reached_is_said_and_the_task_is_kept(cowork: Begin) -> None:
    process = cowork("run", GOAL, "--json", ANTHROPIC_BASE_URL="http://127.0.0.1:1")
    note = process.news("paused")["note"]
    assert note.startswith("The model cannot be reached: Nothing answers at http://127.0.0.1:1.")
    process.interrupt()
    assert process.news("kept")["command"] == "cowork run --task 1"
    assert process.end() == 3


def test_a_folder_that_is_not_there_is_one_clear_line(invoke: Invoke, place: Path) -> None:
    result = invoke("run", GOAL, "--folder", str(place / "gone"))
    line = f"There is no folder {place}/gone. Give one that exists with --folder.\n"
    assert (result.exit_code, result.stderr) == (2, line)


@pytest.mark.parametrize("goal", [[], [""], ["  "]])
def test_an_empty_goal_is_one_clear_line(goal: list[str], invoke: Invoke) -> None:
    result = invoke("run", *goal)
    line = 'Say what is to be done, for example: cowork run "Organize the reports folder"\n'
    assert (result.exit_code, result.stderr) == (2, line)


def test_a_task_that_is_not_there_is_one_clear_line(invoke: Invoke) -> None:
    result = invoke("run", "--task", "99")
    line = "Task 99 is not a task of the terminal. `cowork tasks` lists all.\n"
    assert (result.exit_code, result.stderr) == (2, line)


def test_a_task_is_worked_on_in_one_terminal_at_a_time(cowork: Begin, invoke: Invoke, reports: Path) -> None:
    process = cowork("run", GOAL, "--folder", str(reports), "--json")
    process.news("decide")
    result = invoke("run", "--task", "1")
    line = "Another `cowork run` is at work on task 1. Let it finish, or end it first.\n"
    assert (result.exit_code, result.stderr) == (2, line)


def test_the_lock_of_a_task_is_free_again_when_its_work_ends(place: Path) -> None:
    for _ in range(2):
        with alone.with_task(place, 7):
            assert (place / "tasks" / "7").is_dir()
