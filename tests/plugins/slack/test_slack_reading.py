"""What the plugin reads of Slack as `emulate` plays it, and what it leaves unread."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk import Audience
from bot.sdk.trial import Trial
from plugins.slack import check, discover
from plugins.slack.client import Slack
from plugins.slack.places import audience, ts_of, where_to
from tests.counterparts.emulate import Emulate
from tests.plugins.slack.conftest import connected, of_team


def channel_id(trial: Trial, name: str) -> str:
    return next(one["id"] for one in Slack(trial.connection).directory.values() if one["name"] == name)


def said(trial: Trial, channel: str, text: str, thread: str | None = None) -> str:
    """A message is written there, as by anybody."""
    web = Slack(trial.connection).web
    return str(web.chat_postMessage(channel=channel_id(trial, channel), text=text, thread_ts=thread)["ts"])


def test_it_says_who_is_connected_and_which_channels_a_scope_can_name(trial: Trial) -> None:
    client = Slack(trial.connection)
    found = check(client)
    assert found.account == "ana in Acme"
    assert found.facts["url"].startswith("http")
    assert {"#sprint", "#leads"} <= {item.title for item in discover(client, "")}
    assert [(item.title, item.about) for item in discover(client, "#lead")] == [("#leads", "private")]


def test_channels_are_listed_with_id_topic_and_members(trial: Trial) -> None:
    found = trial.run("list_channels", search="sprint")
    assert re.search(r"#sprint · The current sprint · id C\w+ · \d+ members", found.text)
    assert found.ids == (channel_id(trial, "sprint"),)
    assert "leads" not in trial.run("list_channels").text
    assert "#leads" in trial.run("list_channels", private=True).text
    assert trial.run("list_channels", search="zzz").text == "No channels found."


def test_people_are_listed_with_id_and_address(trial: Trial) -> None:
    found = trial.run("list_users", search="okoye")
    assert re.search(r"Ben Okoye · @ben · ben@example.com · id U\w+", found.text)
    assert len(found.ids) == 1


def test_messages_are_read_as_people_read_them_with_their_links(trial: Trial) -> None:
    ben = trial.run("list_users", search="okoye").ids[0]
    sprint = channel_id(trial, "sprint")
    first = said(trial, "sprint", f"<@{ben}> a &lt;b&gt; &amp; c <https://a.example|here> <!channel> ☀️")
    said(trial, "sprint", "In the thread", thread=first)
    text = trial.run("read_channel", channel="#sprint").text
    assert "Ana Silva: @Ben Okoye a <b> & c here (https://a.example) @channel ☀️ (1 replies)" in text
    assert f"archives/{sprint}/p{first.replace('.', '')}" in text
    assert "In the thread" not in text
    thread = trial.run("read_thread", channel=sprint, thread=first).text
    assert thread.index("Ben Okoye") < thread.index("In the thread")


@pytest.mark.filterwarnings("ignore:The top-level")
def test_what_an_app_says_in_blocks_or_attachments_alone_is_read_too(trial: Trial) -> None:
    web, sprint = Slack(trial.connection).web, channel_id(trial, "sprint")
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "Build &lt;7&gt; failed"}}
    web.chat_postMessage(channel=sprint, blocks=[block])
    web.chat_postMessage(channel=sprint, attachments=[{"fallback": "Alert: disk is full"}])
    text = trial.run("read_channel", channel="sprint").text
    assert "Ana Silva: Build <7> failed" in text
    assert "Ana Silva: Alert: disk is full" in text


def test_a_card_says_that_another_organisation_reads_along() -> None:
    shared = {"id": "C0123456", "name": "partners", "is_ext_shared": True}
    assert where_to(shared) == "In #partners (public in the workspace, and shared with another organisation)"


def test_a_channel_and_a_message_may_be_given_by_a_link(trial: Trial) -> None:
    first = said(trial, "sprint", "Hello")
    sprint = channel_id(trial, "sprint")
    link = (
        f"https://acme.slack.com/archives/{sprint}/p{first.replace('.', '')}?thread_ts={first}&cid={sprint}"
    )
    assert ts_of(link) == first
    assert "Hello" in trial.run("read_thread", channel=link, thread=link).text


def test_a_channel_is_read_page_by_page_and_from_a_day_on(trial: Trial) -> None:
    for number in range(52):
        said(trial, "sprint", f"Number {number}")
    first = trial.run("read_channel", channel="sprint").text
    assert "Number 51" in first
    assert "Number 1:" not in first
    (cursor,) = re.findall(r'cursor="([^"]+)"', first)
    assert "Number 0" in trial.run("read_channel", channel="sprint", cursor=cursor).text


def test_a_long_message_is_cut_in_a_listing_and_whole_in_its_thread(trial: Trial) -> None:
    first = said(trial, "sprint", "x" * 25_000)
    assert len(trial.run("read_channel", channel="sprint").text) < 5_000
    thread = trial.run("read_thread", channel="sprint", thread=first)
    assert "go on with offset=20000" in thread.text
    assert "x" in trial.run("read_thread", channel="sprint", thread=first, offset=20_000).text


def test_what_is_outside_of_the_scope_is_neither_listed_nor_read(trial: Trial) -> None:
    only_general = trial.within("#general")
    assert "sprint" not in only_general.run("list_channels").text
    assert "more are outside" in only_general.run("list_channels").text
    for channel in ("sprint", "#SPRINT", channel_id(trial, "sprint")):
        with pytest.raises(NotAllowed):
            only_general.run("read_channel", channel=channel)
    for channel in ("../general", "general/../sprint", "%23sprint", ""):
        with pytest.raises(ToolError, match="no channel"):
            only_general.run("read_channel", channel=channel)
    assert "messages" in trial.within(channel_id(trial, "sprint")).run("read_channel", channel="#sprint").text


def test_a_teams_connection_reads_what_is_private_only_where_it_was_granted_by_name(trial: Trial) -> None:
    said(trial, "leads", "Salaries")
    team = of_team(trial)
    assert "Salaries" in trial.run("read_channel", channel="leads").text
    with pytest.raises(ToolError, match="#leads is not public"):
        team.run("read_channel", channel="leads")
    assert "leads" not in team.run("list_channels", private=True).text
    assert "Salaries" in team.within("*", "#leads").run("read_channel", channel="leads").text


def test_what_is_public_everybody_may_read_and_the_rest_the_requester_alone(trial: Trial) -> None:
    assert audience(trial.context(), channel="#sprint") is Audience.WORKSPACE
    assert audience(trial.context(), channel="#leads") is Audience.REQUESTER
    assert audience(trial.context(), channel="@ben") is Audience.REQUESTER


def test_files_are_listed_and_read_where_their_channel_was_granted(trial: Trial, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Größe: 12 €")
    trial.run("upload_file", channel="leads", path="notes.txt", title="Notes")
    found = trial.run("list_files", channel="leads")
    (its_id,) = found.ids
    assert "Notes · " in found.text
    assert "Größe: 12 €" in trial.run("read_file", file=its_id).text
    assert trial.run("list_files").ids == (its_id,)
    assert of_team(trial).run("list_files").ids == ()
    with pytest.raises(ToolError, match="in no channel that was granted"):
        of_team(trial).run("read_file", file=its_id)
    with pytest.raises(NotAllowed):
        trial.within("#general").run("read_file", file=its_id)
    assert "Größe" in of_team(trial).within("#leads").run("read_file", file=its_id).text


def test_what_is_no_file_is_refused(trial: Trial) -> None:
    with pytest.raises(ToolError, match="is no file"):
        trial.run("read_file", file="../notes")
    with pytest.raises(ToolError, match="no such file"):
        trial.run("read_file", file="F00000000X")


def test_a_file_that_is_kept_elsewhere_is_not_fetched_with_the_token(trial: Trial) -> None:
    with pytest.raises(ToolError, match=r"not kept at Slack but at evil\.example"):
        Slack(trial.connection).download("https://evil.example/f.txt")
    with pytest.raises(ToolError, match="not kept at Slack"):
        Slack(trial.connection).download("https://127.0.0.1.evil.example/f.txt")


def test_a_canvas_is_read_from_its_page(trial: Trial, tmp_path: Path) -> None:
    (tmp_path / "retro.html").write_text("<h1>Retro</h1>")
    trial.run("upload_file", channel="sprint", path="retro.html", title="Retro")
    (its_id,) = trial.run("list_files", channel="sprint").ids
    told: list[str] = []
    reading = replace(trial, read=lambda name, content: told.append(name) or content.decode())
    assert "# Retro\n" in reading.run("read_canvas", canvas=its_id).text
    assert (
        "<h1>Retro</h1>" in reading.run("read_canvas", canvas=f"https://acme.slack.com/docs/T1/{its_id}").text
    )
    assert told == ["canvas.html", "canvas.html"]


def test_a_token_that_may_see_public_channels_only_is_enough_for_them(
    emulate: Emulate, tmp_path: Path
) -> None:
    reader = connected(emulate.slack.url, tmp_path, token=emulate.slack.other_token)
    assert "#sprint" in reader.run("list_channels").text
    with pytest.raises(ToolError, match="lacks the right chat:write"):
        reader.run("post_message", channel="#sprint", text="Hello")
