"""Every verb: its help shows an example, its JSON can be read, and broken settings are one clear line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli import main
from bot.cli.shared import legible
from bot.domain.approval import ApprovalKind, Draft
from bot.domain.budget import Budget
from bot.domain.event import News
from bot.domain.grant import FolderGrant
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Task
from bot.engine import news
from bot.store import approvals, tasks
from bot.store.database import Database
from tests.cli.conftest import Invoke
from tests.store import databases
from tests.store.conftest import ANA, NOW, THREAD

HEAVY = ("anthropic", "slack_bolt", "mcp", "fastapi", "procrastinate", "github")
VERBS = [
    "up",
    "run",
    "doctor",
    "tasks",
    "migrate",
    "audit",
    "audit verify",
    "audit export",
    "audit why",
    "audit head",
    "audit prune",
    "mcp",
    "secrets",
    "secrets set",
    "secrets rotate",
]


@pytest.fixture
def database(place: Path) -> Database:
    return databases.sqlite(place)


@pytest.fixture
def task(database: Database) -> Task:
    """One task, begun and answered to."""
    with database.write("test") as session:
        made = tasks.create(
            session,
            person=ANA,
            place=THREAD,
            goal="Organize the reports",
            autonomy=Autonomy.CHECKPOINT,
            folders=(FolderGrant(path="/reports"),),
            budget=Budget(turns=50),
            now=NOW,
        )
        news.tell(session, made.id, THREAD, News.STARTED, now=NOW, by=ANA, data={"goal": made.goal})
        news.tell(session, made.id, THREAD, News.SAID, now=NOW, data={"text": "I begin – now"})
    return made


def test_help_lists_every_verb(invoke: Invoke) -> None:
    result = invoke("--help")
    assert result.exit_code == 0
    assert [verb for verb in VERBS if verb.split()[0] not in result.output] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str, invoke: Invoke) -> None:
    result = invoke(*verb.split(), "--help")
    assert result.exit_code == 0
    assert f"Example: cowork {verb}" in result.output


def test_tasks_as_json_are_one_object_a_line(invoke: Invoke, database: Database, task: Task) -> None:
    result = invoke("tasks", "--json", COWORK_DATABASE_URL=str(database.url))
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {
            "id": task.id,
            "state": "queued",
            "goal": "Organize the reports",
            "requester": "Ana Silva",
            "channel": "C1",
            "autonomy": "checkpoint",
            "turns": 0,
            "dollars": 0.0,
            "created_at": NOW.isoformat(),
            "note": "",
            "prompts": 0,
        }
    ]


def test_tasks_as_a_table_name_the_newest(invoke: Invoke, database: Database, task: Task) -> None:
    result = invoke("tasks", COWORK_DATABASE_URL=str(database.url))
    header, row = result.stdout.splitlines()
    assert header.split() == ["Task", "State", "Requester", "Goal", "Turns", "Cost"]
    assert row.split() == ["1", "queued", "Ana", "Silva", "Organize", "the", "reports", "0", "$0.00"]


def test_a_task_that_asked_people_says_how_often(invoke: Invoke, database: Database, task: Task) -> None:
    with database.write("test") as session:
        draft = Draft(kind=ApprovalKind.QUESTION, title="Which?")
        approvals.put(session, "a1", task.id, draft, now=NOW)
    _, row = invoke("tasks", COWORK_DATABASE_URL=str(database.url)).stdout.splitlines()
    assert row.split()[-4:] == ["0,", "asked", "1", "$0.00"]


def test_without_tasks_it_says_how_to_begin_one(invoke: Invoke) -> None:
    result = invoke("tasks")
    assert result.stdout == 'No tasks yet. Start one in Slack, or with: cowork run "GOAL"\n'


def test_a_whole_audit_log_is_verified(invoke: Invoke, database: Database, task: Task) -> None:
    result = invoke("audit", "verify", COWORK_DATABASE_URL=str(database.url))
    assert result.exit_code == 0
    assert re.fullmatch(r"The audit log is whole: 2 entries\.\nHead [0-9a-f]{64}\n", result.stdout)


def test_an_entry_that_was_changed_is_named_with_exit_code_1(
    invoke: Invoke, database: Database, task: Task
) -> None:
    with database.write("test") as session:
        session.connection().execute(text("UPDATE audit SET actor = 'somebody' WHERE id = 2"))
    result = invoke("audit", "verify", COWORK_DATABASE_URL=str(database.url))
    assert (result.exit_code, result.stderr) == (
        1,
        "The audit log is broken at entry 2: its content was changed.\n",
    )


def test_the_audit_log_is_exported_whole_or_of_one_task(
    invoke: Invoke, database: Database, task: Task
) -> None:
    url = str(database.url)
    exported = invoke("audit", "export", "--task", str(task.id), COWORK_DATABASE_URL=url).stdout
    first, second = [json.loads(line) for line in exported.splitlines()]
    assert first["actor"] == f"{ANA.user}@{ANA.team}"
    assert first["data"] == {"goal": "Organize the reports"}
    assert (second["action"], second["data"], second["before"]) == (
        "said",
        {"text": "I begin – now"},
        first["hash"],
    )
    assert invoke("audit", "export", COWORK_DATABASE_URL=url).stdout == exported
    assert invoke("audit", "export", "--task", "99", COWORK_DATABASE_URL=url).stdout == ""


def test_migrate_makes_the_database_and_may_be_run_again(invoke: Invoke, place: Path) -> None:
    for _ in range(2):
        result = invoke("migrate")
        assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")
    assert (place / "state" / "cowork.sqlite").is_file()


@pytest.mark.parametrize("verb", ["up", "run x", "doctor", "tasks", "migrate", "audit verify"])
@pytest.mark.parametrize(
    ("name", "value"), [("COWORK_PORT", "many"), ("COWORK_AUTONOMY", "wild"), ("COWORK_WORKERS", "0")]
)
def test_a_broken_setting_is_one_clear_line_that_names_it(
    verb: str, name: str, value: str, invoke: Invoke
) -> None:
    result = invoke(*verb.split(), **{name: value})
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{name}: ")
    assert line.endswith("Correct it in the environment or in .env.")


def test_a_setting_in_the_env_file_counts(invoke: Invoke, place: Path) -> None:
    (place / ".env").write_text("COWORK_MAX_TURNS=none\n")
    assert invoke("tasks").stderr.startswith("COWORK_MAX_TURNS: ")


@pytest.mark.parametrize("verb", ["run x", "tasks", "migrate", "audit export"])
def test_a_database_that_cannot_be_used_is_one_clear_line(verb: str, invoke: Invoke) -> None:
    result = invoke(*verb.split(), COWORK_DATABASE_URL="sqlite:////nowhere/at/all.sqlite")
    line = "The database cannot be used: unable to open database file. `cowork doctor` says what to do.\n"
    assert (result.exit_code, result.stderr) == (2, line)


@pytest.mark.parametrize("verb", ["up", "run x", "tasks", "migrate"])
def test_a_home_that_cannot_be_made_is_one_clear_line(verb: str, invoke: Invoke, place: Path) -> None:
    (place / "file").write_text("")
    result = invoke(*verb.split(), COWORK_HOME=str(place / "file" / "state"))
    line = f"[Errno 20] Not a directory: '{place}/file/state'. `cowork doctor` says what to do.\n"
    assert (result.exit_code, result.stderr) == (2, line)


def test_the_users_home_and_other_names_of_the_environment_are_not_taken_for_coworks_own(
    invoke: Invoke, place: Path
) -> None:
    foreign = {"PORT": "1", "MODEL": "x", "WORKERS": "0", "DATABASE_URL": "nonsense", "FOLDERS": "/nowhere"}
    result = invoke("doctor", COWORK_HOME="", XDG_DATA_HOME=f"{place}/data", **foreign)
    assert result.exit_code == 0, result.output
    assert f"✓ Home          {place}/data/cowork (made at the first start)" in result.stdout


def test_what_could_move_the_cursor_is_shown_as_an_escape() -> None:
    assert (
        legible("a\x1b[2Kb\r\u202ec\ud800\u00e9 \u00a0\n✓") == "a\\x1b[2Kb\\r\\u202ec\\ud800\u00e9 \u00a0\n✓"
    )
    assert legible("one\n2. two", lines=False) == "one\\n2. two"


def test_the_goal_of_somebody_else_cannot_spoil_the_table(invoke: Invoke, database: Database) -> None:
    with database.write("test") as session:
        tasks.create(
            session,
            person=Person(team="T1", user="UEVE", name="[red]Eve\x1b[0m"),
            place=Place(team="T1", channel="C1"),
            goal="[bold]x[/]\n9  done  Ana\x1b[2J",
            autonomy=Autonomy.CHECKPOINT,
            folders=(),
            budget=Budget(turns=1),
            now=NOW,
        )
    _, row = invoke("tasks", COWORK_DATABASE_URL=str(database.url)).stdout.splitlines()
    assert "[red]Eve\\x1b[0m" in row
    assert "[bold]x[/] 9 done Ana\\x1b[2J" in row


@pytest.mark.parametrize("verb", VERBS[:6])
def test_the_list_of_verbs_says_what_their_own_help_says(verb: str, invoke: Invoke) -> None:
    assert main.VERBS[verb] in " ".join(invoke(verb, "--help").output.split())


def test_help_is_there_at_once_because_no_verb_is_loaded_for_it() -> None:
    script = "import sys, bot.cli.main; print([name for name in ('anthropic', 'slack_bolt') if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


@pytest.mark.parametrize("verb", ["connectors", "tokens"])
def test_a_list_loads_neither_a_plugin_nor_a_model_nor_a_server(verb: str, place: Path) -> None:
    script = f"""
import sys
from bot.cli.main import app
app([{verb!r}, "list", "--home", {str(place)!r}], standalone_mode=False)
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    listed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert listed.stdout.splitlines()[-1] == "[]"
