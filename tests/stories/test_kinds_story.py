"""Allow all of this kind on the page: one yes, three edits; the card says so, and withdrawn it is asked for again."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.app import Office
from bot.rehearsal.answer import Answer, calls, text
from bot.rehearsal.script import Script
from bot.rehearsal.server import ModelDouble
from bot.rehearsal.structured import nothing_found
from bot.settings import Settings
from tests.chromium import Browser
from tests.eventually import PATIENT


def edit(notes: Path, number: int) -> Answer:
    """One name in one of the notes."""
    given = {"path": f"{notes}/{number}.md", "old_text": "Ann", "new_text": "Anne"}
    return calls(("edit_file", given))


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(1, 5):
        (folder / f"{number}.md").write_text(f"# Notes {number}\n\nAnn was there.\n")
    return folder


@pytest.fixture
def office(tmp_path: Path, notes: Path) -> Iterator[Office]:
    """With a model that edits the notes one by one."""
    edits = [edit(notes, number) for number in range(1, 5)]
    question = calls(("ask_person", {"question": "The last one, too?"}))
    double = ModelDouble(Script([*edits[:3], question, edits[3], text("Done.")]), structured=nothing_found)
    settings = Settings(
        _env_file=None,
        COWORK_HOME=tmp_path / "home",
        COWORK_FOLDERS=str(notes),
        COWORK_PORT=0,
        SLACK_BOT_TOKEN="",
        ANTHROPIC_API_KEY="key",
        ANTHROPIC_BASE_URL=double.start(),
        COWORK_MODEL_ENDPOINT="anthropic",
        COWORK_MAX_TURNS=9,
    )
    office = Office(settings)
    office.start()
    yield office
    office.stop()
    double.stop()


@pytest.mark.timeout(240)
def test_one_yes_is_for_all_edits_of_a_folder_until_it_is_withdrawn(
    browser: Browser, office: Office, notes: Path
) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1500})
    page.goto(office.server.url)
    page.get_by_role("link", name="reports", exact=True).click()
    page.get_by_role("textbox", name="Message #reports").fill(
        "/cowork Write Anne for Ann in the notes folder"
    )
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"^\d+ repl(y|ies)")).first.click(timeout=PATIENT)
    thread = page.get_by_role("complementary", name="Thread")
    allow = thread.get_by_role("button", name="Allow all of this kind")
    expect(thread.get_by_text(re.compile("also allows up to 25 more “edit file” in notes"))).to_be_visible(
        timeout=PATIENT
    )
    _photograph(page, "kinds-offer")
    allow.click()

    expect(thread.get_by_text("The last one, too?").first).to_be_visible(timeout=PATIENT)
    expect(thread.get_by_text(re.compile("approved up to 23 more “edit file” in notes"))).to_be_visible(
        timeout=PATIENT
    )
    assert ["Anne" in (notes / f"{number}.md").read_text() for number in range(1, 5)] == [True] * 3 + [False]
    _photograph(page, "kinds-allowed")

    thread.get_by_role("button", name="Withdraw").click()
    expect(thread.get_by_role("button", name="Withdraw")).to_have_count(0, timeout=PATIENT)
    page.get_by_role("textbox", name="Reply in thread").fill("Yes, go on")
    page.keyboard.press("Enter")
    expect(allow).to_be_visible(timeout=PATIENT)
    _photograph(page, "kinds-again")
    thread.get_by_role("button", name="Approve", exact=True).click()
    expect(thread.get_by_role("button", name="Undo")).to_be_visible(timeout=PATIENT)


def _photograph(page: Page, name: str) -> None:
    """Where a person wants to look at it."""
    if folder := os.environ.get("COWORK_PHOTOGRAPHS"):
        page.screenshot(path=Path(folder) / f"{name}.png")
