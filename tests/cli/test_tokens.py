"""`cowork tokens`: made for a person and printed once, listed without secrets, revoked at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.clock import system_clock
from bot.domain.person import Person
from bot.domain.task import Autonomy, Place
from bot.emulator.ids import team_id
from bot.engine.tokens import Tokens, Unknown
from bot.store import tasks
from bot.store.database import Database

Invoke = Any


def rows(said: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_a_token_is_made_printed_once_listed_and_revoked(invoke: Invoke, place: Path) -> None:
    made = invoke("tokens", "create", "ci", "--for", "U012ABCDEF", "--team", "T1", "--scope", "tasks:read")
    secret = made.stdout.strip()
    listed = invoke("tokens", "list", "--json")
    shown = invoke("tokens", "list")
    database = Database(f"sqlite:///{place / 'state' / 'cowork.sqlite'}")
    tokens = Tokens(database, clock=system_clock)
    known = tokens.known(secret)

    assert secret.startswith("ck_") and len(secret) == 46
    assert (known.name, known.person.user, known.person.via) == ("ci", "U012ABCDEF", "API token ci")
    [row] = rows(listed)
    assert (row["id"], row["scopes"], row["team"]) == (known.id, ["tasks:read"], "T1")
    assert known.id in shown.stdout and secret[3:] not in listed.output + shown.output + made.stderr

    revoked = invoke("tokens", "revoke", known.id)
    assert revoked.stdout == f"Revoked {known.id} (“ci”).\n"
    with pytest.raises(Unknown):
        tokens.known(secret)
    assert rows(invoke("tokens", "list", "--json"))[0]["revoked_at"]
    assert invoke("tokens", "revoke", known.id).stdout.startswith(
        f"{known.id} (“ci”) was revoked before, on 20"
    )
    database.close()


def test_a_token_decides_nothing_unless_that_is_asked_for_as_in_slack(invoke: Invoke) -> None:
    invoke("tokens", "create", "ci", "--for", "U012ABCDEF")
    assert [row["scopes"] for row in rows(invoke("tokens", "list", "--json"))] == [
        ["tasks:read", "tasks:write"]
    ]


def test_of_whom_nobody_knows_it_is_said(invoke: Invoke, place: Path) -> None:
    made = invoke("tokens", "create", "ci", "--for", "UTYPO", "--team", "T1")
    assert "does not know UTYPO of T1 yet" in made.stderr and made.stdout.startswith("ck_")
    database = Database(f"sqlite:///{place / 'state' / 'cowork.sqlite'}")
    with database.write("test") as session:
        tasks.create(
            session,
            person=Person(team="T1", user="UANA", name="Ana"),
            place=Place(team="T1", channel="C1"),
            goal="Organize the reports folder",
            autonomy=Autonomy.CHECKPOINT,
            folders=(),
            now=system_clock(),
        )
    database.close()
    assert "does not know" not in invoke("tokens", "create", "ci", "--for", "UANA", "--team", "T1").stderr


def test_in_the_local_slack_the_workspace_need_not_be_said(invoke: Invoke) -> None:
    invoke("tokens", "create", "ci", "--for", "U012ABCDEF")
    assert [row["team"] for row in rows(invoke("tokens", "list", "--json"))] == [team_id()]


def test_what_cannot_be_is_said_with_what_to_do(invoke: Invoke) -> None:
    said = [
        invoke("tokens", "create", "ci", "--for", "U1", SLACK_BOT_TOKEN="xoxb-1"),
        invoke("tokens", "create", "ci", "--for", "U1", "--team", "T1", "--days", "999"),
        invoke("tokens", "create", "ci", "--for", "U1", "--team", "T1", "--scope", "everything"),
        invoke("tokens", "revoke", "nothing"),
    ]
    assert [one.exit_code for one in said] == [2, 2, 2, 2]
    assert "with --team" in said[0].stderr and "at most 366 days" in " ".join(said[1].stderr.split())
    assert "There is no token nothing" in said[3].stderr
    assert "There are no tokens" in invoke("tokens", "list").stdout
