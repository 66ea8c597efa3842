"""Whoever edits the message of their goal is asked whether to start again, and nothing happens by itself."""

from __future__ import annotations

from typing import Any

from bot.domain.task import TaskState

Office = Any

ASKED = "You changed the goal. Shall I start again with the new one?"
TIDY, YEARS, TEAMS = "tidy the reports", "tidy the reports by year", "tidy the reports by team"


def begun(office: Office) -> dict[str, Any]:
    """Ana asked for it by a message of hers, and it is being worked on."""
    said: dict[str, Any] = office.ana.say("reports", f"@cowork {TIDY}")
    office.shown(f"Queued: {TIDY}")
    office.working()
    return said


def edit(office: Office, said: dict[str, Any], words: str) -> dict[str, Any]:
    """The offer that Ana alone sees after she changed her words."""
    before = len(office.whispered(office.ana))
    office.ana.edit("reports", said["ts"], f"@cowork {words}")
    return offered(office, before)


def offered(office: Office, before: int = 0) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        mine = [one for one in list(office.slack.workspace.ephemerals.values()) if one["to"] == office.ana.id]
        return mine[before] if len(mine) > before else None

    offer: dict[str, Any] = office.eventually(found)
    assert offer["text"] == ASKED
    return {key: value for key, value in offer.items() if key != "to"}


def offers_of(office: Office, actions: Any) -> list[dict[str, Any]]:
    """The cards that offer to start again."""
    return [one for one in office.messages() if "offer_again" in actions(one)]


def offering(office: Office, actions: Any) -> dict[str, Any]:
    [card] = office.eventually(lambda: offers_of(office, actions))
    found: dict[str, Any] = card
    return found


def goals(office: Office) -> list[tuple[str, TaskState, str]]:
    return [(task.goal, task.state, task.stop_by) for task in office.tasks()]


def test_the_goal_stands_until_its_author_starts_again_with_the_new_one(office: Office, words: Any) -> None:
    said = begun(office)
    offer = edit(office, said, YEARS)

    assert f"> {YEARS}" in words(offer)
    assert "I go on with the first wording." in words(offer)
    assert goals(office) == [(TIDY, TaskState.WORKING, "")]
    office.ana.press(offer, "offer_again")

    card = office.shown(f"Queued: {YEARS}")
    assert card["thread_ts"] == said["ts"]
    assert goals(office) == [(TIDY, TaskState.WORKING, "Ana Silva"), (YEARS, TaskState.QUEUED, "")]


def test_the_offer_stands_on_the_card_until_it_is_taken(office: Office, words: Any, actions: Any) -> None:
    edit(office, begun(office), YEARS)
    card = offering(office, actions)

    assert "<@" + office.ana.id + "> changed the goal*\n> " + YEARS + "\nI go on with" in words(card)
    office.ana.press(card, "offer_again")

    office.shown(f"Queued: {YEARS}")
    office.eventually(lambda: not offers_of(office, actions))
    assert [goal for goal, *_ in goals(office)] == [TIDY, YEARS]


def test_of_a_goal_that_was_edited_back_nothing_is_offered_on_the_card(office: Office, actions: Any) -> None:
    said = begun(office)
    edit(office, said, YEARS)
    offering(office, actions)

    office.ana.edit("reports", said["ts"], f"@cowork {TIDY}")

    office.eventually(lambda: not offers_of(office, actions))


def test_an_offer_can_be_taken_from_the_card_of_what_has_ended(
    office: Office, words: Any, actions: Any
) -> None:
    said = begun(office)
    office.ended(office.tasks()[0], TaskState.DONE, answer="Tidied.")
    office.shown("Done: ")
    edit(office, said, YEARS)
    card = offering(office, actions)

    assert "The task with the first wording has ended" in words(card)
    office.ana.press(card, "offer_again")

    office.shown(f"Queued: {YEARS}")
    office.eventually(lambda: not offers_of(office, actions))


