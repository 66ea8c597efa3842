"""Where we cannot post, whoever asked is told at once and can let us in or go on in direct messages."""

from __future__ import annotations

from typing import Any

Office = Any


def offer(office: Office, words: Any) -> dict[str, Any]:
    """The private message with the offers, as the page shows it."""
    office.told(office.ana, "I cannot post in")
    [message] = [one for one in office.slack.workspace.ephemerals.values() if one["to"] == office.ana.id][-1:]
    return {key: value for key, value in message.items() if key != "to"}


def test_in_a_channel_without_us_the_command_offers_to_join(office: Office, words: Any, actions: Any) -> None:
    engineering = office.slack.channel("engineering")
    office.ana.command("engineering", "/cowork Tidy the reports")

    message = offer(office, words)
    assert actions(message) == ["offer_direct", "offer_join"]
    assert (message["channel"], office.texts(engineering)) == (engineering, [])
    office.ana.press(message, "offer_join")

    office.shown("Queued: Tidy the reports", engineering)
    office.told(office.ana, "I joined the channel")


def test_or_to_go_on_in_direct_messages(office: Office, words: Any, until: Any) -> None:
    office.ana.command("engineering", "/cowork Tidy the reports")

    office.ana.press(offer(office, words), "offer_direct")

    card = office.shown("Queued: Tidy the reports", office.ana.bot_dm)
    until(lambda: office.tasks()[0].place.thread == card["ts"])
    assert office.tasks()[0].place.channel == office.ana.bot_dm


def test_pressed_twice_it_moves_once(office: Office, words: Any) -> None:
    office.ana.command("engineering", "/cowork Tidy the reports")
    message = offer(office, words)
    office.ana.press(message, "offer_direct")
    card = office.shown("Queued: Tidy the reports", office.ana.bot_dm)
    office.eventually(lambda: office.tasks()[0].place.thread == card["ts"])

    office.ana.press(message, "offer_direct")

    office.eventually(lambda: office.whispered(office.ana).count("I go on in our direct messages.") == 2)
    office.eventually(lambda: office.outbox() == {})
    assert office.tasks()[0].place.thread == card["ts"]
    assert office.texts(office.ana.bot_dm) == ["Queued: Tidy the reports"]


def test_a_private_channel_can_only_be_opened_by_an_invitation_and_then_it_is_shown(
    office: Office, words: Any
) -> None:
    leads = office.slack.channel("leads")
    office.ana.command("leads", "/cowork Tidy the reports")
    office.ana.press(offer(office, words), "offer_join")
    office.told(office.ana, "I cannot join that channel by myself.")

    office.ana.invite("leads", office.slack.workspace.bot_user)

    office.shown("Queued: Tidy the reports", leads)


def test_only_whoever_asked_says_where_it_goes_on(office: Office, words: Any) -> None:
    office.ana.command("engineering", "/cowork Tidy the reports")
    message = offer(office, words)
    office.slack.workspace.ephemerals[f"{message['channel']}/{message['ts']}"]["to"] = office.ben.id

    office.ben.press(message, "offer_direct")

    office.told(office.ben, f"This task is <@{office.ana.id}>'s.")
    assert office.tasks()[0].place.channel == message["channel"]


def test_when_we_are_taken_out_of_a_channel_the_requester_hears_of_it_once(
    office: Office, until: Any
) -> None:
    office.task(office.ana, "Tidy the reports")
    office.shown("Queued: ")
    office.slack.control.archive("reports")

    office.asked()
    office.touched(1)

    direct = office.shown("I cannot post in", office.ana.bot_dm)
    assert "is_archived" in str(direct["blocks"])
    until(lambda: office.calls_of("chat.postMessage") >= 2)
    assert len(office.texts(office.ana.bot_dm)) == 1
