"""The form: opened while the trigger is fresh, filled in, refused with its reasons, or begun."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.grant import FolderGrant
from bot.domain.task import Autonomy
from bot.emulator.wire import SlackError
from bot.slack.views import new_task, preferences
from tests.eventually import PATIENCE

Office = Any
Given = dict[str, dict[str, Any]]


def goal(text: str) -> Given:
    return {new_task.GOAL_BLOCK: {new_task.GOAL: {"type": "plain_text_input", "value": text}}}


def chosen(view: dict[str, Any], block: str, value: str) -> Given:
    element = next(one for one in view["blocks"] if one["block_id"] == block)["element"]
    option = next(one for one in element["options"] if one["value"] == value)
    return {block: {element["action_id"]: {"type": element["type"], "selected_option": option}}}


def test_the_command_alone_opens_the_form_and_its_submission_is_a_task(office: Office) -> None:
    office.ana.command("reports", "/cowork")
    form = office.modal(office.ana, "New task")

    filled = goal("Tidy up") | chosen(form, new_task.AUTONOMY_BLOCK, "supervised")
    answer = office.ana.submit(form["id"], filled | chosen(form, new_task.OUTPUT_BLOCK, "csv"))

    assert answer["result"] == "closed"
    office.shown("Queued: Tidy up")
    [task] = office.tasks()
    assert (task.goal, task.autonomy, task.output) == ("Tidy up", Autonomy.SUPERVISED, "CSV")
    assert task.folders == (FolderGrant(path=str(office.folder)),)
    assert (task.place.channel, task.person.user) == (office.reports, office.ana.id)


def test_no_folder_means_none(office: Office) -> None:
    office.ana.command("reports", "/cowork")
    form = office.modal(office.ana, "New task")

    office.ana.submit(form["id"], goal("Think") | chosen(form, new_task.FOLDER_BLOCK, new_task.NO_FOLDER))

    assert [task.folders for task in office.tasks()] == [()]


def test_a_form_that_cannot_be_taken_says_why_at_its_field_and_keeps_what_was_typed(office: Office) -> None:
    office.ana.command("reports", "/cowork")
    form = office.modal(office.ana, "New task")

    assert office.ana.submit(form["id"], goal("   "))["errors"] == {
        new_task.GOAL_BLOCK: "Tell me the goal, for example: /cowork Organize the reports folder."
    }
    office.settings.folders = ()
    answer = office.ana.submit(form["id"], goal("Tidy up"))

    assert answer["errors"] == {new_task.FOLDER_BLOCK: "This folder is not granted any more. Choose another."}
    assert office.modal(office.ana, "New task")["id"] == form["id"]
    assert office.tasks() == []


def test_a_submission_that_comes_twice_is_one_task(office: Office) -> None:
    office.ana.command("reports", "/cowork")
    form = office.modal(office.ana, "New task")
    office.slack.control.drop_ack()
    office.slack.workspace.timings.ack = 0.3

    with pytest.raises(SlackError, match="operation_timeout"):
        office.ana.submit(form["id"], goal("Tidy up"))
    office.slack.workspace.timings.ack = PATIENCE
    assert office.ana.submit(form["id"], goal("Tidy up"))["result"] == "closed"

    assert [task.goal for task in office.tasks()] == ["Tidy up"]


def test_an_expired_trigger_gives_a_fresh_button_that_opens_the_form(office: Office, until: Any) -> None:
    office.slack.workspace.timings.trigger = -1.0
    office.ana.command("reports", "/cowork")
    office.told(office.ana, "That took too long to open.")
    office.slack.workspace.timings.trigger = PATIENCE

    [late] = office.slack.workspace.ephemerals.values()
    office.ana.press({key: value for key, value in late.items() if key != "to"}, "open_form")

    assert office.modal(office.ana, "New task")["private_metadata"] == office.reports


def test_a_message_handed_over_fills_the_form_and_its_thread_is_the_place(office: Office) -> None:
    said = office.ben.say("reports", "Someone should tidy the <reports>")
    office.ana.shortcut("hand_to_cowork", "reports", said["ts"])
    form = office.modal(office.ana, "New task")
    typed = next(one for one in form["blocks"] if one["block_id"] == new_task.GOAL_BLOCK)["element"]
    assert typed["initial_value"] == "Someone should tidy the <reports>"

    office.ana.submit(form["id"], goal("Tidy the reports"))

    assert office.shown("Queued: Tidy the reports")["thread_ts"] == said["ts"]


def test_the_global_shortcut_begins_a_task_in_the_direct_messages(office: Office) -> None:
    office.ana.shortcut("new_task")
    form = office.modal(office.ana, "New task")

    office.ana.submit(form["id"], goal("Tidy up"))

    office.shown("Queued: Tidy up", office.ana.bot_dm)


def test_settings_are_kept_and_used_for_the_next_task(office: Office) -> None:
    office.ana.command("reports", "/cowork settings")
    form = office.modal(office.ana, "Settings")

    office.ana.submit(form["id"], chosen(form, preferences.LEVEL_BLOCK, "autonomous"))
    office.ana.command("reports", "/cowork Tidy up")

    assert [task.autonomy for task in office.tasks()] == [Autonomy.AUTONOMOUS]


def test_the_home_tab_shows_ones_tasks_and_takes_the_choice_of_autonomy(
    office: Office, until: Any, words: Any
) -> None:
    office.ana.command("reports", "/cowork Tidy the attic")
    office.ana.home()
    view = until(lambda: office.ana.home())
    assert "Tidy the attic" in words(view)
    assert str(office.folder) in words(view)

    block = next(
        one for one in view["blocks"] if one.get("accessory", {}).get("action_id") == "home_autonomy"
    )
    option = next(one for one in block["accessory"]["options"] if one["value"] == "supervised")
    office.ana.click(
        {"type": "view", "view_id": view["id"]},
        block["block_id"],
        "home_autonomy",
        chosen={"selected_option": option},
    )
    office.ana.command("reports", "/cowork Tidy the cellar")

    assert office.tasks()[-1].autonomy is Autonomy.SUPERVISED


def test_the_messages_tab_offers_something_to_begin_with(office: Office, until: Any) -> None:
    office.ana.home("messages")

    until(lambda: office.slack.log("assistant.threads.setSuggestedPrompts"))
    assert [one.error for one in office.slack.log("assistant.threads.setSuggestedPrompts")] == [None]
