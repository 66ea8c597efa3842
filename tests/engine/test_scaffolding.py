"""A project is set up in the sandbox: from a team's template to its first commit, which code then checks.

Its tests run in there, by `unittest`. Its linter does not: the sandbox has the programs of its machine and no others,
so that the code compiles is all that is seen of it here.
"""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from bot.domain.approval import ApprovalState
from bot.domain.effect import Effect
from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from bot.sandbox import probe
from bot.sandbox.cell import Shown
from bot.sandbox.sandbox import Sandbox
from bot.sdk.halt import Halt
from tests.engine.office import ANA, Office, results

GOAL = (
    "Set up the new microservice project billing in the reports folder. Create the directory structure following our "
    "standard template, initialize git, configure CI/CD, add the standard linting and testing setup, and create the "
    "initial README with our boilerplate."
)
TEMPLATE = {
    "README.md": "# {{service}}\n\nOwned by team {{team}}. Run the tests with `python3 -m unittest`.\n",
    "pyproject.toml": '[project]\nname = "{{service}}"\nversion = "0.1.0"\n\n[tool.ruff]\nline-length = 100\n',
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: python3 -m unittest\n",
    "src/{{service}}/__init__.py": 'NAME = "{{service}}"\n',
    "tests/test_{{service}}.py": (
        "import unittest\n\nfrom src.{{service}} import NAME\n\n\nclass TestName(unittest.TestCase):\n"
        '    def test_it_has_its_name(self):\n        self.assertEqual(NAME, "{{service}}")\n'
    ),
}
FILL = r"""
set -eu
cp -r {template}/. .
find . -depth -name '*{{{{service}}}}*' | while read -r one; do
    mv "$one" "$(echo "$one" | sed 's/{{{{service}}}}/billing/')"
done
grep -rl '{{{{' . | xargs sed -i 's/{{{{service}}}}/billing/g; s/{{{{team}}}}/Payments/g'
git init -q && printf '__pycache__/\n' > .gitignore
"""


@pytest.fixture(autouse=True)
def _only_where_there_is_a_sandbox() -> None:
    if why := probe.trouble():
        pytest.skip(f"no command can be confined here: {why}")


def run(command: str, folder: object = None) -> tuple[str, dict[str, Any]]:
    return "run_command", {"command": command} | ({} if folder is None else {"folder": str(folder)})


def put_template(office: Office) -> Path:
    place = office.wiki / "service-template"
    for name, content in TEMPLATE.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return place


def git(project: Path, *command: str) -> str:
    safe = ["git", "-c", f"safe.directory={project}", "-C", str(project)]
    return subprocess.run([*safe, *command], capture_output=True, text=True, check=True).stdout


def test_a_project_is_set_up_from_a_template_to_its_first_commit_and_nobody_had_to_be_asked(
    new_office,
) -> None:
    office = new_office(
        lambda _: calls(
            ("list_folder", {"path": f"{office.wiki}/service-template", "recursive": True}),
            ("read_file", {"path": f"{office.wiki}/service-template/README.md"}),
            ("make_folder", {"path": str(project)}),
        ),
        lambda _: calls(run(FILL.format(template=f"{office.wiki}/service-template"), project)),
        lambda _: calls(run("python3 -m unittest 2>&1; python3 -m compileall -q src tests", project)),
        lambda _: calls(
            ("edit_file", {"path": f"{project}/README.md", "old_text": "Owned", "new_text": "Billing. Owned"})
        ),
        lambda _: calls(run("git add -A && git commit -qm 'Set up billing' && git log --oneline", project)),
        lambda _: calls(run("git push https://github.com/acme/billing main", project)),
        text("billing is set up, and its tests pass. It is not pushed: I have no way to GitHub from here."),
        sandbox=Sandbox(),
    )
    project = office.reports / "billing"
    template = put_template(office)
    before = {path: path.read_bytes() for path in template.rglob("*") if path.is_file()}

    task = office.begin(GOAL)

    assert (task.state, office.record.pending(task.id)) == (TaskState.DONE, None)
    assert {path: path.read_bytes() for path in template.rglob("*") if path.is_file()} == before
    assert git(project, "log", "--format=%an: %s") == "Cowork: Set up billing\n"
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "ls-files").split() == [
        ".github/workflows/ci.yml",
        ".gitignore",
        "README.md",
        "pyproject.toml",
        "src/billing/__init__.py",
        "tests/test_billing.py",
    ]
    assert (project / "README.md").read_text().startswith("# billing\n\nBilling. Owned by team Payments.")
    assert "{{" not in "".join((project / name).read_text() for name in git(project, "ls-files").split())
    shown = [Shown(path=str(project), mode="write")]
    assert Sandbox().ran("python3 -m unittest", shown, str(project), Halt()).ended.code == 0

    ((pushed, _),) = results(office.double)
    assert pushed.startswith("Exit code 128") and "Could not resolve host: github.com" in pushed
    receipts = office.record.snapshot(task.id).receipts
    assert [(one.effect, one.where) for one in receipts] == [
        (Effect.CREATE, str(project)),
        *[(Effect.CHANGE, str(project))] * 2,
        (Effect.CHANGE, f"{project}/README.md"),
        *[(Effect.CHANGE, str(project))] * 2,
    ]
    assert receipts[1].after.startswith("Made README.md, pyproject.toml, src, tests, src/billing, ")


