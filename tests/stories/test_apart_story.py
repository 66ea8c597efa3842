"""A folder that not every member may read, on the page: the report comes to whoever asked, who lets others see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.app import Office
from tests.chromium import Browser
from tests.eventually import PATIENT
from tests.stories.conftest import REPORTS, at_work
from tests.stories.test_people_story import GOAL, opened, photograph, seated


@pytest.fixture
def private(tmp_path: Path, reports: Path) -> Iterator[Office]:
    with at_work(tmp_path, reports, COWORK_PRIVATE_FOLDERS=str(reports)) as office:
        yield office


@pytest.mark.timeout(300)
def test_what_a_private_folder_gave_is_shown_to_its_requester_until_they_let_others_see_it(
    browser: Browser, private: Office
) -> None:
    ana, ben = seated(browser, private, "Ana Silva"), seated(browser, private, "Ben Okafor")
    ana.get_by_role("textbox", name="Message #reports").fill(f"/cowork {GOAL}")
    ana.keyboard.press("Enter")
    expect(ben.get_by_text(re.compile("This draws on what not everyone here may see"))).to_be_visible(
        timeout=PATIENT
    )
    photograph(ben.locator("body"), "apart-channel")
    expect(ben.get_by_role("button", name="Approve")).to_have_count(0)

    ana.get_by_role("link", name=re.compile("cowork", re.IGNORECASE)).first.click()
    thread = opened(ana)
    photograph(thread, "apart-direct")
    thread.get_by_role("button", name="Approve").click(timeout=PATIENT)
    share = thread.get_by_role("button", name="Post it there")
    expect(share).to_be_visible(timeout=PATIENT)
    photograph(thread, "apart-report")
    expect(ben.get_by_text(f"{REPORTS} files were moved")).to_have_count(0)

    share.click()
    theirs = opened(ben)
    expect(theirs.get_by_text(re.compile("lets everyone here see this"))).to_be_visible(timeout=PATIENT)
    expect(theirs.get_by_text(f"{REPORTS} files were moved")).to_be_visible(timeout=PATIENT)
    photograph(ben.locator("body"), "apart-posted")
