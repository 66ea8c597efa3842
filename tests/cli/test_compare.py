"""`cowork compare`: the same goal at three levels, on copies; the folders themselves are never touched."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from bot.cli import copies
from bot.cli.copies import Made
from bot.cli.ruled import DECIDE, Rule, answered
from bot.domain.approval import Action, Approval, ApprovalKind, Draft
from bot.domain.call import Call
from bot.domain.clock import system_clock
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.grant import FolderGrant
from bot.errors import NotConfigured
from bot.rehearsal.answer import Answer, calls, text
from bot.rehearsal.server import ModelDouble
from bot.rehearsal.structured import nothing_found
from tests.cli.conftest import Invoke, Somebody
from tests.cli.pseudo import Terminal
from tests.tools.trees import tree

GOAL = "Organize the reports folder"
FILES = {
    "fin_q1.txt": "Finance department\nQuarterly report Q1 2026\nRevenue rose.\n",
    "mkt.md": "# Marketing\nCampaign plan March 2026\n",
}


@pytest.fixture
def reports(place: Path) -> Path:
    folder = place / "reports"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_text(content)
    return folder


def test_the_same_goal_is_done_three_times_and_the_folder_is_as_it_was(invoke: Invoke, reports: Path) -> None:
    before = tree(reports)
    result = invoke("compare", GOAL, "--folder", str(reports), "--approve", "all", "--json")

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [run["autonomy"] for run in told["runs"]] == ["supervised", "checkpoint", "autonomous"]
    assert [run["state"] for run in told["runs"]] == ["done"] * 3
    assert [run["files"] for run in told["runs"]] == [
        {"created": 1, "changed": 0, "moved": 2, "deleted": 0}
    ] * 3
    prompts = [run["prompts"] for run in told["runs"]]
    assert prompts[0] > prompts[1] >= prompts[2]
    assert tree(reports) == before
    for run in told["runs"]:
        [copy] = map(Path, run["folders"])
        assert copy.is_relative_to(told["copies"])
        assert (copy / "Finance").is_dir()
        assert (run["waited"], run["edits"], run["dollars"]) == (0, 0, 0)
        assert run["seconds"] > 0


def test_the_table_says_what_each_level_took_and_where_its_copy_is(invoke: Invoke, reports: Path) -> None:
    result = invoke("compare", GOAL, "--folder", str(reports))

    assert result.exit_code == 0, result.output
    for said in (
        "Your folders stay as they are",
        "Supervised",
        "Prompts",
        "Edits by you",
        "1 created, 2 moved",
        "(by --approve all)",
        "Your own folders were not touched.",
    ):
        assert said in result.output


def test_on_a_terminal_a_person_is_asked_and_their_time_is_not_counted_as_its_own(
    place: Path, reports: Path
) -> None:
    with Terminal(["compare", GOAL, "--folder", str(reports)], place, {"COWORK_FOLDERS": ""}) as terminal:
        terminal.until("(approve · redirect WORDS · stop) > ")
        terminal.type("redirect into one folder only\rstop\rstop\rstop\r")
        shown = terminal.until("to look at, and to delete.")
        assert terminal.end() == 1
    assert "Edits by you │ 1 " in shown
    assert sorted(path.name for path in reports.iterdir()) == sorted(FILES)


def test_where_nobody_approves_the_first_request_ends_it(invoke: Invoke, reports: Path) -> None:
    result = invoke("compare", GOAL, "--folder", str(reports), "--approve", "none", "--json")

    assert result.exit_code == 1
    for run in json.loads(result.stdout)["runs"]:
        assert (run["state"], run["prompts"]) == ("stopped", 1)
        assert run["files"] == {"created": 0, "changed": 0, "moved": 0, "deleted": 0}


def test_a_real_model_works_in_the_copy_also_where_the_goal_names_the_folder(
    invoke: Invoke, reports: Path
) -> None:
    """Over HTTP: what it is told to overwrite asks in checkpoint mode only once, and not at all when autonomous."""

    def said(request: dict[str, Any]) -> Answer:
        told = json.dumps(request["messages"])
        if len(request["messages"]) > 1:
            return text("Done.")
        [path] = set(re.findall(r"Write new into (\S+mkt.md)", told))
        return calls(("write_file", {"path": path, "content": "new"}))

    with ModelDouble(said, structured=nothing_found) as double:
        result = invoke(
            "compare",
            f"Write new into {reports}/mkt.md",
            "--folder",
            str(reports),
            "--approve",
            "all",
            "--json",
            ANTHROPIC_API_KEY="key",
            ANTHROPIC_BASE_URL=double.url,
            COWORK_MODEL="rehearsal",
        )
    assert result.exit_code == 0, result.output
    runs = json.loads(result.stdout)["runs"]
    assert [run["prompts"] for run in runs] == [1, 1, 0]
    assert [run["files"]["changed"] for run in runs] == [1, 1, 1]
    assert (reports / "mkt.md").read_text() == FILES["mkt.md"]


def test_it_does_not_begin_without_a_goal_a_folder_or_somebody_to_ask(invoke: Invoke, reports: Path) -> None:
    for words, said in (
        (("  ", "--folder", str(reports)), "Say what is to be done"),
        ((GOAL,), "Name the folders"),
        ((GOAL, "--folder", str(reports), "--approve", "ask", "--json"), "nobody can be asked"),
    ):
        result = invoke("compare", *words, COWORK_FOLDERS="")
        assert (result.exit_code, said in result.output) == (2, True), result.output


def asked(kind: ApprovalKind, *realms: Realm | None, options: tuple[str, ...] = ()) -> Approval:
    actions = tuple(
        Action(
            call=Call(id="c", tool="t", input={}),
            preview="p",
            accesses=None
            if realm is None
            else (Access(effect=Effect.CHANGE, resource=Resource(realm=realm, name="x")),),
        )
        for realm in realms
    )
    draft = Draft(kind=kind, title="t", actions=actions, options=options)
    return Approval(id="a", task_id=1, draft=draft, digest="d", created_at=system_clock())


@pytest.mark.parametrize(
    ("approval", "answer"),
    [
        (asked(ApprovalKind.BATCH, Realm.FOLDER, Realm.SANDBOX), "approve"),
        (asked(ApprovalKind.PLAN), "approve"),
        (asked(ApprovalKind.BATCH, Realm.FOLDER, Realm.SERVICE), "stop"),
        (asked(ApprovalKind.CALLS, Realm.CONNECTOR), "stop"),
        (asked(ApprovalKind.CALLS, Realm.ADDRESS), "stop"),
        (asked(ApprovalKind.CALLS, None), "stop"),
        (asked(ApprovalKind.OUTCOME, Realm.FOLDER), "stop"),
        (asked(ApprovalKind.QUESTION, options=("By year", "By team")), "By year"),
        (asked(ApprovalKind.QUESTION), DECIDE),
    ],
)
def test_a_rule_approves_nothing_that_leaves_the_copies(approval: Approval, answer: str) -> None:
    assert answered(approval, Rule.ALL) == answer
    assert answered(approval, Rule.NONE) == "stop"


def test_a_folder_in_another_keeps_its_place_and_its_right_in_the_copy(tmp_path: Path) -> None:
    outer = tmp_path / "a"
    (outer / "b").mkdir(parents=True)
    (outer / "b" / "x.txt").write_text("x")
    os.symlink("b/x.txt", outer / "link")
    os.mkfifo(outer / "pipe")
    granted = [FolderGrant(path=str(outer)), FolderGrant(path=str(outer / "b"), writable=False)]

    made = copies.copied(granted, tmp_path / "to")

    copy = tmp_path / "to" / "1" / "a"
    assert made.folders == (FolderGrant(path=str(copy)), FolderGrant(path=str(copy / "b"), writable=False))
    assert made.renamed(f"Look into {outer}/b, not {outer}") == f"Look into {copy}/b, not {copy}"
    assert (os.readlink(copy / "link"), (copy / "pipe").exists()) == ("b/x.txt", False)
    assert made.made() == Made(created=0, changed=0, moved=0, deleted=0)
    (copy / "b" / "x.txt").rename(copy / "y.txt")
    (copy / "new.txt").write_text("new")
    assert made.made() == Made(created=1, changed=0, moved=1, deleted=0)


def test_what_cannot_be_read_is_said_before_anything_is_done(shared_folder: Path, somebody: Somebody) -> None:
    folder = shared_folder / "a"
    folder.mkdir()
    (folder / "secret.txt").write_text("x")
    (folder / "secret.txt").chmod(0)
    os.chmod(shared_folder, 0o777)
    with somebody(), pytest.raises(NotConfigured, match=r"cannot be copied: .*Permission denied"):
        copies.copied([FolderGrant(path=str(folder))], shared_folder / "to")
