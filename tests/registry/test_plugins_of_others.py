"""Plugins of other packages: loaded only where the operator named the package, and never in place of what is there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.registry import plugins
from bot.registry.plugins import found

MODULE = """
import dataclasses
from tests.registry.shelf import shelf
plugin = dataclasses.replace(shelf(), name="{name}", actions=tuple(
    dataclasses.replace(one, name={action!r} or one.name) for one in shelf().actions[:1]
))
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A distribution that brings one plugin, installed for this test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins._found.cache_clear()

    def made(maker: str, name: str, *, action: str = "", text: str = "") -> str:
        module = f"{maker.replace('-', '_')}_{name}"
        (tmp_path / f"{module}.py").write_text(text or MODULE.format(name=name, action=action))
        info = tmp_path / f"{maker.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {maker}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[cowork.plugins]\n{name} = {module}:plugin\n")
        return module

    yield made
    plugins._found.cache_clear()


def test_what_the_operator_did_not_name_is_not_even_imported(package):
    module = package("acme-books", "books")

    assert "books" not in found().there
    assert "books of acme-books" in found().unlisted
    assert module not in sys.modules


def test_what_the_operator_named_is_loaded(package):
    package("acme-shelves", "acmebooks")

    assert "acmebooks" in found(["acme-shelves"]).there


def test_nobody_takes_the_name_of_a_plugin_that_comes_with_us(package):
    package("acme-github", "github")

    assert found(["acme-github"]).there["github"].title == "GitHub"
    assert "another plugin is called github" in found(["acme-github"]).broken["github"]


def test_no_action_is_taken_for_a_tool_of_our_own(package):
    package("acme-lists", "list", action="folder")

    assert "list" not in found(["acme-lists"]).there
    assert "list_folder would be taken for" in found(["acme-lists"]).broken["list"]


def test_one_that_fails_as_it_is_loaded_keeps_nobody_from_the_others(package):
    package("acme-broken", "broken", text="raise RuntimeError('no')")

    seen = found(["acme-broken"])

    assert seen.broken["broken"] == "RuntimeError: no"
    assert "github" in seen.there
