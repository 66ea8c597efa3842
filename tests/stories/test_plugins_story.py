"""On the page: an admin installs GitHub, connects it, chooses what it may do and where; a member can only do less."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.app import Office
from bot.domain.grant import Permission
from bot.store import choices
from tests.chromium import Browser
from tests.counterparts.emulate import Emulate
from tests.eventually import PATIENT


@pytest.fixture
def office(office_at_github: Office) -> Office:
    return office_at_github


@pytest.mark.timeout(240)
def test_an_admin_sets_github_up_and_a_member_can_only_do_less(
    browser: Browser, office: Office, emulate: Emulate
) -> None:
    page = browser.new_page(viewport={"width": 1300, "height": 1700})
    page.goto(office.server.url)
    home_of(page, "Mia Chen")
    page.get_by_role("button", name="Install: GitHub").click()
    settings = page.get_by_role("dialog", name="GitHub")
    _choose(page, settings.get_by_label("Create something new", exact=False), "Ask each time")
    settings.get_by_role("button", name="Save").click()
    expect(settings).to_have_count(0, timeout=PATIENT)
    _photograph(page, "plugins-installed")

    page.get_by_role("button", name="Connect: GitHub").click()
    ways = page.get_by_role("dialog", name="Connect GitHub")
    ways.get_by_role("button", name=re.compile("GitHub App: for everybody")).click()
    app = emulate.github.app
    ways.get_by_label("App ID", exact=True).fill(str(app.id))
    ways.get_by_label("Installation ID", exact=False).fill(str(app.installation))
    ways.get_by_label("Private key", exact=False).fill("not a key")
    ways.get_by_role("button", name="Connect", exact=True).click()
    expect(ways.get_by_text("Nothing was kept", exact=False)).to_be_visible(timeout=PATIENT)
    expect(ways.get_by_label("Private key", exact=False)).to_have_value("")
    ways.get_by_label("Private key", exact=False).fill(app.private_key)
    ways.get_by_role("button", name="Connect", exact=True).click()
    done = page.get_by_role("dialog", name="GitHub", exact=True)
    expect(done.get_by_text("GitHub is connected for everybody", exact=False)).to_be_visible(timeout=PATIENT)
    _photograph(page, "plugins-connected")
    done.get_by_role("button", name="Close").last.click()

    page.get_by_role("button", name="Settings: GitHub").click()
    expect(settings.get_by_label("Create something new", exact=False)).to_have_value("Ask each time")
    settings.get_by_role("radio", name="Selected repositories").check()
    search = settings.get_by_role("combobox", name="Selected repositories")
    search.fill("octocat/hello-world")
    page.get_by_role("option", name="octocat/hello-world").click()
    page.keyboard.press("Escape")
    _photograph(page, "plugins-scope")
    settings.get_by_role("button", name="Save").click()
    expect(page.get_by_text("octocat/hello-world", exact=False)).to_be_visible(timeout=PATIENT)

    home_of(page, "Ben Okafor")
    expect(page.get_by_role("button", name="Disable for me: GitHub")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_role("button", name="Install: Linear")).to_have_count(0)
    page.get_by_role("button", name="Settings: GitHub").click()
    expect(settings.get_by_text("never more than everybody may", exact=False)).to_be_visible(timeout=PATIENT)
    expect(settings.get_by_text("Off for everybody").first).to_be_visible(timeout=PATIENT)
    _choose(page, settings.get_by_label("Read (", exact=False), "Off")
    _photograph(page, "plugins-member")
    settings.get_by_role("button", name="Save").click()
    expect(settings).to_have_count(0, timeout=PATIENT)

    team, own = _chosen(office)
    assert team.scope == ("octocat/hello-world",)
    assert team.permissions["github_create_issue"] is Permission.ASK
    assert own.permissions["github_list_issues"] is Permission.OFF
    assert "github_list_issues" not in team.permissions


def home_of(page: Page, name: str) -> None:
    page.locator("#act-as option").first.wait_for(state="attached")
    page.select_option("#act-as", label=name)
    page.get_by_role("link", name="Cowork").click()
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_text("Set up in three steps")).to_be_visible(timeout=PATIENT)


def _choose(page: Page, select: Locator, option: str) -> None:
    select.click()
    page.get_by_role("option", name=option, exact=True).click()


def _chosen(office: Office):
    """What the team has, and what Ben has for himself."""
    slack = office.local_slack
    assert slack is not None
    team, ben = slack.workspace.team_id, slack.person("ben").id
    with office.colleague.database.read() as session:
        return choices.of(session, team, "github"), choices.of(session, team, "github", user=ben)


def _photograph(page: Page, name: str) -> None:
    """Where a person wants to look at it."""
    if folder := os.environ.get("COWORK_PHOTOGRAPHS"):
        page.screenshot(path=Path(folder) / f"{name}.png")
