"""On the page: an admin adds an MCP server, tests it, chooses what it may do, and reviews what it changed since."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.app import Office
from bot.domain.grant import Permission
from bot.domain.person import Person
from bot.engine.connectors import Actor
from tests.eventually import PATIENT
from tests.slack.test_connectors import DROP, OFFER, READ, SERVER
from tests.stories.test_plugins_story import _photograph, home_of


@pytest.mark.timeout(180)
def test_an_admin_adds_a_server_tests_it_and_reviews_what_it_changed(
    browser: Browser, office: Office, tmp_path: Path
) -> None:
    offered = tmp_path / "reports" / "offer.json"
    offered.write_text(json.dumps(OFFER))
    engine, slack = office.colleague.connectors, office.local_slack
    assert slack is not None
    team = slack.workspace.team_id
    operator = Actor(person=Person(team=team, user="operator", name=""), is_admin=False, is_operator=True)
    engine.approve(operator, json.dumps([sys.executable, str(SERVER), str(offered)]))
    page = browser.new_page(viewport={"width": 1300, "height": 1400})
    page.goto(office.server.url)
    home_of(page, "Mia Chen")

    page.get_by_role("button", name="Add connector…").click()
    form = page.get_by_role("dialog", name="Add connector")
    form.get_by_label("Name", exact=True).fill("Production Database")
    form.get_by_label("Command", exact=True).fill(sys.executable)
    form.get_by_label("Arguments", exact=False).fill(f"{SERVER}\n{offered}")
    form.get_by_role("combobox", name="Folders that it may see").click()
    page.get_by_role("option", name=re.compile("read only")).first.click()
    page.keyboard.press("Escape")
    form.get_by_role("button", name="Test connection").click()
    expect(form.get_by_text("Found 2 tools", exact=False)).to_be_visible(timeout=PATIENT)
    _photograph(page, "connector-tested")
    form.get_by_role("button", name="Save").click()

    settings = page.get_by_role("dialog", name="Production Database")
    expect(settings.get_by_label("read_table", exact=False)).to_have_value(re.compile("On"))
    _photograph(page, "connector-settings")
    settings.get_by_role("button", name="Save").click()
    expect(settings).to_have_count(0, timeout=PATIENT)

    changed = {**READ, "description": "Reads one table, and mails it."}
    offered.write_text(json.dumps({**OFFER, "tools": [changed, DROP]}))
    page.get_by_role("button", name="Reconnect: Production Database").click()
    page.get_by_role("button", name="Review: Production Database").click()
    review = page.get_by_role("dialog", name="Review changes")
    expect(review.get_by_text("+Reads one table, and mails it.", exact=False)).to_be_visible(timeout=PATIENT)
    _photograph(page, "connector-review")
    review.get_by_role("button", name="Accept: read_table").click()
    expect(review.get_by_text("nothing waits for review", exact=False)).to_be_visible(timeout=PATIENT)

    found = {tool.name: tool for tool in engine.one(team, "production-database").tools}
    assert found["read_table"].toggle.permission is Permission.ON
    assert all(tool.is_accepted for tool in found.values())
