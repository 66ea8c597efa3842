"""A fleet at work: it is deployed, a front dies, people stop and crowd it, its database goes away for a while."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bot.domain.task import TaskState
from bot.rehearsal.answer import text
from bot.rehearsal.gate import Gate
from bot.rehearsal.trouble import slow_start
from tests import forked
from tests.fleet.staff import faults, questions, recorded
from tests.kill.fleet import LONG_BEGUN, LONG_BEING_SENT
from tests.kill.person import CHANNEL
from tests.kill.stories import FILES, TIDY
from tests.store import databases

SHORT = replace(
    TIDY,
    turns=lambda _: (text("Tidied the reports."),),
    says=1,
    happens=frozenset(),
    files=FILES,
    posts={"card": 1, "result": 1},
    receipts=(),
)


def held_back(staff):
    """The model's next answer stands at a gate."""
    gate = Gate()
    staff.world.model.faults.next(slow_start(gate))
    return gate


def test_what_a_worker_was_at_when_it_was_asked_to_end_goes_on_in_another_at_once(new_staff):
    """At once, and not when the next beat finds it: between two of them lie forty seconds here."""
    staff = new_staff(TIDY, LEASE_SECONDS=600)
    gate = held_back(staff)
    staff.start("web-1", "worker-1")
    staff.until(gate.reached.is_set)
    staff.start("worker-2")
    staff.until(lambda: len(staff.reached("worker", "start.astray.done")) == 2)

    staff.signal("worker-1", signal.SIGTERM)
    staff.until(staff.is_over, patience=30)

    assert staff.ended("worker-1") == 0
    assert faults(staff.world) == []
    assert questions(staff.world) == 0


def test_of_two_fronts_one_announces_and_when_it_dies_the_other_does(new_staff):
    staff = new_staff(TIDY)
    gate = held_back(staff)
    staff.start("web-1", "web-2", "worker-1")
    staff.until(gate.reached.is_set)
    staff.until(lambda: staff.reached("web", "outbox.sent.done"))
    first = staff.name(staff.reached("web", "outbox.sent.done")[0])

    staff.signal(first, signal.SIGKILL)
    staff.ended(first)
    staff.passes(LONG_BEING_SENT)
    gate.open()
    staff.until(staff.is_over)

    announced = [staff.name(one) for one in staff.reached("web", "outbox.sent.done")]
    assert announced == sorted(announced, key=lambda name: name != first)
    assert len(set(announced)) == 2
    assert faults(staff.world) == []


@pytest.mark.parametrize("limit", [{"MAX_WORKING_PER_PERSON": 1}, {"MAX_WORKING": 1}], ids=str)
def test_two_workers_keep_to_one_limit(new_staff, limit):
    staff = new_staff(SHORT, **limit)
    staff.world.model.delay = 0.1
    staff.start("web-1", "worker-1", "worker-2")
    ana = staff.world.slack.person("ana")
    for number in range(6):
        ana.say(CHANNEL, f"@cowork tidy the reports {number}")

    staff.until(lambda: len(staff.reached("worker", "task.release.done")) >= 6, acting=False)

    steps = {"model.turn": 1, "model.turn.done": -1}
    at_once = accumulate(steps.get(one.at.point, 0) for one in staff.passed("worker"))
    assert max(at_once) == 1


def test_two_fronts_keep_to_one_limit_of_open_tasks(new_staff):
    staff = new_staff(SHORT, MAX_OPEN_TASKS=3)
    staff.start("web-1", "web-2")
    staff.until(lambda: len(staff.reached("web", "fleet.seat.done")) >= 2, acting=False)
    staff.until(lambda: staff.log().count("The front is ready.") == 2, acting=False)
    ana = staff.world.slack.person("ana")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ana.command(CHANNEL, f"/cowork tidy {number}"), range(8)))
    staff.until(lambda: len(staff.reached("web", "intake.start")) >= 3, acting=False)

    assert len(recorded(staff.world).tasks) == 3


def test_a_stop_at_a_front_cuts_the_call_that_a_worker_is_waiting_for(new_staff):
    """Between two beats of the hearts lie forty seconds here."""
    staff = new_staff(SHORT, LEASE_SECONDS=600)
    gate = held_back(staff)
    staff.start("web-1", "worker-1")
    staff.until(gate.reached.is_set)
    ana = staff.world.slack.person("ana")
    staff.until(lambda: staff.world.kinds()["card"])
    [card] = staff.world.posts()

    ana.say(CHANNEL, "stop", thread_ts=card["thread_ts"])

    assert gate.left.wait(20)
    staff.until(staff.is_over)
    assert [one.task.state for one in recorded(staff.world).tasks] == [TaskState.STOPPED]


def test_when_the_database_is_away_for_a_while_tasks_go_on_where_they_were(new_staff, tmp_path):
    staff = new_staff(TIDY)
    staff.start("web-1", "worker-1", "worker-2")
    staff.until(lambda: staff.reached("worker", "tool.write_file.done"))

    with database_away(staff.world.database_url):
        staff.until(lambda: staff.log().count("missed a beat") >= 6)
    staff.until(lambda: (staff.passes(LONG_BEGUN), staff.is_over())[1])

    assert faults(staff.world) == []
    elsewhere = cowork("up", staff.environment | {"COWORK_HOME": str(tmp_path / "other")})
    assert elsewhere.returncode == 2, "the fleet holds its database again"


class database_away:
    """Nobody can connect, and who was connected is thrown out."""

    def __init__(self, url):
        self._url = make_url(url)

    def __enter__(self):
        self._let(allowed=False)

    def __exit__(self, *_):
        self._let(allowed=True)

    def _let(self, *, allowed):
        server = self._url.set(drivername="postgresql", database="postgres")
        name = self._url.database
        address = server.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {str(allowed).lower()}")
            if not allowed:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
                )


def test_everything_in_one_process_is_refused_beside_a_fleet(new_staff, tmp_path):
    staff = new_staff(SHORT)
    staff.start("worker-1")
    staff.until(lambda: staff.reached("worker", "fleet.beat.done"), acting=False)

    beside = cowork("up", staff.environment)
    elsewhere = cowork("up", staff.environment | {"COWORK_HOME": str(tmp_path / "other")})

    assert (beside.returncode, elsewhere.returncode) == (2, 2)
    assert "Cowork is already running on" in beside.stderr
    assert "Cowork is already running with this database" in elsewhere.stderr


@pytest.mark.parametrize("verb", ["web", "worker"])
def test_a_fleet_on_sqlite_is_refused(verb, tmp_path):
    url = databases.sqlite_url(tmp_path)
    refused = cowork(verb, {"COWORK_HOME": str(tmp_path / "home"), "COWORK_DATABASE_URL": url})

    assert refused.returncode == 2
    assert "Several processes need PostgreSQL" in refused.stderr


def cowork(verb, environment):
    given = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "COLUMNS": "1000"} | environment
    return forked.ran([verb], Path("/"), given)
