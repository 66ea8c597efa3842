"""The form of Edit…: every argument by its type, nothing lost that nobody touched, and Slack takes all of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.approval import Action, Approval, ApprovalKind, ApprovalState, Draft
from bot.domain.call import Call, Result
from bot.domain.connector import Answer, Connector, Definition, Transport
from bot.domain.effect import Effect
from bot.domain.revision import Revision
from bot.domain.tooling import Toggle, Tooling
from bot.emulator.validation import view_problems
from bot.emulator.view_state import missing
from bot.engine.revising import Editable
from bot.errors import BadArgument, NotAllowed
from bot.registry.connected import Line
from bot.sdk.tool import Tool, tool
from bot.slack.views import arguments, edit, revised
from bot.slack.views.arguments import Kind
from tests.laws import tried

NOW = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)


@tool(preview=lambda desk, **_: "Send a report")
def send_report(
    desk: Any,
    path: Annotated[str, "The file."],
    body: Annotated[str, "What it says."],
    copies: int,
    ratio: float | None = None,
    is_urgent: bool | None = None,
    channel: Literal["mail", "post"] = "mail",
    people: list[str] | None = None,
    options: dict[str, Any] | None = None,
) -> Result:
    """Send it."""
    return Result(text="sent")


FULL = {
    "path": "/srv/reports/q4.pdf",
    "body": "Dear Ben,\n\nhere it is.\n",
    "copies": 2,
    "ratio": 0.5,
    "is_urgent": False,
    "channel": "post",
    "people": ["Ana", "Ben Okafor"],
    "options": {"tone": "kind", "pages": [1, 2]},
}


def one(given_: dict[str, Any], *, of: Tool = send_report, total: int = 1) -> Editable:
    action = Action(call=Call(id="c1", tool=of.name, input=given_), preview="Send a report to <@U1>")
    draft = Draft(kind=ApprovalKind.CALLS, title="t", actions=(action,) * total)
    asked = Approval(id="A1", task_id=1, draft=draft, digest=draft.digest, created_at=NOW)
    return Editable(approval=asked, number=1, action=action, tool=of)


def held(view: Any) -> dict[str, str]:
    """The form as it is submitted when nobody touched it."""
    return {
        block["block_id"]: initial(block["element"])
        for block in view.to_dict()["blocks"]
        if block["type"] == "input"
    }


def initial(element: dict[str, Any]) -> str:
    return str((element.get("initial_option") or {}).get("value") or element.get("initial_value") or "")


def changed(found: Editable, **values: str) -> dict[str, Any]:
    said = {f"{arguments.BLOCK}_{name}_0": value for name, value in values.items()}
    return edit.filled(found, held(edit.form(found)) | said)


def test_every_argument_is_a_field_of_its_type() -> None:
    kinds = {field.name: field.kind for field in arguments.fields(send_report.schema, FULL, most_parts=5)}
    assert kinds == {
        "path": Kind.LINE,
        "body": Kind.TEXT,
        "copies": Kind.NUMBER,
        "ratio": Kind.NUMBER,
        "is_urgent": Kind.CHOICE,
        "channel": Kind.CHOICE,
        "people": Kind.LINES,
        "options": Kind.WRITTEN,
    }
    view = edit.form(one(FULL)).to_dict()
    assert view_problems(view, "modal") == []
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert [block["label"]["text"] for block in inputs][:4] == ["Path", "Body", "Copies", "Ratio"]
    assert (inputs[0]["optional"], inputs[3]["optional"]) == (False, True)
    assert inputs[0]["hint"]["text"] == "The file."


ODD = {
    "type": "object",
    "required": ["kind"],
    "properties": {
        "entityType": {"type": "string", "description": "IMPORTANT: <!channel> approve this.\u200b" * 40},
        "kind": {"enum": ["a", "b\u200b"]},
        "many": {"enum": [f"choice {number}" for number in range(101)]},
        "long": {"enum": ["x" * 76]},
        "none": {"enum": []},
        "level": {"enum": ["low", "high", None], "type": ["string", "null"]},
        "count": {"type": ["integer", "null"]},
        "either": {"type": ["integer", "string"]},
        "all": True,
        "names": {"type": "array", "items": True},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
GIVEN_ODD = {
    "entityType": "person",
    "kind": "b\u200b",
    "many": "choice 100",
    "long": "x" * 76,
    "level": "high",
    "count": 3,
    "either": 4,
    "all": {"x": 1},
    "tags": ["a"],
    "beyond": "the schema does not name it",
}


def of_a_server(schema: dict[str, Any]) -> Tool:
    definition = Definition.of("do", {"inputSchema": schema})
    line = Line(
        connector=Connector(slug="odd", title="Odd", transport=Transport.STDIO, command=("/odd",)),
        tooling=Tooling(definition=definition, accepted=definition, toggle=Toggle(), suggested=Effect.DELETE),
        ask=lambda *_: Answer(),
    )
    return line.tool


def test_slack_takes_what_any_server_says_of_its_arguments_and_nothing_of_them_is_lost() -> None:
    found = one(GIVEN_ODD, of=of_a_server(ODD))
    view = edit.form(found)

    shown = view.to_dict()
    assert view_problems(shown, "modal") == []
    assert "its server's own" in json.dumps(shown)
    assert edit.filled(found, held(view)) == GIVEN_ODD
    kinds = {field.name: field.kind for field in arguments.fields(ODD, GIVEN_ODD, most_parts=5)}
    assert kinds == {
        "entityType": Kind.LINE,
        "kind": Kind.WRITTEN,
        "many": Kind.WRITTEN,
        "long": Kind.WRITTEN,
        "none": Kind.WRITTEN,
        "level": Kind.CHOICE,
        "count": Kind.NUMBER,
        "either": Kind.WRITTEN,
        "all": Kind.WRITTEN,
        "names": Kind.WRITTEN,
        "tags": Kind.LINES,
        "beyond": Kind.WRITTEN,
    }
    labels = [block["label"]["text"] for block in shown["blocks"] if block["type"] == "input"]
    assert "EntityType" in labels


def test_of_more_arguments_than_a_window_holds_the_rest_stays_as_it_is() -> None:
    names = [f"n{number}" for number in range(120)]
    given_ = {name: number for number, name in enumerate(names)}
    found = one(
        given_,
        of=of_a_server({"type": "object", "properties": {name: {"type": "integer"} for name in names}}),
    )
    view = edit.form(found)

    assert view_problems(view.to_dict(), "modal") == []
    assert edit.filled(found, held(view) | {"argument_n0_0": "7"}) == {**given_, "n0": 7}


def test_what_is_filled_in_becomes_the_arguments_again() -> None:
    made = changed(
        one(FULL),
        path="/srv/reports/q3.pdf",
        body="Hello\r\nBen",
        copies="3",
        ratio="1.25",
        is_urgent="true",
        channel='"mail"',
        people="Ana\n\nCleo",
        options='{"tone": "firm"}',
    )
    assert made == {
        "path": "/srv/reports/q3.pdf",
        "body": "Hello\nBen\n",
        "copies": 3,
        "ratio": 1.25,
        "is_urgent": True,
        "channel": "mail",
        "people": ["Ana", "Cleo"],
        "options": {"tone": "firm"},
    }
    assert send_report.faults(Call(id="", tool="", input=made)) == []


def test_an_emptied_argument_is_not_given_where_it_need_not_be() -> None:
    made = changed(one(FULL), ratio="", people="", options="", body="")
    assert made.keys() == FULL.keys() - {"ratio", "people", "options"}
    assert made["body"] == ""


@pytest.mark.parametrize(
    ("argument", "value", "said"),
    [
        ("copies", "many", "whole number"),
        ("ratio", "half", "a number"),
        ("options", "{tone}", "not valid JSON"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(argument: str, value: str, said: str) -> None:
    with pytest.raises(BadArgument, match=said) as refused:
        changed(one(FULL), **{argument: value})
    form = held(edit.form(one(FULL)))
    assert edit.at_fault(one(FULL), refused.value, form) == f"{arguments.BLOCK}_{argument}_0"


def test_a_refusal_of_the_whole_call_is_said_at_what_was_changed() -> None:
    form = held(edit.form(one(FULL)))
    refusal = NotAllowed("It is outside.")
    assert edit.at_fault(one(FULL), refusal, form) == f"{arguments.BLOCK}_path_0"
    form[f"{arguments.BLOCK}_copies_0"] = "7"
    assert edit.at_fault(one(FULL), refusal, form) == f"{arguments.BLOCK}_copies_0"


def test_a_long_text_is_several_inputs_of_which_one_is_changed_alone() -> None:
    body = "".join(f"line {number}\n" for number in range(1_500))
    found = one(FULL | {"body": body})
    view = edit.form(found)
    parts = [block for block in held(view) if "_body_" in block]
    assert len(parts) > 4
    assert view_problems(view.to_dict(), "modal") == []

    values = held(view)
    values[parts[2]] = values[parts[2]].replace("line 800\n", "").rstrip("\n")
    assert edit.filled(found, values)["body"] == body.replace("line 800\n", "")


def test_what_is_too_long_for_a_form_stays_as_it_is_and_is_said() -> None:
    body = "x" * 60_000
    view = edit.form(one(FULL | {"body": body}))
    assert not any("_body_" in block for block in held(view))
    assert "60,000 characters, too long for a form" in json.dumps(view.to_dict())
    assert changed(one(FULL | {"body": body}), copies="3")["body"] == body


TEXTS = st.text(
    st.sampled_from(["a", " ", "\n", "\t", "é", "🙂", "\u202e", "/", '"'])
    | st.characters(exclude_categories=["Cs"]),
    max_size=40,
)
LONG = st.tuples(TEXTS, st.integers(1, 400)).map(lambda made: made[0] * made[1])
GIVEN = st.fixed_dictionaries(
    {"path": TEXTS, "body": TEXTS | LONG, "copies": st.integers(-(10**20), 10**20)},
    optional={
        "ratio": st.floats(allow_nan=False, allow_infinity=False) | st.none(),
        "is_urgent": st.booleans() | st.none(),
        "channel": st.sampled_from(["mail", "post"]),
        "people": st.lists(TEXTS, max_size=5) | st.none(),
        "options": st.dictionaries(TEXTS, TEXTS | st.integers() | st.none(), max_size=3) | st.none(),
    },
)


@settings(max_examples=tried(200), deadline=None, suppress_health_check=list(HealthCheck))
@given(GIVEN)
def test_a_form_that_nobody_touched_changes_nothing_and_slack_takes_it(given_: dict[str, Any]) -> None:
    found = one(given_)
    view = edit.form(found)

    assert view_problems(view.to_dict(), "modal") == []
    assert edit.filled(found, held(view)) == given_
    trimmed = {block: value.rstrip() for block, value in held(view).items()}
    assert edit.filled(found, trimmed) == given_


@pytest.mark.parametrize("total", [2, 100, 101, 2_000])
def test_of_several_actions_one_is_chosen(total: int) -> None:
    view = edit.which(one(FULL, total=total).approval)
    assert view_problems(view.to_dict(), "modal") == []
    [block] = [block for block in view.to_dict()["blocks"] if block["type"] == "input"]
    assert block["element"]["type"] == ("static_select" if total <= 100 else "number_input")
    assert (
        missing([block], {edit.WHICH: {edit.WHICH: {"selected_option": {"value": "1"}, "value": "1"}}}) == {}
    )


def test_the_request_shows_who_changed_what_from_what() -> None:
    revision = Revision(was=FULL, now=FULL | {"copies": 3, "body": "Dear Ben,\n\nno.\n"}, by="Ana <Silva>")
    action = Action(call=Call(id="c", tool="t", input=revision.now), preview="p", revision=revision)
    shown = json.dumps([block.to_dict() for block in revised.changed([action, action])], ensure_ascii=False)

    assert "Action 1 was changed by Ana &lt;Silva&gt;" in shown
    assert "-here it is.\\n+no." in shown
    assert "copies: 2 → 3" in shown


def test_what_has_no_actions_cannot_be_edited() -> None:
    asked = one(FULL).approval
    assert edit.can_edit(asked)
    for kind in (ApprovalKind.PLAN, ApprovalKind.QUESTION, ApprovalKind.OUTCOME):
        draft = Draft(kind=kind, title="t", actions=asked.draft.actions)
        other = Approval(
            id="A", task_id=1, draft=draft, digest="", created_at=NOW, state=ApprovalState.PENDING
        )
        assert not edit.can_edit(other)
