"""A task that needs GitHub asks for a sign-in, Ana signs in on the pages of a browser, and the task goes on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from bot.app import Office
from bot.domain.choice import Choice
from bot.domain.person import Person
from bot.sdk.connect import Per
from bot.settings import Settings
from bot.store import choices
from tests.chromium import Browser
from tests.counterparts.emulate import Emulate
from tests.eventually import PATIENT
from tests.stories.conftest import assert_nothing_was_refused
from tests.stories.test_people_story import opened, photograph, seated

GOAL = "Prepare a summary of all open issues in octocat/hello-world, grouped by severity"


@pytest.fixture
def connectable(tmp_path: Path, emulate: Emulate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """GitHub, Google and Linear are installed for reading, and nobody is signed in to them."""
    github, google, linear = emulate.github, emulate.google, emulate.linear
    given = {
        "GITHUB_API_URL": github.url,
        "GITHUB_WEB_URL": github.url,
        "GITHUB_CLIENT_ID": github.oauth.id,
        "GITHUB_CLIENT_SECRET": github.oauth.secret,
        "GOOGLE_ACCOUNTS_URL": google.url,
        "GOOGLE_OAUTH_URL": f"{google.url}/oauth2",
        "GOOGLE_DRIVE_URL": google.url,
        "GOOGLE_CLIENT_ID": google.oauth.id,
        "GOOGLE_CLIENT_SECRET": google.oauth.secret,
        "LINEAR_API_URL": linear.url,
        "LINEAR_WEB_URL": linear.url,
        "LINEAR_CLIENT_ID": linear.oauth.id,
        "LINEAR_CLIENT_SECRET": linear.oauth.secret,
    }
    for name, value in given.items():
        monkeypatch.setenv(f"COWORK_{name}", value)
    settings = Settings(
        _env_file=None,
        COWORK_HOME=tmp_path / "home",
        COWORK_PORT=0,
        SLACK_BOT_TOKEN="",
        ANTHROPIC_API_KEY="",
        ANTHROPIC_BASE_URL="",
    )
    office = Office(settings)
    emulate.redirects_to(office.server.url)
    assert office.local_slack is not None
    team = office.local_slack.workspace.team_id
    admin = Person(team=team, user="UADMIN", name="Ada")
    with office.colleague.database.write("choices.choose") as session:
        for name in ("github", "google", "linear"):
            known = Choice(known=frozenset(office.colleague.plugins.there[name].tools))
            choices.choose(session, admin, name, known, now=office.colleague.clock())
    office.start()
    yield office
    office.stop()
    assert_nothing_was_refused(office)


@pytest.mark.timeout(300)
def test_a_task_asks_for_a_sign_in_and_goes_on_when_it_is_made(
    browser: Browser, connectable: Office, emulate: Emulate
) -> None:
    with httpx2.Client(headers={"Authorization": f"Bearer {emulate.github.token}"}) as github:
        made = github.post(
            f"{emulate.github.url}/repos/octocat/hello-world/issues", json={"title": "Login fails"}
        )
        assert made.status_code == 201
    ana = seated(browser, connectable, "Ana Silva")
    ana.get_by_role("textbox", name="Message #reports").fill(f"/cowork {GOAL}")
    ana.keyboard.press("Enter")
    thread = opened(ana)
    expect(thread.get_by_text(re.compile("this needs GitHub, which is not connected yet"))).to_be_visible(
        timeout=PATIENT
    )
    photograph(thread, "connect-asked")

    page = at_our_page(ana, thread, "GitHub")
    expect(page.get_by_role("heading", name="Connect GitHub")).to_be_visible()
    expect(page.get_by_text("For Ana Silva in Acme")).to_be_visible()
    in_all_lights(page, "connect-page")
    page.get_by_role("button", name="Show me the code in Slack").click()
    digits = page.get_by_role("textbox", name="The six digits from Slack")
    digits.fill("000000")
    page.get_by_role("button", name="Go on to GitHub").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not the code")
    in_all_lights(page, "connect-code")
    digits.fill(code_in_slack(ana))
    page.get_by_role("button", name="Go on to GitHub").click()
    photograph(page.locator("body"), "connect-github")
    page.get_by_role("button", name=re.compile("octocat")).click()
    expect(page.get_by_role("heading", name="GitHub is connected")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_text("As octocat, for Ana Silva in Acme")).to_be_visible()
    in_all_lights(page, "connect-done")

    ana.close()
    ana = seated(browser, connectable, "Ana Silva")
    thread = opened(ana)
    expect(thread.get_by_text("GitHub is connected as octocat. The task goes on.")).to_be_visible(
        timeout=PATIENT
    )
    thread.get_by_role("button", name="Approve").click(timeout=PATIENT)
    expect(thread.get_by_text(re.compile("Done: 1 open issue of octocat/hello-world")).first).to_be_visible(
        timeout=PATIENT
    )
    photograph(thread, "connect-went-on")


@pytest.mark.parametrize(("name", "title"), [("google", "Google Workspace"), ("linear", "Linear")])
@pytest.mark.timeout(200)
def test_others_are_signed_in_to_on_their_own_pages(
    browser: Browser, connectable: Office, name: str, title: str
) -> None:
    ana = seated(browser, connectable, "Ana Silva")
    slack = connectable.local_slack
    assert slack is not None
    user = next(one for one in slack.workspace.store.every("user") if one.get("real_name") == "Ana Silva")
    person = Person(team=slack.workspace.team_id, user=user["id"], name="Ana Silva")
    page = browser.new_page()
    page.goto(connectable.colleague.reception.linking.link_for(person, name, "oauth", Per.PERSON))
    page.get_by_role("button", name="Show me the code in Slack").click()
    page.get_by_role("textbox", name="The six digits from Slack").fill(code_in_slack(ana))
    page.get_by_role("button", name=f"Go on to {title}").click()
    page.get_by_role("button", name=re.compile("ana@example.com")).click()

    expect(page.get_by_role("heading", name=f"{title} is connected")).to_be_visible(timeout=PATIENT)
    [own] = connectable.colleague.reception.connections.health(person.team, person.user).own
    assert own.is_ok and own.scopes
    photograph(page.locator("body"), f"connect-{name}")


def at_our_page(ana: Page, thread: Locator, title: str) -> Page:
    """By the button in the thread, the way by the service's page, and the link that it gives."""
    thread.get_by_role("button", name=f"Connect {title}").click()
    modal = ana.get_by_role("dialog")
    modal.get_by_role("button", name=f"Sign in with {title}: for yourself").click(timeout=PATIENT)
    with ana.context.expect_page() as opening:
        modal.get_by_role("button", name=f"Go to {title}").click(timeout=20_000)
    return opening.value


def code_in_slack(ana: Page) -> str:
    """What Cowork told Ana directly."""
    ana.bring_to_front()
    ana.keyboard.press("Escape")
    ana.get_by_role("link", name=re.compile("cowork", re.IGNORECASE)).first.click()
    said = ana.get_by_text(re.compile(r"^\d{6} is your code to connect")).last
    expect(said).to_be_visible(timeout=PATIENT)
    return (said.text_content() or "")[:6]


def in_all_lights(page: Page, name: str) -> None:
    """Light, dark, and as narrow as a telephone."""
    if not os.environ.get("COWORK_PHOTOGRAPHS"):
        return
    for light in ("light", "dark"):
        page.emulate_media(color_scheme=light)
        page.set_viewport_size({"width": 1000, "height": 700})
        photograph(page.locator("body"), f"{name}-{light}")
    page.set_viewport_size({"width": 360, "height": 700})
    photograph(page.locator("body"), f"{name}-narrow")
