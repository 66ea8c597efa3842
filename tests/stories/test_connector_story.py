"""On the page: a database is connected by hand, its schema reviewed, and its server looked at when it changed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.app import Office
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.tooling import Toggle
from tests.chromium import Browser
from tests.counterparts import dbhub
from tests.rehearsal.test_goals_schema import by_hand, found_in
from tests.stories.test_people_story import opened
from tests.stories.test_plugins_story import _photograph, home_of

COWORK = Path(sys.executable).with_name("cowork")
GOAL = "Review the schema of the shop database"


@pytest.mark.timeout(240)
def test_a_database_is_connected_by_hand_its_schema_reviewed_and_its_changed_server_looked_at(
    browser: Browser, office: Office, tmp_path: Path
) -> None:
    with dbhub.reader(dbhub.filled("shop")) as dsn:
        program, *arguments = dbhub.command(tmp_path / "reports", {"shop": dsn})
        page = browser.new_page(viewport={"width": 1300, "height": 1400})
        page.goto(office.server.url)
        home_of(page, "Mia Chen")

        form = _filled(page, program, arguments, dsn)
        _is_approved(form, tmp_path / "home")
        _photograph(page, "connector-tested")
        form.get_by_role("button", name="Save").click()
        settings = page.get_by_role("dialog", name="Shop database")
        expect(settings.get_by_label("execute_sql")).to_have_value("On · read")
        settings.get_by_label("execute_sql").click()
        page.get_by_role("option", name="Ask · read").click()
        _photograph(page, "connector-settings")
        settings.get_by_role("button", name="Save").click()
        expect(settings).to_have_count(0)

        assert found_in(_reviewed(page, tmp_path)) == by_hand("shop")

        home_of(page, "Mia Chen")
        toml = tmp_path / "reports" / "dbhub.toml"
        toml.write_text(toml.read_text("utf-8").replace("readonly = true", "readonly = false"), "utf-8")
        page.get_by_role("button", name="Reconnect: Shop database").click()
        page.get_by_role("button", name="Review: Shop database").click()
        review = page.get_by_role("dialog", name="Review changes")
        was = "-Execute SQL queries on the postgres database [READ-ONLY MODE]"
        expect(review.get_by_text(was)).to_be_visible()
        _photograph(page, "connector-review")
        review.get_by_role("button", name="Accept: execute_sql").click()
        expect(review.get_by_text("nothing waits for review")).to_be_visible()

    slack = office.local_slack
    assert slack is not None
    [tool] = office.colleague.connectors.one(slack.workspace.team_id, "shop-database").tools
    assert tool.is_accepted
    assert tool.toggle == Toggle(effect=Effect.READ, permission=Permission.ASK)


def _filled(page: Page, program: str, arguments: list[str], dsn: str) -> Locator:
    """The form, once its mistakes were said at their fields and mended."""
    page.get_by_role("button", name="Add connector…").click()
    form = page.get_by_role("dialog", name="Add connector")
    form.get_by_label("Name", exact=True).fill("Shop database")
    form.get_by_label("Command", exact=True).fill("npx @bytebase/dbhub")
    variables = form.get_by_label("Secrets and variables")
    variables.fill(f"DSN={dsn}")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("DSN holds a secret itself")).to_be_visible()
    expect(form.get_by_text("The whole path of the program, such as")).to_be_visible()
    _photograph(page, "connector-misfilled")
    variables.fill("")
    form.get_by_label("Command", exact=True).fill(program)
    form.get_by_label("Arguments").fill("\n".join(arguments))
    form.get_by_role("combobox", name="Folders that it may see").click()
    page.get_by_role("option", name=re.compile("read only")).first.click()
    page.keyboard.press("Escape")
    form.get_by_role("checkbox", name=re.compile("Reach the network")).check()
    return form


def _is_approved(form: Locator, home: Path) -> None:
    """By the line that the form shows, typed into a shell as it stands; then the test finds what there is."""
    form.get_by_role("button", name="Test connection").click()
    line = form.get_by_text("cowork connectors approve").text_content() or ""
    typed = [str(COWORK), *shlex.split(line)[1:]]
    done = subprocess.run(
        typed, env={**os.environ, "COWORK_HOME": str(home)}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    form.get_by_role("button", name="Test connection").click()
    expect(form.get_by_text("Found 1 tool")).to_be_visible()
    expect(form.get_by_text("Tools: execute_sql")).to_be_visible()


def _reviewed(page: Page, folder: Path) -> str:
    """The plan that Ana gets in her thread, after a yes to whatever is asked of the database."""
    page.get_by_role("combobox", name="Act as").select_option(label="Ana Silva")
    page.get_by_role("link", name="reports", exact=True).click()
    page.get_by_role("textbox", name="Message #reports").fill(f"/cowork {GOAL}")
    page.keyboard.press("Enter")
    thread = opened(page)
    download = thread.get_by_role("link", name=re.compile("Download"))
    for asked in range(1, 4):
        thread.get_by_role("button", name="Approve").click()
        expect(thread.get_by_text("Approved by")).to_have_count(asked)
        _photograph(page, f"connector-asked-{asked}")
    expect(thread.get_by_text("16 findings")).to_be_visible()
    _photograph(page, "connector-result")
    with page.expect_download() as downloading:
        download.click()
    downloading.value.save_as(folder / "plan.md")
    return (folder / "plan.md").read_text("utf-8")
