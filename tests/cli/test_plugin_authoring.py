"""`cowork plugins new` and `check`: a new plugin works at once, and a bad one is told what to mend."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

Invoke = Any


def test_a_new_plugin_keeps_every_rule_and_passes_its_own_test(invoke: Invoke, tmp_path: Path) -> None:
    made = invoke("plugins", "new", "notes", "--folder", str(tmp_path))

    package = tmp_path / "cowork-plugin-notes"
    here = dict(os.environ, PYTHONPATH=str(package))
    tried = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=package,
        env=here,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.exit_code == 0
    assert tried.returncode == 0, tried.stdout
    assert "3 passed" in tried.stdout


def test_nothing_is_written_over_a_plugin_that_is_there_or_under_a_name_that_cannot_be(
    invoke: Invoke, tmp_path: Path
) -> None:
    (tmp_path / "cowork-plugin-notes").mkdir()

    there = invoke("plugins", "new", "notes", "--folder", str(tmp_path))
    odd = invoke("plugins", "new", "My Notes", "--folder", str(tmp_path))

    assert [there.exit_code, odd.exit_code] == [2, 2]
    assert "Nothing was written" in there.stderr and "Nothing was written" in odd.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["cowork-plugin-notes"]
    assert list((tmp_path / "cowork-plugin-notes").iterdir()) == []


def test_a_plugin_of_ours_is_checked_by_its_name(invoke: Invoke) -> None:
    said = invoke("plugins", "check", "linear")

    assert said.exit_code == 0
    assert "✓ errors translated" in said.stdout


def test_a_bad_plugin_is_told_where_it_breaks_which_rule(
    invoke: Invoke, tmp_path: Path, monkeypatch: Any
) -> None:
    invoke("plugins", "new", "drafts", "--folder", str(tmp_path))
    package = tmp_path / "cowork-plugin-drafts"
    actions = package / "cowork_drafts" / "actions.py"
    actions.write_text(actions.read_text().replace("def list_notes", "def notes"))
    monkeypatch.syspath_prepend(str(package))

    said = invoke("plugins", "check", "cowork_drafts")

    assert said.exit_code == 1
    assert "✗ named" in said.stdout and "notes: the name is not <verb>_<object>" in said.stdout


def test_what_is_no_plugin_is_said_so(invoke: Invoke) -> None:
    assert "cannot be imported" in invoke("plugins", "check", "nothing_of_this_name").stderr
    assert "has no `plugin`" in invoke("plugins", "check", "json").stderr
