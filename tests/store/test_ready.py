"""What every step puts down past SQLAlchemy's execution is the row that SQLAlchemy would have written."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import CompileError, InvalidRequestError
from sqlmodel import bindparam, insert, select, update

from bot.store.statements import put
from bot.store.tables import CALL
from tests.store.conftest import NOW

ROW = {
    "seq": 1,
    "tool": "read_file",
    "input": '{"path": "ä: %s ? :x"}',
    "preview": "",
    "asked_as": "",
    "digest": "d",
    "state": "open",
    "at": NOW,
}
MADE = insert(CALL).inline()


def test_a_row_that_was_put_is_the_row_that_was_executed_with_its_defaults(database, new_task):
    with database.write("test") as session:
        task_id = new_task(session).id
        put(session, MADE, ROW | {"task_id": task_id, "call_id": "put"})
        session.connection().execute(MADE, ROW | {"task_id": task_id, "call_id": "executed"})
    with database.read() as session:
        rows = session.exec(select(*CALL.c).order_by(CALL.c.id)).mappings().all()
    ours, theirs = ({name: row[name] for name in row if name not in ("id", "call_id")} for row in rows)
    assert ours == theirs
    assert (ours["at"], ours["is_error"], ours["reason"]) == (NOW, False, "")


def test_the_same_statement_is_put_with_other_columns_too(database, new_task):
    this = update(CALL).where(CALL.c.call_id == "c1")
    with database.write("test") as session:
        put(session, MADE, ROW | {"task_id": new_task(session).id, "call_id": "c1"})
        put(session, this, {"state": "begun", "begun_at": NOW})
        put(session, this, {"is_error": True})
    with database.read() as session:
        row = session.exec(select(*CALL.c)).mappings().one()
    assert (row["state"], row["begun_at"], row["is_error"]) == ("begun", NOW, True)


@pytest.mark.parametrize("fault", [{"nothing_of_the_table": 1}, {}])
def test_a_value_too_many_or_too_few_is_noticed_before_it_is_sent(database, new_task, fault):
    this = update(CALL).where(CALL.c.call_id == bindparam("its_id"))
    with pytest.raises((CompileError, InvalidRequestError)), database.write("test") as session:
        put(session, this, {"state": "begun", **fault})
