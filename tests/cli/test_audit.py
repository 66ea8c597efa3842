"""`cowork audit`: what a task did and why, and the log for another program."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.audit import chain
from bot.store.database import Database
from tests.store import databases
from tests.store.conftest import NOW

Invoke = Any


@pytest.fixture
def database(place: Path) -> Database:
    return databases.sqlite(place)


def logged(database: Database, *told: tuple[str, str, dict[str, Any]]) -> str:
    with database.write("test") as session:
        for actor, action, data in told:
            chain.append(session, 7, actor=actor, action=action, now=NOW, data=data)
    return str(database.url)


CALL = {"call": "c1", "tool": "write_file", "what": "Write a.txt", "turn": 2, "for": "UANA@T1"}
TOLD = (
    ("UANA@T1", "started", {"goal": "Tidy up", "autonomy": "checkpoint"}),
    ("cowork", "calling", {**CALL, "rule": 10, "reason": "It is granted.", "input": {"path": "a.txt"}}),
    (
        "cowork",
        "called",
        {**CALL, "ok": True, "receipt": {"what": "Created", "where": "/r/a.txt", "after": "3 bytes"}},
    ),
)


def test_why_tells_each_effect_from_the_log(invoke: Invoke, database: Database) -> None:
    url = logged(database, *TOLD)

    result = invoke("audit", "why", "7", COWORK_DATABASE_URL=url)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Task 7 was asked for by UANA@T1 on 2026-11-22 09:30:00 UTC, checkpoint: “Tidy up”",
        "",
        "1. Created /r/a.txt (3 bytes)",
        "   2026-11-22 09:30:00 UTC · write_file · call c1",
        "   Allowed by rule 10: It is granted.",
        "   It cannot be undone.",
        "",
        "In all: 1 effect, 0 calls that changed nothing, 0 turns of the model, 0 tokens, $0.0000.",
    ]
    one = invoke("audit", "why", "7", "c1", COWORK_DATABASE_URL=url).stdout
    assert one.splitlines()[-1] == '   With: {"path": "a.txt"}'


@pytest.mark.parametrize(
    ("given", "said"), [(("9",), "nothing of task 9"), (("7", "c9"), "no call c9 of task 7")]
)
def test_what_the_log_does_not_hold_is_said(
    invoke: Invoke, database: Database, given: tuple[str, ...], said: str
) -> None:
    result = invoke("audit", "why", *given, COWORK_DATABASE_URL=logged(database, *TOLD))

    assert (result.exit_code, said in result.stderr) == (2, True)


def test_the_csv_holds_every_entry_and_no_cell_that_a_spreadsheet_would_run(
    invoke: Invoke, database: Database
) -> None:
    url = logged(
        database, ('=HYPERLINK("http://x")', "started", {"goal": "räume “auf”\n=1+1"}), ("@SUM(1)", "-1", {})
    )

    rows = list(
        csv.reader(io.StringIO(invoke("audit", "export", "--format", "csv", COWORK_DATABASE_URL=url).stdout))
    )

    assert rows[0] == ["id", "at", "task", "actor", "action", "data", "before", "hash"]
    assert [row[3] for row in rows[1:]] == ['\'=HYPERLINK("http://x")', "'@SUM(1)"]
    assert rows[2][4] == "'-1"
    assert json.loads(rows[1][5]) == {"goal": "räume “auf”\n=1+1"}
    assert not any(cell[:1] in "=+-@\t\r" for row in rows for cell in row if cell)


KEY = "a-key-of-the-operator-that-is-long-enough"


def test_a_signed_head_proves_later_that_nothing_was_cut_off(
    invoke: Invoke, database: Database, place: Path
) -> None:
    given = {"COWORK_DATABASE_URL": logged(database, *TOLD), "COWORK_SECRET_KEY": KEY}
    kept = place / "head.json"
    kept.write_text(invoke("audit", "head", **given).stdout)
    logged(database, *TOLD)

    whole = invoke("audit", "verify", "--signed", str(kept), **given)
    with database.write("test") as session:
        session.execute(text("DELETE FROM audit WHERE id > 2"))
    cut = invoke("audit", "verify", "--signed", str(kept), **given)

    assert (whole.exit_code, "It holds the head that was signed on" in whole.stdout) == (0, True)
    assert (cut.exit_code, "entries were cut off the end" in cut.stderr) == (1, True)


def test_a_signed_head_is_not_missed_once_it_was_pruned_and_what_was_not_is(
    invoke: Invoke, database: Database, place: Path
) -> None:
    given = {"COWORK_DATABASE_URL": logged(database, *TOLD), "COWORK_SECRET_KEY": KEY}
    older, newer = place / "older.json", place / "newer.json"
    older.write_text(invoke("audit", "head", **given).stdout)
    invoke("audit", "prune", "--before", "2026-11-23", "--without-export", **given)
    logged(database, *TOLD)
    newer.write_text(invoke("audit", "head", **given).stdout)

    pruned, held = (invoke("audit", "verify", "--signed", str(path), **given) for path in (older, newer))
    with database.write("test") as session:
        session.execute(text("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)"))
    cut = invoke("audit", "verify", "--signed", str(newer), **given)

    assert (pruned.exit_code, "was pruned since" in pruned.stdout) == (0, True)
    assert (held.exit_code, "It holds the head" in held.stdout) == (0, True)
    assert (cut.exit_code, "entries were cut off the end" in cut.stderr) == (1, True)


def test_a_head_that_was_altered_or_signed_by_another_is_refused(
    invoke: Invoke, database: Database, place: Path
) -> None:
    given = {"COWORK_DATABASE_URL": logged(database, *TOLD), "COWORK_SECRET_KEY": KEY}
    head = json.loads(invoke("audit", "head", **given).stdout)
    altered, foreign, nothing = (place / name for name in ("altered.json", "foreign.json", "nothing.json"))
    altered.write_text(json.dumps({**head, "count": 2}))
    other = invoke("audit", "head", **{**given, "COWORK_SECRET_KEY": "another-key-which-is-as-long-as-that"})
    foreign.write_text(other.stdout)
    nothing.write_text("{}")

    said = [
        invoke("audit", "verify", "--signed", str(path), **given).stderr
        for path in (altered, foreign, nothing)
    ]

    for words, one in zip(("altered after", "another key", "is not a head"), said, strict=True):
        assert words in one


def test_without_a_key_no_head_is_signed_and_the_remedy_is_said(invoke: Invoke, database: Database) -> None:
    url = logged(database, *TOLD)

    result = invoke("audit", "head", COWORK_DATABASE_URL=url)

    assert (result.exit_code, "openssl rand" in result.stderr) == (2, True)


def test_what_is_pruned_is_written_first_and_the_rest_is_proved(
    invoke: Invoke, database: Database, place: Path
) -> None:
    given = {"COWORK_DATABASE_URL": logged(database, *TOLD), "COWORK_SECRET_KEY": KEY}
    kept = place / "old.jsonl"
    whole = invoke("audit", "export", **given).stdout

    refused = invoke("audit", "prune", "--before", "2026-11-23", **given)
    done = invoke("audit", "prune", "--before", "2026-11-23", "--export", str(kept), **given)
    again = invoke("audit", "prune", "--before", "2026-11-23", "--export", str(kept), **given)

    assert (refused.exit_code, "--export" in refused.stderr) == (2, True)
    assert (done.exit_code, "Cut off 3 entries." in done.stdout) == (0, True)
    assert kept.read_text() == whole
    assert (again.exit_code, "Nothing was cut off" in again.stderr) == (2, True)
    proved = invoke("audit", "verify", **given)
    assert (proved.exit_code, "before entry 4 was pruned, and is signed for" in proved.stdout) == (0, True)
    unproved = invoke("audit", "verify", COWORK_DATABASE_URL=given["COWORK_DATABASE_URL"])
    assert (unproved.exit_code, "COWORK_SECRET_KEY" in unproved.stderr) == (1, True)
