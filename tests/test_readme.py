"""The README shows; what it shows is run here."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.registry.plugins import found
from tests import forked
from tests.connectors import conformance
from tests.counterparts import dbhub, table
from tests.store import databases

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COWORK = str(Path(sys.executable).with_name("cowork"))


VERBS = [
    "doctor",
    "tasks --json",
    "audit verify",
    "audit export",
    "plugins list",
    "plugins check github",
    "connectors list",
    "connectors --help",
]


def commands() -> list[str]:
    """Every indented line that is a command, without its comment."""
    lines = [line.strip() for line in README.splitlines() if line.startswith("    ")]
    return [line.split("  #")[0].strip() for line in lines if re.match(r"(pip|uv) ", line)]


def test_the_readme_leads_with_a_picture_and_the_two_commands() -> None:
    picture = re.search(r"!\[.+\]\((.+?)\)", README)
    assert picture is not None
    assert (ROOT / picture.group(1)).is_file()
    assert commands()[:2] == ["pip install uv && uv run cowork up", "pip install uv && uv run pytest"]
    assert README.index(commands()[0]) - picture.end() < 300


def test_every_link_in_the_readme_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\((.+?)\)", README) if not link.startswith("http")]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_no_command_in_the_readme_is_left_unrun() -> None:
    assert [command for command in commands() if command not in RUN] == []


def test_the_readme_says_what_each_plugin_was_proven_against() -> None:
    titles = {name: plugin.title for name, plugin in found().there.items()}
    stated = README.split("<!-- counterparts -->")[1].split("<!-- /counterparts -->")[0]
    assert stated.strip() == table.as_markdown(titles, table.table())


def test_the_readme_says_what_the_conformance_suite_said() -> None:
    stated = README.split("<!-- conformance -->")[1].split("<!-- /conformance -->")[0]
    assert stated.strip() == conformance.TABLE.read_text("utf-8").strip()


def test_a_plugin_of_the_readme_is_begun(tmp_path: Path) -> None:
    done = run(f"plugins new notes --folder {tmp_path}", tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "cowork-plugin-notes" / "cowork_notes" / "actions.py").is_file()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "note.md").write_text(
        "# Finance report\n\nDepartment: Finance\nPeriod: May 2026\n"
    )
    return tmp_path


@pytest.mark.parametrize("command", VERBS)
def test_the_verbs_of_the_readme_answer(command: str, home: Path) -> None:
    assert run(command, home).returncode == 0


def test_the_help_of_the_readme_is_there(home: Path) -> None:
    assert run_afresh("--help", home).returncode == 0


def test_the_terminal_command_of_the_readme_does_the_whole_task(home: Path) -> None:
    goal = 'run "Organize the reports folder" --folder ~/reports'
    done = run_afresh(goal.replace("~", str(home)), home, answers="approve\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (home / "reports" / "Finance" / "2026-05_Finance_Report.md").is_file()
    assert "2026-05_Finance_Report.md" in run("audit why 1", home).stdout


def test_the_database_of_the_readme_is_connected_and_its_schema_reviewed(home: Path) -> None:
    program = " ".join(dbhub.program())
    with dbhub.reader(dbhub.filled("shop")) as dsn:
        assert run("secrets set SHOP_DSN", home, answers=dsn).returncode == 0
        added = run(ADD.replace("/path/to/dbhub", program), home)
        assert added.returncode == 0, added.stdout + added.stderr
        done = run(REVIEW, home)
    assert done.returncode == 0, done.stdout + done.stderr
    [plan] = (home / "state" / "delivered").rglob("*.md")
    told = (dbhub.SCHEMAS / "shop.expected").read_text("utf-8").splitlines()
    assert plan.read_text("utf-8").count("What shows it:") == len(told)


def test_a_token_of_the_readme_is_made(home: Path) -> None:
    assert run(TOKEN, home).stdout.startswith("ck_")


def test_the_comparison_of_the_readme_leaves_the_folder_as_it_was(home: Path) -> None:
    goal = 'compare "Organize the reports folder" --folder ~/reports --approve all'
    done = run(goal.replace("~", str(home)), home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in (home / "reports").iterdir()] == ["note.md"]


def test_the_benchmark_of_the_readme_measures_and_writes_what_it_found(tmp_path: Path) -> None:
    found = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.bench", "--quick", "--only", "growth", "--json", str(found)]
    measured = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert measured.returncode == 0, measured.stdout + measured.stderr
    assert "growth.served" in found.read_text("utf-8")


def test_a_backup_of_the_readme_is_brought_back(home: Path) -> None:
    assert run("tasks --json", home).returncode == 0
    assert run("backup cowork.tar.gz", home).returncode == 0
    restored = run(f"restore cowork.tar.gz --home {home}/restored", home)
    assert restored.returncode == 0, restored.stdout + restored.stderr


def test_the_fleet_of_the_readme_starts_and_ends(home: Path) -> None:
    url = databases.empty_postgres().render_as_string(hide_password=False)
    assert run("migrate", home, url=url).returncode == 0
    for verb, ready in (("web", "The front is ready."), ("worker", "The worker is ready.")):
        process = subprocess.Popen(
            [COWORK, verb], cwd=home, env=environment(home, url), stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        with process, process.stdout:
            assert process.stdout.readline().startswith(ready)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


ADD = (
    "connectors add shop --network --env DSN='${SHOP_DSN}' --tool execute_sql=read:on "
    "-- /path/to/dbhub --transport stdio"
)
REVIEW = 'run "Review the schema of the shop database"'
TOKEN = "tokens create ci --for U012ABCDEF --team T012ABCDEF"


def environment(home: Path, url: str = "") -> dict[str, str]:
    given = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "COWORK_HOME": str(home / "state"),
        "COWORK_PORT": "0",
        "COWORK_SECRET_KEY": "k" * 40,
    }
    return given | {"COWORK_DATABASE_URL": url}


def run(command: str, home: Path, answers: str = "", url: str = "") -> subprocess.CompletedProcess[str]:
    return forked.ran(shlex.split(command), home, environment(home, url), answers)


def run_afresh(command: str, home: Path, answers: str = "") -> subprocess.CompletedProcess[str]:
    """By the program itself, as a person does."""
    return subprocess.run(
        [COWORK, *shlex.split(command)],
        cwd=home,
        env=environment(home),
        input=answers,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def _elsewhere() -> None:
    """Run by tests/cli/test_up.py, tests/dojo and the suite itself."""


RUN: dict[str, Callable[..., object]] = {
    "pip install uv && uv run cowork up": _elsewhere,
    "pip install uv && uv run pytest": _elsewhere,
    "uv run cowork up --folder ~/reports": _elsewhere,
    'uv run cowork run "Organize the reports folder" --folder ~/reports': (
        test_the_terminal_command_of_the_readme_does_the_whole_task
    ),
    "uv run cowork doctor": test_the_verbs_of_the_readme_answer,
    "uv run cowork tasks --json": test_the_verbs_of_the_readme_answer,
    "uv run cowork secrets set SHOP_DSN": (
        test_the_database_of_the_readme_is_connected_and_its_schema_reviewed
    ),
    f"uv run cowork {ADD}": test_the_database_of_the_readme_is_connected_and_its_schema_reviewed,
    f"uv run cowork {REVIEW}": test_the_database_of_the_readme_is_connected_and_its_schema_reviewed,
    "uv run cowork connectors list": test_the_verbs_of_the_readme_answer,
    "uv run cowork connectors --help": test_the_verbs_of_the_readme_answer,
    f"uv run cowork {TOKEN}": test_a_token_of_the_readme_is_made,
    "uv run cowork plugins list": test_the_verbs_of_the_readme_answer,
    "uv run cowork plugins check github": test_the_verbs_of_the_readme_answer,
    "uv run cowork plugins new notes --folder ~": test_a_plugin_of_the_readme_is_begun,
    "uv run cowork migrate": test_the_fleet_of_the_readme_starts_and_ends,
    "uv run cowork web": test_the_fleet_of_the_readme_starts_and_ends,
    "uv run cowork worker": test_the_fleet_of_the_readme_starts_and_ends,
    "uv run cowork backup cowork.tar.gz": test_a_backup_of_the_readme_is_brought_back,
    "uv run cowork restore cowork.tar.gz --home ~/restored": test_a_backup_of_the_readme_is_brought_back,
    "uv run cowork audit verify": test_the_verbs_of_the_readme_answer,
    "uv run cowork audit export": test_the_verbs_of_the_readme_answer,
    "uv run cowork audit why 1": test_the_terminal_command_of_the_readme_does_the_whole_task,
    'uv run cowork compare "Organize the reports folder" --folder ~/reports --approve all': (
        test_the_comparison_of_the_readme_leaves_the_folder_as_it_was
    ),
    "uv run python -m tests.dojo": _elsewhere,
    "uv run --group bench python -m tests.bench": test_the_benchmark_of_the_readme_measures_and_writes_what_it_found,
}
