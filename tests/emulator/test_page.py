"""The page in a browser, used by what a person can see: labels, roles and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Error, Page, expect
from slack_bolt import App
from slack_sdk import WebClient

from bot.emulator.delivery import Timings
from bot.emulator.server import LocalSlack
from tests.chromium import Browser

Visit = Callable[..., Page]
Json = dict[str, Any]


@pytest.fixture
def timings() -> Timings:
    return Timings(ack=3.0, retries=(0.0, 0.05, 0.1), file_share=0.02)


@pytest.fixture
def visit(browser: Browser, slack: LocalSlack) -> Iterator[Visit]:
    """Open a place as someone, each in a browser of their own; a script error fails the test."""
    pages: list[Page] = []
    problems: list[str] = []

    def heard(problem: Error) -> None:
        problems.append(str(problem))

    def opened(name: str, place: str) -> Page:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        pages.append(page)
        page.on("pageerror", heard)
        page.goto(f"{slack.url}/?as={slack.person(name).id}#/{place}")
        return page

    yield opened
    for page in pages:
        page.remove_listener("pageerror", heard)
    assert problems == []


def test_what_one_person_writes_the_other_sees_at_once(visit: Visit, slack: LocalSlack) -> None:
    ana, ben = visit("ana", slack.channel("reports")), visit("ben", slack.channel("general"))
    expect(ben.get_by_role("textbox", name="Message #general")).to_be_visible()

    write(ana, "Message #reports", "*Q1* is ready, see https://example.com/q1 <now> @ben")

    expect(ben.get_by_role("link", name="reports").get_by_label("1 unread")).to_be_visible()
    ben.get_by_role("link", name="reports").click()
    message = ben.get_by_role("article", name=re.compile("Ana Silva"))
    expect(message).to_contain_text("Q1 is ready, see https://example.com/q1 <now> @ben")
    expect(message.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")
    expect(ben.get_by_label("1 unread")).to_have_count(0)


def test_a_command_opens_a_form_whose_errors_stand_under_their_fields(
    visit: Visit, slack: LocalSlack, connect: Callable[[], App]
) -> None:
    app, submitted = connect(), []

    @app.command("/cowork")
    def open_form(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("new_task")
    def submit(ack: Any, view: Json) -> None:
        values = view["state"]["values"]
        submitted.append((values["goal"]["words"]["value"], chosen(values["folder"]["path"])))
        refused = {"folder": "This folder is not granted."}
        ack() if submitted[-1][1] == "/notes" else ack(response_action="errors", errors=refused)

    page = visit("ana", slack.channel("reports"))
    write(page, "Message #reports", "/cowork")
    form = page.get_by_role("dialog", name="New task")
    form.get_by_role("button", name="Start").click()
    expect(form.get_by_text("Please complete this required field.")).to_have_count(2)
    form.get_by_label("Goal").fill("Sort it")
    choose(form, "Folder", "/reports")
    form.get_by_role("button", name="Start").click()
    expect(form.get_by_text("This folder is not granted.")).to_be_visible()
    choose(form, "Folder", "/notes")
    form.get_by_role("button", name="Start").click()

    expect(form).to_be_hidden()
    assert submitted == [("Sort it", "/reports"), ("Sort it", "/notes")]


def test_an_approval_in_a_thread_is_clicked_and_its_buttons_are_gone(
    visit: Visit, slack: LocalSlack, client: WebClient, connect: Callable[[], App]
) -> None:
    app = connect()

    @app.action("approve")
    def approve(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        who = f"Approved by <@{body['user']['id']}>"
        client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text=who, blocks=[section(who)]
        )

    root = client.chat_postMessage(channel=slack.channel("reports"), text="Sort", blocks=[PLAN])
    client.chat_postMessage(
        channel=slack.channel("reports"), thread_ts=root["ts"], text="Move 57 files?", blocks=CHECKPOINT
    )
    page = visit("ana", slack.channel("reports"))
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("listitem").filter(has_text="Read each file")).to_contain_text("40 files")
    expect(thread.get_by_role("img", name="In progress")).to_be_visible()
    thread.get_by_role("button", name="Approve").click()

    expect(thread.get_by_text("Approved by @ana")).to_be_visible()
    expect(thread.get_by_role("button", name="Approve")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()


def test_an_element_keeps_the_focus_while_its_message_changes(
    visit: Visit, slack: LocalSlack, client: WebClient
) -> None:
    place = slack.channel("reports")
    posted = client.chat_postMessage(channel=place, text="1", blocks=[section("step 1"), *CHECKPOINT])
    page = visit("ana", place)
    button = page.get_by_role("button", name="Redirect…")
    button.focus()

    client.chat_update(
        channel=place, ts=posted["ts"], text="2", blocks=[section("step 2"), PLAN, *CHECKPOINT]
    )

    expect(page.get_by_text("step 2")).to_be_visible()
    expect(button).to_be_focused()


def test_files_are_sent_with_a_message_and_downloaded_by_another_person(
    visit: Visit, slack: LocalSlack
) -> None:
    ana, ben = visit("ana", slack.channel("reports")), visit("ben", slack.channel("reports"))
    notes = {"name": "notes.md", "mimeType": "text/markdown", "buffer": b"# Notes"}
    ana.get_by_label("Attach files").set_input_files(notes)
    write(ana, "Message #reports", "The notes")

    with ben.expect_download() as download:
        ben.get_by_role("link", name="Download notes.md").click()

    assert download.value.path().read_bytes() == b"# Notes"


def test_one_acts_as_another_person_in_the_same_place(visit: Visit, slack: LocalSlack) -> None:
    page = visit("ana", slack.channel("reports"))
    page.get_by_label("Act as").select_option(label="Ben Okafor")

    page.wait_for_url(re.compile(f"as={slack.person('ben').id}"))
    expect(page.get_by_role("textbox", name="Message #reports")).to_be_visible()
    expect(page.get_by_label("Act as")).to_have_value(slack.person("ben").id)


def test_the_page_catches_up_after_the_stream_broke(visit: Visit, slack: LocalSlack) -> None:
    page = visit("ana", slack.channel("reports"))
    expect(page.get_by_role("textbox", name="Message #reports")).to_be_visible()
    page.route("**/page/api/stream*", lambda route: route.abort())
    slack.workspace.broadcast.close()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    slack.person("ben").say(slack.channel("reports"), "said meanwhile")
    page.unroute("**/page/api/stream*")

    expect(page.get_by_text("said meanwhile")).to_be_visible()
    expect(page.get_by_text("Reconnecting…")).to_be_hidden()


def test_what_is_heard_while_a_thread_is_asked_for_is_newer_than_the_answer(
    visit: Visit, slack: LocalSlack, client: WebClient
) -> None:
    place = slack.channel("reports")
    root = client.chat_postMessage(channel=place, text="Sort")["ts"]
    first, second = (
        client.chat_postMessage(channel=place, thread_ts=root, text=words)["ts"] for words in ("one", "two")
    )
    page, held = visit("ana", place), []
    page.route("**/page/api/replies*", lambda route: held.append(route))
    with page.expect_request("**/page/api/replies*") as asked:
        page.get_by_role("button", name="2 replies").click()
    before = httpx2.get(asked.value.url).json()

    client.chat_delete(channel=place, ts=first)
    client.chat_update(channel=place, ts=second, text="two, changed")
    client.chat_postMessage(channel=place, thread_ts=root, text="three")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("three")).to_be_visible()
    held[0].fulfill(json=before)

    expect(thread.get_by_role("article")).to_contain_text(["Sort", "two, changed", "three"])


def test_what_was_said_before_the_stream_came_late_is_shown(visit: Visit, slack: LocalSlack) -> None:
    page, held = visit("ana", slack.channel("reports")), []
    expect(page.get_by_role("textbox", name="Message #reports")).to_be_visible()
    page.route("**/page/api/stream*", lambda route: held.append(route))
    page.reload()
    expect(page.get_by_role("textbox", name="Message #reports")).to_be_visible()
    slack.person("ben").say(slack.channel("reports"), "said meanwhile")
    held[0].continue_()

    expect(page.get_by_text("said meanwhile")).to_be_visible()


def test_words_are_never_markup(visit: Visit, slack: LocalSlack, client: WebClient) -> None:
    attack = "<img src=x onerror=window.hit=1> <javascript:alert(1)|here> [x](javascript:alert(2))"
    blocks = [section(attack), {"type": "markdown", "text": attack}]
    client.chat_postMessage(channel=slack.channel("reports"), text=attack, blocks=blocks)
    slack.person("ana").say(slack.channel("reports"), attack)
    page = visit("ana", slack.channel("reports"))

    expect(page.get_by_role("article")).to_have_count(2)
    assert page.evaluate("window.hit") is None
    assert page.get_by_role("article").get_by_role("link").count() == 0


def write(page: Page, label: str, words: str) -> None:
    field = page.get_by_role("textbox", name=label)
    field.fill(words)
    field.press("Enter")


def choose(form: Any, label: str, option: str) -> None:
    form.get_by_label(label).click()
    form.get_by_role("option", name=option).click()


def chosen(value: Json) -> str:
    return str(value["selected_option"]["value"])


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def section(words: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def step(number: int, title: str, status: str, output: str = "") -> Json:
    text = {"type": "rich_text_section", "elements": [{"type": "text", "text": output}]}
    rich = {"output": {"type": "rich_text", "elements": [text]}} if output else {}
    return {"type": "task_card", "task_id": str(number), "title": title, "status": status, **rich}


PLAN = {
    "type": "plan",
    "title": "Sort the reports",
    "tasks": [step(1, "Read each file", "complete", "40 files"), step(2, "Move them", "in_progress")],
}
CHECKPOINT = [
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "approve", "text": plain("Approve"), "style": "primary"},
            {"type": "button", "action_id": "redirect", "text": plain("Redirect…")},
        ],
    }
]
FORM = {
    "type": "modal",
    "callback_id": "new_task",
    "title": plain("New task"),
    "submit": plain("Start"),
    "blocks": [
        {
            "type": "input",
            "block_id": "goal",
            "label": plain("Goal"),
            "element": {"type": "plain_text_input", "action_id": "words"},
        },
        {
            "type": "input",
            "block_id": "folder",
            "label": plain("Folder"),
            "element": {
                "type": "static_select",
                "action_id": "path",
                "options": [{"text": plain(path), "value": path} for path in ("/reports", "/notes")],
            },
        },
    ],
}
