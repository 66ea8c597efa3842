"""Undo on the page: a folder that was organised is as it was, but for the file that somebody changed since."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from bot.app import Office
from tests.chromium import Browser
from tests.eventually import PATIENT
from tests.tools.trees import Tree, tree

GOAL = "Organize the reports folder, rename files to YYYY-MM_Department_Type and create an index"


@pytest.mark.timeout(300)
def test_undo_brings_the_folder_back_and_names_the_file_that_was_edited_since(
    browser: Browser, office: Office, reports: Path
) -> None:
    before = tree(reports)
    thread = _organised(browser, office)
    edited = next(path for path in sorted(reports.rglob("*.md")) if path.name != "INDEX.md")
    edited.write_text("By hand.\n")
    by_hand = tree(reports)[str(edited.relative_to(reports))]

    _somebody_else_may_not(browser, office)
    thread.get_by_role("button", name="Undo").click()

    expect(thread.get_by_text(re.compile(r"Undone: \d+ of \d+ changes"))).to_be_visible(timeout=PATIENT)
    expect(thread.get_by_text(re.compile(f"{re.escape(edited.name)}: it was changed since"))).to_be_visible()
    _assert_all_but_one_is_back(before, tree(reports), by_hand)
    _photograph(thread, "undo-after")

    thread.get_by_role("button", name="Undo").click()
    expect(thread.get_by_text("pressed Undo on this before")).to_be_visible(timeout=PATIENT)


def _organised(browser: Browser, office: Office) -> Locator:
    page = browser.new_page(viewport={"width": 1400, "height": 1800})
    page.goto(office.server.url)
    page.get_by_role("link", name="reports", exact=True).click()
    page.get_by_role("textbox", name="Message #reports").fill(f"/cowork {GOAL}")
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"^\d+ repl(y|ies)")).first.click(timeout=PATIENT)
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_role("button", name="Approve").click(timeout=PATIENT)
    expect(thread.get_by_role("button", name="Undo")).to_be_visible(timeout=PATIENT)
    _photograph(thread, "undo-before")
    return thread


def _somebody_else_may_not(browser: Browser, office: Office) -> None:
    page = browser.new_page()
    page.goto(office.server.url)
    page.get_by_role("combobox", name="Act as").select_option(label="Ben Okafor")
    page.get_by_role("link", name="reports", exact=True).click()
    page.get_by_text(re.compile(r"^\d+ repl(y|ies)")).first.click(timeout=PATIENT)
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_role("button", name="Undo").click(timeout=PATIENT)
    expect(page.get_by_text(re.compile(r"Only .* can decide this"))).to_be_visible(timeout=PATIENT)


def _assert_all_but_one_is_back(before: Tree, after: Tree, by_hand: tuple[object, ...]) -> None:
    """What was edited stands where the task had put it; its folder stays with it, and its old name is free."""
    missing = [name for name in before if name not in after]
    new = {name: seen for name, seen in after.items() if name not in before}
    assert len(missing) == 1
    assert [seen for seen in new.values() if seen[0] == "file"] == [by_hand]
    assert {name: after[name] for name in before if name in after} == {
        name: seen for name, seen in before.items() if name not in missing
    }


def _photograph(thread: Locator, name: str) -> None:
    """Where a person wants to look at it."""
    if folder := os.environ.get("COWORK_PHOTOGRAPHS"):
        thread.page.screenshot(path=Path(folder) / f"{name}.png")