def test_pressed_twice_it_starts_once_and_the_second_press_is_told(office: Office) -> None:
    offer = edit(office, begun(office), YEARS)

    office.ana.press(offer, "offer_again")
    office.ana.press(offer, "offer_again")

    office.told(office.ana, "I have already started again with the new goal.")
    assert [goal for goal, *_ in goals(office)] == [TIDY, YEARS]


def test_the_last_wording_counts_and_one_that_is_delivered_late_does_not(office: Office, until: Any) -> None:
    said = begun(office)
    first = edit(office, said, YEARS)
    edit(office, said, TEAMS)
    changes = [
        one.request["payload"]
        for one in office.slack.log("events_api message", kind="delivery")
        if one.request["payload"]["event"].get("subtype") == "message_changed"
    ]
    years = next(one for one in changes if YEARS in one["event"]["message"]["text"])
    office.slack.workspace.delivery.event(years)
    until(
        lambda: len([one for one in office.slack.log("events_api message", kind="delivery") if one.ok]) >= 4
    )

    office.ana.press(first, "offer_again")

    office.shown(f"Queued: {TEAMS}")
    assert [goal for goal, *_ in goals(office)] == [TIDY, TEAMS]
    assert len(office.whispered(office.ana)) == 2


def test_a_goal_that_was_started_again_can_be_edited_once_more(office: Office) -> None:
    said = begun(office)
    office.ana.press(edit(office, said, YEARS), "offer_again")
    office.shown(f"Queued: {YEARS}")

    office.ana.press(edit(office, said, TEAMS), "offer_again")

    office.shown(f"Queued: {TEAMS}")
    assert [(goal, bool(stop)) for goal, _, stop in goals(office)] == [
        (TIDY, True),
        (YEARS, True),
        (TEAMS, False),
    ]


def test_a_goal_edited_back_is_nothing_to_start(office: Office, until: Any) -> None:
    said = begun(office)
    offer = edit(office, said, YEARS)
    office.ana.edit("reports", said["ts"], f"@cowork {TIDY}")
    until(
        lambda: len([one for one in office.slack.log("events_api message", kind="delivery") if one.ok]) >= 3
    )

    office.ana.press(offer, "offer_again")

    office.told(office.ana, "The goal is the one I began with again")
    assert [goal for goal, *_ in goals(office)] == [TIDY]


def test_after_the_end_the_offer_says_so_and_starts_anew(office: Office, words: Any) -> None:
    said = begun(office)
    office.ended(office.tasks()[0], TaskState.DONE, answer="Tidied.")
    office.shown("Tidied.")

    offer = edit(office, said, YEARS)
    assert "The task with the first wording has ended" in words(offer)
    office.ana.press(offer, "offer_again")

    office.shown(f"Queued: {YEARS}")
    assert goals(office) == [(TIDY, TaskState.DONE, ""), (YEARS, TaskState.QUEUED, "")]


def test_other_edits_ask_nothing(office: Office, until: Any) -> None:
    said = begun(office)
    reply = office.ana.say("reports", "only 2024", thread_ts=said["ts"])
    other = office.ben.say("reports", "Lunch?")
    office.ana.edit("reports", reply["ts"], "only 2023")
    office.ben.edit("reports", other["ts"], "Dinner?")
    office.ana.edit("reports", said["ts"], f"@cowork   {TIDY} ")

    until(
        lambda: len([one for one in office.slack.log("events_api message", kind="delivery") if one.ok]) >= 6
    )
    assert (office.whispered(office.ana), office.whispered(office.ben)) == ([], [])


def test_only_the_requester_starts_again(office: Office) -> None:
    offer = edit(office, begun(office), YEARS)
    office.slack.workspace.ephemerals[f"{offer['channel']}/{offer['ts']}"]["to"] = office.ben.id

    office.ben.press(offer, "offer_again")

    office.told(office.ben, "Only whoever gave this goal can start it again.")
    assert [goal for goal, *_ in goals(office)] == [TIDY]
