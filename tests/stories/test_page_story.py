"""The whole story on the page, by what is written on it: type, read, redirect, approve, download."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.app import Office
from tests.chromium import Browser
from tests.eventually import PATIENT
from tests.stories.reports_folder import fingerprints, write_reports

GOAL = "Organize the reports folder, rename files to YYYY-MM_Department_Type and create an index"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    write_reports(folder)
    return folder


@pytest.mark.timeout(300)
def test_a_folder_of_forty_reports_is_organised_after_one_redirect_and_one_approve(
    browser: Browser, office: Office, reports: Path, tmp_path: Path
) -> None:
    before = fingerprints(reports)
    page = browser.new_page()
    page.goto(office.server.url)
    page.get_by_role("link", name="reports", exact=True).click()

    page.get_by_role("textbox", name="Message #reports").fill(f"/cowork {GOAL}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Propose folders and names")).to_be_visible(timeout=PATIENT)
    page.get_by_text(re.compile(r"^\d+ repl(y|ies)")).first.click(timeout=PATIENT)
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("button", name="Approve")).to_be_visible(timeout=PATIENT)

    thread.get_by_role("button", name=re.compile("Show all")).click()
    dialog = page.get_by_role("dialog", name="All actions")
    moves = dialog.get_by_role("listitem").filter(has_text=re.compile("^Move"))
    expect(moves).to_have_count(40, timeout=PATIENT)
    dialog.get_by_role("button", name="Close").last.click()
    assert fingerprints(reports) == before, "nothing moves before a person approves"

    thread.get_by_role("button", name="Redirect…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="What should change?").fill("merge Marketing into Sales")
    dialog.get_by_role("button", name=re.compile("Redirect|Send")).click()
    expect(thread.get_by_text("Redirected")).to_be_visible(timeout=PATIENT)
    expect(thread.get_by_role("button", name="Approve")).to_have_count(1, timeout=PATIENT)

    thread.get_by_role("button", name="Approve").click()
    expect(thread.get_by_text("Approved")).to_be_visible(timeout=PATIENT)
    expect(thread.get_by_role("button", name="Approve")).to_have_count(0, timeout=PATIENT)
    expect(thread.get_by_text("40 files were moved")).to_be_visible(timeout=PATIENT)

    index = _download(page, tmp_path)
    after = fingerprints(reports)
    assert index == (reports / "INDEX.md").read_text("utf-8")
    del after["INDEX.md"]
    assert sorted(after.values()) == sorted(before.values()), "every file is there, and none was changed"
    assert not [name for name in after if name.startswith("Marketing/")]
    assert [name for name in after if Path(name).name not in index] == []

    _assert_another_person_sees_the_same(browser, office)


def _download(page: Page, tmp_path: Path) -> str:
    thread = page.get_by_role("complementary", name="Thread")
    with page.expect_download(timeout=PATIENT) as downloading:
        thread.get_by_role("link", name=re.compile("Download")).first.click()
    file = tmp_path / "downloaded.md"
    downloading.value.save_as(file)
    return file.read_text("utf-8")


def _assert_another_person_sees_the_same(browser: Browser, office: Office) -> None:
    other = browser.new_page()
    other.goto(office.server.url)
    other.get_by_role("combobox", name="Act as").select_option(label="Ben Okafor")
    other.get_by_role("link", name="reports", exact=True).click()
    other.get_by_text(re.compile(r"^\d+ repl(y|ies)")).first.click(timeout=PATIENT)
    thread = other.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("40 files were moved")).to_be_visible(timeout=PATIENT)
    expect(thread.get_by_text("Approved by")).to_be_visible()
