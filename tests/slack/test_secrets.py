"""A secret in somebody's message: hidden before it is written down, and they are told, privately."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from bot.domain.task import TaskState
from bot.slack.views import redirect

Office = Any

TOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
SHOWN = "ghp_…(hidden: GitHub token)"


def kept_anywhere(office: Office) -> list[str]:
    """The tables that hold the token."""
    with office.database.read() as session:
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return [
            name for name in names if TOKEN[4:] in str(session.execute(text(f'SELECT * FROM "{name}"')).all())
        ]


def test_a_token_in_a_goal_is_hidden_and_its_author_is_told(office: Office) -> None:
    office.ana.command("reports", f"/cowork Tidy the issues with {TOKEN} please")

    card = office.shown("Queued: ")
    office.told(office.ana, "I hid a secret in what you wrote")
    [shown] = office.slack.workspace.ephemerals.values()
    assert "GitHub token" in str(shown["blocks"]) and "revoke" in str(shown["blocks"])
    [task] = office.tasks()
    assert task.goal == f"Tidy the issues with {SHOWN} please"
    assert TOKEN[4:] not in str(card) + str(shown)
    assert kept_anywhere(office) == []


def test_a_token_in_a_reply_is_hidden_and_its_author_is_told(office: Office) -> None:
    root = office.ana.say(office.ana.bot_dm, "Tidy the reports")
    office.shown("Queued: ", office.ana.bot_dm)

    office.ana.say(office.ana.bot_dm, f"use {TOKEN}", thread_ts=root["ts"])

    office.told(office.ana, "I hid a secret in what you wrote")
    assert kept_anywhere(office) == []


def test_what_others_said_in_the_thread_before_is_hidden_too(office: Office) -> None:
    root = office.ben.say("reports", f"The token is {TOKEN}")

    office.ana.say("reports", "@cowork mend it", thread_ts=root["ts"])

    office.shown("Queued: mend it")
    [task] = office.tasks()
    assert task.context.endswith("The token is …(hidden: GitHub token)")
    assert kept_anywhere(office) == []


def test_a_redirection_with_a_token_is_hidden_and_its_author_is_told(office: Office, until: Any) -> None:
    task = office.task(office.ana, "Tidy the reports")
    office.asked(task=office.working(task.id))
    office.ana.press(office.shown("Your decision is needed"), "approval_redirect")
    form = office.modal(office.ana, "Redirect")

    office.ana.submit(
        form["id"],
        {redirect.WORDS_BLOCK: {redirect.WORDS: {"type": "plain_text_input", "value": f"use {TOKEN}"}}},
    )

    until(lambda: office.record.pending(task.id) is None)
    until(lambda: "I hid a secret in what you wrote" in office.texts(office.ana.bot_dm))
    assert kept_anywhere(office) == []


def test_what_the_model_or_a_tool_let_slip_is_not_posted_and_stands_in_no_window(office: Office) -> None:
    ours = office.settings.slack_app_token.get_secret_value()
    office.task(office.ana, f"Say it {TOKEN}")
    office.ended(office.working(), TaskState.DONE, answer=f"They are {ours} and {TOKEN}.")

    report = office.shown("They are ")
    assert "…(hidden: SLACK_APP_TOKEN)" in str(report) and SHOWN in str(report)
    assert ours not in str(office.messages()) and TOKEN[4:] not in str(office.messages())


def test_a_token_put_in_by_an_edit_of_the_goal_is_hidden(office: Office) -> None:
    said = office.ana.say(office.ana.bot_dm, "Tidy the reports")
    office.shown("Queued: ", office.ana.bot_dm)

    office.ana.edit(office.ana.bot_dm, said["ts"], f"Tidy with {TOKEN}")

    office.told(office.ana, "I hid a secret in what you wrote")
    assert office.tasks()[0].edited_goal == f"Tidy with {SHOWN}"
    assert TOKEN[4:] not in str(list(office.slack.workspace.ephemerals.values()))
    assert kept_anywhere(office) == []
