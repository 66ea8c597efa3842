"""What the plugin writes to Slack as `emulate` plays it: what the card shows, what stands there, and taking it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Halted, NotAllowed, SignInNeeded, ToolError, Unavailable
from bot.sdk.trial import Trial
from plugins.slack import plugin
from plugins.slack.client import Slack
from plugins.slack.places import ts_of
from tests.counterparts.emulate import Emulate
from tests.counterparts.wire import Wire
from tests.plugins.slack.conftest import connected, of_team
from tests.plugins.slack.test_slack_reading import channel_id, said


def messages(trial: Trial, channel: str) -> list[dict[str, Any]]:
    web = Slack(trial.connection).web
    found: list[dict[str, Any]] = web.conversations_history(channel=channel_id(trial, channel))["messages"]
    return found


def test_a_message_is_posted_as_its_card_says_and_deleted(trial: Trial) -> None:
    given = {"channel": "#sprint", "text": "Größe *12* & <b> 😀", "mention": ["@ben"]}
    card = trial.preview("post_message", **given)
    assert card.startswith("Post in Slack to #sprint: “Größe *12* & <b> 😀”")
    assert card.endswith("In #sprint (public in the workspace):\n\n@Ben Okoye Größe *12* & <b> 😀")
    made = trial.run("post_message", effect_id="toolu_1", **given)
    (stands,) = messages(trial, "sprint")
    ben = trial.run("list_users", search="okoye").ids[0]
    assert stands["text"] == f"<@{ben}> Größe *12* &amp; &lt;b&gt; 😀"
    assert made.receipt is not None
    assert made.receipt.where.endswith(f"/p{stands['ts'].replace('.', '')}")
    trial.undo("post_message", made, **given)
    assert messages(trial, "sprint") == []


@pytest.mark.parametrize(
    "trick",
    ["<!channel> now", "<!here>", "<@U000000001>", "<!subteam^S1|team>", "<https://evil.example|bank>"],
)
def test_what_would_call_people_or_disguise_a_link_is_sent_as_the_letters_that_the_card_shows(
    trial: Trial, trick: str
) -> None:
    assert trick in trial.preview("post_message", channel="#sprint", text=trick)
    trial.run("post_message", channel="#sprint", text=trick)
    (stands,) = messages(trial, "sprint")
    assert "<" not in stands["text"]
    assert trick in trial.run("read_channel", channel="#sprint").text


def test_a_message_to_a_person_goes_to_the_conversation_with_them(trial: Trial) -> None:
    given = {"channel": "ben@example.com", "text": "Only for you"}
    assert "In @ben (private)" in trial.preview("post_message", **given)
    made = trial.run("post_message", effect_id="toolu_1", **given)
    (conversation,) = made.ids
    assert "Only for you" in trial.run("read_channel", channel=conversation).text
    with pytest.raises(ToolError, match="@ben is not public"):
        of_team(trial).run("post_message", **given)
    with pytest.raises(NotAllowed):
        trial.within("#sprint").run("post_message", **given)
    with pytest.raises(ToolError, match="no people called '@zoe'"):
        trial.run("post_message", channel="@zoe", text="x")


def test_a_reply_stands_in_its_thread(trial: Trial) -> None:
    first = said(trial, "sprint", "Who can?")
    given = {"channel": "sprint", "thread": first, "text": "I can"}
    card = trial.preview("post_reply", **given)
    assert card.startswith(
        "Reply in a thread of sprint in Slack: “I can”\nIn #sprint (public in the workspace)"
    )
    assert card.endswith("As a reply to:\nAna Silva: Who can?")
    made = trial.run("post_reply", effect_id="toolu_2", **given)
    assert "I can" in trial.run("read_thread", channel="sprint", thread=first).text
    assert made.receipt is not None
    assert f"thread_ts={first}" in made.receipt.where
    found = trial.settled("post_reply", effect_id="toolu_2", **given)
    assert found is not None
    assert found.receipt == made.receipt
    trial.undo("post_reply", made, **given)
    assert "I can" not in trial.run("read_thread", channel="sprint", thread=first).text


def test_a_message_that_was_answered_since_is_not_deleted(trial: Trial) -> None:
    made = trial.run("post_message", channel="#sprint", text="Question")
    said(trial, "sprint", "Answer", thread=ts_of(made.receipt.where if made.receipt else ""))
    with pytest.raises(ToolError, match="answered since"):
        trial.undo("post_message", made, channel="#sprint", text="Question")
    assert len(messages(trial, "sprint")) == 1


def test_after_a_crash_a_message_is_found_by_the_mark_that_it_carries(trial: Trial) -> None:
    given = {"channel": "#sprint", "text": "Done"}
    trial.run("post_message", effect_id="toolu_1", **given)
    trial.run("post_message", effect_id="toolu_2", **given)
    found = trial.settled("post_message", effect_id="toolu_1", **given)
    assert found is not None
    assert found.receipt is not None
    assert ts_of(found.receipt.where) == messages(trial, "sprint")[1]["ts"]
    assert trial.settled("post_message", effect_id="toolu_3", **given) is None


def test_a_message_is_scheduled_found_again_and_cancelled(trial: Trial) -> None:
    now = datetime.fromtimestamp(float(said(trial, "sprint", "What time is it?")), UTC).replace(microsecond=0)
    given = {"channel": "#sprint", "text": "Later & more", "at": (now + timedelta(days=2)).isoformat()}
    assert re.match(
        r"Schedule a message in Slack to #sprint for \w+ \d{4}-\d\d-\d\d",
        trial.preview("schedule_message", **given),
    )
    assert trial.settled("schedule_message", effect_id="toolu_1", **given) is None
    made = trial.run("schedule_message", effect_id="toolu_1", **given)
    web = Slack(trial.connection).web
    (waiting,) = web.chat_scheduledMessages_list()["scheduled_messages"]
    assert waiting["text"] == "Later &amp; more"
    found = trial.settled("schedule_message", effect_id="toolu_1", **given)
    assert found is not None
    assert found.receipt == made.receipt
    with pytest.raises(ToolError, match="Another message waits"):
        trial.settled("schedule_message", effect_id="toolu_1", **given | {"text": "Other"})
    trial.undo("schedule_message", made, **given)
    assert web.chat_scheduledMessages_list()["scheduled_messages"] == []


def test_a_time_without_its_offset_or_that_has_passed_is_refused(trial: Trial) -> None:
    with pytest.raises(ToolError, match="timezone"):
        trial.run("schedule_message", channel="#sprint", text="x", at="2026-11-24T08:55:00")
    with pytest.raises(ToolError, match="has passed"):
        trial.run("schedule_message", channel="#sprint", text="x", at="2020-01-01T00:00:00Z")
    with pytest.raises(ToolError, match="cannot be told"):
        trial.settled(
            "schedule_message", effect_id="t", channel="#sprint", text="x", at="2020-01-01T00:00:00Z"
        )


def test_a_reaction_is_put_found_again_and_taken_back(trial: Trial) -> None:
    ts = said(trial, "sprint", "Ship it?")
    given = {"channel": "#sprint", "message": ts, "emoji": ":eyes:"}
    assert trial.preview("add_reaction", **given).endswith("The message:\nAna Silva: Ship it?")
    assert trial.settled("add_reaction", effect_id="toolu_1", **given) is None
    made = trial.run("add_reaction", **given)
    assert messages(trial, "sprint")[0]["reactions"][0]["name"] == "eyes"
    assert trial.settled("add_reaction", effect_id="toolu_1", **given) is not None
    with pytest.raises(ToolError, match="already has"):
        trial.run("add_reaction", **given)
    trial.undo("add_reaction", made, **given)
    assert "reactions" not in messages(trial, "sprint")[0]


def test_a_topic_is_set_and_set_back_unless_somebody_changed_it(trial: Trial) -> None:
    given = {"channel": "#sprint", "topic": "Refunds & <more>"}
    assert trial.preview("set_topic", **given).endswith("Now: The current sprint\nThen: Refunds & <more>")
    assert trial.settled("set_topic", effect_id="toolu_1", **given) is None
    made = trial.run("set_topic", **given)
    assert "Refunds & " in trial.preview("set_topic", channel="#sprint", topic="x")
    assert trial.settled("set_topic", effect_id="toolu_1", **given) is not None
    trial.undo("set_topic", made, **given)
    assert trial.preview("set_topic", **given).endswith("Now: The current sprint\nThen: Refunds & <more>")
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("set_topic", made, **given)
    with pytest.raises(ToolError, match="at most 250"):
        trial.run("set_topic", channel="#sprint", topic="x" * 251)


def test_a_file_is_uploaded_into_a_channel_or_a_thread_and_deleted(trial: Trial, tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("# Report")
    first = said(trial, "sprint", "Where is it?")
    given = {
        "channel": "#sprint",
        "path": "report.md",
        "title": "Report",
        "comment": "Here <!here>",
        "thread": first,
    }
    card = trial.preview("upload_file", **given)
    assert card.startswith("Upload report.md to #sprint in Slack\nIn #sprint (public in the workspace)\n")
    assert "File: report.md, 8 bytes\nTitle: Report" in card
    assert card.endswith("Here <!here>")
    made = trial.run("upload_file", **given)
    assert "Here <!here>" in trial.run("read_thread", channel="sprint", thread=first).text
    assert "# Report" in trial.run("read_file", file=made.ids[0]).text
    trial.undo("upload_file", made, **given)
    assert trial.run("list_files", channel="sprint").ids == ()


@pytest.mark.parametrize("action", [one.name for one in plugin.actions if one.effect != "read"])
def test_nothing_is_written_outside_of_the_scope(trial: Trial, action: str) -> None:
    example = next(dict(one.example) for one in plugin.actions if one.name == action)
    outside = trial.within("#general")
    with pytest.raises((NotAllowed, ToolError), match=r"outside|no such file"):
        outside.run(action, **example)
    assert messages(trial, "sprint") == []


def test_a_message_that_is_too_long_is_refused_before_it_is_sent(trial: Trial) -> None:
    with pytest.raises(ToolError, match="12,000 are the most"):
        trial.run("post_message", channel="#sprint", text="x" * 12_001)
    assert messages(trial, "sprint") == []


@pytest.mark.parametrize(
    ("code", "body", "kind", "said_so"),
    [
        (200, '{"ok": false, "error": "token_revoked"}', SignInNeeded, "refused the token: token revoked"),
        (200, '{"ok": false, "error": "is_archived"}', ToolError, "archived"),
        (
            200,
            '{"ok": false, "error": "ekm_access_denied"}',
            ToolError,
            "Slack refused this: ekm access denied",
        ),
        (429, '{"ok": false, "error": "ratelimited"}', Unavailable, "asks to wait"),
        (200, '{"ok": false, "error": "internal_error"}', Unavailable, "fault of its own"),
        (503, "<html>", Unavailable, "fault of its own"),
    ],
)
def test_a_refusal_is_told_to_who_can_act(
    emulate: Emulate,
    wire_to: Callable[[str], Wire],
    tmp_path: Path,
    code: int,
    body: str,
    kind: type[Exception],
    said_so: str,
) -> None:
    wire = wire_to(emulate.slack.url)
    trial = connected(wire.url, tmp_path, token=emulate.slack.token)
    wire.refuse(code, body, Retry_After="30", Content_Type="application/json")
    with pytest.raises(kind, match=said_so) as refused:
        trial.run(
            "post_message",
            channel=channel_id(connected(emulate.slack.url, tmp_path, token=emulate.slack.token), "sprint"),
            text="x",
        )
    if isinstance(refused.value, Unavailable):
        assert refused.value.nothing_done is (code == 429)
        assert refused.value.retry_after == (30 if code == 429 else None)


def test_a_post_whose_answer_is_lost_went_out_once_and_is_found(
    emulate: Emulate, wire_to: Callable[[str], Wire], tmp_path: Path, trial: Trial
) -> None:
    wire = wire_to(emulate.slack.url)
    behind = connected(wire.url, tmp_path, token=emulate.slack.token)
    context = behind.context("toolu_1")
    sprint = channel_id(trial, "sprint")
    wire.lose_answer()
    with pytest.raises(Unavailable) as lost:
        context.client.ask(context.client.web.chat_postMessage, channel=sprint, text="Once")
    assert not lost.value.nothing_done
    assert len(messages(trial, "sprint")) == 1
    assert [path for _, path in wire.sent if path.endswith("chat.postMessage")] == ["/api/chat.postMessage"]


def test_a_service_that_is_not_there_has_done_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as absent:
        connected("http://127.0.0.1:9/api", tmp_path, token="xoxb-x").run("list_users")
    assert absent.value.nothing_done


@pytest.mark.parametrize(
    "action", ["post_message", "post_reply", "schedule_message", "upload_file", "set_topic", "add_reaction"]
)
def test_a_call_that_comes_too_late_changes_nothing(
    emulate: Emulate, wire_to: Callable[[str], Wire], tmp_path: Path, action: str
) -> None:
    wire = wire_to(emulate.slack.url)
    trial = connected(wire.url, tmp_path, token=emulate.slack.token)
    (tmp_path / "report.md").write_text("# Report")
    declared = next(one for one in plugin.actions if one.name == action)
    context = trial.context("toolu_1")
    context.halt.set()
    with pytest.raises(Halted):
        declared.function(context, **trial.arguments(action, **declared.example))
    assert {path for _, path in wire.sent} <= {"/api/conversations.list"}