def test_a_command_in_a_folder_that_was_there_is_asked_for_and_what_was_approved_runs_once(
    new_office,
) -> None:
    office = new_office(
        lambda _: calls(run("echo run >> log.txt; rm c.txt", office.reports)),
        text("Done."),
        sandbox=Sandbox(),
    )
    before = office.tree()

    task = office.begin()

    (action,) = office.pending(task.id).draft.actions
    assert action.preview == f"Run “echo run >> log.txt; rm c.txt” in {office.reports} (cannot be undone)"
    assert (action.detail, office.tree()) == ("echo run >> log.txt; rm c.txt", before)

    assert office.approve(task.id).state is TaskState.DONE
    del before["reports/c.txt"]
    assert office.tree() == before | {"reports/log.txt": "run\n"}
    (receipt,) = office.record.snapshot(task.id).receipts
    assert (receipt.after, receipt.undo) == ("Made log.txt; Removed c.txt", "")


def test_a_folder_that_changed_since_it_was_shown_is_asked_for_again(new_office) -> None:
    office = new_office(
        lambda _: calls(run("ls > list.txt", office.reports)), text("Done."), sandbox=Sandbox()
    )
    task = office.begin()
    (office.reports / "new.txt").write_text("somebody's")

    office.decide(task.id, ApprovalState.APPROVED)
    task = office.work(task.id)

    assert task.state is TaskState.WAITING
    assert not (office.reports / "list.txt").exists()


def test_what_the_requester_keeps_from_it_no_command_touches(new_office) -> None:
    office = new_office(
        lambda _: calls(
            run("rm -rf old", office.reports), run("echo 6*7 | python3 -c 'print(eval(input()))'")
        ),
        text("Done."),
        sandbox=Sandbox(),
    )

    task = office.begin("Tidy up the reports folder, but do not delete anything")

    (refused, _), (reckoned, _) = results(office.double)
    assert task.state is TaskState.DONE
    assert 'You said "do not delete anything"' in refused
    assert reckoned.splitlines()[1] == "42"


def test_a_stop_ends_a_command_and_says_so(new_office, tmp_path: Path) -> None:
    mark = f"96{tmp_path.name.encode().hex()[:6]}".translate({ord(one): "1" for one in "abcdef"})
    office = new_office(lambda _: calls(run(f"sleep {mark}")), sandbox=Sandbox())
    task_id = office.start()
    worker = threading.Thread(target=office.work, args=(task_id,))
    worker.start()
    waited = threading.Event()
    for _ in range(3000):
        if found := [one for one in psutil.process_iter(["cmdline"]) if mark in (one.info["cmdline"] or ())]:
            break
        waited.wait(0.02)

    office.intake.stop(ANA, task_id)
    worker.join(10)

    assert found and not worker.is_alive()
    assert office.task(task_id).state is TaskState.STOPPED
    assert psutil.wait_procs(found, timeout=60)[1] == []
