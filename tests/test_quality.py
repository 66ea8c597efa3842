"""The rules of the house, checked by the tools that enforce them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 300


def check(*command: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_linter_finds_nothing_and_no_function_is_too_long_or_too_complex() -> None:
    check("ruff", "check", "--quiet", ".")


def test_the_code_is_formatted() -> None:
    check("ruff", "format", "--check", "--quiet", ".")


@pytest.mark.timeout(300)
def test_the_types_hold_in_strict_mode() -> None:
    check("mypy")


def test_each_layer_imports_only_what_stands_below_it() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_file_is_longer_than_300_lines() -> None:
    files = [*ROOT.glob("bot/**/*"), *ROOT.glob("plugins/**/*")]
    sources = [file for file in files if file.suffix in (".py", ".js", ".css")]
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines())
        for file in sources
        if "migrations" not in file.parts
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}
