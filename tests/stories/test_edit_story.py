"""Edit on the page: one of the moves gets another destination; that is shown, approved, and exactly that is done."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.app import Office
from tests.chromium import Browser
from tests.eventually import PATIENT

GOAL = "Organize the reports folder, rename files to YYYY-MM_Department_Type and create an index"


@pytest.mark.timeout(300)
def test_an_edited_action_is_put_anew_and_its_file_goes_where_the_person_said(
    browser: Browser, office: Office, reports: Path
) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1800})
    page.goto(office.server.url)
    page.get_by_role("link", name="reports", exact=True).click()
    page.get_by_role("textbox", name="Message #reports").fill(f"/cowork {GOAL}")
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"^\d+ repl(y|ies)")).first.click(timeout=PATIENT)
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_role("button", name="Edit…").click(timeout=PATIENT)

    form = page.get_by_role("dialog")
    form.get_by_role("combobox").click(timeout=PATIENT)
    _photograph(page, "edit-which")
    page.get_by_role("option", name=re.compile(r"^6\. ")).click()
    form.get_by_role("button", name="Next").click()
    destination = form.get_by_label("Destination")
    expect(destination).to_be_visible(timeout=PATIENT)
    asked = destination.input_value()
    _photograph(page, "edit-form")

    destination.fill("/etc/report")
    form.get_by_role("button", name="Ask with this").click()
    expect(form.get_by_text(re.compile("granted|outside"))).to_be_visible(timeout=PATIENT)
    _photograph(page, "edit-refused")

    chosen = reports / "By hand" / "chosen.md"
    destination.fill(str(chosen))
    form.get_by_role("button", name="Ask with this").click()

    expect(thread.get_by_text(re.compile("Action 6 was changed by Ana"))).to_be_visible(timeout=PATIENT)
    expect(thread.get_by_text("It is asked again below")).to_be_visible(timeout=PATIENT)
    _photograph(page, "edit-anew")
    thread.get_by_role("button", name="Approve").click()
    expect(thread.get_by_role("button", name="Undo")).to_be_visible(timeout=PATIENT)
    _photograph(page, "edit-done")
    assert chosen.is_file()
    assert not Path(asked).exists()


def _photograph(page: Page, name: str) -> None:
    """Where a person wants to look at it."""
    if folder := os.environ.get("COWORK_PHOTOGRAPHS"):
        page.screenshot(path=Path(folder) / f"{name}.png")
