"""Approvals in the database: decided once and in time, due when somebody is to be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.domain.approval import Action, ApprovalKind, ApprovalState, Decision, Draft
from bot.domain.basis import Basis
from bot.domain.call import Call
from bot.domain.person import Person
from bot.store import approvals, migrate
from bot.store.database import Database
from tests.store import databases

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA = Person(team="T1", user="UANA", name="Ana")
DRAFT = Draft(
    kind=ApprovalKind.CALLS,
    title="t",
    actions=(
        Action(
            call=Call(id="c", tool="delete_file", input={"path": "/a"}),
            preview="Delete /a",
            about="3 bytes",
            basis=(Basis(place="/a", print="file:3:abc", size=3, text="abc"),),
        ),
    ),
)


def put(database, new_task, **given):
    with database.write("test") as session:
        task = new_task(session)
        approvals.put(session, "A1", task.id, DRAFT, now=NOW, **given)


def decided(database, state, now):
    with database.write("test") as session:
        return approvals.decide(session, "A1", Decision(state=state), person=ANA, now=now)


@pytest.mark.parametrize(
    ("state", "after", "counts"),
    [
        (ApprovalState.APPROVED, HOUR - timedelta(microseconds=1), True),
        (ApprovalState.APPROVED, HOUR, False),
        (ApprovalState.REDIRECTED, HOUR, True),
        (ApprovalState.STOPPED, HOUR, True),
        (ApprovalState.LAPSED, HOUR, True),
    ],
)
def test_a_yes_counts_only_before_it_ran_out(database, new_task, state, after, counts):
    put(database, new_task, expires_at=NOW + HOUR)

    assert decided(database, state, NOW + after) is counts
    assert decided(database, state, NOW + after) is False


def test_what_it_is_based_on_comes_back_as_it_was_put(database, new_task):
    put(database, new_task, expires_at=NOW + HOUR, due_at=NOW)
    with database.read() as session:
        approval = approvals.get(session, "A1")

    assert (approval.draft, approval.expires_at, approval.left_out) == (DRAFT, NOW + HOUR, ())


def test_it_is_due_at_its_time_until_that_was_told_or_it_was_decided(database, new_task):
    put(database, new_task, due_at=NOW + HOUR)

    def due(at):
        with database.read() as session:
            return [one.nudges for one in approvals.due(session, now=at)]

    assert (due(NOW), due(NOW + HOUR)) == ([], [0])
    with database.write("test") as session:
        [approval] = approvals.due(session, now=NOW + HOUR)
        assert approvals.told(session, approval, due_at=NOW + 2 * HOUR)
    assert (due(NOW + HOUR), due(NOW + 2 * HOUR)) == ([], [1])
    decided(database, ApprovalState.APPROVED, NOW)
    assert due(NOW + 2 * HOUR) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_an_upgrade_keeps_which_places_were_empty_when_a_call_was_shown(kind, tmp_path):
    url = f"sqlite:///{tmp_path}/old.sqlite" if kind == "sqlite" else databases.empty_postgres()
    database = Database(url)
    migrate.upgrade(database)
    before(database, "0011")
    with database.write("test") as session:
        session.execute(text(_OLD_CALL))
        session.execute(text(_OLD_APPROVAL))
    migrate.upgrade(database)
    with database.read() as session:
        basis = session.execute(text("SELECT basis FROM call")).scalar_one()
        actions = session.execute(text("SELECT actions FROM approval")).scalar_one()
    database.close()

    assert basis == '[{"place": "/srv/new.txt"}]'
    assert '"basis": [{"place": "/srv/new.txt"}]' in actions


def before(database, revision):
    """The schema as it was before this revision."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, ScriptDirectory.from_config(config).get_revision(revision).down_revision)


_OLD_CALL = """
INSERT INTO call (task_id, seq, call_id, batch, tool, input, preview, absent, asked_as, digest, state, rule, reason,
    approval_id, result, is_error, receipt, deliverable, at)
VALUES (1, 1, 'c', '', 'write_file', '{}', 'Write', '["/srv/new.txt"]', 'c', 'd', 'held', 9, '', 'A1', '', false, '',
    '', '2026-11-22 09:30:00')
"""
_OLD_APPROVAL = """
INSERT INTO approval (id, task_id, kind, title, summary, actions, options, call_id, digest, state, words, decided_by,
    decided_by_name, created_at)
VALUES ('A1', 1, 'calls', 't', '', '[{"preview": "Write", "absent": ["/srv/new.txt"]}]', '[]', '', 'd', 'pending', '',
    '', '', '2026-11-22 09:30:00')
"""
