"""Three people on the page: two leads approve together, the owner alone hears an onlooker, a task changes hands."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.app import Office
from tests.chromium import Browser
from tests.eventually import PATIENT
from tests.stories.conftest import REPORTS, at_work

GOAL = "Organize the reports folder, rename files to YYYY-MM_Department_Type and create an index"
RULES = '[[rule]]\neffects = ["change"]\nwho = ["@leads", "admins"]\nself = false\npeople = 2\n'


@pytest.fixture
def ruled(tmp_path: Path, reports: Path) -> Iterator[Office]:
    (tmp_path / "approvals.toml").write_text(RULES)
    with at_work(tmp_path, reports, COWORK_APPROVALS=tmp_path / "approvals.toml") as office:
        yield office


@pytest.mark.timeout(300)
def test_two_leads_approve_an_onlooker_is_offered_and_the_task_is_handed_over(
    browser: Browser, ruled: Office
) -> None:
    ana = seated(browser, ruled, "Ana Silva")
    ana.get_by_role("textbox", name="Message #reports").fill(f"/cowork {GOAL}")
    ana.keyboard.press("Enter")
    thread = opened(ana)
    expect(thread.get_by_text(re.compile("It takes 2 people of"))).to_be_visible(timeout=PATIENT)
    thread.get_by_role("button", name="Approve").click()
    expect(thread.get_by_text(re.compile("Only 2 people of: @leads or a workspace admin"))).to_be_visible(
        timeout=PATIENT
    )
    photograph(thread, "people-asked")

    ben, mia = seated(browser, ruled, "Ben Okafor"), seated(browser, ruled, "Mia Chen")
    opened(mia).get_by_role("textbox").last.fill("Please keep the invoices where they are")
    mia.keyboard.press("Enter")
    expect(thread.get_by_role("button", name="Take it up")).to_be_visible(timeout=PATIENT)
    photograph(thread, "people-remark")
    thread.get_by_role("button", name="Leave it").click()
    expect(thread.get_by_text("I leave it.")).to_be_visible(timeout=PATIENT)

    opened(ben).get_by_role("button", name="Approve").click(timeout=PATIENT)
    expect(thread.get_by_text(re.compile("Approved by @ben · still needed"))).to_be_visible(timeout=PATIENT)
    photograph(thread, "people-first-yes")
    opened(mia).get_by_role("button", name="Approve").click(timeout=PATIENT)
    expect(thread.get_by_text(re.compile("Approved by @ben and @mia"))).to_be_visible(timeout=PATIENT)
    expect(thread.get_by_text(f"{REPORTS} files were moved")).to_be_visible(timeout=PATIENT)

    thread.get_by_role("textbox").last.fill("hand over @ben")
    ana.keyboard.press("Enter")
    opened(ben).get_by_role("button", name="Take it over").click(timeout=PATIENT)
    expect(thread.get_by_text(re.compile("took this task over from"))).to_be_visible(timeout=PATIENT)
    expect(thread.get_by_text(re.compile("'s task · before by"))).to_be_visible(timeout=PATIENT)
    photograph(thread, "people-handed-over")


def seated(browser: Browser, office: Office, name: str) -> Page:
    page = browser.new_page(viewport={"width": 1400, "height": 2200})
    page.goto(office.server.url)
    page.get_by_role("combobox", name="Act as").select_option(label=name)
    page.get_by_role("link", name="reports", exact=True).click()
    return page


def opened(page: Page) -> Locator:
    thread = page.get_by_role("complementary", name="Thread")
    if not thread.is_visible():
        page.get_by_text(re.compile(r"^\d+ repl(y|ies)")).first.click(timeout=PATIENT)
    return thread


def photograph(thread: Locator, name: str) -> None:
    """Where a person wants to look at it."""
    if folder := os.environ.get("COWORK_PHOTOGRAPHS"):
        thread.screenshot(path=f"{folder}/{name}.png")
