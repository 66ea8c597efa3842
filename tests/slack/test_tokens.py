"""`/cowork tokens`: a person makes a token and sees its secret once; lists and revokes theirs, an admin everybody's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.person import Person as Requester
from bot.domain.token import Token, TokenScope
from bot.emulator import payloads
from bot.emulator.validation import view_problems
from bot.engine.tokens import Made, Tokens, Unknown
from bot.slack.views import tokens
from bot.slack.views.tokens import Ring
from bot.store import entries
from tests.slack.conftest import Office, words_of
from tests.slack.mailbox import deliver
from tests.slack.test_plugins import picked, press

Given = dict[str, dict[str, Any]]


@pytest.fixture
def kept(office: Office) -> Tokens:
    return Tokens(office.database, clock=office.clock)


def who(office: Office, person: Any) -> Requester:
    return Requester(team=office.slack.workspace.team_id, user=person.id, name=person.id)


def made(office: Office, kept: Tokens, person: Any, name: str) -> Made:
    return kept.make(who(office, person), name, [TokenScope.READ], by="root@terminal")


def listing(office: Office, person: Any) -> dict[str, Any]:
    person.command("reports", "/cowork tokens")
    return office.modal(person, "API tokens")


def blank(office: Office, person: Any) -> dict[str, Any]:
    press(person, listing(office, person), tokens.NEW)
    return office.modal(person, "New token")


def typed(view: dict[str, Any], name: str, *, days: str = "30") -> Given:
    given = {tokens.NAME: {tokens.NAME: {"type": "plain_text_input", "value": name}}}
    return given | picked(view, tokens.DAYS, days)


def offered(view: dict[str, Any]) -> list[str]:
    block = next(one for one in view["blocks"] if one["block_id"] == tokens.SCOPES)
    return [option["value"] for option in block["element"]["options"]]


def secret_of(view: dict[str, Any]) -> str:
    return next(line for line in words_of(view).split("\n") if line.startswith("ck_"))


def told(office: Office) -> list[tuple[str, str, str]]:
    with office.database.read() as session:
        found = [one for one in entries.all_of(session) if one.action.startswith("token_")]
        return [(one.actor, one.action, json.loads(one.data)["name"]) for one in found]


def rows(view: dict[str, Any]) -> list[str]:
    return [one["text"]["text"] for one in view["blocks"] if one.get("block_id", "").startswith("token:")]


def test_a_person_makes_a_token_that_acts_as_them_and_sees_its_secret_this_once(
    office: Office, kept: Tokens
) -> None:
    view = blank(office, office.ben)

    answer = office.ben.submit(view["id"], typed(view, "ci"))

    assert answer["result"] == "updated"
    shown = office.modal(office.ben, "Token made")
    secret = secret_of(shown)
    token = kept.known(secret)
    assert (token.person.user, token.person.via, token.name) == (office.ben.id, "API token ci", "ci")
    assert token.scopes == {TokenScope.READ, TokenScope.WRITE}
    assert token.expires_at - token.made_at == timedelta(days=30)
    assert told(office) == [(f"{office.ben.id}@{token.person.team}", "token_made", "ci")]
    office.ben.close_view(shown["id"])
    below = office.eventually(lambda: office.ben.modal() if rows(office.ben.modal()) else None)
    assert "✓ *ci* · ends" in rows(below)[0] and "`tasks:read` `tasks:write`" in rows(below)[0]
    assert secret not in str(below)


def test_the_secret_is_written_nowhere_and_sent_by_no_call_of_slack(
    office: Office, kept: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    view = blank(office, office.ben)
    office.ben.submit(view["id"], typed(view, "ci"))
    secret = secret_of(office.modal(office.ben, "Token made"))

    office.ben.close_view(office.ben.modal()["id"], everything=True)
    again = listing(office, office.ben)

    assert rows(again) and secret not in str(again)
    calls = [one for one in office.slack.workspace.log.entries() if one.kind == "call"]
    assert calls and secret not in str([(one.request, one.response) for one in calls])
    assert secret not in caplog.text
    slack = office.settings.home / "slack"
    files = [one for one in office.settings.home.rglob("*") if one.is_file() and slack not in one.parents]
    assert files and not [one for one in files if secret.encode() in one.read_bytes()]


def test_what_cannot_be_is_said_at_the_name_and_no_token_is_made(office: Office, kept: Tokens) -> None:
    made(office, kept, office.ben, "ci")
    view = blank(office, office.ben)

    answer = office.ben.submit(view["id"], typed(view, "ci"))

    assert list(answer["errors"]) == [tokens.NAME]
    assert "There is a token “ci” already" in answer["errors"][tokens.NAME]
    assert len(kept.listed()) == 1


def test_only_an_admin_is_offered_connectors_whatever_a_members_form_says(
    office: Office, kept: Tokens
) -> None:
    assert TokenScope.CONNECTORS in offered(blank(office, office.mia))
    view = blank(office, office.ben)
    assert TokenScope.CONNECTORS not in offered(view)
    option = {"text": {"type": "plain_text", "text": "x"}, "value": "connectors"}
    forged = {"type": "checkboxes", "selected_options": [option]}
    values = {**typed(view, "mine"), tokens.SCOPES: {tokens.SCOPES: forged}}
    state = {**view, "state": {"values": values}}

    deliver(office.edge, payloads.view_submission(office.slack.workspace, office.ben.id, state, []))

    assert kept.listed() == []


def test_a_guest_is_offered_none_and_makes_none(office: Office, kept: Tokens) -> None:
    view = blank(office, office.ben)
    values = {**typed(view, "mine"), tokens.SCOPES: {tokens.SCOPES: {"type": "checkboxes"}}}
    state = {**view, "state": {"values": values}}

    deliver(office.edge, payloads.view_submission(office.slack.workspace, office.gil.id, state, []))

    assert kept.listed() == []
    office.gil.command("general", "/cowork tokens")
    shown = office.modal(office.gil, "API tokens")
    assert "Guests of this workspace cannot make tokens." in words_of(shown)
    assert "New token…" not in words_of(shown)


def test_whoever_revokes_theirs_is_asked_first_and_then_it_is_refused(office: Office, kept: Tokens) -> None:
    one = made(office, kept, office.ben, "ci")
    view = listing(office, office.ben)
    button = next(block["accessory"] for block in view["blocks"] if block["block_id"].startswith("token:"))
    assert button["accessibility_label"] == "Revoke: ci"
    assert button["confirm"]["title"]["text"] == "Revoke ci?"

    press(office.ben, view, tokens.REVOKE)

    office.eventually(lambda: "✗ *ci* · revoked" in words_of(office.ben.modal()))
    with pytest.raises(Unknown, match="was revoked"):
        kept.known(one.secret)
    assert told(office)[-1] == (f"{office.ben.id}@{one.token.person.team}", "token_revoked", "ci")


def test_an_admin_sees_and_revokes_everybodys_and_the_owner_is_told(office: Office, kept: Tokens) -> None:
    made(office, kept, office.mia, "hers")
    made(office, kept, office.ben, "nightly *build*")
    view = listing(office, office.mia)
    assert ["*hers*" in rows(view)[0], f"<@{office.ben.id}>" in rows(view)[1]] == [True, True]
    block = [one for one in view["blocks"] if one["block_id"].startswith("token:")][1]

    office.mia.click({"type": "view", "view_id": view["id"]}, block["block_id"], tokens.REVOKE)

    office.eventually(lambda: "revoked" in words_of(office.mia.modal()))
    assert [one.name for one in kept.listed() if one.revoked_at] == ["nightly *build*"]
    office.shown(f"<@{office.mia.id}> revoked your API token", office.ben.bot_dm)


def test_a_member_sees_and_revokes_only_their_own(office: Office, kept: Tokens) -> None:
    hers = made(office, kept, office.mia, "hers").token
    made(office, kept, office.ben, "mine")
    view = listing(office, office.ben)
    assert len(rows(view)) == 1 and "*mine*" in rows(view)[0]
    pressed = {"type": "button", "action_id": tokens.REVOKE, "block_id": "b", "value": hers.id}
    surface = payloads.view_surface(office.slack.workspace.store.get("view", view["id"]))

    ws = office.slack.workspace
    deliver(office.edge, payloads.block_actions(ws, office.ben.id, surface, pressed, {}, "trigger-1"))

    assert _again(kept, hers).revoked_at is None
    assert told(office)[-1][1] == "token_made"


def test_of_what_is_over_a_month_is_shown(office: Office, kept: Tokens) -> None:
    old = made(office, kept, office.ben, "old").token
    kept.revoke(old.id, by="root@terminal")
    view = listing(office, office.ben)
    assert "✗ *old* · revoked" in rows(view)[0]
    office.ben.close_view(view["id"])

    office.clock.ahead = timedelta(days=31)

    assert rows(listing(office, office.ben)) == []


def test_in_a_thread_it_is_said_where_to_type_it(office: Office) -> None:
    office.ben.say(office.ben.bot_dm, "tokens")

    assert office.told(office.ben, "Type `/cowork tokens`")
    assert office.tasks() == []


def test_slack_takes_a_list_of_many_whatever_they_are_called(office: Office, kept: Tokens) -> None:
    names = ["<!channel> *x*", "`a` & b", "é" * 60, *(f"job {number}" for number in range(22))]
    found = [replace(made(office, kept, office.ben, name).token, used_at=office.clock()) for name in names]
    ring = Ring(tokens=found, person="U1", may_make=True, is_admin=True, now=office.clock())

    views = [tokens.listed(ring, page).to_dict() for page in (1, 2, 9)]

    assert [view_problems(view, "modal") for view in views] == [[], [], []]
    assert [len(rows(view)) for view in views] == [20, 5, 5]
    assert "<!channel>" not in "".join(rows(views[0]))


def _again(kept: Tokens, token: Token) -> Token:
    return next(one for one in kept.listed() if one.id == token.id)
