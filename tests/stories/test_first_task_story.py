"""The first task on the page: GitHub is installed and connected, its issues asked for, approved, and reported on."""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from bot.app import Office
from tests.chromium import Browser
from tests.counterparts.emulate import Emulate
from tests.stories.test_plugins_story import home_of

GOAL = (
    "Prepare a summary of all open issues in octocat/hello-world, grouped by severity, with suggested priorities "
    "for the next sprint"
)
ISSUES = {"Checkout fails": ["critical"], "Slow list": ["severity: high"], "Typo": ["low"], "Ideas": []}


@pytest.fixture
def office(office_at_github: Office) -> Office:
    return office_at_github


@pytest.mark.timeout(240)
def test_open_issues_are_summarised_a_minute_after_github_was_connected(
    browser: Browser, office: Office, emulate: Emulate, tmp_path: Path
) -> None:
    _opened(emulate)
    page = browser.new_page(
        viewport={"width": 1300, "height": 1700},
        color_scheme="dark" if os.environ.get("COWORK_DARK") else "light",
    )
    page.goto(office.server.url)
    home_of(page, "Mia Chen")
    _photograph(page, "first-home")

    page.get_by_role("button", name="Install: GitHub").click()
    settings = page.get_by_role("dialog", name="GitHub")
    expect(settings.get_by_role("button", name="Save")).to_be_visible()
    _photograph(page, "first-settings")
    settings.get_by_role("button", name="Save").click()
    expect(settings).to_have_count(0)
    page.get_by_role("button", name="Connect: GitHub").click()
    ways = page.get_by_role("dialog", name="Connect GitHub")
    own_token = ways.get_by_role("button", name=re.compile("token.* for yourself", re.IGNORECASE))
    expect(own_token).to_be_visible()
    _photograph(page, "first-ways")
    own_token.click()
    expect(ways.get_by_role("textbox")).to_be_visible()
    _photograph(page, "first-token")
    ways.get_by_role("textbox").fill(emulate.github.token)
    ways.get_by_role("button", name="Connect", exact=True).click()
    done = page.get_by_role("dialog", name="GitHub", exact=True)
    expect(done.get_by_text("GitHub is connected", exact=False)).to_be_visible()
    _photograph(page, "first-connected")
    done.get_by_role("button", name="Close").last.click()
    _photograph(page, "first-home-connected")

    page.get_by_role("link", name="general", exact=True).click()
    page.get_by_role("textbox", name="Message #general").fill(f"/cowork {GOAL}")
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"^\d+ repl(y|ies)")).first.click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("button", name="Approve")).to_be_visible()
    expect(thread.get_by_text("Found 4 open issues in octocat/hello-world").first).to_be_visible()
    for line in ("Critical: 1", "High: 1", "Low: 1"):
        expect(thread.get_by_text(line).first).to_be_visible()
    _photograph(page, "first-checkpoint")
    thread.get_by_role("button", name="Approve").click()
    expect(thread.get_by_text("4 open issues", exact=False).nth(1)).to_be_visible()
    _photograph(page, "first-result")

    with page.expect_download() as downloading:
        thread.get_by_role("link", name=re.compile("Download")).first.click()
    downloading.value.save_as(tmp_path / "report.md")
    report = (tmp_path / "report.md").read_text("utf-8")
    assert [title in report for title in ISSUES] == [True] * 4
    assert report.index("Checkout fails") < report.index("Slow list") < report.index("Typo")


def _opened(emulate: Emulate) -> None:
    headers = {"Authorization": f"Bearer {emulate.github.token}"}
    with httpx2.Client(base_url=emulate.github.url, headers=headers, trust_env=False) as octocat:
        for title, labels in ISSUES.items():
            issue = {"title": title, "labels": labels}
            octocat.post("/repos/octocat/hello-world/issues", json=issue).raise_for_status()


def _photograph(page: Page, name: str) -> None:
    """Where a person wants to look at it."""
    if folder := os.environ.get("COWORK_PHOTOGRAPHS"):
        page.screenshot(path=Path(folder) / f"{name}.png")
