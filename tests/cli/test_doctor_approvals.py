"""`cowork doctor` on the operator's rules: read, or said what is wrong; and every user group in them is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.emulator.server import LocalSlack
from tests.cli.conftest import Examine, Invoke
from tests.cli.test_doctor_slack import slack, slack_with, tokens  # noqa: F401  (fixtures)

RULE = '[[rule]]\nwho = ["@leads"]\n'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "approvals.toml"


def test_without_rules_there_is_nothing_to_say(examine: Examine) -> None:
    assert examine("Approvals") == []


def test_rules_whose_groups_are_there_are_counted(examine: Examine, slack: LocalSlack, book: Path) -> None:  # noqa: F811
    book.write_text(RULE)
    given = tokens(slack, COWORK_APPROVALS=str(book))
    assert examine("Approvals", **given) == [("ok", f"1 rule in {book}", "")]


def test_a_group_that_is_not_there_is_a_failure(examine: Examine, slack: LocalSlack, book: Path) -> None:  # noqa: F811
    book.write_text(RULE.replace("@leads", "@finance"))
    given = tokens(slack, COWORK_APPROVALS=str(book))
    assert examine("Approvals", **given)[1:] == [
        ("failed", "There is no user group @finance in Slack.", f"Mend it in {book}.")
    ]


def test_rules_that_cannot_be_read_fail_here_and_keep_cowork_from_starting(
    examine: Examine, invoke: Invoke, book: Path
) -> None:
    book.write_text('[[rule]]\nwho = "bob"\n')
    given = {"COWORK_APPROVALS": str(book)}
    [(state, found, _)] = examine("Approvals", **given)
    said = f'COWORK_APPROVALS: in {book}, rule 1, who: "bob" is nobody I know.'
    assert (state, found.startswith(said)) == ("failed", True)

    refused = invoke("run", "Do it", **given)
    assert refused.exit_code == 2
    assert said in " ".join(refused.stderr.split())
