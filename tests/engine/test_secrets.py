"""Secrets in files: neither the model nor any table gets them, and what was hidden is never written back."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text as sql

from bot.domain.approval import ApprovalState
from bot.domain.task import Autonomy, TaskState
from bot.errors import BadArgument
from bot.rehearsal.answer import calls, text
from tests.engine.office import ANA, results

TOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
SHOWN = "ghp_…(hidden: GitHub token)"
OURS = "our-own-key-4711-x9"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----"
NOTES = f"first\ntoken {TOKEN}\nours {OURS}\n{KEY}\nlast\n"
SECRETS = (TOKEN[4:], OURS, "MIIEvQ", "hkiG9w")


@pytest.fixture
def furnished(new_office: Any) -> Any:
    def made(*turns: Any) -> Any:
        office = new_office(*turns, changes={"anthropic_api_key": SecretStr(OURS)})
        (office.reports / "notes.txt").write_text(NOTES)
        return office

    return made


def seen(office: Any) -> list[str]:
    """Where a secret stands: what was sent to the model, and every row of every table."""
    with office.database.read() as session:
        names = session.execute(sql("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        told = {name: str(session.execute(sql(f'SELECT * FROM "{name}"')).all()) for name in names}
    told["the model"] = str(office.double.requests)
    return [name for name, content in told.items() if any(secret in content for secret in SECRETS)]


@pytest.mark.parametrize("given", [{}, {"offset": 5}, {"offset": 2, "limit": 1}])
def test_what_is_read_of_a_file_holds_no_secret(furnished: Any, given: dict[str, int]) -> None:
    """Also from the middle of a key, where nobody could tell that it is one."""
    office = furnished(
        lambda _: calls(("read_file", {"path": f"{office.reports}/notes.txt", **given})), text("Done.")
    )

    office.begin()

    [(said, is_error)] = results(office.double)
    assert not is_error
    assert "notes.txt" in said and seen(office) == []
    assert ("last" in said) is (given != {"offset": 2, "limit": 1})


def test_a_search_finds_what_stands_beside_a_secret_but_not_the_secret(furnished: Any) -> None:
    office = furnished(
        calls(("search_files", {"query": "token"}), ("search_files", {"query": "hkiG9w"})), text("Done.")
    )

    office.begin()

    (beside, _), (itself, _) = results(office.double)
    assert f"notes.txt:2: token {SHOWN}" in beside
    assert itself.startswith("0 matches")


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("write_file", {"path": "{}/notes.txt", "content": f"token {SHOWN}\n"}),
        ("write_file", {"path": "{}/new.txt", "content": f"token {SHOWN}\n"}),
        ("edit_file", {"path": "{}/notes.txt", "old_text": f"token {SHOWN}", "new_text": "gone"}),
        ("edit_file", {"path": "{}/notes.txt", "old_text": "first", "new_text": f"first {SHOWN}"}),
        (
            "make_document",
            {
                "path": "{}/new.html",
                "format": "html",
                "content": {"blocks": [{"type": "text", "text": f"The token is {SHOWN}"}]},
            },
        ),
        (
            "edit_document",
            {"path": "{}/new.xlsx", "edits": [{"do": "set_cells", "sheet": "S", "cells": {"A1": SHOWN}}]},
        ),
        (
            "checkpoint",
            {
                "title": "t",
                "summary": "s",
                "actions": [{"tool": "write_file", "input": {"path": "{}/notes.txt", "content": SHOWN}}],
            },
        ),
    ],
)
def test_what_was_hidden_is_never_written_in_its_place(
    furnished: Any, tool: str, given: dict[str, Any]
) -> None:
    def said(_: Any) -> Any:
        if "actions" in given:
            put = [
                {**one, "input": {**one["input"], "path": f"{office.reports}/notes.txt"}}
                for one in given["actions"]
            ]
            return calls((tool, {**given, "actions": put}))
        return calls((tool, {**given, "path": given["path"].format(office.reports)}))

    office = furnished(said, text("Done."))
    before = office.tree()

    task = office.begin(autonomy=Autonomy.AUTONOMOUS)

    [(told, is_error)] = results(office.double)
    assert is_error and "only stands for a secret" in told and "copy_file" in told
    assert task.state is TaskState.DONE and office.tree() == before


def test_beside_a_secret_a_file_is_edited_and_copied_byte_for_byte(furnished: Any) -> None:
    office = furnished(
        lambda _: calls(
            ("edit_file", {"path": f"{office.reports}/notes.txt", "old_text": "first", "new_text": "1st"}),
            (
                "copy_file",
                {"source": f"{office.reports}/notes.txt", "destination": f"{office.reports}/b.txt"},
            ),
        ),
        text("Done."),
    )

    office.begin(autonomy=Autonomy.AUTONOMOUS)

    assert (office.reports / "notes.txt").read_text() == NOTES.replace("first", "1st")
    assert (office.reports / "b.txt").read_text() == NOTES.replace("first", "1st")
    assert seen(office) == []


def test_a_request_shows_what_changed_since_without_the_secret(furnished: Any) -> None:
    office = furnished(
        lambda _: calls(
            ("edit_file", {"path": f"{office.reports}/notes.txt", "old_text": "first", "new_text": "1"})
        ),
        text("Done."),
    )
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    notes = office.reports / "notes.txt"

    notes.write_text(NOTES.replace(TOKEN, TOKEN[::-1].replace("_phg", "") + "abcd"))
    office.work(task.id)
    notes.write_text(NOTES.replace(TOKEN, "ghp_" + "9Z" * 18))
    office.decide(task.id, ApprovalState.APPROVED)
    office.work(task.id)

    [asked] = office.pending(task.id).draft.actions
    assert "since you were asked" in asked.reason
    assert "9Z9Z" not in str(asked) and seen(office) == []


def test_a_secret_alone_that_changed_is_told_as_such(furnished: Any) -> None:
    office = furnished(
        lambda _: calls(
            ("edit_file", {"path": f"{office.reports}/notes.txt", "old_text": "first", "new_text": "1"})
        ),
    )
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    (office.reports / "notes.txt").write_text(NOTES.replace(TOKEN, "ghp_" + "9Z" * 18))

    office.work(task.id)

    [asked] = office.pending(task.id).draft.actions
    assert asked.reason.startswith("notes.txt was changed since you were asked: a secret in it")


@pytest.mark.parametrize("given", [f"the token {TOKEN}", f"the token {SHOWN}", OURS])
def test_a_secret_put_into_the_arguments_of_a_request_is_refused(furnished: Any, given: str) -> None:
    path = "{}/notes.txt"
    office = furnished(
        lambda _: calls(
            ("edit_file", {"path": path.format(office.reports), "old_text": "first", "new_text": "1"})
        )
    )
    task = office.begin()
    asked = office.pending(task.id)

    with pytest.raises(BadArgument, match="holds a secret") as refused:
        changed = {**asked.draft.actions[0].call.input, "new_text": given}
        office.intake.edit(ANA, asked.id, 1, changed)

    assert refused.value.argument == "new_text"
    assert office.pending(task.id) == asked and seen(office) == []


def test_a_secret_that_the_model_makes_up_stands_in_no_news_and_on_no_card(furnished: Any) -> None:
    office = furnished(
        lambda _: calls(("write_file", {"path": f"{office.wiki}/{TOKEN}.txt", "content": TOKEN})),
        lambda _: calls(
            ("edit_file", {"path": f"{office.reports}/notes.txt", "old_text": "first", "new_text": TOKEN})
        ),
    )

    task = office.begin()

    [asked] = office.pending(task.id).draft.actions
    assert SHOWN in asked.detail and TOKEN not in asked.detail
    assert set(seen(office)) <= {
        "message",
        "call",
        "the model",
        "approval",
    }  # its own words are sent back to it as they were


def test_a_secret_in_the_models_own_words_stands_in_its_history_alone(furnished: Any) -> None:
    office = furnished(text(f"It is {TOKEN}."))

    task = office.begin()

    assert task.answer == f"It is {SHOWN}."
    assert seen(office) == ["message"]
