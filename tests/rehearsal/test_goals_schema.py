"""A schema is reviewed through a server that nobody here wrote; what is found equals lists made by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.connectors.hub import Hub
from bot.domain.connector import Connector, Transport
from bot.domain.person import Person
from bot.rehearsal.goals import kinds
from bot.rehearsal.goals.schema.asking import ABSENT
from bot.sdk.halt import Halt
from tests.counterparts import dbhub
from tests.rehearsal.goals_office import Office, calls_of, office

GOAL = (
    "Analyze the schema of the {} database: tables with missing keys or indexes, columns without constraints, "
    "potential normalization issues. Produce a schema improvement plan."
)
SHAPES = ("shop", "clinic", "library")
MOST_ROWS = 7
FINDING = re.compile(r"^### \d+\. `(?P<where>.*)` · (?P<severity>\w+) · (?P<rule>[\w ]+)$", re.M)
SHOWS = re.compile(r"^What shows it:\n\n```sql\n(.*?)\n```$", re.M | re.S)
MENDS = re.compile(r"^What would mend it:\n\n```sql\n(.*?)\n```$", re.M | re.S)
ANA = Person(team="T1", user="U1", name="Ana Silva")

Ask = Callable[[str, str], str]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """`ask("shop", "select 1")`: of one dbhub on all three, which gives a few rows at a time and does not say so."""
    with ExitStack() as ending:
        dsns = {name: ending.enter_context(dbhub.reader(dbhub.filled(name))) for name in SHAPES}
        command = dbhub.command(tmp_path_factory.mktemp("dbhub"), dsns, most=MOST_ROWS)
        hub = Hub(secret=lambda name: name)
        ending.callback(hub.close)
        connector = Connector(
            slug="db", title="Databases", transport=Transport.STDIO, command=command, network=True
        )

        def asked(name: str, sql: str) -> str:
            answer = hub.call(connector, ANA, f"execute_sql_{name}", {"sql": sql}, halt=Halt())
            if answer.is_error:
                raise OSError(answer.text)
            return answer.text

        yield asked


@pytest.fixture
def desk(tmp_path: Path, ask: Ask) -> Office:
    """With a tool for each of the databases."""
    made = office(tmp_path)
    for name in SHAPES:
        connect(made, f"db__execute_sql_{name}", lambda sql, name=name: ask(name, sql))
    return made


def connect(made: Office, tool: str, run: Callable[[str], str]) -> Office:
    made.tools[tool] = ["sql"]
    made.services[tool] = lambda given: run(given["sql"])
    return made


def owned(name: str) -> tuple[psycopg.Connection[Any], Callable[[str], str]]:
    """A database as its owner, and an answer to SQL as other servers write it: rows as Python shows them."""
    connection = psycopg.connect(dbhub.plain(dbhub.filled(name)), autocommit=True)

    def run(sql: str) -> str:
        cursor = connection.execute(sql)
        names = [column.name for column in cursor.description or ()]
        return str([dict(zip(names, row, strict=True)) for row in cursor])

    return connection, run


def by_hand(name: str) -> list[str]:
    return sorted((dbhub.SCHEMAS / f"{name}.expected").read_text("utf-8").splitlines())


def found_in(plan: str) -> list[str]:
    return sorted(
        f"{one['severity']} {one['rule'].replace(' ', '-')} {one['where']}" for one in FINDING.finditer(plan)
    )


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_found_equals_the_list_made_by_hand_and_the_sql_beside_it_shows_it(
    desk: Office, ask: Ask, name: str
) -> None:
    final = desk.goal(GOAL.format(name))

    ((title, plan),) = desk.delivered
    assert title.startswith("Schema review: test_")
    assert found_in(plan) == by_hand(name)
    shown = SHOWS.findall(plan)
    assert len(shown) == len(by_hand(name))
    assert [sql for sql in shown if '"count": 0' in ask(name, sql)] == []
    total = f"{len(shown)} findings" if shown else "nothing to mend"
    assert total in final
    assert {step["status"] for step in desk.plans[-1]} == {"completed"}


@pytest.mark.parametrize(
    ("name", "left"),
    [
        (
            "shop",
            [
                "low json-with-fixed-keys public.products (metadata)",
                "medium list-in-column public.products (tags)",
                "medium no-check public.orders (status)",
            ],
        ),
        (
            "clinic",
            [
                "low depends-on-other-column clinic.patients (zip_code, city)",
                "low no-check billing.invoices (amount)",
                "low points-anywhere clinic.attachments (owner_type, owner_id)",
                "medium list-in-column clinic.patients (allergy_ids)",
                "medium list-in-column clinic.visits (diagnosis_codes)",
                "medium no-check billing.invoices (status)",
                "medium no-check clinic.patients (gender)",
                "medium numbered-columns clinic.patients (phone1, phone2, phone3)",
            ],
        ),
    ],
)
def test_once_its_sql_was_run_only_that_is_left_which_needs_a_person_or_a_release(
    tmp_path: Path, name: str, left: list[str]
) -> None:
    connection, run = owned(name)
    made = connect(office(tmp_path), "db__query", run)
    made.goal(GOAL.format("db"))
    connection.execute("UPDATE orders SET created_at = now()" if name == "shop" else "SELECT 1")

    for statement in [one for mend in MENDS.findall(made.delivered[0][1]) for one in statements(mend)]:
        connection.execute(statement)
    made.say(GOAL.format("db"))

    assert found_in(made.delivered[1][1]) == left
    connection.close()


def statements(mend: str) -> list[str]:
    """What is no comment, each by itself: some cannot run inside a transaction."""
    code = "\n".join(line for line in mend.splitlines() if not line.startswith("--"))
    return [one for one in re.split(r";\s*(?:\n|$)", code) if one.strip()]


def test_answers_that_are_cut_in_the_middle_are_asked_on_from_where_they_end(tmp_path: Path) -> None:
    connection, run = owned("clinic")
    made = connect(office(tmp_path), "db__query", lambda sql: run(sql)[:2500])

    made.goal(GOAL.format("db"))

    assert found_in(made.delivered[0][1]) == by_hand("clinic")
    connection.close()


def test_a_schema_that_the_goal_names_is_the_only_one_that_is_told_of(desk: Office) -> None:
    desk.goal("Review the billing schema of the clinic database")

    assert found_in(desk.delivered[0][1]) == [one for one in by_hand("clinic") if " billing." in one]


def test_where_no_files_may_be_made_the_findings_are_told_in_the_thread(desk: Office) -> None:
    final = desk.goal(f"{GOAL.format('shop')} Do not create any files.")

    assert calls_of(desk.turns, "write_file") == desk.delivered == []
    told = re.findall(r"^\d+\. (\w+): `(.*?)`\.", final, re.M)
    assert sorted(f"{severity} {where}" for severity, where in told) == sorted(
        re.sub(r"^(\w+) \S+", r"\1", one) for one in by_hand("shop")
    )


def test_of_several_databases_the_requester_says_which_one_is_meant(desk: Office) -> None:
    desk.answers = ["the db shop"]

    desk.goal("Review the database schema for missing indexes")

    assert desk.checkpoints[0]["options"] == ["db clinic", "db library", "db shop"]
    assert found_in(desk.delivered[0][1]) == by_hand("shop")


def test_without_a_database_it_says_how_to_connect_one(tmp_path: Path) -> None:
    made = office(tmp_path)
    made.tools["query_data"] = ["sql", "files"]

    assert made.goal(GOAL.format("shop")).endswith(ABSENT)
    assert made.delivered == []


def test_what_is_not_postgresql_is_not_guessed_at(tmp_path: Path) -> None:
    said = iter(["ERROR: FUNCTION json_build_array does not exist"])
    made = connect(office(tmp_path), "db__execute_sql", lambda _: next(said))

    final = made.goal(GOAL.format("shop"))

    assert "know PostgreSQL alone" in final
    assert "FUNCTION json_build_array does not exist" in final
    assert [step["status"] for step in made.plans[-1]] == ["failed"] * 3


def test_a_database_that_goes_away_in_between_is_told_of_and_nothing_is_delivered(
    tmp_path: Path, ask: Ask
) -> None:
    def run(sql: str) -> str:
        if "pg_index" in sql:
            raise OSError("the connection was closed")
        return ask("shop", sql)

    made = connect(office(tmp_path), "db__execute_sql", run)

    assert "I could not read the catalogs: the connection was closed" in made.goal(GOAL.format("shop"))
    assert made.delivered == []


@pytest.mark.parametrize(
    ("goal", "kind"),
    [
        ("Analyze the schema of the shop database", "schema"),
        ("review a database schema", "schema"),
        ("Review our Postgres tables and tell me which indexes are missing", "schema"),
        ("Connect to PostgreSQL, check the schema and suggest constraints", "schema"),
        ("Give me a schema review", "schema"),
        ("Review the open issues of the database repo acme/db", "other"),
        ("Review the meeting notes about the database", "other"),
        ("Summarise all open issues in acme/schema-tools", "issues"),
        ("Organize the database-exports folder", "organise"),
    ],
)
def test_goals_about_a_schema_are_told_from_others(goal: str, kind: str) -> None:
    assert kinds.kind_of(goal) == kind
